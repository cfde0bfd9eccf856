/** What a service on a cluster is made from. */
import type { CustomResourceArgs } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type { DeploymentArgs } from "@pulumi/kubernetes/apps/v1/deployment.js";
import type { HorizontalPodAutoscalerArgs } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import type { Input } from "@pulumi/pulumi";
import type { Colour } from "../colours.ts";
import type { Transform } from "../transform.ts";
import type { LabelSettings } from "./labels.ts";
import type { ProbeSettings } from "./probes.ts";
import type { SecretSource, SecretStores } from "./secrets.ts";
import type { PodScaling } from "./workload.ts";

/** What runs in one colour. */
interface ColourSettings {
  /** Digest of the image, `sha256:…`. @default nothing runs in this colour */
  readonly image?: string | undefined;
  /** `full` scales within the service's bounds, `zero` has no pods. */
  readonly capacity: "full" | "zero";
  /** Pods that the colour never goes below at full capacity. @default the service's minimum */
  readonly minimumTasks?: number | undefined;
}

/** Gateway that the service is reached through; it belongs to the cluster. */
interface GatewayReference {
  readonly name: string;
  readonly namespace: string;
  /** Listener of the gateway. @default every listener that takes the hosts */
  readonly listener?: string | undefined;
  /** Namespace that the gateway's own pods run in. @default the gateway's */
  readonly podNamespace?: string | undefined;
}

/** Arguments of `Service`. */
export interface ServiceArgs extends LabelSettings {
  readonly namespace: Input<string>;
  readonly gateway: GatewayReference;
  /** How traffic moves: by the route's weights in any steps, or at once by the selector of one Service. @default "weights" */
  readonly switchBy?: "weights" | "selector";
  /** Host names that reach the service. */
  readonly hosts: readonly string[];
  /** Path patterns that reach the service, exact or ending in a slash and a star. @default every path */
  readonly paths?: readonly string[];
  /** Colour that takes what the candidate does not. */
  readonly live: Colour;
  /** Share of traffic for the other colour, percent, integer 0–100; 0 or 100 when the selector switches. @default 0 */
  readonly candidateWeight?: number;
  /** Request header that reaches a colour by name at any weight. @default "x-canary" */
  readonly candidateHeader?: string;
  /** Repository of the images, without tag. */
  readonly repositoryUrl: Input<string>;
  /** Port that the container listens on, 1–65,535. */
  readonly port: number;
  /** CPU units of a pod, 1,024 is one core: request and limit. */
  readonly cpu: number;
  /** Memory of a pod, MiB: request and limit. */
  readonly memory: number;
  /** Scratch space of all writable paths and logs together, MiB. @default 1024 */
  readonly scratchSpace?: number;
  /** Processor that the image is built for. @default "ARM64" */
  readonly architecture?: "ARM64" | "X86_64";
  /** Numeric user and group in the container, never root. @default "1000:1000" */
  readonly user?: string;
  /** Paths that the container may write. @default /tmp */
  readonly writablePaths?: readonly string[];
  /** Command in place of the image's own. @default the image's */
  readonly command?: readonly string[] | undefined;
  /** How the kubelet tells a ready container. */
  readonly healthCheck: Omit<ProbeSettings, "port" | "host">;
  /** Seconds that open requests get when a pod leaves, 0–3,600. @default 30 */
  readonly drainSeconds?: number;
  /** Environment variables, no secrets. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Variables that pods get out of a store: where each value is, never the value. @default none */
  readonly secrets?: Readonly<Record<string, SecretSource>>;
  /** Where the cluster reads secrets from. Needed when there are secrets. @default none */
  readonly secretStores?: SecretStores | undefined;
  /** Where pods may connect to besides DNS, by rule name. @default nowhere */
  readonly egress?: Readonly<Record<string, { readonly port: number; readonly cidr: string }>>;
  readonly scaling: PodScaling;
  readonly colours: Readonly<Record<Colour, ColourSettings>>;
  /** Changes to single children. @default none */
  readonly transform?: {
    readonly deployment?: Transform<DeploymentArgs>;
    readonly autoscaler?: Transform<HorizontalPodAutoscalerArgs>;
    readonly route?: Transform<CustomResourceArgs>;
  };
}
