/** Image repositories. */
import { LifecyclePolicy } from "@pulumi/aws/ecr/lifecyclePolicy.js";
import { Repository, type RepositoryArgs } from "@pulumi/aws/ecr/repository.js";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { Component } from "../component.ts";
import { type ArgumentProblem, outsideRange } from "../contract/argumentProblem.ts";
import type { Regional } from "../regional.ts";
import { named } from "../tags.ts";
import type { Transform } from "../transform.ts";

/** How long one repository keeps images. */
interface RepositoryRetention {
  /** Images kept, 2–1,000; older ones are removed. @default 50 */
  readonly keepImages?: number;
  /** Days that an image without a tag is kept, 1–365. @default 7 */
  readonly untaggedDays?: number;
}

/** Arguments of `Registry`. */
export interface RegistryArgs extends Regional {
  /** Repositories by name. The name is the physical one, as images refer to it. */
  readonly repositories: Readonly<Record<string, RepositoryRetention>>;
  /** Key that encrypts the images. */
  readonly keyArn: Input<string>;
  /** Refuse to delete repositories. A repository with images in it is never deleted by force. @default false */
  readonly protect?: boolean;
  /** Changes to single children. @default none */
  readonly transform?: { readonly repository?: Transform<RepositoryArgs> };
}

/** Where images of a repository are pulled from. */
interface RegistryRepository {
  readonly arn: Output<string>;
  /** `account.dkr.ecr.region.amazonaws.com/name` */
  readonly url: Output<string>;
}

/** Everything wrong with plain arguments. */
function registryProblems({ repositories }: RegistryArgs): ArgumentProblem[] {
  return Object.entries(repositories).flatMap(([name, { keepImages = 50, untaggedDays = 7 }]) => [
    ...outsideRange(`repositories.${name}.keepImages`, keepImages, 2, 1000, "images"),
    ...outsideRange(`repositories.${name}.untaggedDays`, untaggedDays, 1, 365, "days"),
  ]);
}

/**
 * Repositories with immutable tags, scanned on push, encrypted, with a lifecycle.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Registry extends Component {
  readonly repositories: Readonly<Record<string, RegistryRepository>>;

  constructor(name: string, args: RegistryArgs, opts?: ComponentResourceOptions) {
    super("slipway:registry:Registry", name, args, opts, registryProblems(args));
    this.repositories = Object.fromEntries(
      Object.entries(args.repositories).map(([repository, retention]) => [
        repository,
        this.#repository(`${name}-${repository}`, repository, retention, args),
      ]),
    );
    this.registerOutputs();
  }

  #repository(
    name: string,
    repositoryName: string,
    { keepImages = 50, untaggedDays = 7 }: RepositoryRetention,
    args: RegistryArgs,
  ): RegistryRepository {
    const repository = this.child(
      Repository,
      name,
      {
        name: repositoryName,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: args.keyArn }],
        forceDelete: false,
        tags: named(repositoryName, args.tags),
      },
      { transform: args.transform?.repository, protect: args.protect ?? false },
    );
    const rules = [
      {
        rulePriority: 1,
        description: `untagged after ${untaggedDays} days`,
        selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: untaggedDays },
        action: { type: "expire" },
      },
      {
        rulePriority: 2,
        description: `the newest ${keepImages} images`,
        selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: keepImages },
        action: { type: "expire" },
      },
    ];
    this.child(LifecyclePolicy, name, { repository: repository.name, policy: JSON.stringify({ rules }) });
    return { arn: repository.arn, url: repository.repositoryUrl };
  }
}
