/** A component's plain arguments held against its contract: defaults filled in, or everything that is wrong in one error. */
import { InputPropertiesError } from "@pulumi/pulumi";
import type { ArgumentProblem } from "./argumentProblem.ts";
import type { Immutable } from "./immutable.ts";
import { type BrokenRule, brokenRule, brokenText, oncePerPath } from "./rule.ts";
import { describeShape, type Shape, shapeAt, shapeOf } from "./shape.ts";
import type { z } from "./zod.ts";

/** What a component takes by its contract: what has a default may be left out. */
export type Given<Contract extends z.ZodType> = Immutable<z.input<Contract>>;

/** What a component reads by its contract: defaults are filled in. */
export type Accepted<Contract extends z.ZodType> = Immutable<z.output<Contract>>;

/** A contract: an object, or one of several that a constant tells apart. */
type Contract = z.ZodObject | z.ZodDiscriminatedUnion<z.ZodObject[]>;

/**
 * What a component is made with.
 * @param args of these, what the contract names is read; the rest are values of other resources
 * @param problems what else is wrong with the arguments. @default nothing
 * @throws InputPropertiesError naming every argument that cannot be used, before anything is registered
 */
export function accepted<Read>(
  component: string,
  contract: Contract & z.ZodType<Read>,
  args: object,
  problems: readonly ArgumentProblem[] = [],
): Read {
  const given = namedBy(contract, args);
  const result = contract.safeParse(given);
  if (!result.success) throw argumentsError(component, [...problemsIn(result.error, contract, given), ...problems]);
  refuseArguments(component, problems);
  return result.data;
}

/** Everything wrong with the arguments that a contract names. */
export function contractProblems(contract: Contract, args: object): ArgumentProblem[] {
  const given = namedBy(contract, args);
  const result = contract.safeParse(given);
  return result.success ? [] : problemsIn(result.error, contract, given);
}

function problemsIn({ issues }: z.ZodError, contract: Contract, given: unknown): ArgumentProblem[] {
  const shape = shapeOf(contract);
  const problems = issues.flatMap((issue) => problemsOf(issue, shape, given));
  return oncePerPath(problems, ({ propertyPath }) => propertyPath);
}

function namedBy(contract: Contract, args: object): Record<string, unknown> {
  const objects: readonly z.ZodObject[] = "options" in contract ? contract.options : [contract];
  const names = new Set(objects.flatMap(({ shape }) => Object.keys(shape)));
  return Object.fromEntries(Object.entries(args).filter(([name, value]) => names.has(name) && value !== undefined));
}

/** A rule that is broken by the argument at a path. */
export function inArguments(at: readonly PropertyKey[], broken: BrokenRule): ArgumentProblem {
  return { propertyPath: pathText([...at, ...broken.path]), reason: brokenText(broken) };
}

/** @throws InputPropertiesError naming every problem, when there is one */
export function refuseArguments(component: string, problems: readonly ArgumentProblem[]): void {
  if (problems.length > 0) throw argumentsError(component, problems);
}

function argumentsError(component: string, problems: readonly ArgumentProblem[]): InputPropertiesError {
  const lines = problems.map(({ propertyPath, reason }) => `  ${propertyPath} ${reason}`);
  return new InputPropertiesError({ message: [`${component} cannot be created:`, ...lines].join("\n"), errors: [...problems] });
}

function problemsOf(issue: z.core.$ZodIssue, shape: Shape, given: unknown): ArgumentProblem[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ propertyPath: pathText([...issue.path, key]), reason: "is no argument here; leave it out" }));
  if (brokenRule(issue) !== undefined) return [{ propertyPath: pathText(issue.path), reason: issue.message }];
  if (issue.code === "invalid_key")
    return [{ propertyPath: pathText(issue.path), reason: `is not a good name; give ${issue.issues[0]?.message}` }];
  const value = issue.path.reduce<unknown>((holder, part) => (holder as Record<PropertyKey, unknown> | undefined)?.[part], given);
  const path = issue.path.filter((part) => typeof part !== "symbol");
  const wanted = shapeAt(shape, path, given);
  const reason = issue.code === "custom" || wanted === undefined ? issue.message : `give ${describeShape(wanted)}`;
  return [{ propertyPath: pathText(path), reason: `is ${value === undefined ? "missing" : JSON.stringify(value)}; ${reason}` }];
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => (typeof part === "number" ? `${text}[${part}]` : `${text}${text && "."}${String(part)}`), "");
}
