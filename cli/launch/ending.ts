/** What must happen before the process goes, whatever ends it. */
export class Ending {
  readonly #orderly: (() => Promise<void>)[] = [];
  readonly #forced: (() => void)[] = [];
  #ending: Promise<void> | undefined;

  /** Runs at the end; the last one registered runs first. */
  atEnd(action: () => Promise<void>): void {
    this.#orderly.unshift(action);
  }

  /** Runs, without waiting, when the person insists. */
  atForce(action: () => void): void {
    this.#forced.push(action);
  }

  get begun(): boolean {
    return this.#ending !== undefined;
  }

  /** Runs every action even if one fails, then throws the first failure. May be called again: it is one ending. */
  end(): Promise<void> {
    this.#ending ??= this.#run();
    return this.#ending;
  }

  force(): void {
    for (const action of this.#forced) action();
  }

  async #run(): Promise<void> {
    const failures: unknown[] = [];
    for (const action of this.#orderly) await action().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }
}
