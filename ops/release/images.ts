/** Images that an update deploys: each gets a tag that keeps it, and its copies in other regions are waited for. */
import { setTimeout } from "node:timers/promises";
import { standbys } from "../../components/environment/contract/failover.ts";
import { releaseTag, releaseTagStart } from "../../components/registry/contract.ts";
import { type ConfiguredImage, configuredImages } from "../../infra/config/configuredImages.ts";
import { namedTypes } from "../../infra/config/physicalNames.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import type { State } from "../engine/state.ts";

/**
 * Seconds between two looks at a copy, until ECR has to tell of one that was asked for, and in all: most images are copied within 30 minutes
 * (ECR guide, Private image replication).
 */
const look = { every: 5, told: 30, most: 1800 };

/** A registry without the repository or the image: the program says what to push. */
const absent = new Set(["RepositoryNotFoundException", "ImageNotFoundException"]);

/**
 * Tags the images that the update deploys, so that the registry keeps them however many are pushed after them, and waits for their
 * copies in the standby regions. A tag is a push, which is copied also where the image was pushed before copies were asked for. Never
 * holds an update: what cannot be done is said.
 * @param say takes a line for people
 * @param pause lets so many milliseconds pass
 */
export async function keepImages(
  config: StackConfig,
  state: State,
  aws: Aws,
  say: (line: string) => void,
  pause: (milliseconds: number) => Promise<void> = setTimeout,
): Promise<void> {
  if (config.registry.from !== undefined) return; // whose repositories they are keeps its own
  for (const image of newImages(config, state)) {
    try {
      await keep(image, config, aws);
      await copied(image, config, aws, say, pause);
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

async function keep(image: ConfiguredImage, config: StackConfig, aws: Aws): Promise<void> {
  if ((await releaseTags(image, config, aws)).length === 0) await pushAs(releaseTag(image.digest), image, config, aws);
}

/** Waits until every standby region that has the repository has the image. What no copy is told of is pushed again, under a tag of its own. */
async function copied(
  image: ConfiguredImage,
  config: StackConfig,
  aws: Aws,
  say: (line: string) => void,
  pause: (milliseconds: number) => Promise<void>,
): Promise<void> {
  const name = `${image.repository}@${image.digest}`;
  let pushed = false;
  for (let waited = 0; waited < look.most; waited += look.every) {
    const lacking = await regionsWithout(image, config, aws);
    if (lacking.length === 0) return;
    const status = await copyStatus(image, config, aws);
    const stuck = lacking.filter((region) => status.get(region) !== "IN_PROGRESS");
    if (!pushed && stuck.length > 0) {
      const tags = await releaseTags(image, config, aws);
      await pushAs(`${releaseTag(image.digest)}-${tags.length + 1}`, image, config, aws);
      pushed = true;
    } else if (stuck.length > 0 && waited >= look.told) {
      const rule = `aws ecr describe-registry --region ${config.aws.region}`;
      say(`${name} is not copied to ${stuck.join(", ")}: see ${rule}, which has the rule of copies.`);
      return;
    }
    if (waited === 0) say(`${name} is being copied to ${lacking.join(", ")}; waiting for it, ${look.most / 60} minutes at most.`);
    await pause(look.every * 1000);
  }
}

/** Tags that keep an image. @throws Error of ECR where it has no such image */
async function releaseTags({ repository, digest }: ConfiguredImage, config: StackConfig, aws: Aws): Promise<string[]> {
  const ecr = await aws.client("ecr", config.aws.region);
  const { imageDetails: [found] = [] } = await ecr.describeImages({ repositoryName: repository, imageIds: [{ imageDigest: digest }] });
  return (found?.imageTags ?? []).filter((tag) => tag.startsWith(releaseTagStart));
}

async function pushAs(imageTag: string, { repository, digest }: ConfiguredImage, config: StackConfig, aws: Aws): Promise<void> {
  const ecr = await aws.client("ecr", config.aws.region);
  const { images: [image] = [] } = await ecr.batchGetImage({ repositoryName: repository, imageIds: [{ imageDigest: digest }] });
  const { imageManifest, imageManifestMediaType } = image ?? {};
  if (imageManifest !== undefined) await ecr.putImage({ repositoryName: repository, imageManifest, imageManifestMediaType, imageTag });
}

/** Standby regions that have the repository and lack the image. One that has no repository yet gets it by this update. */
async function regionsWithout({ repository, digest }: ConfiguredImage, config: StackConfig, aws: Aws): Promise<string[]> {
  const lacks = standbys(config).map(async ({ region }) => {
    const ecr = await aws.client("ecr", region);
    try {
      await ecr.describeImages({ repositoryName: repository, imageIds: [{ imageDigest: digest }] });
    } catch (error) {
      if (error instanceof Error && error.name === "ImageNotFoundException") return [region];
      if (!(error instanceof Error && error.name === "RepositoryNotFoundException")) throw error;
    }
    return [];
  });
  return (await Promise.all(lacks)).flat();
}

async function copyStatus({ repository, digest }: ConfiguredImage, config: StackConfig, aws: Aws): Promise<Map<string, string>> {
  const ecr = await aws.client("ecr", config.aws.region);
  const asked = { repositoryName: repository, imageId: { imageDigest: digest } };
  const { replicationStatuses = [] } = await ecr.describeImageReplicationStatus(asked);
  return new Map(replicationStatuses.flatMap(({ region, status }) => (region === undefined ? [] : [[region, status ?? ""]])));
}
