/** Images by digest: whether the registry of each region has what config names. */
import { standbys } from "../../components/environment/contract/failover.ts";
import { type ConfiguredImage, configuredImages } from "../../infra/config/configuredImages.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { standbyConfig } from "../../infra/config/standby.ts";
import type { Aws } from "../aws/aws.ts";
import type { Line } from "./line.ts";

/** A repository in a region, and the digests that it has to hold. */
export interface Wanted {
  readonly region: string;
  readonly repository: string;
  readonly images: readonly ConfiguredImage[];
}

/** What a repository holds of them. */
export type Held = { readonly repository: "absent" } | { readonly digests: readonly string[] };

/** What every region needs, the primary first. Pure. */
export function wantedImages(config: StackConfig): Wanted[] {
  return [config, ...standbys(config).map((standby) => standbyConfig(config, standby))].flatMap((there) =>
    [...Map.groupBy(configuredImages(there), ({ repository }) => repository)].map(([repository, images]) => ({
      ...{ region: there.aws.region, repository, images },
    })),
  );
}

/** Asks the registry. @throws UserError when it does not tell */
export async function heldImages(aws: Aws, { region, repository, images }: Wanted): Promise<Held> {
  const ecr = await aws.client("ecr", region);
  const imageIds = [...new Set(images.map(({ digest }) => digest))].map((imageDigest) => ({ imageDigest }));
  try {
    const { images: found = [] } = await ecr.batchGetImage({ repositoryName: repository, imageIds });
    return { digests: found.flatMap(({ imageId }) => imageId?.imageDigest ?? []) };
  } catch (error) {
    if (error instanceof Error && error.name === "RepositoryNotFoundException") return { repository: "absent" };
    throw aws.refusal(error, `Images of ${repository} in ${region} cannot be read`);
  }
}

/** Where images are pushed to, and in which words. */
export interface PushPlace {
  readonly account: string;
  /** Region that images are pushed to; the others copy. */
  readonly primary: string;
  readonly simulated: boolean;
  /** Words that name the stack in a command. */
  readonly stack: string;
}

/** Judges, a line for each image. Pure. */
export function imageLines({ region, repository, images }: Wanted, held: Held, place: PushPlace): Line[] {
  return images.map(({ service, digest }): Line => {
    const line = { area: "images", what: `${service} ${digest.slice(0, 19)}…, ${region}` } as const;
    if ("repository" in held) {
      const fix = `slipway up ${place.stack}   (makes the repositories, then says what to push)`;
      return { ...line, found: `there is no repository ${repository} yet`, verdict: "missing", fix };
    }
    if (held.digests.includes(digest)) return { ...line, found: `in ${repository}`, verdict: "good" };
    return { ...line, found: `${repository} does not hold it`, verdict: "missing", fix: pushing(repository, digest, region, place) };
  });
}

function pushing(repository: string, digest: string, region: string, { account, primary, simulated, stack }: PushPlace): string {
  if (simulated) return `slipway sandbox images push ${stack}`;
  const registry = `${account}.dkr.ecr.${primary}.amazonaws.com`;
  const push = `docker push ${registry}/${repository}:<tag of ${digest}>`;
  // What was pushed before the rule of replication was there is not copied.
  return region === primary ? push : `${push}, under a new tag: only a push copies it to ${region}`;
}
