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

/** What is not refused yet. */
const open = new Set([
  "made must not: whatever carries production's tags, or another system's",
  "made must not: buckets that are not the stack's, the states among them",
  "apply must not: what is production's by name, or by tags where the grant looks at them",
]);

describe("staging in production's account", () => {
  for (const [who, may, what, right] of lines) {
    const title = `${who} ${may}: ${what}`;
    (open.has(title) ? test.fails : test)(title, () => expect(wrong(right, who)).toEqual([]));
  }
});
