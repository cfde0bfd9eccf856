/** What other stacks need of a region to build beside it: a part of the stack's outputs, for a `StackReference`. */
import type { Output } from "@pulumi/pulumi";
import type { StackRegion } from "./region.ts";

/** Outputs of one region. Stores are named by area and name, `databases-main`. */
export interface RegionOutputs {
  readonly vpcId: Output<string>;
  /** By tier, in the order of the zones' names. */
  readonly subnetIds: StackRegion["network"]["subnetIds"];
  /** ECS cluster of the tasks. */
  readonly clusterArn: Output<string>;
  readonly loadBalancer: {
    readonly arn: Output<string>;
    readonly dnsName: Output<string>;
    /** Hosted zone of its name, for alias records. */
    readonly zoneId: Output<string>;
    /** HTTPS listener, for further rules. */
    readonly listenerArn: Output<string>;
    /** Secret in the value of the candidate header; none without services. */
    readonly candidateSecretArn?: Output<string>;
  };
  /** Security group of the load balancer, of each service's tasks and of each store that has one. */
  readonly securityGroupIds: {
    readonly loadBalancer: Output<string>;
    readonly services: Readonly<Record<string, Output<string>>>;
    readonly stores: Readonly<Record<string, Output<string>>>;
  };
  /** Name of the role that each service's tasks run with. */
  readonly taskRoleNames: Readonly<Record<string, Output<string>>>;
  /** ARN of the key of logs and images, of that of the secrets, and of each store's own. */
  readonly keyArns: {
    readonly logs: Output<string>;
    readonly secrets?: Output<string>;
    readonly stores: Readonly<Record<string, Output<string>>>;
  };
}

/** What a region tells. */
export function regionOutputs(region: StackRegion): RegionOutputs {
  const { network, clusterArn, loadBalancer, candidateSecret, ecsServices, data, keyArn, secrets } = region;
  const areas = { databases: data.databases, caches: data.caches, buckets: data.buckets, fileSystems: data.fileSystems };
  const stores = Object.entries(areas).flatMap(([area, named]) =>
    Object.entries<Store>(named).map(([name, store]) => [`${area}-${name}`, store] as const),
  );
  const services = Object.entries(ecsServices);
  const { arn, dnsName, zoneId, httpsListenerArn: listenerArn, securityGroupId } = loadBalancer;
  return {
    vpcId: network.vpcId,
    subnetIds: network.subnetIds,
    clusterArn,
    loadBalancer: {
      ...{ arn, dnsName, zoneId, listenerArn },
      ...(candidateSecret === undefined ? {} : { candidateSecretArn: candidateSecret.arn }),
    },
    securityGroupIds: {
      loadBalancer: securityGroupId,
      services: Object.fromEntries(services.map(([name, service]) => [name, service.securityGroupId])),
      stores: known(stores.map(([name, store]) => [name, store.securityGroupId])),
    },
    taskRoleNames: Object.fromEntries(services.map(([name, service]) => [name, service.taskRoleName])),
    keyArns: {
      logs: keyArn,
      ...(secrets === undefined ? {} : { secrets: secrets.keyArn }),
      stores: known(stores.map(([name, store]) => [name, store.keyArn])),
    },
  };
}

/** What stores of all kinds may have. */
interface Store {
  readonly securityGroupId?: Output<string>;
  readonly keyArn?: Output<string>;
}

function known<T>(entries: readonly (readonly [name: string, value: T | undefined])[]): Record<string, T> {
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}
