/** A failure that a person can do something about: its message says what happened and the way out, without a stack. */
export class StartFailure extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "StartFailure";
  }
}
