/** Images that an update deploys: each gets a tag that keeps it, and its copies in other regions are waited for. */
import { setTimeout as pause } from "node:timers/promises";
import { standbys } from "../../components/environment/contract/failover.ts";
import { releaseTag, releaseTagStart } from "../../components/registry/contract.ts";
import { type ConfiguredImage, configuredImages } from "../../infra/config/configuredImages.ts";
import { namedTypes } from "../../infra/config/physicalNames.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import type { State } from "../engine/state.ts";

/** Seconds between two looks at a copy, and in all: most images are copied within 30 minutes (ECR guide, Private image replication). */
const look = { every: 5, most: 1800 };

/** A registry without the repository or the image: the program says what to push. */
const absent = new Set(["RepositoryNotFoundException", "ImageNotFoundException"]);

/**
 * Tags the images that the update deploys, so that the registry keeps them however many are pushed after them, and waits for their
 * copies in the standby regions. A tag is a push, which is copied also where the image was pushed before copies were asked for. Never
 * holds an update: what cannot be done is said.
 * @param say takes a line for people
 */
export async function keepImages(config: StackConfig, state: State, aws: Aws, say: (line: string) => void): Promise<void> {
  if (config.registry.from !== undefined) return; // whose repositories they are keeps its own
  for (const image of newImages(config, state)) {
    try {
      await keep(image, config, aws, say);
    } catch (error) {
      if (error instanceof Error && absent.has(error.name)) continue;
      const refused = aws.refusal(error, `The image ${image.repository}@${image.digest} cannot be given a tag that keeps it`);
      say(refused instanceof Error ? refused.message : String(refused));
    }
  }
}

/** Images that the state does not run in every region of the stack. */
function newImages(config: StackConfig, { resources }: State): ConfiguredImage[] {
  const definitions = resources.filter(({ type }) => type === namedTypes.taskDefinition).map(({ outputs }) => JSON.stringify(outputs));
  const regions = [config.aws.region, ...standbys(config).map(({ region }) => region)];
  const runs = (digest: string, region: string) => definitions.some((text) => text.includes(digest) && text.includes(`:ecs:${region}:`));
  const images = configuredImages(config).filter(({ digest }) => !regions.every((region) => runs(digest, region)));
  return [...new Map(images.map((image) => [`${image.repository}@${image.digest}`, image])).values()];
}

async function keep({ repository, digest }: ConfiguredImage, config: StackConfig, aws: Aws, say: (line: string) => void): Promise<void> {
  const { region } = config.aws;
  const ecr = await aws.client("ecr", region);
  const imageId = { imageDigest: digest };
  const { imageDetails: [found] = [] } = await ecr.describeImages({ repositoryName: repository, imageIds: [imageId] });
  if (found?.imageTags?.some((tag) => tag.startsWith(releaseTagStart)) !== true) {
    const { images: [image] = [] } = await ecr.batchGetImage({ repositoryName: repository, imageIds: [imageId] });
    const { imageManifest, imageManifestMediaType } = image ?? {};
    if (imageManifest === undefined) return;
    await ecr.putImage({ repositoryName: repository, imageManifest, imageManifestMediaType, imageTag: releaseTag(digest) });
  }
  if (standbys(config).length === 0) return;
  for (let waited = 0; waited < look.most; waited += look.every) {
    const { replicationStatuses = [] } = await ecr.describeImageReplicationStatus({ repositoryName: repository, imageId });
    const under = replicationStatuses.filter(({ status }) => status === "IN_PROGRESS").map(({ region: to }) => to);
    if (under.length === 0) return;
    if (waited === 0)
      say(`${repository}@${digest} is being copied to ${under.join(", ")}; waiting for it, ${look.most / 60} minutes at most.`);
    await pause(look.every * 1000);
  }
}
