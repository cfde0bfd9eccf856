/** The services of a stack that run on a Kubernetes cluster, and the way to that cluster. */
import { dirname } from "node:path";
import { Provider } from "@pulumi/kubernetes/provider.js";
import { type Input, RunError, secret } from "@pulumi/pulumi";
import { required } from "../components/byName.ts";
import { weightsOf } from "../components/colours.ts";
import { type SecretPlace, secretPlace } from "../components/environment/contract/secrets.ts";
import type { Place } from "../components/environment/place.ts";
import { Namespace } from "../components/kubernetes/namespace.ts";
import { Service } from "../components/kubernetes/service.ts";
import { type ClusterAccess, clusterAccess, KubeconfigError } from "./config/clusterAccess.ts";
import { ConfigError, type Problem } from "./config/problem.ts";
import type { StackConfig } from "./config/stack.ts";
import { problemSource, stackFilePath } from "./engine/config.ts";
import { clusterIdentifier } from "./release/clusterChange.ts";
import {
  type AppliedService,
  type DeployedRelease,
  type DeployedService,
  deployedService,
  rollbackColour,
} from "./release/deployedRelease.ts";

type Cluster = NonNullable<StackConfig["kubernetes"]["cluster"]>;

/** What the services of a cluster are made from. */
interface ClusterServicesArgs {
  readonly config: StackConfig;
  readonly cluster: Cluster;
  readonly access: ClusterAccess;
  /** Region whose services they are; what they are called begins with its names. */
  readonly place: Place;
  /** What the candidate header says after the colour. */
  readonly candidateSecret: Input<string> | undefined;
  /** Address of each image repository. */
  readonly repositories: Readonly<Record<string, { readonly url: Input<string> }>>;
  /** What the last update left. @default nothing: a first update */
  readonly deployed?: DeployedRelease | undefined;
}

/** Namespace and services on one cluster. */
export class ClusterServices {
  readonly services: Readonly<Record<string, Service>>;

  constructor({ config, cluster, access, place, candidateSecret, repositories, deployed = {} }: ClusterServicesArgs) {
    const { names } = place;
    const opts = { provider: clusterProvider(cluster, access) };
    const owner = { system: config.system, environmentName: config.environment };
    const { namespaceName } = place.make(Namespace, names.regional("cluster"), { ...owner, namespace: cluster.namespace }, opts);
    const services: Record<string, Service> = {};
    for (const [name, service] of Object.entries(config.services)) {
      if (service.compute !== "kubernetes") continue;
      const repository = required(repositories, service.repository, `repository of ${name}`);
      const { priority, ...route } = service.route;
      const { gateway, switchBy, secretStores } = cluster;
      services[name] = place.make(
        Service,
        names.regional(name),
        {
          ...service,
          ...owner,
          ...{ gateway, switchBy, secretStores, route },
          service: name,
          namespace: namespaceName,
          candidateHeader: config.loadBalancer.candidateHeader,
          candidateSecret,
          repositoryUrl: repository.url,
          secrets: placesOf(config, service.secrets),
          movesAtOnce: goesBack(service.release, deployedService(deployed, name)),
        },
        opts,
      );
    }
    this.services = services;
  }

  /** What was made of each service. */
  get applied(): Readonly<Record<string, AppliedService>> {
    return Object.fromEntries(
      Object.entries(this.services).map(([name, { applied, running, trafficObject }]) => [
        name,
        { weights: applied, running, trafficObject },
      ]),
    );
  }
}

/** Whether a service that is there gives the colour of the way back at least what it has: nothing that fails besides may hold that. */
function goesBack(release: StackConfig["services"][string]["release"], before: DeployedService | undefined): boolean {
  if (before === undefined) return false;
  const home = rollbackColour(release, before);
  return before.capacity[home] === "full" && weightsOf(release.live, release.candidateWeight)[home] >= before.weights[home];
}

/** Where each value is that a service reads. */
function placesOf(config: StackConfig, secrets: Readonly<Record<string, string>>): Record<string, SecretPlace> {
  return Object.fromEntries(Object.entries(secrets).map(([variable, reference]) => [variable, secretPlace(config, reference)]));
}

/**
 * How the program reaches the stack's cluster.
 * @returns undefined when the stack has none
 * @throws RunError when the kubeconfig does not lead to the one server that the stack may touch
 */
export function clusterOf(config: StackConfig): ClusterAccess | undefined {
  try {
    return clusterAccess(config, dirname(stackFilePath() ?? "."));
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error;
    const problem: Problem = { path: ["kubernetes", "cluster", "access"], found: "is not usable", reason: error.message };
    throw new RunError(new ConfigError([problem], problemSource()).message);
  }
}

/**
 * The provider of exactly one cluster. It is given a kubeconfig with one context, so neither `KUBECONFIG` nor the current
 * context of whoever runs the update can lead it elsewhere. Only another identifier makes it another cluster: a new token does
 * not replace anything.
 */
function clusterProvider(cluster: Cluster, { kubeconfig, context }: ClusterAccess): Provider {
  return new Provider("kubernetes", {
    kubeconfig: kubeconfig.open<Input<string>>(cluster.access.by === "eks" ? (text) => text : secret),
    context,
    clusterIdentifier: clusterIdentifier(cluster),
    enableServerSideApply: true,
    // Traffic that somebody moved with another field manager would stay where it is: the server refuses an apply that is not forced.
    enablePatchForce: true,
  });
}
