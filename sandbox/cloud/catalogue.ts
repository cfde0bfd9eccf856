/** One simulated cloud as data: everything about its types that the generic provider needs. */
import type { TypeFacts } from "../facts/facts.ts";
import type { PackageName } from "../packageNames.ts";
import type { Properties, Value } from "../provider/values.ts";
import type { Identity, Place } from "./identity.ts";
import type { LiveObject, LiveStore } from "./liveStore.ts";

/** An error as the cloud's API words it. */
export class CloudError extends Error {
  readonly code: string;
  /** The message without its code. */
  readonly reason: string;

  constructor(code: string, reason: string) {
    super(`${code}: ${reason} (simulated)`);
    this.code = code;
    this.reason = reason;
  }
}

/** A rule that facts cannot express. */
export interface Rule {
  readonly on: "create" | "update" | "delete";
  /** @throws CloudError when the cloud refuses */
  readonly enforce: (object: Properties, cloud: RuleCloud) => void;
}

/** The cloud that a rule looks at. */
interface RuleCloud {
  readonly store: LiveStore;
  readonly place: Place;
  /** The object until now. @default it is made */
  readonly before?: LiveObject;
  /** Whether objects of a provider are real, so that the store has none: what is taken for granted then is told at the run's end. */
  readonly unseen: (provider: PackageName, takenForGranted: string) => boolean;
}

/** Rules for an object when it is made. */
export function onCreate(...rules: Rule["enforce"][]): Rule[] {
  return rules.map((enforce) => ({ on: "create", enforce }));
}

/** Rules for an object when it is made and when it is changed. */
export function onBoth(...rules: Rule["enforce"][]): Rule[] {
  return [...onCreate(...rules), ...rules.map((enforce): Rule => ({ on: "update", enforce }))];
}

/** Rules for an object when it is deleted. */
export function onDelete(...rules: Rule["enforce"][]): Rule[] {
  return rules.map((enforce) => ({ on: "delete", enforce }));
}

/**
 * What a provider refuses only when it plans, by its inputs and, for an existing object, its state.
 * @returns the provider's words when it refuses
 */
export type Plan = (inputs: Properties, before?: Properties) => string | undefined;

/** An object that was made or changed and that never came to run: the provider has it, and an error. */
export class Unsteady extends CloudError {
  readonly id: string;
  /** State as the provider has it. */
  readonly properties: Properties;
  /** Inputs as it read them. @default it wrote them */
  readonly inputs: Properties | undefined;

  constructor(id: string, properties: Properties, reason: string, inputs?: Properties) {
    super("Unsteady", reason);
    this.id = id;
    this.properties = properties;
    this.inputs = inputs;
  }
}

/**
 * What becomes of an object after the write, while the provider waits.
 * @returns the provider's words when it waits in vain
 */
export type Outcome = (
  object: LiveObject,
  cloud: {
    readonly store: LiveStore;
    readonly before?: LiveObject /** Properties that the provider sends. */;
    readonly sent: readonly string[];
  },
) => string | undefined;

/** A function of the provider that reads without owning. */
export type Invoke = (args: Properties, cloud: { readonly store: LiveStore; readonly place: Place }) => Properties;

/** The tables of one cloud. */
export interface Catalogue {
  readonly packageName: "aws" | "cloudflare" | "kubernetes";
  /** Version that the provider reports: that of the SDK in package.json. */
  readonly version: string;
  readonly facts: (token: string) => TypeFacts | undefined;
  /** What every resource of the cloud has: all that is known of a type without facts, which is served unchecked. */
  readonly commonFacts: TypeFacts;
  /** How objects of a type are named, beside what its facts tell. */
  readonly identities: Readonly<Record<string, Partial<Identity>>>;
  /** How objects of a type are named of which neither tells an id. */
  readonly otherIdentity: (token: string, facts: TypeFacts) => Identity;
  readonly rules: Readonly<Record<string, readonly Rule[]>>;
  /** Properties of a type that are secret as a whole when something in them is. @default none */
  readonly wholeSecrets?: Readonly<Record<string, readonly string[]>>;
  /** What the store keeps of a secret of a type's objects, where a digest of the whole does not do. @default that digest */
  readonly seals?: Readonly<Record<string, (value: Value) => string>>;
  /** What becomes of objects after they were written, by type. */
  readonly outcomes?: Readonly<Record<string, Outcome>>;
  /** Why an object that is read does not run; the engine then has an initialization error of it. @default they do */
  readonly unready?: (object: LiveObject, store: LiveStore) => string | undefined;
  /** Why the provider can ask for nothing and change nothing; it plans all the same. @default it can */
  readonly unreachable?: (place: Place, store: LiveStore) => string | undefined;
  /** Refusals at the time of planning, by type. @default none */
  readonly plans?: Readonly<Record<string, Plan>>;
  readonly invokes: Readonly<Record<string, Invoke>>;
  /** Types whose objects belong to the account, not to a region. */
  readonly isGlobal: (token: string) => boolean;
  /** The provider fills in defaults, tags and empty outputs, as bridges of the older Terraform SDK do. @default false */
  readonly fillsIn?: true;
  /** Settings of the provider whose change replaces it, and with it every object. @default none */
  readonly replacedBy?: readonly string[];
  /** Objects are applied whole, on the server, which remembers whose each field is and is asked (dry run) in a preview, too. @default false */
  readonly appliesOnServer?: true;
  /** Property that carries an object's region. @default no regions */
  readonly regionProperty?: string;
  /** Reads the place from the provider's own configuration. @throws CloudError when the provider refuses it */
  readonly configure: (config: Properties, account: string) => Place;
}

/** What one service of a cloud adds to the cloud's tables. */
export type ServiceTables = Partial<Pick<Catalogue, "identities" | "rules" | "invokes" | "outcomes" | "seals">>;

/** All services' tables as those of one cloud. @throws Error when two services describe the same thing */
export function mergeTables(services: readonly ServiceTables[]) {
  return {
    identities: merged(services.map(({ identities }) => identities)),
    rules: merged(services.map(({ rules }) => rules)),
    invokes: merged(services.map(({ invokes }) => invokes)),
    outcomes: merged(services.map(({ outcomes }) => outcomes)),
    seals: merged(services.map(({ seals }) => seals)),
  };
}

function merged<T>(tables: readonly (Readonly<Record<string, T>> | undefined)[]): Record<string, T> {
  const all: Record<string, T> = {};
  for (const [key, value] of tables.flatMap((table) => Object.entries(table ?? {}))) {
    if (key in all) throw new Error(`the simulated cloud describes ${key} twice`);
    all[key] = value;
  }
  return all;
}
