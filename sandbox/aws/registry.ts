/** ECR: images as they are, told of and tagged again. A manifest of the sandbox is its digest in the form of one. */
import type { ECR, Image, ImageIdentifier } from "@aws-sdk/client-ecr";
import {
  absentImage,
  askRefused,
  copiesOf,
  copyOf,
  hasArrived,
  imageIn,
  imageType,
  mayAsk,
  pushImage,
  tagsOf,
} from "../cloud/aws/images.ts";
import { CloudError } from "../cloud/catalogue.ts";
import type { LiveObject } from "../cloud/liveStore.ts";
import { type Asked, here, type OperationsOf } from "./operation.ts";

export const registry = {
  DescribeImages: ({ registryId, repositoryName = "", imageIds }, asked) => {
    const there = inRegistry(registryId, repositoryName, asked);
    const all = imagesOf(repositoryName, there);
    const found = imageIds?.map((id) => {
      const image = all.find((candidate) => isNamed(candidate, id));
      if (image === undefined) throw absentImage(there.place, { repository: repositoryName, digest: id.imageDigest ?? "null" });
      return image;
    });
    return {
      imageDetails: (found ?? all).map((image) => ({
        ...{ registryId: there.place.account, repositoryName, imageDigest: digestOf(image), imageTags: tagsOf(image) },
      })),
    };
  },

  BatchGetImage: ({ registryId, repositoryName = "", imageIds = [] }, asked) => {
    const there = inRegistry(registryId, repositoryName, asked);
    const all = imagesOf(repositoryName, there);
    const found = imageIds.map((imageId) => ({ imageId, image: all.find((candidate) => isNamed(candidate, imageId)) }));
    return {
      images: found.flatMap(({ imageId, image }) => (image === undefined ? [] : [told(image, imageId.imageTag, repositoryName, there)])),
      failures: found.flatMap(({ imageId, image }) =>
        image === undefined ? [{ imageId, failureCode: "ImageNotFound" as const, failureReason: "Requested image not found" }] : [],
      ),
    };
  },

  DescribeImageReplicationStatus: ({ repositoryName = "", imageId = {} }, asked) => {
    const { store, place } = inRegistry(undefined, repositoryName, asked);
    const image = { repository: repositoryName, digest: imageId.imageDigest ?? "" };
    const replicationStatuses = copiesOf(store, place, repositoryName).flatMap((region) => {
      const status = copyOf(store, { ...place, region }, image);
      return status === undefined ? [] : [{ region, registryId: place.account, status }];
    });
    return { repositoryName, imageId, replicationStatuses };
  },

  /** Tags are immutable, as those of the stacks' repositories are. */
  PutImage: ({ registryId, repositoryName = "", imageManifest = "", imageTag = "" }, asked) => {
    const there = inRegistry(registryId, repositoryName, asked);
    const held = imagesOf(repositoryName, there).find((candidate) => tagsOf(candidate).includes(imageTag));
    const image = { repository: repositoryName, digest: digestIn(imageManifest) };
    if (held !== undefined) {
      const [code, words] =
        digestOf(held) === image.digest
          ? ["ImageAlreadyExistsException", "Image with digest and tag already exists"]
          : [
              "ImageTagAlreadyExistsException",
              "The image tag already exists and cannot be overwritten because the repository is immutable",
            ];
      throw new CloudError(code, `${words}: '${imageTag}' in the '${repositoryName}' repository`);
    }
    pushImage(asked.store, there.place, image, [imageTag]);
    const made = imageIn(asked.store, there.place, image);
    if (made === undefined) throw absentImage(there.place, image);
    return { image: told(made, imageTag, repositoryName, there) };
  },
} satisfies OperationsOf<ECR>;

/** The registry of an account. @throws CloudError when it has no such repository */
function inRegistry(registryId: string | undefined, repository: string, { store, place }: Asked): Asked {
  const there = { store, place: { ...place, account: registryId ?? place.account } };
  const action = "ecr:BatchGetImage";
  if (!mayAsk(store, there.place, repository, place.account, action)) throw askRefused(there.place, repository, place.account, action);
  if (here("aws:ecr/repository:Repository", there).some(({ id }) => id === repository)) return there;
  const { account } = there.place;
  throw new CloudError(
    "RepositoryNotFoundException",
    `The repository with name '${repository}' does not exist in the registry with id '${account}'`,
  );
}

function imagesOf(repository: string, asked: Asked): LiveObject[] {
  const own = here(imageType, asked).filter(({ properties }) => properties.repositoryName === repository);
  return own.filter((image) => hasArrived(asked.store, image));
}

function isNamed(image: LiveObject, { imageDigest, imageTag }: ImageIdentifier): boolean {
  return imageDigest === undefined ? tagsOf(image).includes(imageTag ?? "latest") : digestOf(image) === imageDigest;
}

function told(image: LiveObject, imageTag: string | undefined, repositoryName: string, { place }: Asked): Image {
  const imageDigest = digestOf(image);
  const imageId = { imageDigest, ...(imageTag === undefined ? {} : { imageTag }) };
  return { registryId: place.account, repositoryName, imageId, imageManifest: JSON.stringify({ schemaVersion: 2, digest: imageDigest }) };
}

function digestIn(manifest: string): string {
  return String((JSON.parse(manifest) as { readonly digest?: unknown }).digest);
}

function digestOf({ properties }: LiveObject): string {
  return String(properties.imageDigest);
}
