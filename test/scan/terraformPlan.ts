/** The AWS part of a resource graph as the JSON of `terraform show -json <plan>`, which scanners of Terraform read. */
import { factsOf, type PropertyFacts } from "../../sandbox/facts/facts.ts";
import { isObject, type Properties, reveal, type Value } from "../../sandbox/provider/values.ts";
import type { Registered } from "../harness/graph.ts";
import { terraformName } from "./terraformNames.ts";

/** A type or property without a Terraform name. It would not be scanned, so a green scan would mean nothing. */
export class UnmappedType extends Error {}

interface Address {
  readonly address: string;
  readonly mode: "managed";
  readonly type: string;
  readonly name: string;
  readonly provider_name: string;
}

/** As far as scanners read it. */
export interface TerraformPlan {
  readonly format_version: string;
  readonly terraform_version: string;
  readonly planned_values: { readonly root_module: { readonly resources: readonly (Address & { readonly values: Properties })[] } };
  readonly resource_changes: readonly (Address & {
    readonly change: {
      readonly actions: readonly ["create"];
      readonly before: null;
      readonly after: Properties;
      readonly after_unknown: object;
    };
  })[];
  readonly configuration: {
    readonly provider_config: object;
    readonly root_module: {
      readonly resources: readonly (Address & {
        readonly expressions: Readonly<Record<string, { readonly references: readonly string[] }>>;
      })[];
    };
  };
}

/** Packages whose resources are no part of the plan: other scanners read manifests, none reads what Cloudflare is told. */
const elsewhere: ReadonlySet<string> = new Set(["cloudflare", "kubernetes", "pulumi"]);

/**
 * The plan that creates the AWS resources of a graph.
 * @param region where resources without a region of their own are
 * @throws UnmappedType
 */
export function terraformPlan(graph: readonly Registered[], region: string): TerraformPlan {
  const custom = graph.filter(({ custom, type }) => custom && !elsewhere.has(type.split(":")[0] ?? ""));
  const unmapped = [...new Set(custom.map(({ type }) => type))].filter((type) => factsOf(type)?.terraform === undefined);
  if (unmapped.length > 0) throw new UnmappedType(`no Terraform name is known for ${unmapped.join(", ")}: add the facts of the type`);

  const addresses = new Map(custom.map((resource) => [resource.urn, addressOf(resource)]));
  if (new Set([...addresses.values()].map(({ address }) => address)).size !== addresses.size)
    throw new Error("two resources have one Terraform address");
  const planned = custom.map((resource) => ({ ...addressOf(resource), values: valuesOf(resource) }));
  return {
    format_version: "1.2",
    terraform_version: "1.9.0",
    planned_values: { root_module: { resources: planned } },
    resource_changes: planned.map(({ values, ...address }) => ({
      ...address,
      change: { actions: ["create"], before: null, after: values, after_unknown: {} },
    })),
    configuration: {
      provider_config: { aws: { name: "aws", expressions: { region: { constant_value: region } } } },
      root_module: { resources: custom.map((resource) => ({ ...addressOf(resource), expressions: expressionsOf(resource, addresses) })) },
    },
  };
}

function addressOf({ type, name }: Registered): Address {
  const terraform = factsOf(type)?.terraform ?? "";
  const label = name.replace(/[^\w-]/g, "_");
  return {
    address: `${terraform}.${label}`,
    mode: "managed",
    type: terraform,
    name: label,
    provider_name: "registry.terraform.io/hashicorp/aws",
  };
}

function valuesOf({ type, inputs }: Registered): Properties {
  const facts = factsOf(type);
  return blockOf(facts?.terraform ?? "", facts?.properties ?? {}, reveal(inputs).plain);
}

/** One block, with the provider's defaults for what is not set, as a plan has it. */
function blockOf(path: string, facts: Readonly<Record<string, PropertyFacts>>, values: Properties): Properties {
  const block: Properties = {};
  for (const [property, fact] of Object.entries(facts))
    if (fact.default !== undefined) block[terraformName(path, property, fact)] = fact.default;
  for (const [property, value] of Object.entries(values)) {
    // Every resource has a region besides what the facts list.
    const fact = facts[property] ?? (property === "region" ? { type: "string" as const } : undefined);
    if (fact === undefined) throw new UnmappedType(`nothing is known of ${path}.${property}`);
    const name = terraformName(path, property, fact);
    block[name] = plannedValue(`${path}.${name}`, fact, value);
  }
  return block;
}

function plannedValue(path: string, fact: PropertyFacts, value: Value): Value {
  const { fields } = fact;
  if (fields === undefined) return value;
  const nested = (item: Value) => (isObject(item) ? blockOf(path, fields, item) : item);
  if (Array.isArray(value)) return value.map(nested);
  // A block that occurs once is an object in the SDK, and a list in the plan; an attribute that is an object stays one.
  return fact.type.startsWith("block-") && fact.type !== "block-single" && fact.type !== "block-map" ? [nested(value)] : nested(value);
}

function expressionsOf(
  { type, references }: Registered,
  addresses: ReadonlyMap<string, Address>,
): Record<string, { readonly references: readonly string[] }> {
  const facts = factsOf(type);
  return Object.fromEntries(
    Object.entries(references).flatMap(([property, urns]) => {
      const found = urns.flatMap((urn) => addresses.get(urn)?.address ?? []);
      const name = terraformName(facts?.terraform ?? "", property, facts?.properties[property] ?? { type: "string" });
      return found.length === 0 ? [] : [[name, { references: found.flatMap((address) => [`${address}.id`, address]) }]];
    }),
  );
}
