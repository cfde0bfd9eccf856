/** What neither the API server has nor `moto_mends` adds. Updates leave it out, previews do not. */

/** A type that an update against the API server cannot make. */
export interface Lack {
  /** Type token. */
  readonly type: string;
  /** The call that the server does not answer, or answers wrongly. */
  readonly reason: string;
}

/** One that no stack uses any more fails the run: it belongs out of here. */
export const lacks: readonly Lack[] = [];
