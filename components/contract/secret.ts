/** A value that is encrypted in the stack file: printed, logged or written anywhere, it says that it is one, and nothing else. */

/** A decrypted value. Only who keeps it secret opens it: `key.open(pulumi.secret)`. */
export class Secret<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** @param keep takes the value, and hands on what no longer shows it */
  open<Kept>(keep: (value: T) => Kept): Kept {
    return keep(this.#value);
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return this.toString();
  }
}
