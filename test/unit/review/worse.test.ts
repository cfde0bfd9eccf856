/** Changes that are grave by what others say of them: none is called routine, whatever the review's own tellers know. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Risk, risks } from "../../../ops/review/risk.ts";
import { statefulTypes } from "../../../ops/review/statefulTypes.ts";
import { factsOf } from "../../../sandbox/facts/facts.ts";
import type { Properties, Value } from "../../../sandbox/provider/values.ts";
import { fc } from "../../harness/campaign.ts";
import { configOf } from "../../harness/config.ts";
import { type CraftedStep, reviewOf } from "../../harness/craftedReview.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";
import type { Registered } from "../../harness/graph.ts";

/** What checkov or parliament find worse after than before. */
interface Worse {
  readonly type: string;
  readonly property: string;
  readonly before: Value;
  /** Absent: the property goes. */
  readonly after?: Value;
  readonly checks: readonly string[];
}

const worse = JSON.parse(readFileSync(join(import.meta.dirname, "..", "..", "review", "worseByScanners.json"), "utf8")) as Worse[];

/** A change that others call grave, and who does. */
interface Grave {
  readonly by: string;
  readonly step: CraftedStep;
}

const replaces = (type: string, property: string) => factsOf(type)?.properties[property]?.replaces === true;

/** Inputs of a shipped resource that sets the property so; the most open one, as scanners ask of a port who reaches it. */
function inputsWith(all: readonly Registered[], { type, property, before }: Worse): Properties {
  const wanted = JSON.stringify(before);
  const alike = all.filter((one) => one.type === type && JSON.stringify(one.inputs[property]) === wanted);
  const open = alike.find(({ inputs }) => inputs.cidrIpv4 === "0.0.0.0/0") ?? alike[0];
  return open === undefined ? {} : (JSON.parse(JSON.stringify(open.inputs)) as Properties);
}

function changed(all: readonly Registered[], one: Worse): Grave {
  const { type, property, before, after, checks } = one;
  const rest = inputsWith(all, one);
  const op = replaces(type, property) ? "replace" : "update";
  const more = { detailedDiff: { [property]: { kind: op === "replace" ? "update-replace" : "update" } } };
  const { [property]: _, ...without } = rest;
  const sides = { before: { ...rest, [property]: before }, after: after === undefined ? without : { ...rest, [property]: after } };
  return { by: `${checks.join(", ")}: ${op} ${type} ${property}`, step: { op, type, ...sides, more } };
}

function leavesOf(value: Value, path = ""): string[] {
  const inner = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return inner.length === 0
    ? [`${path} ${JSON.stringify(value)}`]
    : inner.flatMap(([key, one]) => leavesOf(one as Value, `${path}.${key}`));
}

/** Made as the scanners would not have it. */
function made(all: readonly Registered[], one: Worse): Grave[] {
  const { type, property, before, after, checks } = one;
  // What is not set at all has the provider's default, of which a preview says nothing.
  const said = new Set(leavesOf(before));
  return after === undefined || leavesOf(after).every((leaf) => said.has(leaf))
    ? []
    : [
        {
          by: `${checks.join(", ")}: create ${type} ${property}`,
          step: { op: "create", type, after: { ...inputsWith(all, one), [property]: after } },
        },
      ];
}

/** By AWS's own documents: without it nobody guards, watches, keeps or copies what it was for. */
const guarding =
  /^aws:(wafv2\/webAcl(Association)?|cloudwatch\/(metricAlarm|compositeAlarm)|sns\/topicSubscription|backup\/(plan|selection|vaultLockConfiguration)|s3\/bucket(PublicAccessBlock|Versioning|ServerSideEncryptionConfiguration|Policy|ReplicationConfig)|ec2\/flowLog|route53\/healthCheck|appautoscaling\/(target|policy)):|^cloudflare:index\/ruleset:|^kubernetes:(networking\.k8s\.io|policy)\/v1:/;

function goneOrReplaced(all: readonly Registered[]): Grave[] {
  const held = all.filter(({ custom, type }) => custom && (statefulTypes.has(type) || guarding.test(type)));
  return held.flatMap(({ type, inputs }): Grave[] => {
    const before = JSON.parse(JSON.stringify(inputs)) as Properties;
    const forced = Object.keys(inputs).find((property) => replaces(type, property));
    const more = { detailedDiff: { [forced ?? ""]: { kind: "update-replace" } } };
    return [
      { by: `gone: ${type}`, step: { op: "delete", type, before } },
      ...(forced === undefined || !statefulTypes.has(type)
        ? []
        : [
            {
              by: `replace fact: ${type} ${forced}`,
              step: { op: "replace", type, before, after: { ...before, [forced]: "another" }, more },
            },
          ]),
    ];
  });
}

const harmless = (risk: Risk) => risks.indexOf(risk) >= risks.indexOf("routine");

/** Changes by a pull request that the scanners find worse, and why the review is right to call them harmless all the same. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/^CKV_AWS_104: create /, "an empty list of parameters says no more than none at all: the defaults of AWS, which log no audit"],
  [
    /^(CKV_AWS_355, )?RESOURCE_STAR: create /,
    "rights on every resource: many actions take no other, and nothing of a new document says which could be narrower",
  ],
  [
    /^CKV_AWS_173: update aws:lambda\/function:Function environment$/,
    "variables of functions are names and ARNs of the stack's own resources, never a secret: AWS's key is enough for them",
  ],
];

test("V5 500 random changes, creations and deletions that others call grave: none is routine", async () => {
  const stacks = ["coinestate/production", "clearhold/production", "shop/production"];
  const graphs: Registered[] = [];
  for (const stack of stacks) graphs.push(...(await declaredGraph(configOf(stack))));
  const all = [...worse.map((one) => changed(graphs, one)), ...worse.flatMap((one) => made(graphs, one)), ...goneOrReplaced(graphs)];
  expect(all.length).toBeGreaterThan(500);
  const routine = new Set<string>();
  fc.assert(
    fc.property(fc.constantFrom(...all), ({ by, step }) => {
      const review = reviewOf({ x: step });
      if (harmless(review.risk) && !reasons.some(([excused]) => excused.test(by))) routine.add(by);
    }),
    { numRuns: 500 },
  );
  expect([...routine].sort()).toEqual([]);
}, 60_000);
