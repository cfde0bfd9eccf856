/** Image repositories. */
import { LifecyclePolicy } from "@pulumi/aws/ecr/lifecyclePolicy.js";
import { Repository, type RepositoryArgs } from "@pulumi/aws/ecr/repository.js";
import { RepositoryPolicy } from "@pulumi/aws/ecr/repositoryPolicy.js";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { Component, type Regional, type Transformable } from "../component.ts";
import { type Accepted, accepted, type Given } from "../contract/accepted.ts";
import { named } from "../tags.ts";
import { type repository as kept, registry, releaseTagStart } from "./contract.ts";

/** Arguments of `Registry`: those of its contract, and these. A repository's name is the physical one, as images refer to it. */
export interface RegistryArgs extends Given<typeof registry>, Regional, Transformable<{ repository: RepositoryArgs }> {
  /** Key that encrypts the images. A change replaces the repositories. @default AWS's own */
  readonly keyArn?: Input<string> | undefined;
  /** Refuse to delete repositories; otherwise they go with the images in them. @default false */
  readonly protect?: boolean;
}

/** Where images of a repository are pulled from. */
interface RegistryRepository {
  readonly arn: Output<string>;
  /** `account.dkr.ecr.region.amazonaws.com/name` */
  readonly url: Output<string>;
}

/**
 * Repositories with immutable tags, scanned on push, encrypted, with a lifecycle.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Registry extends Component {
  /** The real resources. */
  readonly nodes: { readonly repositories: Readonly<Record<string, Repository>> };
  readonly repositories: Readonly<Record<string, RegistryRepository>>;

  constructor(name: string, args: RegistryArgs, opts?: ComponentResourceOptions) {
    const { repositories, pullAccounts } = accepted(name, registry, args);
    super("slipway:registry:Registry", name, args, opts);
    const made = Object.entries(repositories).map(
      ([repository, retention]) => [repository, this.#repository(`${name}-${repository}`, repository, retention, args)] as const,
    );
    if (pullAccounts.length > 0)
      for (const [repository, { name: of }] of made)
        this.child(RepositoryPolicy, `${name}-${repository}`, { repository: of, policy: pullPolicy(pullAccounts) });
    this.nodes = { repositories: Object.fromEntries(made) };
    this.repositories = Object.fromEntries(made.map(([repository, { arn, repositoryUrl }]) => [repository, { arn, url: repositoryUrl }]));
    this.registerOutputs();
  }

  #repository(
    name: string,
    repositoryName: string,
    { keepImages, keepReleases, untaggedDays }: Accepted<typeof kept>,
    args: RegistryArgs,
  ): Repository {
    const repository = this.child(
      Repository,
      name,
      {
        name: repositoryName,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS", ...(args.keyArn === undefined ? {} : { kmsKey: args.keyArn }) }],
        forceDelete: args.protect !== true,
        tags: named(repositoryName, args.tags),
      },
      { transform: args.transform?.repository, protect: args.protect },
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
        description: `the newest ${keepReleases} deployed images; the next rule does not touch what this one counts`,
        selection: {
          tagStatus: "tagged",
          tagPatternList: [`${releaseTagStart}*`],
          countType: "imageCountMoreThan",
          countNumber: keepReleases,
        },
        action: { type: "expire" },
      },
      {
        rulePriority: 3,
        description: `the newest ${keepImages} images`,
        selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: keepImages },
        action: { type: "expire" },
      },
    ];
    // A repository has one: deleted after its replacement was put, it would be that one which goes.
    this.child(LifecyclePolicy, name, { repository: repository.name, policy: JSON.stringify({ rules }) }, { deleteBeforeReplace: true });
    return repository;
  }
}

/** Lets other accounts pull, and see what there is, as the provider asks it for an image; which of their roles may is their own policies' matter. */
function pullPolicy(accounts: readonly string[]): string {
  const pull = ["BatchCheckLayerAvailability", "BatchGetImage", "DescribeImages", "DescribeRepositories", "GetDownloadUrlForLayer"];
  const Principal = { AWS: accounts.toSorted().map((account) => `arn:aws:iam::${account}:root`) };
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Sid: "PullFromAccounts", Effect: "Allow", Principal, Action: pull.map((action) => `ecr:${action}`) }],
  });
}
