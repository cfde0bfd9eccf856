/** Values that nobody changes: what a stack's config is, and what components take. */
import type { Secret } from "./secret.ts";
import type { z } from "./zod.ts";

/** A value that nobody changes, all the way down. */
export type Immutable<T> =
  T extends Secret<unknown>
    ? T
    : T extends (infer E)[]
      ? readonly Immutable<E>[]
      : T extends object
        ? { readonly [K in keyof T]: Immutable<T[K]> }
        : T;

/** What a component takes by its contract: what has a default may be left out. */
export type Given<Contract extends z.ZodType> = Immutable<z.input<Contract>>;
