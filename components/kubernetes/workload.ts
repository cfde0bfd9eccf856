/** What runs one colour of a service on Kubernetes. */
import { Deployment, type DeploymentArgs } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { HorizontalPodAutoscaler, type HorizontalPodAutoscalerArgs } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import type { core } from "@pulumi/kubernetes/types/input.js";
import type { ComponentResourceOptions, Input, Resource } from "@pulumi/pulumi";
import { Component, type Transformable, transformed } from "../component.ts";
import type { Accepted } from "../contract/accepted.ts";
import type { colourRelease } from "../release/contract.ts";
import type { scaling } from "../service/contract.ts";
import type { Labels } from "./labels.ts";

type Capacity = Accepted<typeof colourRelease>["capacity"];

/** Arguments of `Workload`. */
export interface WorkloadArgs extends Transformable<{ deployment: DeploymentArgs; autoscaler: HorizontalPodAutoscalerArgs }> {
  /** Name in the namespace, for example `web-blue`. */
  readonly workload: string;
  readonly namespace: Input<string>;
  readonly labels: Labels;
  /** Labels that select exactly this colour's pods. A change replaces the Deployment. */
  readonly selector: Labels;
  readonly template: core.v1.PodTemplateSpec;
  /** `zero` keeps the colour without pods. */
  readonly capacity: Capacity;
  readonly scaling: Accepted<typeof scaling>;
  /** What pods need before they may start. */
  readonly after: readonly Resource[];
}

/**
 * Number of pods that a Deployment declares. At full capacity it declares none: the autoscaler owns the number. Neither a
 * number with `ignoreChanges` nor a bare number would do, see docs/decisions/0008-kubernetes-replicas.md.
 */
export function declaredReplicas(capacity: Capacity): { readonly replicas?: number } {
  return capacity === "zero" ? { replicas: 0 } : {};
}

/** A Deployment and, while it has capacity, its autoscaler and its disruption budget. */
export class Workload extends Component {
  /** Ready as soon as its pods are; what sends traffic here waits for it. */
  readonly deployment: Deployment;

  constructor(name: string, args: WorkloadArgs, opts?: ComponentResourceOptions) {
    super("slipway:kubernetes:Workload", name, {}, opts);
    const { namespace, labels, selector } = args;
    const metadata = { name: args.workload, namespace, labels };
    const wanted: DeploymentArgs = {
      // The autoscaler leaves its mark on the number of pods; only a forced apply may take it to zero again.
      metadata: { ...metadata, annotations: { "pulumi.com/patchForce": "true" } },
      spec: {
        ...declaredReplicas(args.capacity),
        selector: { matchLabels: selector },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } },
        minReadySeconds: 10,
        progressDeadlineSeconds: 600,
        revisionHistoryLimit: 3,
        template: args.template,
      },
    };
    this.deployment = new Deployment(
      ...transformed(args.transform?.deployment, name, wanted, { parent: this, dependsOn: [...args.after] }),
    );
    if (args.capacity === "full") {
      this.#autoscaler(name, metadata, args);
      new PodDisruptionBudget(
        name,
        { metadata, spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow", selector: { matchLabels: selector } } },
        { parent: this, dependsOn: [...args.after] },
      );
    }
    this.registerOutputs();
  }

  #autoscaler(name: string, metadata: HorizontalPodAutoscalerArgs["metadata"], args: WorkloadArgs): void {
    const use = (resource: string, averageUtilization: number) => ({
      type: "Resource",
      resource: { name: resource, target: { type: "Utilization", averageUtilization } },
    });
    const { minimum, maximum, cpuPercent, memoryPercent } = args.scaling;
    const wanted: HorizontalPodAutoscalerArgs = {
      metadata,
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: this.deployment.metadata.name },
        minReplicas: minimum,
        maxReplicas: maximum,
        metrics: [use("cpu", cpuPercent), use("memory", memoryPercent)],
        behavior: {
          scaleUp: { stabilizationWindowSeconds: 0, policies: [{ type: "Percent", value: 100, periodSeconds: 60 }] },
          scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: "Percent", value: 50, periodSeconds: 60 }] },
        },
      },
    };
    new HorizontalPodAutoscaler(...transformed(args.transform?.autoscaler, name, wanted, { parent: this }));
  }
}
