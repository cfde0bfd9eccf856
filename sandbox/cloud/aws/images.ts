/** Images of the simulated registry: what somebody pushed, whatever stacks declare. */
import { isObject, objectsIn } from "../../provider/values.ts";
import { CloudError, type ServiceTables } from "../catalogue.ts";
import { timeIn } from "../clock.ts";
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

/** Milliseconds that a copy to another region takes here; "most images replicate in less than 30 minutes" (ECR guide, Private image replication). */
const copying = 4_000;

/** An image of one account and region; a copy that is on its way is not there yet. */
export function imageIn(store: LiveStore, place: Place, image: Image): LiveObject | undefined {
  const found = storedIn(store, place, image);
  return found !== undefined && hasArrived(store, found) ? found : undefined;
}

function storedIn(store: LiveStore, { account, region }: Place, { repository, digest }: Image): LiveObject | undefined {
  return store.get(imageType, `${repository}@${digest}`, `${account}/${region}`);
}

/** Whether an image is there; what was pushed to its own region always is. */
export function hasArrived(store: LiveStore, { properties: { arrives } }: LiveObject): boolean {
  return typeof arrives !== "string" || new Date(arrives) <= timeIn(store);
}

/** How the copy of an image to a region stands. @returns undefined for one that was not pushed since copies are made */
export function copyOf(store: LiveStore, place: Place, image: Image): "IN_PROGRESS" | "COMPLETE" | undefined {
  const copy = storedIn(store, place, image);
  return copy === undefined ? undefined : hasArrived(store, copy) ? "COMPLETE" : "IN_PROGRESS";
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
 * @returns regions in which something is new; in all but the first it is on its way
 */
export function pushImage(store: LiveStore, place: Place, image: Image, tags: readonly string[] = []): string[] {
  const before = imageIn(store, place, image);
  if (before !== undefined && tags.every((tag) => tagsOf(before).includes(tag))) return [];
  keep(store, place, image, tags, {});
  const arrives = new Date(timeIn(store).getTime() + copying).toISOString();
  const copies = copiesOf(store, place, image.repository);
  for (const region of copies) {
    const there = { ...place, region };
    const copy = storedIn(store, there, image);
    keep(store, there, image, tags, copy === undefined ? { arrives } : copy.properties);
  }
  return [place.region, ...copies];
}

function keep(store: LiveStore, place: Place, image: Image, tags: readonly string[], { arrives }: LiveObject["properties"]): void {
  const before = storedIn(store, place, image);
  const imageTags = [...new Set([...(before === undefined ? [] : tagsOf(before)), ...tags])];
  store.put({
    type: imageType,
    id: `${image.repository}@${image.digest}`,
    scope: `${place.account}/${place.region}`,
    properties: {
      ...{ fate: before?.properties.fate ?? "runs", repositoryName: image.repository, imageDigest: image.digest, imageTags },
      ...(arrives === undefined ? {} : { arrives }),
    },
    createdFor: "pushed",
  });
}

/**
 * Whether an account may ask something of a repository: its own may, others where the repository's policy names them and it (ECR guide, Private
 * repository policies). A registry that no stack here has made is believed.
 */
export function mayAsk(store: LiveStore, { account, region }: Place, repository: string, puller: string, action: string): boolean {
  const there = (type: string) => store.all(type).filter(({ scope }) => scope === `${account}/${region}`);
  if (puller === account || !there("aws:ecr/repository:Repository").some(({ id }) => id === repository)) return true;
  const policies = there("aws:ecr/repositoryPolicy:RepositoryPolicy").filter(({ properties }) => properties.repository === repository);
  const said = policies.map(({ properties }) => String(properties.policy));
  return said.some((policy) => policy.includes(`arn:aws:iam::${puller}:root`) && policy.includes(`"${action}"`));
}

/** As ECR words it. */
export function askRefused({ account, region }: Place, repository: string, puller: string, action: string): CloudError {
  const arn = `arn:aws:ecr:${region}:${account}:repository/${repository}`;
  return new CloudError(
    "AccessDeniedException",
    `User: arn:aws:iam::${puller}:user/sandbox is not authorized to perform: ${action} on resource: ${arn} because no resource-based policy allows the ${action} action`,
  );
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
      // The provider asks for the repository, too, of which it makes the image's address (internal/service/ecr/image_data_source.go).
      for (const action of ["ecr:DescribeImages", "ecr:DescribeRepositories"])
        if (!mayAsk(store, there, image.repository, place.account, action))
          throw askRefused(there, image.repository, place.account, action);
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
