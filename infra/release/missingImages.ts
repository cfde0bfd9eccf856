/** Images that the first tasks of a service need and that the registry does not have. */
import { colours } from "../../components/colours.ts";
import { Names } from "../../components/environment/names.ts";
import { type ConfiguredImage, configuredImages, registryOf } from "../config/configuredImages.ts";
import { namedTypes } from "../config/physicalNames.ts";
import { pulumiCommand } from "../config/pulumiCommand.ts";
import { resourceName } from "../config/resourceName.ts";
import type { StackConfig } from "../config/stack.ts";
import { regionalConfigs } from "../config/standby.ts";
import type { StateResources } from "./releaseInState.ts";

/** An image in the registry of one region. */
export interface RegionalImage extends ConfiguredImage {
  /** Account of the registry, 12 digits. */
  readonly account: string;
  /** Region of the registry. */
  readonly region: string;
  /** Region whose tasks pull it. */
  readonly tasksIn: string;
}

/** An image that a service is about to start from and that is not there. */
export interface MissingImage extends RegionalImage {
  /** Region that has it, from which it has not been copied. @default nowhere */
  readonly in?: string;
  /** Its registry is another account's and does not let this one pull. @default it does */
  readonly refused?: true;
}

/**
 * Looks for the images of services that the state does not run yet; where there is no such service, nothing is asked.
 * @param state also of an update that failed
 * @param has whether the registry has an image, and lets the stack's account pull it
 * @throws what `has` throws: nobody can tell
 */
export async function missingImages(
  config: StackConfig,
  state: StateResources,
  has: (image: RegionalImage) => Promise<boolean | "refused">,
): Promise<MissingImage[]> {
  const running = new Set(Object.entries(state).flatMap(([urn, { type }]) => (type === namedTypes.service ? [resourceName(urn)] : [])));
  const regions = regionalConfigs(config);
  const needed = regions.flatMap((there) => {
    const names = new Names(config, there.aws.region);
    const runs = (service: string) => colours.some((colour) => running.has(`${names.regional(service)}-${colour}`));
    const registry = registryOf(there);
    return configuredImages(there).flatMap((image): RegionalImage[] =>
      runs(image.service) ? [] : [{ ...image, ...registry, tasksIn: there.aws.region }],
    );
  });
  const asked = await Promise.all(
    needed.map(async (image): Promise<MissingImage[]> => {
      const answer = await has(image);
      return answer === true ? [] : [answer === "refused" ? { ...image, refused: true } : image];
    }),
  );
  const missing = asked.flat();
  const home = registryOf(config).region;
  const isHome = (image: RegionalImage) => image.region === home;
  return missing.map((image): MissingImage => {
    const nowhere = missing.some((other) => isHome(other) && other.repository === image.repository && other.digest === image.digest);
    return isHome(image) || nowhere ? image : { ...image, in: home };
  });
}

/**
 * What to do about them, for people.
 * @param stack as `slipway --stack` names it
 * @param account of the stack
 * @param simulated whether the registry is the simulated cloud's
 */
export function pushCommands(missing: readonly MissingImage[], stack: string, account: string, simulated: boolean): string[] {
  const pushed = distinctImages(missing.filter((image) => image.in === undefined && image.refused === undefined));
  const owners = new Set(missing.flatMap((image) => (image.refused === true ? [image.account] : [])));
  const home = pushed[0]?.region;
  const toPush = pushed.filter(({ region }) => region === home);
  const copies = distinctImages(missing.filter((image) => image.in !== undefined));
  const registry = ({ account, region }: RegionalImage) => `${account}.dkr.ecr.${region}.amazonaws.com`;
  return [
    ...[...owners].map(
      (owner) =>
        `${pulumiCommand(`config set --path 'slipway:registry.pullAccounts[0]' ${account}`)}   # or the list's next place, in the stack of account ${owner} that makes the repositories: it does not let this one pull. Then its update`,
    ),
    ...toPush
      .slice(0, 1)
      .map(
        (image) => `aws ecr get-login-password --region ${image.region} | docker login --username AWS --password-stdin ${registry(image)}`,
      ),
    ...toPush.map(
      (image) =>
        `docker push ${registry(image)}/${image.repository}:<tag>   # ${image.service}: ${image.digest}, or the digest that you push in its place in Pulumi.${stack}.yaml`,
    ),
    ...copies.flatMap((image) => {
      const repository = `${registry({ ...image, region: image.in ?? image.region })}/${image.repository}`;
      return [
        `aws ecr describe-image-replication-status --region ${image.in} --repository-name ${image.repository} --image-id imageDigest=${image.digest}   # on its way to ${image.region}?`,
        `docker buildx imagetools create --tag ${repository}:<new tag> ${repository}@${image.digest}   # where no copy is told of: pushed before the replication rule, and only a push is copied; slipway up does it by itself`,
      ];
    }),
    ...(simulated && toPush.length > 0 ? [`slipway sandbox images push --stack ${stack}   # here, in place of docker push`] : []),
  ];
}

/** One of each image of a region: several services may run the same. */
function distinctImages(images: readonly MissingImage[]): MissingImage[] {
  return [...new Map(images.map((image) => [`${image.region} ${image.repository}@${image.digest}`, image])).values()];
}
