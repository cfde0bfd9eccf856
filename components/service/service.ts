/** One service in two colours on ECS Fargate. */
import { LogGroup, type LogGroupArgs } from "@pulumi/aws/cloudwatch/logGroup.js";
import { Service as EcsService, type ServiceArgs as EcsServiceArgs } from "@pulumi/aws/ecs/service.js";
import { TaskDefinition, type TaskDefinitionArgs } from "@pulumi/aws/ecs/taskDefinition.js";
import { all, type ComponentResourceOptions, type Input, jsonStringify, type Output, output, type Resource } from "@pulumi/pulumi";
import { type Colour, colours } from "../colours.ts";
import { Component } from "../component.ts";
import { type ArgumentProblem, outsideRange } from "../contract/argumentProblem.ts";
import type { InAccount, Regional } from "../regional.ts";
import type { RunningColour } from "../runningColour.ts";
import type { Transform } from "../transform.ts";
import { volumeName, writablePathProblems } from "../volumeNames.ts";
import {
  type Connection,
  Connections,
  connectionEnvironment,
  connectionPaths,
  connectionSecrets,
  connectionVolumes,
} from "./connections.ts";
import { containerDefinition } from "./container.ts";
import { runningTasks } from "./runningTasks.ts";
import { Scaling, type ScalingSettings, taskBounds } from "./scaling.ts";
import { type TaskGroup, taskGroup } from "./taskGroup.ts";
import { TaskRoles } from "./taskRoles.ts";

/** What runs in one colour. */
interface ColourSettings {
  /** Digest of the image, `sha256:…`. @default nothing runs in this colour */
  readonly image?: string | undefined;
  /** `full` scales within the service's bounds, `zero` has no tasks. */
  readonly capacity: "full" | "zero";
  /** Tasks that the colour never goes below at full capacity. @default the service's minimum */
  readonly minimumTasks?: number | undefined;
  /** The colour ran no tasks until this update, which starts them and waits for them. @default false */
  readonly idle?: boolean;
  /** Target group that the tasks register with, and how metrics name it. */
  readonly targets: { readonly arn: Input<string>; readonly arnSuffix: Input<string> };
}

/** Arguments of `Service`. */
export interface ServiceArgs extends Regional, InAccount {
  readonly cluster: { readonly arn: Input<string>; readonly name: Input<string> };
  readonly vpcId: Input<string>;
  /** Private subnets that tasks run in. */
  readonly subnetIds: readonly Input<string>[];
  /** Load balancer in front: only it may connect to the tasks. */
  readonly loadBalancer: { readonly securityGroupId: Input<string>; readonly arnSuffix: Input<string> };
  /** Rule that leads to the target groups; ECS refuses a group that no rule leads to. */
  readonly route: Resource;
  readonly repository: { readonly arn: Input<string>; readonly url: Input<string> };
  /** Port that the container listens on, 1–65,535. */
  readonly port: number;
  /** CPU units of a task, 1,024 is one core. */
  readonly cpu: number;
  /** Memory of a task, MiB. */
  readonly memory: number;
  /** Processor that the image is built for. @default "ARM64" */
  readonly architecture?: "ARM64" | "X86_64";
  /** Numeric user and group in the container, never root. @default "1000:1000" */
  readonly user?: string;
  /**
   * Paths that the container may write, each an empty volume of the task. Fargate mounts it for root alone (0755) unless the
   * image declares a `VOLUME` at that path whose folder belongs to `user`: `docs/components/service.md`. @default /tmp
   */
  readonly writablePaths?: readonly string[];
  /** Command in place of the image's own. @default the image's */
  readonly command?: readonly string[] | undefined;
  /** Command that fails when the container has to be replaced. @default none */
  readonly livenessCommand?: readonly string[] | undefined;
  /** Environment variables, no secrets. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Variables read at start: ARNs of parameters and of entries of Secrets Manager, never values. @default none */
  readonly secrets?: Readonly<Record<string, Input<string>>>;
  /** Key that logs and secrets are encrypted with. */
  readonly keyArn: Input<string>;
  /** Another key that secrets are encrypted with. @default none */
  readonly secretsKeyArn?: Input<string> | undefined;
  /** Where tasks may connect to, by rule name. @default nowhere */
  readonly egress?: Readonly<Record<string, { readonly port: number; readonly cidr: string }>>;
  /** What the tasks use, by a name that becomes part of resource names. @default nothing */
  readonly connections?: Readonly<Record<string, Connection>>;
  readonly scaling: ScalingSettings;
  /** Seconds after a task's start in which failed health checks do not count, 0–3,600. @default 60 */
  readonly graceSeconds?: number;
  /** Days that logs are kept, one of CloudWatch's steps. */
  readonly logRetentionDays: number;
  readonly colours: Readonly<Record<Colour, ColourSettings>>;
  /** Short name for the settings of the tasks, all but the image. */
  readonly fingerprint: string;
  /** What has to be there before a task starts: ways out, endpoints. @default nothing more */
  readonly startAfter?: readonly Resource[];
  /** Changes to single children. @default none */
  readonly transform?: {
    readonly service?: Transform<EcsServiceArgs>;
    readonly taskDefinition?: Transform<TaskDefinitionArgs>;
    readonly logGroup?: Transform<LogGroupArgs>;
  };
}

/** Everything wrong with plain arguments. */
function serviceProblems(args: ServiceArgs): ArgumentProblem[] {
  const problems = [
    ...outsideRange("port", args.port, 1, 65_535, "TCP port"),
    ...outsideRange("graceSeconds", args.graceSeconds ?? 60, 0, 3600, "seconds"),
    ...writablePathProblems("ecs", args.writablePaths ?? []),
  ];
  const user = args.user ?? "1000:1000";
  if (!/^[1-9]\d*(:[1-9]\d*)?$/.test(user))
    problems.push({ propertyPath: "user", reason: `is ${user}; give a numeric user and group that are not root` });
  if (args.scaling.maximum < args.scaling.minimum)
    problems.push({
      propertyPath: "scaling.maximum",
      reason: `is ${args.scaling.maximum}; give at least the minimum ${args.scaling.minimum}`,
    });
  for (const colour of colours) {
    const { image } = args.colours[colour];
    if (image !== undefined && !/^sha256:[0-9a-f]{64}$/.test(image))
      problems.push({ propertyPath: `colours.${colour}.image`, reason: `is ${image}; give a digest, sha256: and 64 hexadecimal digits` });
  }
  return problems;
}

/**
 * A service whose blue and green run side by side, each its own ECS service, task definition and scaling. A deployment is
 * done only when its tasks are steady and healthy, and falls back by itself when they never get there.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Service extends Component {
  readonly securityGroupId: Output<string>;
  /** Role that the tasks run with, for whoever gives the service access to something. */
  readonly taskRoleName: Output<string>;
  /** ECS service names of the colours that run something. */
  readonly serviceNames: Readonly<Partial<Record<Colour, Output<string>>>>;
  readonly logGroupName: Output<string>;
  /** What runs in each colour, known once it is steady. */
  readonly running: Readonly<Record<Colour, Output<RunningColour>>>;

  constructor(name: string, args: ServiceArgs, opts?: ComponentResourceOptions) {
    super("slipway:service:Service", name, args, opts, serviceProblems(args));
    const logs = this.child(
      LogGroup,
      name,
      { retentionInDays: args.logRetentionDays, kmsKeyId: args.keyArn },
      { transform: args.transform?.logGroup },
    );
    const roles = this.child(TaskRoles, name, {
      accountId: args.accountId,
      repositoryArn: args.repository.arn,
      logGroupArn: logs.arn,
      secretArns: Object.values(args.secrets ?? {}),
      secretsKeyArn: args.secretsKeyArn === undefined ? args.keyArn : [args.keyArn, args.secretsKeyArn],
    });
    const group = taskGroup(name, args, this);
    const connected = this.#connect(name, group, roles, args);
    const running = colours.flatMap((colour) => {
      const { image } = args.colours[colour];
      if (image === undefined) return [];
      const task = this.#taskDefinition(`${name}-${colour}`, image, logs.name, roles, args);
      const service = this.#colour(`${name}-${colour}`, args.colours[colour], task, [...group.rules, ...connected], group, args);
      return [[colour, { task, service }] as const];
    });
    this.securityGroupId = group.id;
    this.taskRoleName = roles.taskRoleName;
    this.serviceNames = Object.fromEntries(running.map(([colour, { service }]) => [colour, service.name]));
    const known = new Map(running);
    this.running = { blue: runningTasks(known.get("blue")), green: runningTasks(known.get("green")) };
    this.logGroupName = logs.name;
    this.registerOutputs({ securityGroupId: this.securityGroupId });
  }

  #taskDefinition(name: string, digest: string, logGroup: Output<string>, roles: TaskRoles, args: ServiceArgs): TaskDefinition {
    const { region } = args;
    const writablePaths = args.writablePaths ?? ["/tmp"];
    const { connections = {} } = args;
    const fromConnections = output({ environment: connectionEnvironment(connections), secrets: connectionSecrets(connections) });
    const container = all([args.repository.url, logGroup, args.secrets ?? {}, fromConnections]).apply(([url, group, secrets, connected]) =>
      containerDefinition({
        name: "app",
        image: `${url}@${digest}`,
        port: args.port,
        user: args.user ?? "1000:1000",
        writablePaths,
        command: args.command,
        livenessCommand: args.livenessCommand,
        mounts: connectionPaths(connections),
        environment: { ...args.environment, ...connected.environment },
        secrets: { ...secrets, ...connected.secrets },
        logGroup: group,
        region,
        fingerprint: args.fingerprint,
      }),
    );
    return this.child(
      TaskDefinition,
      name,
      {
        family: name,
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        cpu: String(args.cpu),
        memory: String(args.memory),
        runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: args.architecture ?? "ARM64" },
        executionRoleArn: roles.executionRoleArn,
        taskRoleArn: roles.taskRoleArn,
        containerDefinitions: jsonStringify([container]),
        volumes: [...writablePaths.map((path) => ({ name: volumeName("ecs", path) })), ...connectionVolumes(connections)],
      },
      { transform: args.transform?.taskDefinition },
    );
  }

  #connect(name: string, group: TaskGroup, roles: TaskRoles, args: ServiceArgs): readonly Resource[] {
    const { connections = {} } = args;
    if (Object.keys(connections).length === 0) return [];
    const { taskRoleName, executionRoleName } = roles;
    return this.child(Connections, name, { connections, securityGroupId: group.id, taskRoleName, executionRoleName }).ready;
  }

  #colour(
    name: string,
    colour: ColourSettings,
    task: TaskDefinition,
    ready: readonly Resource[],
    group: TaskGroup,
    args: ServiceArgs,
  ): EcsService {
    const minimum = colour.minimumTasks ?? args.scaling.minimum;
    // Scaling owns the number of tasks, but starting a colour and stopping it are part of an update: only tasks that the
    // update itself asked for are waited for, and have the circuit breaker behind them.
    const ignoreChanges = colour.idle === true || colour.capacity === "zero" ? [] : ["desiredCount"];
    const dependsOn = [args.route, ...ready, ...(args.startAfter ?? [])];
    const service = this.child(
      EcsService,
      name,
      {
        cluster: args.cluster.arn,
        taskDefinition: task.arn,
        launchType: "FARGATE",
        platformVersion: "LATEST",
        desiredCount: taskBounds({ capacity: colour.capacity, minimum, maximum: args.scaling.maximum }).minimum,
        networkConfiguration: { subnets: [...args.subnetIds], securityGroups: [group.id], assignPublicIp: false },
        loadBalancers: [{ targetGroupArn: colour.targets.arn, containerName: "app", containerPort: args.port }],
        healthCheckGracePeriodSeconds: args.graceSeconds ?? 60,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        availabilityZoneRebalancing: "ENABLED",
        enableExecuteCommand: false,
        enableEcsManagedTags: true,
        propagateTags: "SERVICE",
        waitForSteadyState: true,
      },
      { transform: args.transform?.service, dependsOn, ignoreChanges },
    );
    this.child(Scaling, name, {
      ...args.scaling,
      minimum,
      clusterName: args.cluster.name,
      serviceName: service.name,
      loadBalancerArnSuffix: args.loadBalancer.arnSuffix,
      targetGroupArnSuffix: colour.targets.arnSuffix,
      capacity: colour.capacity,
    });
    return service;
  }
}
