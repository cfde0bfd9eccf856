/** Where values of secrets are, seen from outside: whether there is one, and how to set one. No value is ever read. */
import type { SecretEntry } from "./inventory.ts";

/** What a store says about a secret. */
export type Presence =
  /** There is a value. */
  | { readonly kind: "set"; readonly changed: Date | undefined }
  /** There is no value. `place` tells whether the entry itself exists. */
  | { readonly kind: "missing"; readonly place: boolean }
  /** The store did not tell. */
  | { readonly kind: "unknown"; readonly reason: string };

/** The two stores of one account. */
export interface SecretValues {
  /** Whether each secret has a value, by name. Never throws for a single one. */
  presence(entries: readonly SecretEntry[]): Promise<ReadonlyMap<string, Presence>>;
  /** Sets a value. @throws UserError when the store refuses it */
  set(entry: SecretEntry, value: string): Promise<void>;
}
