/** Every role tries what it must not do; and each guard of its policies, taken out, lets one of those through. */
import { describe, expect, test } from "vitest";
import type { PolicyStatement } from "../../../components/access/policyDocument.ts";
import { decisionOn } from "../../harness/iam.ts";
import { type Actor, type Right, rights, statements } from "./rights.ts";

const everything = { Sid: "More", Effect: "Allow", Action: ["*"], Resource: ["*"] } as const;

/** Calls of a line that are answered otherwise than it says. */
function wrong({ calls, may, whatever }: Right, who: Actor, policy: readonly PolicyStatement[] = statements[who]): string[] {
  const more = whatever === undefined ? [] : [everything];
  const policies = who === "made" ? { identity: [everything], boundary: [...policy, ...more] } : { identity: [...policy, ...more] };
  return calls
    .filter(([action, resource, context = {}]) => (decisionOn(policies, { action, resource, context }) === "allow") !== may)
    .map(([action, resource, context = {}]) => `${action} ${resource} ${JSON.stringify(context)}`);
}

const lines = rights.flatMap((right) => right.who.map((who) => [who, right.may ? "may" : "must not", right.what, right] as const));

describe("staging in production's account", () => {
  test.each(lines)("%s %s: %s", (who, _may, _what, right) => expect(wrong(right, who)).toEqual([]));
});

/** A policy without one of its guards: a deny, or a condition. */
function mutants(policy: readonly PolicyStatement[]): [guard: string, policy: PolicyStatement[]][] {
  return policy.flatMap((statement, index) => {
    const instead = (...one: PolicyStatement[]) => policy.toSpliced(index, 1, ...one);
    const without: [string, PolicyStatement[]][] = statement.Effect === "Deny" ? [[statement.Sid, instead()]] : [];
    if ("NotResource" in statement) return without;
    const conditions = Object.entries(statement.Condition ?? {});
    const weaker = conditions.flatMap(([operator, keys]) =>
      Object.keys(keys).map((key): [string, PolicyStatement[]] => {
        const { [key]: _, ...others } = keys;
        return [
          `${statement.Sid}: ${operator} ${key}`,
          instead({ ...statement, Condition: { ...statement.Condition, [operator]: others } }),
        ];
      }),
    );
    const named = statement.Effect === "Allow" && !statement.Resource.includes("*");
    const wider: [string, PolicyStatement[]][] = named ? [[`${statement.Sid}: resources`, instead({ ...statement, Resource: ["*"] })]] : [];
    return [...without, ...weaker, ...wider];
  });
}

/** Guards that no line can hold, each with why. */
const heldTwice: Readonly<Record<string, string>> = {
  "ReadLatches: resources": "NoOtherParameters refuses the others",
  "ReadOwnParameters: resources": "NoOtherParameter refuses the others",
  "ReadDrawnSecrets: resources": "NoOtherSecret refuses the others",
  "ChangeHealthChecks: resources": "the actions have no other resources",
  "ChangeDelegatedZone: resources": "the actions have no other resources",
  "ChangeDelegatedRecords: resources": "the action has no other resources",
};

const actors = Object.keys(statements) as Actor[];

function unheld(who: Actor): string[] {
  const mine = rights.filter((right) => right.who.includes(who));
  return mutants(statements[who]).flatMap(([guard, policy]) =>
    mine.every((right) => wrong(right, who, policy).length === 0) ? [guard] : [],
  );
}

test.each(actors)("each guard of %s is held by a line", (who) => {
  expect(unheld(who).filter((guard) => !(guard in heldTwice))).toEqual([]);
});

test("no reason is left over", () => expect([...new Set(actors.flatMap(unheld))].sort()).toEqual(Object.keys(heldTwice).sort()));
