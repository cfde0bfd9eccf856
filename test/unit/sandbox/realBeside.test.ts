/** A simulated provider beside a real one, whose objects nobody here can see. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { aws } from "../../../sandbox/cloud/aws/catalogue.ts";
import { Cloud } from "../../../sandbox/cloud/cloud.ts";
import { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import type { Properties } from "../../../sandbox/provider/values.ts";
import { type PackageName, packageNames } from "../../../sandbox/sandbox.ts";
import { place } from "../../harness/emptyCloud.ts";

/** Simulated AWS with a certificate that has no record for its validation, and what becomes of it. */
function certified(simulated: readonly PackageName[]) {
  const folder = mkdtempSync(join(tmpdir(), "slipway-beside-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const cloud = new Cloud(aws, new LiveStore(folder), new Set(), new Set(simulated));
  const create = (type: string, inputs: Properties) => cloud.create({ type: `aws:acm/${type}`, urn: "urn::x", inputs, secrets: [] }, place);
  const { id } = create("certificate:Certificate", { domainName: "api.coinestate.io", validationMethod: "DNS" });
  return { cloud, validate: () => create("certificateValidation:CertificateValidation", { certificateArn: id }) };
}

it("C12 a certificate is issued where its records are at the real Cloudflare", () => {
  const { cloud, validate } = certified(["aws", "kubernetes"]);
  validate();
  expect(cloud.store.all("aws:acm/certificate:Certificate").map(({ properties }) => properties.status)).toEqual(["ISSUED"]);
  expect([...cloud.assumed]).toEqual([expect.stringContaining("the certificate for api.coinestate.io is issued")]);
});

it("a certificate waits for its record where Cloudflare is simulated, too", () => {
  expect(certified(packageNames).validate).toThrow("PENDING_VALIDATION");
});
