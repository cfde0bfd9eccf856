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

function changed({ type, property, before, after, checks }: Worse): Grave {
  const op = replaces(type, property) ? "replace" : "update";
  const more = { detailedDiff: { [property]: { kind: op === "replace" ? "update-replace" : "update" } } };
  const sides = { before: { [property]: before }, after: after === undefined ? {} : { [property]: after } };
  return { by: `${checks.join(", ")}: ${op} ${type} ${property}`, step: { op, type, ...sides, more } };
}

/** Made as the scanners would not have it. */
function made({ type, property, after, checks }: Worse): Grave[] {
  // What is not set at all has the provider's default, of which a preview says nothing.
  return after === undefined
    ? []
    : [{ by: `${checks.join(", ")}: create ${type} ${property}`, step: { op: "create", type, after: { [property]: after } } }];
}

/** By AWS's own documents: without it nobody guards, watches, keeps or copies what it was for. */
const guarding =
  /^aws:(wafv2\/webAcl(Association)?|cloudwatch\/(metricAlarm|compositeAlarm)|sns\/topicSubscription|backup\/(plan|selection|vaultLockConfiguration)|s3\/bucket(PublicAccessBlock|Versioning|ServerSideEncryptionConfiguration|Policy|ReplicationConfig)|ec2\/flowLog|route53\/healthCheck|appautoscaling\/(target|policy)):|^cloudflare:index\/ruleset:|^kubernetes:(networking\.k8s\.io|policy)\/v1:/;

async function goneOrReplaced(): Promise<Grave[]> {
  const stacks = ["coinestate/production", "clearhold/production", "shop/production"];
  const graphs = [];
  for (const stack of stacks) graphs.push(...(await declaredGraph(configOf(stack))));
  const held = graphs.filter(({ custom, type }) => custom && (statefulTypes.has(type) || guarding.test(type)));
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
const reasons: readonly (readonly [RegExp, string])[] = [];

test.fails("V5 500 random changes, creations and deletions that others call grave: none is routine", async () => {
  const all = [...worse.map(changed), ...worse.flatMap(made), ...(await goneOrReplaced())];
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
});
