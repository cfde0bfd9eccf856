/** An empty simulated AWS of one test, and declared resources that are made in it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { aws } from "../../sandbox/cloud/aws/catalogue.ts";
import { Cloud } from "../../sandbox/cloud/cloud.ts";
import { LiveStore } from "../../sandbox/cloud/liveStore.ts";
import type { Properties, Value } from "../../sandbox/provider/values.ts";
import type { Registered } from "./graph.ts";

/** Where things are made that say nothing else. */
export const place = { account: "123456789012", region: "us-east-1" };

/** An empty cloud, gone with the test. @param existing ids of objects that others may point at. @default none */
export function emptyCloud(existing: ReadonlySet<string> = new Set()) {
  const folder = mkdtempSync(join(tmpdir(), "slipway-cloud-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const cloud = new Cloud(aws, new LiveStore(folder), existing);
  const create = (type: string, inputs: Properties, name = "x") =>
    cloud.create({ type, urn: `urn::${type}::${name}`, inputs, secrets: [] }, place);
  const update = (type: string, { id, properties }: { id: string; properties: Properties }, changes: Properties) =>
    cloud.update(id, properties, { type, urn: `urn::${type}`, inputs: { ...properties, ...changes }, secrets: [] }, place);
  const remove = (type: string, { id, properties }: { id: string; properties: Properties }) => cloud.delete(type, id, properties, place);
  return { cloud, create, update, remove };
}

/** Makes the resources of one type that a graph declares, in their order; what else they name counts as existing. */
export function makeDeclared(graph: readonly Registered[], type: string): void {
  const declared = graph.filter((resource) => resource.type === type);
  const { create } = emptyCloud(new Set(declared.flatMap(({ checked }) => textsIn(checked))));
  for (const { checked, name } of declared) create(type, checked, name);
}

function textsIn(value: Value): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
