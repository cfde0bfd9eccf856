/** ECS: services as they are. */
import type { ECS, Service } from "@aws-sdk/client-ecs";
import { type Ended, oneOffType, runOnce } from "../cloud/aws/oneOffTasks.ts";
import { deploymentOf, pendingTasks, runningTasks, scaleTasks, serviceType } from "../cloud/aws/tasks.ts";
import { CloudError } from "../cloud/catalogue.ts";
import type { LiveObject, LiveStore } from "../cloud/liveStore.ts";
import { randomLetters } from "../cloud/randomness.ts";
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

  RunTask: ({ cluster = "default", taskDefinition = "", networkConfiguration, startedBy }, asked) => {
    const [own] = here("aws:ecs/cluster:Cluster", asked).filter(({ id, properties }) => [id, properties.name].includes(cluster));
    if (own === undefined) throw new CloudError("ClusterNotFoundException", "Cluster not found.");
    const { account, region } = asked.place;
    const revision = here("aws:ecs/taskDefinition:TaskDefinition", asked).find(({ properties }) => properties.arn === taskDefinition);
    if (revision === undefined) throw new CloudError("ClientException", "TaskDefinition not found.");
    const { subnets = [], securityGroups = [] } = networkConfiguration?.awsvpcConfiguration ?? {};
    if (subnets.length === 0)
      throw new CloudError("InvalidParameterException", "Network Configuration must be provided when networkMode 'awsvpc' is specified.");
    const ended = runOnce(asked.store, taskDefinition, { subnets, securityGroups, assignPublicIp: false }, asked.place);
    const id = `arn:aws:ecs:${region}:${account}:task/${String(own.properties.name)}/${randomLetters(32)}`;
    const properties = { ...ended, cluster: own.id, taskDefinition, startedBy: startedBy ?? "" };
    asked.store.put({ type: oneOffType, id, scope: `${account}/${region}`, properties, createdFor: "RunTask" });
    return { tasks: [{ taskArn: id, clusterArn: own.id, taskDefinitionArn: taskDefinition, lastStatus: "PROVISIONING" }], failures: [] };
  },

  DescribeTasks: ({ tasks = [] }, asked) => {
    const live = here(oneOffType, asked).filter(({ id }) => tasks.includes(id));
    return {
      tasks: live.map(({ id, properties: { stopCode, reason, exitCode, taskDefinition } }) => ({
        ...{ taskArn: id, taskDefinitionArn: String(taskDefinition), lastStatus: "STOPPED", stopCode: stopCode as Ended["stopCode"] },
        ...{ stoppedReason: String(reason), containers: [{ name: "task", ...(typeof exitCode === "number" ? { exitCode } : {}) }] },
      })),
      failures: tasks.flatMap((arn) => (live.some(({ id }) => id === arn) ? [] : [{ arn, reason: "MISSING" }])),
    };
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
