/** Config that no resource has, and that counts from the next step of a rollout on. */
import type { z } from "zod";
import { rollout } from "../../../components/release/contract.ts";
import type { Digest } from "../digest.ts";
import { phrase } from "../phrase.ts";
import type { JsonObject } from "../propertyValue.ts";
import type { Story } from "../story.ts";

type Rollout = z.output<typeof rollout>;

/** What the stack's outputs say of the rollout, against what its config says. Updates before these were kept say nothing. @param config areas by name */
export function laterStories({ steps }: Digest, config: JsonObject): Story[] {
  const stack = (steps ?? []).find(({ urn }) => urn.split("::")[2] === "pulumi:pulumi:Stack");
  const recorded = stack?.oldState?.outputs?.rollout;
  const kept = rollout.safeParse(recorded);
  const wanted = rollout.safeParse(config.rollout ?? {});
  if (stack === undefined || recorded === undefined || !kept.success || !wanted.success) return [];
  const [before, after] = [kept.data, wanted.data];
  return [
    told(stack.urn, "strategy", before.strategy, after.strategy, after.strategy === "direct"),
    told(
      stack.urn,
      "steps",
      words(before, after),
      words(after, before),
      minutes(after) < minutes(before) || after.steps.length < before.steps.length,
    ),
    told(stack.urn, "retainOldMinutes", before.retainOldMinutes, after.retainOldMinutes, after.retainOldMinutes < before.retainOldMinutes),
  ].flatMap((story) => story ?? []);
}

function told(urn: string, key: string, before: string | number, after: string | number, weaker: boolean): Story | undefined {
  if (before === after) return undefined;
  return {
    risk: weaker ? "guard" : "routine",
    headline: phrase`rollout.${key} ${before} → ${after}`,
    detail: phrase`nothing changes now; it counts from the next step on`,
    urns: [urn],
  };
}

/** `5/25/100 %`; with the minutes where the shares are those of the other. */
function words(one: Rollout, other: Rollout): string {
  const shares = ({ steps }: Rollout) => steps.map(({ weight }) => weight).join("/");
  if (shares(one) !== shares(other)) return `${shares(one)} %`;
  return one.steps.map(({ weight, bakeMinutes }) => `${weight} % for ${bakeMinutes} min`).join(", ");
}

function minutes({ steps }: Rollout): number {
  return steps.reduce((sum, { bakeMinutes }) => sum + bakeMinutes, 0);
}
