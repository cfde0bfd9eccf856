/** One simulated cloud as data: everything about its types that the generic provider needs. */
import type { TypeFacts } from "../facts/facts.ts";
import type { Properties } from "../provider/values.ts";
import type { Identity, Place } from "./identity.ts";
import type { LiveObject, LiveStore } from "./liveStore.ts";
import type { Reference, Refusals } from "./references.ts";

/** An error as the cloud's API words it. */
export class CloudError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${code}: ${message} (simulated)`);
    this.code = code;
  }
}

/** Values that no two objects of a type may share. */
export interface Unique {
  /** Properties that together must differ. */
  readonly by: readonly string[];
  /** `Code: message` with `{…}` holes for properties. */
  readonly refusal: string;
  /** Only among objects of the same scope, or in the whole cloud (bucket names). @default the same scope */
  readonly everywhere?: true;
}

/** A rule that facts and references cannot express. */
export interface Rule {
  readonly on: "create" | "update" | "delete";
  /** @throws CloudError when the cloud refuses */
  readonly enforce: (object: Properties, cloud: { readonly store: LiveStore; readonly place: Place; readonly before?: LiveObject }) => void;
}

/** A function of the provider that reads without owning. */
export type Invoke = (args: Properties, cloud: { readonly store: LiveStore; readonly place: Place }) => Properties;

export interface Catalogue {
  readonly packageName: "aws" | "cloudflare" | "kubernetes";
  /** Version that the provider reports: that of the SDK in package.json. */
  readonly version: string;
  readonly facts: (token: string) => TypeFacts | undefined;
  readonly identities: Readonly<Record<string, Identity>>;
  readonly references: Readonly<Record<string, readonly Reference[]>>;
  readonly refusals: Readonly<Record<string, Refusals>>;
  readonly uniques: Readonly<Record<string, readonly Unique[]>>;
  readonly rules: Readonly<Record<string, readonly Rule[]>>;
  readonly invokes: Readonly<Record<string, Invoke>>;
  /** Types whose objects belong to the account, not to a region. */
  readonly isGlobal: (token: string) => boolean;
  /** Property that carries an object's region. @default no regions */
  readonly regionProperty?: string;
  /** Reads the place from the provider's own configuration. @throws CloudError when the provider refuses it */
  readonly configure: (config: Properties, account: string) => Place;
}
