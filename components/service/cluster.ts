/** Where the stack's tasks run. */
import { Cluster as EcsCluster, type ClusterArgs as EcsClusterArgs } from "@pulumi/aws/ecs/cluster.js";
import type { ComponentResourceOptions, Output } from "@pulumi/pulumi";
import { Component, type Regional, type Transformable } from "../component.ts";

/** Arguments of `Cluster`. */
export interface ClusterArgs extends Regional, Transformable<{ cluster: EcsClusterArgs }> {}

/** An ECS cluster with Container Insights, for Fargate tasks. */
export class Cluster extends Component {
  /** The real resources. */
  readonly nodes: { readonly cluster: EcsCluster };
  readonly arn: Output<string>;
  readonly name: Output<string>;

  constructor(name: string, args: ClusterArgs, opts?: ComponentResourceOptions) {
    super("slipway:service:Cluster", name, args, opts);
    const cluster = this.child(
      EcsCluster,
      name,
      { settings: [{ name: "containerInsights", value: "enabled" }] },
      { transform: args.transform?.cluster },
    );
    this.nodes = { cluster };
    this.arn = cluster.arn;
    this.name = cluster.name;
    this.registerOutputs({ arn: this.arn });
  }
}
