/** What AWS refuses of sites and pipeline roles, the simulated cloud refuses too. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { aws } from "../../../sandbox/cloud/aws/catalogue.ts";
import { Cloud } from "../../../sandbox/cloud/cloud.ts";
import { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import type { Properties } from "../../../sandbox/provider/values.ts";

const place = { account: "123456789012", region: "us-east-1" };
const distribution = "aws:cloudfront/distribution:Distribution";
const accessControl = "aws:cloudfront/originAccessControl:OriginAccessControl";
const certificate = "aws:acm/certificate:Certificate";

let folder = "";
let store: LiveStore;
let cloud: Cloud;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-refusals-"));
  store = new LiveStore(folder);
  cloud = new Cloud(aws, store);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const create = (type: string, inputs: Properties) => cloud.create({ type, urn: "", inputs, secrets: [] }, place);
const certificateIn = (region: string, status: string) => {
  const arn = `arn:aws:acm:${region}:123456789012:certificate/${crypto.randomUUID()}`;
  const properties = { arn, status, domainName: "coinestate.io", subjectAlternativeNames: ["*.coinestate.io"] };
  store.put({ type: certificate, id: arn, scope: `123456789012/${region}`, properties, createdFor: "" });
  return arn;
};
const wanted = (acmCertificateArn: string, more: Properties = {}): Properties => ({
  enabled: true,
  aliases: ["www.coinestate.io"],
  origins: [{ originId: "bucket", domainName: "a.s3.amazonaws.com" }],
  defaultCacheBehavior: { targetOriginId: "bucket" },
  viewerCertificate: { acmCertificateArn },
  ...more,
});

describe("a distribution", () => {
  test("takes an issued certificate of us-east-1 that covers its hosts", () => {
    expect(() => create(distribution, wanted(certificateIn("eu-west-1", "ISSUED")))).toThrow("isn't in us-east-1 region");
    expect(() => create(distribution, wanted(certificateIn("us-east-1", "PENDING_VALIDATION")))).toThrow("it is PENDING_VALIDATION");
    const good = certificateIn("us-east-1", "ISSUED");
    expect(() => create(distribution, wanted(good, { aliases: ["a.b.coinestate.io"] }))).toThrow("doesn't cover the alternate domain name");
    expect(create(distribution, wanted(good)).id).toMatch(/^E[0-9A-F]{13}$/);
  });

  test("cannot have a host of another one, nor a behaviour without its origin", () => {
    const arn = certificateIn("us-east-1", "ISSUED");
    create(distribution, wanted(arn));
    expect(() => create(distribution, wanted(arn))).toThrow("CNAMEAlreadyExists");
    const elsewhere = wanted(arn, { aliases: [], defaultCacheBehavior: { targetOriginId: "host" } });
    expect(() => create(distribution, elsewhere)).toThrow("NoSuchOrigin");
  });

  test("holds on to its access control and its cache policies", () => {
    const control = create(accessControl, {
      name: "site",
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
    const cachePolicy = "aws:cloudfront/cachePolicy:CachePolicy";
    const policy = create(cachePolicy, { name: "site" });
    const inputs = wanted(certificateIn("us-east-1", "ISSUED"), {
      origins: [{ originId: "bucket", domainName: "a.s3.amazonaws.com", originAccessControlId: control.id }],
      defaultCacheBehavior: { targetOriginId: "bucket", cachePolicyId: policy.id },
    });
    const made = create(distribution, inputs);
    expect(() => cloud.delete(accessControl, control.id, control.properties, place)).toThrow("OriginAccessControlInUse");
    expect(() => cloud.delete(cachePolicy, policy.id, policy.properties, place)).toThrow("CachePolicyInUse");
    cloud.delete(distribution, made.id, made.properties, place);
    cloud.delete(accessControl, control.id, control.properties, place);
    cloud.delete(cachePolicy, policy.id, policy.properties, place);
    expect(store.all().filter(({ type }) => type !== certificate)).toEqual([]);
  });
});

describe("a policy", () => {
  const type = "aws:iam/policy:Policy";
  test("of more than 6,144 characters is refused", () => {
    expect(() => create(type, { name: "long", policy: JSON.stringify({ Statement: "x".repeat(6200) }) })).toThrow("PolicySize: 6144");
  });

  test("stays while it is a boundary", () => {
    const policy = create(type, { name: "boundary", policy: "{}" });
    create("aws:iam/role:Role", { name: "role", assumeRolePolicy: "{}", permissionsBoundary: policy.id });
    expect(() => cloud.delete(type, policy.id, policy.properties, place)).toThrow("DeleteConflict");
  });
});

test("an account has one identity provider for GitHub, and one budget of a name", () => {
  const provider = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
  const inputs = { url: "https://token.actions.githubusercontent.com", clientIdLists: ["sts.amazonaws.com"] };
  expect(create(provider, inputs).id).toBe("arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com");
  expect(() => create(provider, inputs)).toThrow("already exists");
  create("aws:budgets/budget:Budget", { name: "budget" });
  expect(() => create("aws:budgets/budget:Budget", { name: "budget" })).toThrow("the budget already exists");
});

test("zero days and 7 to 30 are recovery windows, other numbers are not", async () => {
  const { checkInputs } = await import("../../../sandbox/cloud/check.ts");
  const facts = aws.facts("aws:secretsmanager/secret:Secret")!;
  const refused = [0, 1, 6, 7, 30, 31].filter((recoveryWindowInDays) => checkInputs(facts, { name: "a", recoveryWindowInDays }).length > 0);
  expect(refused).toEqual([1, 6, 31]);
});
