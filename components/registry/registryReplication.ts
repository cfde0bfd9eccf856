/** Copies of images in other regions. */
import { ReplicationConfiguration } from "@pulumi/aws/ecr/replicationConfiguration.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi";
import { Component, type InAccount } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import { registryReplication } from "./contract.ts";

/** Arguments of `RegistryReplication`: those of its contract, and these. */
export interface RegistryReplicationArgs extends Given<typeof registryReplication>, InAccount {
  /** What has to be there before a copy is made: the repositories of the other regions. @default nothing */
  readonly after?: readonly Resource[];
}

/**
 * Every image that is pushed from now on, in every region, with its digest. ECR has one such configuration for a whole account
 * and region, so an account holds one stack that fails over. Images from before are copied once they are pushed under another tag.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class RegistryReplication extends Component {
  /** The real resources. */
  readonly nodes: { readonly replication: ReplicationConfiguration };

  constructor(name: string, args: RegistryReplicationArgs, opts?: ComponentResourceOptions) {
    const { regions, repositories } = accepted(name, registryReplication, args);
    super("slipway:registry:RegistryReplication", name, args, opts);
    const replication = this.child(
      ReplicationConfiguration,
      name,
      {
        replicationConfiguration: {
          rules: [
            {
              destinations: regions.toSorted().map((region) => ({ region, registryId: args.accountId })),
              repositoryFilters: repositories.toSorted().map((filter) => ({ filter, filterType: "PREFIX_MATCH" })),
            },
          ],
        },
      },
      { dependsOn: [...(args.after ?? [])] },
    );
    this.nodes = { replication };
    this.registerOutputs();
  }
}
