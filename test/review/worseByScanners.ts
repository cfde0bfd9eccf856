/**
 * `node ops/install.js test/review/worseByScanners.ts`: which other values of what the shipped stacks set checkov or parliament find worse
 * than the ones that are set. Writes `worseByScanners.json`, the list of grave changes that nobody wrote for the review; the scanners
 * come as for `npm run scan`. About three minutes.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { factsOf } from "../../sandbox/facts/facts.ts";
import { isObject, type Properties, type Value } from "../../sandbox/provider/values.ts";
import type { Registered } from "../harness/graph.ts";
import { scanWithCheckov } from "../scan/checkov.ts";
import type { ScanResult } from "../scan/finding.ts";
import { scanPolicies } from "../scan/policies.ts";
import { scannedStacks } from "../scan/stacks.ts";
import { terraformPlan } from "../scan/terraformPlan.ts";
import { scannersInPython } from "../scan/tools.ts";

/** A property with another value. */
interface Mutant {
  readonly property: string;
  readonly after: Value | undefined;
}

/** Others of a value: what is on is off, what is named is anybody, what is limited is not. Of a list its first item stands for all. */
function others(value: Value): Value[] {
  if (typeof value === "boolean") return [!value];
  if (typeof value === "number") return value === 0 ? [] : [0];
  if (Array.isArray(value)) return [[], ...others(value[0] ?? "").map((one) => value.with(0, one))];
  if (isObject(value))
    return Object.entries(value).flatMap(([key, item]): Value[] => {
      const { [key]: _, ...without } = value;
      return [without, ...others(item).map((one) => ({ ...value, [key]: one }))];
    });
  if (typeof value !== "string" || value === "") return [];
  if (value.startsWith("{") && value.includes('"Statement"')) return documents(value);
  return /^\d+\.\d+\.\d+\.\d+\/\d+$/.test(value) ? ["0.0.0.0/0"] : /^ELBSecurityPolicy/.test(value) ? ["ELBSecurityPolicy-2016-08"] : [];
}

/** A policy document whose statements are about everything, or for everybody. */
function documents(text: string): string[] {
  const document = JSON.parse(text) as { Statement?: readonly object[] };
  if (!Array.isArray(document.Statement)) return [];
  return (["Action", "Resource", "Principal"] as const).flatMap((key) => {
    const statements = document.Statement as readonly Record<string, unknown>[];
    if (!statements.some((statement) => key in statement)) return [];
    const wide = statements.map(({ Condition: _, ...statement }) => (key in statement ? { ...statement, [key]: "*" } : statement));
    return [JSON.stringify({ ...document, Statement: wide })];
  });
}

function mutantsOf({ inputs }: Registered): Mutant[] {
  const told = Object.entries(inputs).filter(([property]) => !/^(tags|name|description|region)$/.test(property));
  return told.flatMap(([property, value]): Mutant[] => [
    { property, after: undefined },
    ...others(value).map((after) => ({ property, after })),
  ]);
}

/** Many properties, of which no scanner has a check. */
const unscanned =
  /^aws:(cloudwatch\/(metricAlarm|compositeAlarm|dashboard|queryDefinition|logMetricFilter)|appautoscaling\/\w+|route53\/record):/;

const stacks = await scannedStacks();
const byType = Map.groupBy(
  stacks
    .flatMap(({ graph }) => graph)
    .filter(({ custom, type }) => custom && type.startsWith("aws:") && !unscanned.test(type) && factsOf(type)?.terraform !== undefined),
  ({ type }) => type,
);
const richest = [...byType.values()].flatMap((some) => {
  const [most] = [...some].sort((a, b) => Object.keys(b.inputs).length - Object.keys(a.inputs).length);
  return most === undefined ? [] : [most];
});
const named = (resource: Registered, name: string, inputs: Properties): Registered => ({
  ...resource,
  name,
  urn: `${resource.urn}-${name}`,
  inputs,
  checked: inputs,
});
const cases = richest.flatMap((resource, index) =>
  mutantsOf(resource).map((mutant, place) => {
    const { [mutant.property]: _, ...rest } = resource.inputs;
    const after = mutant.after === undefined ? rest : { ...rest, [mutant.property]: mutant.after };
    return { resource, mutant, after, name: `case${index}x${place}` };
  }),
);
console.error(`${cases.length} other values of ${richest.length} types`);
const originals = richest.map((resource, index) => named(resource, `original${index}`, resource.inputs));
const plan = terraformPlan([...originals, ...cases.map(({ resource, after, name }) => named(resource, name, after))], "us-east-1");
const python = await scannersInPython(console.error);
const folder = mkdtempSync(join(tmpdir(), "slipway-worse-"));
const results: ScanResult[] = [];
try {
  const file = join(folder, "plan.json");
  writeFileSync(file, JSON.stringify(plan));
  const { resources } = plan.planned_values.root_module;
  results.push(
    await scanWithCheckov(python, { framework: "terraform_plan", file, resources: resources.length }),
    await scanPolicies(python, plan),
  );
} finally {
  rmSync(folder, { recursive: true });
}
const found = Map.groupBy(
  results.flatMap(({ findings }) => findings),
  ({ resource }) => /\b(?:case\d+x\d+|original\d+)\b/.exec(resource)?.[0] ?? "",
);
const checks = (name: string) => new Set((found.get(name) ?? []).map(({ check }) => check));
const worse = cases.flatMap(({ resource, mutant, name }) => {
  const before = checks(`original${richest.indexOf(resource)}`);
  const more = [...checks(name)].filter((check) => !before.has(check)).sort();
  return more.length === 0 ? [] : [{ type: resource.type, before: resource.inputs, ...mutant, checks: more }];
});
const lines = worse.map(({ type, property, before, after, checks: by }) =>
  JSON.stringify({ type, property, before: before[property], ...(after === undefined ? {} : { after }), checks: by }),
);
writeFileSync(join(import.meta.dirname, "worseByScanners.json"), `[\n${lines.join(",\n")}\n]\n`);
console.log(
  `${cases.length} other values tried of ${richest.length} types, ${worse.length} are worse by ${new Set(worse.flatMap(({ checks: by }) => by)).size} checks`,
);
