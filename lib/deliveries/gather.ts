/** How many are `enough` to be asked together at once; fewer wait for others, `waitMs` at the most. */
export type Gathering = { enough: number; waitMs: number };

/**
 * Makes many small questions few: what is asked while the one before is being answered goes together into the next.
 * Unless told otherwise, whoever asks first waits for nobody.
 */
export function createGatherer<Question, Answer>(
  askAll: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  { enough, waitMs }: Gathering = { enough: 1, waitMs: 0 },
): (question: Question) => Promise<Answer> {
  type Waiting = { question: Question; resolve: (answer: Answer) => void; reject: (error: unknown) => void };
  let waiting: Waiting[] = [];
  let running = false;
  let beEnough: (() => void) | null = null;

  /** Until there are enough, or for as long as they may wait. */
  function untilEnough(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      beEnough = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function run(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      if (waiting.length < enough) await untilEnough();
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
      if (waiting.length >= enough) beEnough?.();
      if (!running) queueMicrotask(() => (running ? undefined : void run()));
    });
}
