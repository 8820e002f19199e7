/** What a person reads in the terminal: one calm line per step. */
export function say(line = ""): void {
  process.stdout.write(`${line}\n`);
}

export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Runs one step and says what was done and how long it took; a step that had nothing to do (false) says nothing. */
export async function step<T>(done: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await work();
  if (result !== false) say(`  ${done.padEnd(44)} ${seconds(performance.now() - began)}`);
  return result;
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
