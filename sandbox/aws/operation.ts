/** What the operations of simulated AWS are made of: the SDK's own inputs and outputs, over the live store. */
import { CloudError } from "../cloud/catalogue.ts";
import type { Place } from "../cloud/identity.ts";
import type { LiveObject, LiveStore } from "../cloud/liveStore.ts";
import { isObject, type Value } from "../provider/values.ts";

/** What an operation works on. */
export interface Asked {
  readonly store: LiveStore;
  readonly place: Place;
  /** Names of public zones by id that are there without any stack's doing. @default none */
  readonly zones?: ReadonlyMap<string, string>;
}

/** One operation: input as the SDK's client takes it, output as it gives it. @throws CloudError with the name of the service's own error */
type Operation<Input, Output> = (input: Input, asked: Asked) => Omit<Output, "$metadata">;

/** One service's operations by name: `DescribeRules`. */
export type Operations = Readonly<Record<string, Operation<never, object>>>;

/** Some operations of a client, by name, with the inputs and outputs that the client's methods have. */
export type OperationsOf<Client> = {
  readonly [Name in keyof Client & string as Capitalize<Name>]?: OperationOf<Client[Name]>;
};

/** By the last of a method's forms, which takes a callback. */
type OperationOf<Method> = Method extends (input: infer Input, options: infer _Options, done: infer Done) => void
  ? Done extends (error: infer _Error, output?: infer Output) => void
    ? Operation<Input, NonNullable<Output>>
    : never
  : never;

/** Objects of a type in the place that is asked, each as it is now. */
export function here(type: string, { store, place: { account, region } }: Asked): LiveObject[] {
  const scope = `${account}/${region}`;
  return store.all(type).flatMap(({ id, scope: there }) => (there === scope ? (store.get(type, id, scope) ?? []) : []));
}

/** A page of a list. */
interface Page<Item> {
  readonly items: readonly Item[];
  /** What the next page is asked for with. @default there is none */
  readonly next?: string;
}

/** @param token of the page, as the one before gave it  @param most items of a page */
export function pageOf<Item>(all: readonly Item[], token: string | undefined, most: number): Page<Item> {
  const first = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(first) || first < 0 || first > all.length)
    throw new CloudError("InvalidNextToken", `The token '${token}' is invalid`);
  const end = first + most;
  return { items: all.slice(first, end), ...(end < all.length ? { next: String(end) } : {}) };
}

/** A value with its keys as AWS's API writes them: the provider's `statusCode` is `StatusCode`. */
export function pascal(value: Value): Value {
  return renamed(value, (key) => key.charAt(0).toUpperCase() + key.slice(1));
}

/** The other way round. */
export function camel(value: Value): Value {
  return renamed(value, (key) => key.charAt(0).toLowerCase() + key.slice(1));
}

function renamed(value: Value, rename: (key: string) => string): Value {
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  if (!isObject(value)) return value;
  const present = Object.entries(value).filter(([, item]) => item !== null && item !== undefined);
  return Object.fromEntries(present.map(([key, item]) => [rename(key), renamed(item, rename)]));
}

/** A time that the store keeps as text. */
export function dateOf(value: Value | undefined): Date | undefined {
  return typeof value === "string" ? new Date(value) : undefined;
}
