/** Where the stack's tasks run. */
import { Cluster as EcsCluster, type ClusterArgs as EcsClusterArgs } from "@pulumi/aws/ecs/cluster.js";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { Regional } from "../regional.ts";
import { named } from "../tags.ts";
import { type Transform, transformed } from "../transform.ts";

/** Arguments of `Cluster`. */
export interface ClusterArgs extends Regional {
  /** Changes to single children. @default none */
  readonly transform?: { readonly cluster?: Transform<EcsClusterArgs> };
}

/** An ECS cluster with Container Insights, for Fargate tasks. */
export class Cluster extends ComponentResource {
  readonly arn: Output<string>;
  readonly name: Output<string>;

  constructor(name: string, args: ClusterArgs, opts?: ComponentResourceOptions) {
    super("slipway:service:Cluster", name, {}, opts);
    const wanted: EcsClusterArgs = {
      region: args.region,
      settings: [{ name: "containerInsights", value: "enabled" }],
      tags: named(name, args.tags),
    };
    const cluster = new EcsCluster(...transformed(args.transform?.cluster, name, wanted, { parent: this }));
    this.arn = cluster.arn;
    this.name = cluster.name;
    this.registerOutputs({ arn: this.arn });
  }
}
