/** `slipway sandbox images`: the simulated registry, and what a pipeline does to it. */
import Table from "cli-table3";
import { standbys } from "../../components/environment/contract/failover.ts";
import { configuredImages, registryOf } from "../../infra/config/configuredImages.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { sandboxOf } from "../../ops/engine/backend.ts";
import type { Project } from "../../ops/project/project.ts";
import { UserError } from "../../ops/userError.ts";
import { imageType, pushImage, tagsOf } from "../../sandbox/cloud/aws/images.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";
import type { Fate } from "./fate.ts";

/** A table of what was pushed. */
export function listImages(project: Project): string {
  const table = new Table({ head: ["image", "registry", "tags", "tasks of it"], style: { head: [], border: [] } });
  for (const image of openLiveStore(sandboxOf(project).folder)
    .all(imageType)
    .sort((a, b) => a.id.localeCompare(b.id)))
    table.push([image.id, image.scope, tagsOf(image).join(", "), String(image.properties.fate)]);
  return table.toString();
}

/**
 * Pushes what a stack's config names to each region that runs it: as a pipeline that pushes to the primary region and waits for the copies.
 * @param folder of the sandbox
 * @returns a line for each image
 */
export function pushConfigured(folder: string, config: Pick<StackConfig, "aws" | "failover" | "registry" | "services">): string[] {
  const store = openLiveStore(folder);
  const { account, region: own } = registryOf(config);
  const regions = [own, ...standbys(config).map(({ region }) => region)];
  return configuredImages(config).map((image) => {
    const pushed = new Set(regions.flatMap((region) => pushImage(store, { account, region }, image)));
    return `${image.repository}@${image.digest}: ${pushed.size === 0 ? "there already" : `pushed to ${[...pushed].join(", ")}`}`;
  });
}

/** Says what becomes of tasks of an image, in every region. @throws UserError when nobody has pushed it */
export function setFate(project: Project, digest: string, fate: Fate): string {
  const store = openLiveStore(sandboxOf(project).folder);
  const found = store.all(imageType).filter(({ properties }) => properties.imageDigest === digest);
  if (found.length === 0)
    throw new UserError(`No simulated registry holds ${digest}. Push it first: slipway sandbox images push --stack <stack>`);
  for (const image of found) {
    if (fate === "absent") store.delete(image);
    else store.put({ ...image, properties: { ...image.properties, fate } });
  }
  return `${digest}: ${fate}, in ${found.map(({ scope }) => scope).join(", ")}`;
}
