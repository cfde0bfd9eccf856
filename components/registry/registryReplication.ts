/** Copies of images in other regions. */
import { ReplicationConfiguration } from "@pulumi/aws/ecr/replicationConfiguration.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi";
import { Component } from "../component.ts";
import type { ArgumentProblem } from "../contract/argumentProblem.ts";

/** Arguments of `RegistryReplication`. */
export interface RegistryReplicationArgs {
  /** AWS region that images are pushed to. */
  readonly region: string;
  /** Account, 12 digits. */
  readonly accountId: string;
  /** Regions that get a copy; each has repositories of the same names already. */
  readonly regions: readonly string[];
  /** Names of the repositories, or how they begin. */
  readonly repositories: readonly string[];
  /** What has to be there before a copy is made: the repositories of the other regions. @default nothing */
  readonly after?: readonly Resource[];
}

/** Everything wrong with plain arguments. */
function registryReplicationProblems({ region, regions, repositories }: RegistryReplicationArgs): ArgumentProblem[] {
  const problems: ArgumentProblem[] = [];
  if (regions.length === 0 || regions.includes(region))
    problems.push({ propertyPath: "regions", reason: `is [${regions.join(", ")}]; give other regions than ${region}` });
  if (repositories.length === 0) problems.push({ propertyPath: "repositories", reason: "is empty; name a repository" });
  return problems;
}

/**
 * Every image that is pushed from now on, in every region, with its digest. ECR has one such configuration for a whole account
 * and region, so an account holds one stack that fails over. Images from before are pushed again by hand.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class RegistryReplication extends Component {
  constructor(name: string, args: RegistryReplicationArgs, opts?: ComponentResourceOptions) {
    super("slipway:registry:RegistryReplication", name, args, opts, registryReplicationProblems(args));
    this.child(
      ReplicationConfiguration,
      name,
      {
        replicationConfiguration: {
          rules: [
            {
              destinations: [...args.regions].sort().map((region) => ({ region, registryId: args.accountId })),
              repositoryFilters: [...args.repositories].sort().map((filter) => ({ filter, filterType: "PREFIX_MATCH" })),
            },
          ],
        },
      },
      { dependsOn: [...(args.after ?? [])] },
    );
    this.registerOutputs();
  }
}
