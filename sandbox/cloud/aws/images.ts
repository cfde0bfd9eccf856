/** Images of the simulated registry: what somebody pushed, whatever stacks declare. */
import { isObject, objectsIn } from "../../provider/values.ts";
import { CloudError, type ServiceTables } from "../catalogue.ts";
import type { Place } from "../identity.ts";
import type { LiveObject, LiveStore } from "../liveStore.ts";
import { valuesAt } from "../references.ts";

/** Kept beside the repositories; no resource of the engine has this type. */
export const imageType = "aws:ecr/image:Image";

/** An image as a registry names it. */
export interface Image {
  readonly repository: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
}

/** An image of one account and region. */
export function imageIn(store: LiveStore, { account, region }: Place, { repository, digest }: Image): LiveObject | undefined {
  return store.get(imageType, `${repository}@${digest}`, `${account}/${region}`);
}

/** Tags of an image. */
export function tagsOf({ properties }: LiveObject): string[] {
  return valuesAt(properties, "imageTags[]");
}

/**
 * A push. What is there with its tags already is no push, and is not replicated ("Only repository content pushed … after
 * replication is configured is replicated": ECR guide, Private image replication). The repository need not be there: whoever
 * rehearses may push before the first update.
 * @param tags that the image gets, beside those it has
 * @returns regions in which something is new
 */
export function pushImage(store: LiveStore, place: Place, image: Image, tags: readonly string[] = []): string[] {
  const { account, region } = place;
  const { repository: repositoryName, digest: imageDigest } = image;
  const before = imageIn(store, place, image);
  const known = before === undefined ? [] : tagsOf(before);
  if (before !== undefined && tags.every((tag) => known.includes(tag))) return [];
  store.put({
    type: imageType,
    id: `${repositoryName}@${imageDigest}`,
    scope: `${account}/${region}`,
    properties: { fate: "runs", ...before?.properties, repositoryName, imageDigest, imageTags: [...new Set([...known, ...tags])] },
    createdFor: "pushed",
  });
  return [region, ...copiesOf(store, place, repositoryName).flatMap((to) => pushImage(store, { account, region: to }, image, tags))];
}

/** Regions that the registry's replication copies a repository to. */
export function copiesOf(store: LiveStore, { account, region }: Place, repository: string): string[] {
  const rules = store
    .all("aws:ecr/replicationConfiguration:ReplicationConfiguration")
    .filter(({ scope }) => scope === `${account}/${region}`)
    .flatMap(({ properties }) => rulesOf(properties));
  const covering = rules.filter((rule) => valuesAt(rule, "repositoryFilters[].filter").some((start) => repository.startsWith(start)));
  return covering.flatMap((rule) => valuesAt(rule, "destinations[].region"));
}

function rulesOf({ replicationConfiguration }: LiveObject["properties"]) {
  return isObject(replicationConfiguration) ? objectsIn(replicationConfiguration.rules) : [];
}

export const images: ServiceTables = {
  invokes: {
    "aws:ecr/getImage:getImage": ({ repositoryName, imageDigest, registryId, region }, { store, place }) => {
      const there = { account: text(registryId) ?? place.account, region: text(region) ?? place.region };
      const image = { repository: String(repositoryName), digest: String(imageDigest) };
      const found = imageIn(store, there, image);
      if (found === undefined) throw absentImage(there, image);
      const { account } = there;
      const imageUri = `${account}.dkr.ecr.${there.region}.amazonaws.com/${image.repository}@${image.digest}`;
      const names = { repositoryName: image.repository, imageDigest: image.digest, imageTags: tagsOf(found), imageUri };
      return { id: image.digest, registryId: account, region: there.region, ...names };
    },
  },
};

/** As ECR words it (`DescribeImages`). */
export function absentImage({ account }: Place, { repository, digest }: Image): CloudError {
  return new CloudError(
    "ImageNotFoundException",
    `The image with imageId {imageDigest:'${digest}', imageTag:'null'} does not exist within the repository with name '${repository}' in the registry with id '${account}'`,
  );
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
