/** Images by digest: what the registries that a stack's tasks pull from have to hold, and what they do hold. */
import { type ConfiguredImage, configuredImages, registryOf } from "../../infra/config/configuredImages.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { regionalConfigs } from "../../infra/config/standby.ts";
import type { Aws } from "../aws/aws.ts";

/** A repository of one registry, and the images that it has to hold. */
export interface Wanted {
  /** Account of the registry: the stack's own, or that of `registry.from`. */
  readonly account: string;
  readonly region: string;
  readonly repository: string;
  readonly images: readonly ConfiguredImage[];
}

/** What a repository holds of them. */
export type Held = { readonly repository: "absent" | "refused" } | { readonly digests: readonly string[] };

/** What every region needs, the primary first. Pure. */
export function wantedImages(config: StackConfig): Wanted[] {
  return regionalConfigs(config).flatMap((there) =>
    [...Map.groupBy(configuredImages(there), ({ repository }) => repository)].map(([repository, images]) => ({
      ...{ ...registryOf(there), repository, images },
    })),
  );
}

/** Asks the registry. @param own account of the stack: one of its own that refuses does not tell @throws UserError when it does not tell */
export async function heldImages(aws: Aws, own: string, { account, region, repository, images }: Wanted): Promise<Held> {
  const ecr = await aws.client("ecr", region);
  const imageIds = [...new Set(images.map(({ digest }) => digest))].map((imageDigest) => ({ imageDigest }));
  try {
    const { images: found = [] } = await ecr.batchGetImage({ registryId: account, repositoryName: repository, imageIds });
    return { digests: found.flatMap(({ imageId }) => imageId?.imageDigest ?? []) };
  } catch (error) {
    if (error instanceof Error && error.name === "RepositoryNotFoundException") return { repository: "absent" };
    if (error instanceof Error && error.name === "AccessDeniedException" && account !== own) return { repository: "refused" };
    throw aws.refusal(error, `Images of ${repository} in ${region} of account ${account} cannot be read`);
  }
}
