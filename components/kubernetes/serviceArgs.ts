/** What a service on a cluster is made from. */
import type { CustomResourceArgs } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type { DeploymentArgs } from "@pulumi/kubernetes/apps/v1/deployment.js";
import type { HorizontalPodAutoscalerArgs } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import type { Input } from "@pulumi/pulumi";
import type { Transformable } from "../component.ts";
import type { Accepted, Given } from "../contract/accepted.ts";
import type { service } from "./contract.ts";
import type { LabelSettings } from "./labels.ts";
import type { SecretSource } from "./secrets.ts";

/** Arguments of `Service`: those of its contract, and these. */
export interface ServiceArgs
  extends Given<typeof service>,
    LabelSettings,
    Transformable<{
      deployment: DeploymentArgs;
      autoscaler: HorizontalPodAutoscalerArgs;
      route: CustomResourceArgs;
      candidateRoute: CustomResourceArgs;
    }> {
  readonly namespace: Input<string>;
  /** Repository of the images, without tag. */
  readonly repositoryUrl: Input<string>;
  /** What the candidate header says after the colour and a hyphen. @default no header reaches a colour */
  readonly candidateSecret?: Input<string> | undefined;
  /** Variables that pods get out of a store: where each value is, never the value. @default none */
  readonly secrets?: Readonly<Record<string, SecretSource>>;
  /** Traffic moves without waiting for the colours that get it: on the way back to one that is there. @default false */
  readonly movesAtOnce?: boolean;
}

/** The same with their defaults. */
export type AcceptedService = ServiceArgs & Accepted<typeof service>;
