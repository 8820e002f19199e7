import { MinimalReporter, type TestModule, type TestSpecification } from "vitest/node";

const BETWEEN_LINES_MS = 15_000;

/** For Vitest inside `npm test`: failures, counts, and now and then a line that says how far it is. */
export default class QuietReporter extends MinimalReporter {
  #files = 0;
  #done = 0;
  #lastLine = 0;

  override onTestRunStart(specifications: readonly TestSpecification[]): void {
    super.onTestRunStart([...specifications]);
    this.#files = specifications.length;
    this.#lastLine = Date.now();
  }

  override onTestModuleEnd(module: TestModule): void {
    super.onTestModuleEnd(module);
    this.#done += 1;
    if (Date.now() - this.#lastLine < BETWEEN_LINES_MS) return;
    this.#lastLine = Date.now();
    process.stdout.write(`  … ${this.#done} of ${this.#files} files\n`);
  }
}
