/** Values that nobody changes: what a stack's config is, and what components take. */
import type { Secret } from "./secret.ts";

/** A value that nobody changes, all the way down. */
export type Immutable<T> =
  T extends Secret<unknown>
    ? T
    : T extends (infer E)[]
      ? readonly Immutable<E>[]
      : T extends object
        ? { readonly [K in keyof T]: Immutable<T[K]> }
        : T;
