/**
 * Makes many small questions few: what is asked while the one before is being answered goes together into the next.
 * Whoever asks first waits for nobody.
 */
export function createGatherer<Question, Answer>(
  askAll: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): (question: Question) => Promise<Answer> {
  type Waiting = { question: Question; resolve: (answer: Answer) => void; reject: (error: unknown) => void };
  let waiting: Waiting[] = [];
  let running = false;

  async function run(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      const together = waiting;
      waiting = [];
      try {
        const answers = await askAll(together.map((each) => each.question));
        for (const [index, each] of together.entries()) each.resolve(answers[index] as Answer);
      } catch (error) {
        for (const each of together) each.reject(error);
      }
    }
    running = false;
  }

  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      if (!running) queueMicrotask(() => (running ? undefined : void run()));
    });
}
