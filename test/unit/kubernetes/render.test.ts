/** Manifests for scanners: what was wanted, without what the server or the provider adds. */
import { expect, test } from "vitest";
import { parse } from "yaml";
import { manifestsOf } from "../../../rehearsal/sandbox/render.ts";

const object = (type: string, properties: Record<string, unknown>) => ({
  type,
  id: "x",
  scope: "cluster",
  createdFor: "urn",
  properties: properties as never,
});

test("server fields, status and the provider's annotations are left out; other clouds too", () => {
  const metadata = { name: "web-blue", namespace: "shop", labels: { version: "blue" }, uid: "u", resourceVersion: "3", generation: 2 };
  const annotations = { "pulumi.com/patchForce": "true", owner: "platform" };
  const manifests = manifestsOf([
    object("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }),
    object("kubernetes:core/v1:Service", { metadata: { ...metadata, annotations }, spec: { ports: [{ port: 80 }] }, status: {} }),
    object("kubernetes:core/v1:Namespace", { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", uid: "u" }, status: {} }),
  ]);
  expect(manifests.map(({ file }) => file)).toEqual(["namespace-shop.yaml", "shop-service-web-blue.yaml"]);
  expect(parse(manifests[1]!.text)).toEqual({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web-blue", namespace: "shop", labels: { version: "blue" }, annotations: { owner: "platform" } },
    spec: { ports: [{ port: 80 }] },
  });
});
