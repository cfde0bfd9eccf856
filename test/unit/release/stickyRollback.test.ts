/** Clients that stick to a candidate, when its traffic goes back by config: a group at weight 0 keeps them. */
import { expect, test } from "vitest";
import { declare } from "../../../infra/program.ts";
import type { DeployedService } from "../../../infra/release/deployedRelease.ts";
import { configOf, type Edits } from "../../harness/config.ts";
import { graphOf } from "../../harness/graph.ts";
import { onlyApi, unprotected } from "../../harness/smallStacks.ts";

const now = new Date("2026-11-30T12:00:00Z");
const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const open: Edits = {
  ...{ ...unprotected, ...onlyApi, "services.api.release.stickinessSeconds": 600, "services.api.release.candidateWeight": 0 },
  "services.api.release.blue": { image: digest("a"), capacity: "full" },
  "services.api.release.green": { image: digest("b"), capacity: "full" },
};
const before = (edits: Partial<DeployedService>): DeployedService => ({
  ...{ weights: { blue: 50, green: 50 }, images: { blue: digest("a"), green: digest("b") }, capacity: { blue: "full", green: "full" } },
  ...{ settings: { blue: "", green: "" }, port: 3000, priority: 100, servedUntil: { blue: "", green: "" }, rollbackTo: "blue", ...edits },
});

/** Colours that the rule forwards to, and whether it makes clients stay. */
async function ruled(deployed: DeployedService, edits: Edits = {}): Promise<{ readonly groups: number; readonly sticks: boolean }> {
  const graph = await graphOf(() => declare(configOf("bench/production", { ...open, ...edits }), { api: deployed }, now));
  const rule = graph.find(({ type, name }) => type === "aws:lb/listenerRule:ListenerRule" && name.endsWith("-use1-api"))!;
  const [{ forward }] = rule.inputs.actions as unknown as [
    { readonly forward: { readonly targetGroups: object[]; readonly stickiness?: object } },
  ];
  return { groups: forward.targetGroups.length, sticks: forward.stickiness !== undefined };
}

test("N3 a candidate that loses its traffic by config leaves the rule, and the clients that stay with it too", async () => {
  expect(await ruled(before({}))).toEqual({ groups: 1, sticks: false });
});

test("it stays out until the cookies are over, and then comes back", async () => {
  const since = (servedUntil: string) => before({ weights: { blue: 100, green: 0 }, servedUntil: { blue: "", green: servedUntil } });
  expect(await ruled(since("2026-11-30T11:50:01Z"))).toEqual({ groups: 1, sticks: false });
  expect(await ruled(since("2026-11-30T11:50:00Z"))).toEqual({ groups: 2, sticks: true });
  expect(await ruled(since(""))).toEqual({ groups: 2, sticks: true });
});

test("a swap of labels takes nobody out: the colour before is the way back", async () => {
  const labels: Edits = { "services.api.release.live": "green" };
  const all = before({ weights: { blue: 0, green: 100 }, servedUntil: { blue: "2026-11-30T11:59:00Z", green: "" } });
  expect(await ruled(all, labels)).toEqual({ groups: 2, sticks: true });
  // Another image in it has not served anybody: old cookies must not lead there.
  const next: Edits = { ...labels, "services.api.release.blue": { image: digest("c"), capacity: "full" } };
  expect(await ruled(all, next)).toEqual({ groups: 1, sticks: false });
});
