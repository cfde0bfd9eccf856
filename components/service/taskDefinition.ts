/** A task definition on Fargate: one container, whose connections bring variables, secrets and volumes of their own. */
import type { TaskDefinitionArgs } from "@pulumi/aws/ecs/taskDefinition.js";
import { type Input, jsonStringify, output } from "@pulumi/pulumi";
import type { Accepted } from "../contract/accepted.ts";
import { volumeName } from "../volumeNames.ts";
import { type Connection, connectionEnvironment, connectionPaths, connectionSecrets, connectionVolumes } from "./connections.ts";
import { type ContainerSettings, containerDefinition } from "./container.ts";
import type { service } from "./contract.ts";
import type { TaskRoles } from "./taskRoles.ts";

/** What a definition is made from. */
interface TaskSettings
  extends Omit<ContainerSettings, "image" | "secrets" | "mounts" | "logGroup">,
    Pick<Accepted<typeof service>, "cpu" | "memory" | "architecture"> {
  readonly image: Input<string>;
  /** ARNs of parameters or secrets by variable name. @default none */
  readonly secrets?: Readonly<Record<string, Input<string>>> | undefined;
  readonly logGroup: Input<string>;
  /** @default none */
  readonly connections?: Readonly<Record<string, Connection>> | undefined;
}

/** Its arguments. */
export function taskDefinition(family: string, roles: TaskRoles, settings: TaskSettings): TaskDefinitionArgs {
  const { cpu, memory, architecture, writablePaths, image, logGroup, secrets = {}, connections = {} } = settings;
  const known = output({
    image,
    logGroup,
    own: secrets,
    connected: { environment: connectionEnvironment(connections), secrets: connectionSecrets(connections) },
  });
  const container = known.apply(({ own, connected, ...names }) =>
    containerDefinition({
      ...settings,
      ...names,
      mounts: connectionPaths(connections),
      environment: { ...settings.environment, ...connected.environment },
      secrets: { ...own, ...connected.secrets },
    }),
  );
  return {
    family,
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    cpu: String(cpu),
    memory: String(memory),
    runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: architecture },
    executionRoleArn: roles.executionRoleArn,
    taskRoleArn: roles.taskRoleArn,
    containerDefinitions: jsonStringify([container]),
    volumes: [...writablePaths.map((path) => ({ name: volumeName("ecs", path) })), ...connectionVolumes(connections)],
  };
}
