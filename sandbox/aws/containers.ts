/** ECS: services as they are. */
import type { ECS, Service } from "@aws-sdk/client-ecs";
import { type Ended, oneOffType, runOnce } from "../cloud/aws/oneOffTasks.ts";
import { deploymentOf, pendingTasks, restartTasks, rolls, runningTasks, scaleTasks, serviceType, taskIds } from "../cloud/aws/tasks.ts";
import { CloudError } from "../cloud/catalogue.ts";
import type { LiveObject, LiveStore } from "../cloud/liveStore.ts";
import { randomLetters } from "../cloud/randomness.ts";
import { objectsIn } from "../provider/values.ts";
import { type Asked, here, type OperationsOf, pageOf } from "./operation.ts";

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
  UpdateService: ({ cluster = "default", service = "", desiredCount, forceNewDeployment }, asked) => {
    const [own] = here(serviceType, asked).filter(({ id }) => id.endsWith(`:service/${cluster.split("/").at(-1)}/${service}`));
    if (own === undefined) throw new CloudError("ServiceNotFoundException", "Service not found.");
    if (desiredCount !== undefined) scaleTasks(asked.store, own, desiredCount);
    if (forceNewDeployment === true) restartTasks(asked.store, asked.store.get(serviceType, own.id, own.scope) ?? own);
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

  ListTasks: ({ cluster = "default", serviceName = "", nextToken, maxResults = 100 }, asked) => {
    const [own] = here(serviceType, asked).filter(({ id }) => id.endsWith(`:service/${cluster.split("/").at(-1)}/${serviceName}`));
    if (own === undefined) throw new CloudError("ServiceNotFoundException", "Service not found.");
    const { items, next } = pageOf(
      tasksOf(own, asked).map(({ taskArn }) => taskArn),
      nextToken,
      maxResults,
    );
    return { taskArns: [...items], ...(next === undefined ? {} : { nextToken: next }) };
  },

  DescribeTasks: ({ tasks = [] }, asked) => {
    if (tasks.length > 100) throw new CloudError("InvalidParameterException", "Too many tasks requested. The maximum is 100.");
    const ended = here(oneOffType, asked).map(({ id, properties: { stopCode, reason, exitCode, taskDefinition } }) => ({
      ...{ taskArn: id, taskDefinitionArn: String(taskDefinition), lastStatus: "STOPPED", stopCode: stopCode as Ended["stopCode"] },
      ...{ stoppedReason: String(reason), containers: [{ name: "task", ...(typeof exitCode === "number" ? { exitCode } : {}) }] },
    }));
    const live = [...ended, ...here(serviceType, asked).flatMap((service) => tasksOf(service, asked))];
    return {
      tasks: live.filter(({ taskArn }) => tasks.includes(taskArn)),
      failures: tasks.flatMap((arn) => (live.some(({ taskArn }) => taskArn === arn) ? [] : [{ arn, reason: "MISSING" }])),
    };
  },
} satisfies OperationsOf<ECS>;

/** Tasks that a service runs; a task reads its secrets when it starts, and never again (guide, "Pass sensitive data"). */
function tasksOf(service: LiveObject, { store, place: { account, region } }: Asked) {
  const { revision, since } = deploymentOf(store, service);
  const cluster = String(service.properties.cluster).split("/").at(-1);
  return taskIds(store, service).map((id) => ({
    ...{ taskArn: `arn:aws:ecs:${region}:${account}:task/${cluster}/${id}`, taskDefinitionArn: revision, lastStatus: "RUNNING" },
    ...(since === undefined ? {} : { createdAt: new Date(since), startedAt: new Date(since) }),
  }));
}

function serviceOf(service: LiveObject, clusterArn: string, store: LiveStore): Service {
  const { id, properties } = service;
  const kept = deploymentOf(store, service);
  const { id: deployment, revision, reason } = kept;
  const rollout = rolls(store, kept) ? "IN_PROGRESS" : kept.rollout;
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
