/** What a service on a cluster is made from. */
import type { CustomResourceArgs } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type { DeploymentArgs } from "@pulumi/kubernetes/apps/v1/deployment.js";
import type { HorizontalPodAutoscalerArgs } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import type { Input } from "@pulumi/pulumi";
import type { Given, Immutable } from "../contract/immutable.ts";
import type { z } from "../contract/zod.ts";
import type { Transform } from "../transform.ts";
import type { service } from "./contract.ts";
import type { LabelSettings } from "./labels.ts";
import type { SecretSource } from "./secrets.ts";

/** Arguments of `Service`: those of its contract, and these. */
export interface ServiceArgs extends Given<typeof service>, LabelSettings {
  readonly namespace: Input<string>;
  /** Repository of the images, without tag. */
  readonly repositoryUrl: Input<string>;
  /** Variables that pods get out of a store: where each value is, never the value. @default none */
  readonly secrets?: Readonly<Record<string, SecretSource>>;
  /** Changes to single children. @default none */
  readonly transform?: {
    readonly deployment?: Transform<DeploymentArgs>;
    readonly autoscaler?: Transform<HorizontalPodAutoscalerArgs>;
    readonly route?: Transform<CustomResourceArgs>;
  };
}

/** The same with their defaults. */
export type AcceptedService = ServiceArgs & Immutable<z.output<typeof service>>;
