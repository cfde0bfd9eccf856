/** Something that the person at the keyboard can fix: printed as it is, without a stack trace. */
export class UserError extends Error {
  /** 1 for a failure, 2 for wrong usage or config. */
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = "UserError";
    this.exitCode = exitCode;
  }
}
