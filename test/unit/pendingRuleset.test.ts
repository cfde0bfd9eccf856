/** A creation that was killed at a real provider is left to a person, who is told where to look and harms nothing that is in use. */
import { expect, test } from "vitest";
import type { Session } from "../../ops/engine/session.ts";
import type { State } from "../../ops/engine/state.ts";
import { recover } from "../../ops/recovery/pending.ts";

const zoneId = "0123456789abcdef0123456789abcdef";
const type = "cloudflare:index/ruleset:Ruleset";
const resource = {
  ...{ urn: `urn:pulumi:production::slipway::${type}::edge-zone-http_ratelimit`, type, custom: true },
  inputs: { zoneId, phase: "http_ratelimit" },
};

test("C19 recovery of a killed ruleset says where Cloudflare tells its id, and deletes nothing that may be in use", async () => {
  const session = { backend: { kind: "shared" }, stack: "production", project: "slipway" } as unknown as Session;
  const state: State = { resources: [], pendingOperations: [{ type: "creating", resource }] };
  const said = String(await recover(session, state).catch((error: unknown) => error));
  expect(said).toContain(`https://api.cloudflare.com/client/v4/zones/${zoneId}/rulesets/phases/http_ratelimit/entrypoint`);
  expect(said).not.toContain("Delete those that exist");
});
