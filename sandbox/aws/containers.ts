/** ECS: services as they are. Every task that is wanted runs, and every deployment is complete. */
import type { ECS, Service } from "@aws-sdk/client-ecs";
import { CloudError } from "../cloud/catalogue.ts";
import type { LiveObject } from "../cloud/liveStore.ts";
import { objectsIn } from "../provider/values.ts";
import { here, type OperationsOf } from "./operation.ts";

export const containers = {
  DescribeServices: ({ cluster = "default", services = [] }, asked) => {
    const [own] = here("aws:ecs/cluster:Cluster", asked).filter(({ id, properties }) => [id, properties.name].includes(cluster));
    if (own === undefined) throw new CloudError("ClusterNotFoundException", "Cluster not found.");
    if (services.length > 10) throw new CloudError("InvalidParameterException", "Too many services requested. The maximum is 10.");
    const live = here("aws:ecs/service:Service", asked).filter(({ properties }) =>
      [own.id, own.properties.name].includes(properties.cluster ?? ""),
    );
    const found = services.map((name) => live.find(({ id, properties }) => [id, properties.name].includes(name)));
    const { account, region } = asked.place;
    const arn = (name: string) =>
      name.startsWith("arn:") ? name : `arn:aws:ecs:${region}:${account}:service/${String(own.properties.name)}/${name}`;
    return {
      services: found.flatMap((one) => (one === undefined ? [] : [serviceOf(one, own.id)])),
      failures: services.flatMap((name, index) => (found[index] === undefined ? [{ arn: arn(name), reason: "MISSING" }] : [])),
    };
  },
} satisfies OperationsOf<ECS>;

function serviceOf({ id, properties }: LiveObject, clusterArn: string): Service {
  const desiredCount = Number(properties.desiredCount ?? 0);
  const taskDefinition = String(properties.taskDefinition);
  const counts = { desiredCount, runningCount: desiredCount, pendingCount: 0 };
  return {
    ...{ serviceArn: id, serviceName: String(properties.name), clusterArn, status: "ACTIVE", taskDefinition, ...counts },
    loadBalancers: objectsIn(properties.loadBalancers).map(({ targetGroupArn, containerName, containerPort }) => ({
      targetGroupArn: String(targetGroupArn),
      containerName: String(containerName),
      containerPort: Number(containerPort),
    })),
    deployments: [{ id: `ecs-svc/${String(properties.name)}`, status: "PRIMARY", taskDefinition, ...counts, rolloutState: "COMPLETED" }],
  };
}
