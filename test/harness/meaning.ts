/** A resource by what it is, whatever its stack: type, and name with the stack's own hosts and environment told as staging's. */
export interface Meaning {
  readonly type: string;
  readonly name: string;
}
