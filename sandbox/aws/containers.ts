/** ECS: services as they are. */
import type { ECS, Service } from "@aws-sdk/client-ecs";
import { deploymentOf, pendingTasks, runningTasks, scaleTasks, serviceType } from "../cloud/aws/tasks.ts";
import { CloudError } from "../cloud/catalogue.ts";
import type { LiveObject, LiveStore } from "../cloud/liveStore.ts";
import { objectsIn } from "../provider/values.ts";
import { here, type OperationsOf } from "./operation.ts";

export const containers = {
  DescribeServices: ({ cluster = "default", services = [] }, asked) => {
    const [own] = here("aws:ecs/cluster:Cluster", asked).filter(({ id, properties }) => [id, properties.name].includes(cluster));
    if (own === undefined) throw new CloudError("ClusterNotFoundException", "Cluster not found.");
    if (services.length > 10) throw new CloudError("InvalidParameterException", "Too many services requested. The maximum is 10.");
    const live = here(serviceType, asked).filter(({ properties }) => [own.id, own.properties.name].includes(properties.cluster ?? ""));
    const found = services.map((name) => live.find(({ id, properties }) => [id, properties.name].includes(name)));
    const { account, region } = asked.place;
    const arn = (name: string) =>
      name.startsWith("arn:") ? name : `arn:aws:ecs:${region}:${account}:service/${String(own.properties.name)}/${name}`;
    return {
      services: found.flatMap((one) => (one === undefined ? [] : [serviceOf(one, own.id, asked.store)])),
      failures: services.flatMap((name, index) => (found[index] === undefined ? [{ arn: arn(name), reason: "MISSING" }] : [])),
    };
  },

  // API reference, UpdateService: the number of tasks alone makes no new deployment.
  UpdateService: ({ cluster = "default", service = "", desiredCount }, asked) => {
    const [own] = here(serviceType, asked).filter(({ id }) => id.endsWith(`:service/${cluster}/${service}`));
    if (own === undefined) throw new CloudError("ServiceNotFoundException", "Service not found.");
    if (desiredCount !== undefined) scaleTasks(asked.store, own, desiredCount);
    return {};
  },
} satisfies OperationsOf<ECS>;

function serviceOf(service: LiveObject, clusterArn: string, store: LiveStore): Service {
  const { id, properties } = service;
  const { id: deployment, revision, rollout, reason } = deploymentOf(store, service);
  const counts = {
    desiredCount: Number(properties.desiredCount ?? 0),
    runningCount: runningTasks(store, service),
    pendingCount: pendingTasks(store, service),
  };
  const own = { serviceArn: id, serviceName: String(properties.name), clusterArn, status: "ACTIVE", taskDefinition: revision };
  return {
    ...{ ...own, ...counts },
    loadBalancers: objectsIn(properties.loadBalancers).map(({ targetGroupArn, containerName, containerPort }) => ({
      targetGroupArn: String(targetGroupArn),
      containerName: String(containerName),
      containerPort: Number(containerPort),
    })),
    deployments: [
      { id: deployment, status: "PRIMARY", taskDefinition: revision, ...counts, rolloutState: rollout, rolloutStateReason: reason },
    ],
  };
}
