/** Where latches are, seen from outside: the simulated cloud or a real account. */

/** One latch's parameter. */
export interface LatchPlace {
  readonly region: string;
  /** Name of the parameter. */
  readonly name: string;
}

/** Latches of one account. */
export interface LatchStore {
  /** Value of the parameter; undefined when there is none. @throws UserError when it cannot be read */
  read(place: LatchPlace): Promise<string | undefined>;
  /** @throws UserError when it cannot be written */
  write(place: LatchPlace, value: string): Promise<void>;
  /** Who writes, for the record. */
  who(): Promise<string>;
}
