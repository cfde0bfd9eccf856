/** What somebody made or deleted in a console, which no preview shows: verify and the search for drift tell it as status does. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { type LiveStore, openLiveStore } from "../../sandbox/sandbox.ts";
import { FakeGitHub } from "../harness/fakeGitHub.ts";
import { onlyApi, watchedRelease } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

const stack = new StackUnderTest("staging", {
  ...{ ...watchedRelease, ...onlyApi, "autoRollback.web": undefined },
  "uptime.endpoints.app": undefined,
});
const github = new FakeGitHub();
const doorId = "sgr-0f00d00000000000f";
let policyId = "";
let environment: Record<string, string>;
let store: LiveStore;

const live = (type: string, name: string) => stack.live(type).find(({ createdFor }) => createdFor.endsWith(name))!;

beforeAll(async () => {
  await stack.prepare();
  environment = await github.start();
  store = openLiveStore(join(stack.folder, ".slipway"));
  const door = stack.live("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")[0]!;
  store.put({ ...door, id: doorId, properties: { ...door.properties, cidrIpv4: "0.0.0.0/0", securityGroupRuleId: doorId } });
  const own = stack.live("aws:iam/rolePolicy:RolePolicy")[0]!;
  policyId = `${String(own.properties.role)}:quick-fix`;
  store.put({ ...own, id: policyId, properties: { ...own.properties, name: "quick-fix" } });
  store.delete(live("cloudflare:index/dnsRecord:DnsRecord", "-edge-records-api.staging.coinestate.io"));
});
afterAll(() => {
  github.stop();
  stack.remove();
});

const revoke = `npx slipway security-group revoke --stack staging --rule ${doorId} --region us-east-1 --reason 'no state holds it'`;

describe("verify", () => {
  let stdout = "";
  beforeAll(async () => {
    const verified = await stack.slipway("verify", "deployment", "--stack", "staging");
    expect(verified.exitCode).toBe(1);
    ({ stdout } = verified);
  });

  it("N8 verify tells the rule and the policy that no state holds, and the commands that take them away", () => {
    expect(stdout).toMatch(/rules of security groups .* failed/);
    expect(stdout).toContain(revoke);
    expect(stdout).toMatch(/policies of roles .* failed/);
    expect(stdout).toMatch(/aws iam delete-role-policy --role-name \S+ --policy-name quick-fix/);
  });

  it("N23 verify tells the record that is gone, and the command that makes it again", () => {
    expect(stdout).toMatch(/records of the zone .* failed/);
    expect(stdout).toMatch(/records of the zone: npx slipway up --stack staging --refresh\n/);
  });
});

describe("the search for drift", () => {
  let body = "";
  let stdout = "";
  beforeAll(async () => {
    const drift = await stack.slipwayWith(environment, "ci", "drift", "--stack", "staging");
    expect(drift.exitCode, drift.stderr).toBe(0);
    [body, stdout] = [github.issues[0]?.body ?? "", drift.stdout];
  });

  it("N8 drift tells the rule and the policy that no state holds, and the commands that take them away", () => {
    expect(stdout).toMatch(new RegExp(`^in no state: ${doorId} lets 0\\.0\\.0\\.0/0 `, "m"));
    expect(body).toContain(`\`${revoke}\``);
    expect(body).toMatch(/`aws iam delete-role-policy --role-name \S+ --policy-name quick-fix`/);
  });

  it("N23 drift says of a record that is gone that nothing is deleted, and how it comes back", () => {
    expect(body).toContain("- gone `dnsRecord` `coinestate-staging-edge-records-api.staging.coinestate.io`");
    expect(body).not.toMatch(/^- delete /m);
    expect(body).toContain("Nothing is about to be deleted");
    expect(body).toContain("`npx slipway up --stack staging --refresh`");
  });
});

test("is opened for what no state holds alone, and closed once that is gone", async () => {
  const drift = async () => (await stack.slipwayWith(environment, "ci", "drift", "--stack", "staging")).stdout;
  await stack.slipway("up", "--stack", "staging", "--refresh", "--yes", "--non-interactive");
  const before = github.issues.length;
  expect(await drift()).toMatch(/0 differences live, 0 in config; issue updated/);
  for (const id of [doorId, policyId]) store.delete(stack.live().find((one) => one.id === id)!);
  expect(await drift()).toMatch(/0 differences live, 0 in config; issue closed/);
  expect([github.issues.length, before]).toEqual([before, 1]);
});
