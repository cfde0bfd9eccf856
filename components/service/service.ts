/** One service in two colours on ECS Fargate. */
import { LogGroup, type LogGroupArgs } from "@pulumi/aws/cloudwatch/logGroup.js";
import { Service as EcsService, type ServiceArgs as EcsServiceArgs } from "@pulumi/aws/ecs/service.js";
import { TaskDefinition, type TaskDefinitionArgs } from "@pulumi/aws/ecs/taskDefinition.js";
import { type ComponentResourceOptions, type Input, interpolate, type Output, type Resource } from "@pulumi/pulumi";
import { type Colour, colours } from "../colours.ts";
import { allOf, Component, type InAccount, type Regional, type Transformable } from "../component.ts";
import { type Accepted, accepted, type Given } from "../contract/accepted.ts";
import type { RunningColour } from "../runningColour.ts";
import { type Connection, Connections } from "./connections.ts";
import { service } from "./contract.ts";
import { runningTasks } from "./runningTasks.ts";
import { type ScaledColour, Scaling, taskBounds } from "./scaling.ts";
import { taskDefinition } from "./taskDefinition.ts";
import { type TaskGroup, taskGroup } from "./taskGroup.ts";
import { TaskRoles } from "./taskRoles.ts";

/** Arguments of `Service`: those of its contract, and these. */
export interface ServiceArgs
  extends Given<typeof service>,
    Regional,
    InAccount,
    Transformable<{ service: EcsServiceArgs; taskDefinition: TaskDefinitionArgs; logGroup: LogGroupArgs }> {
  readonly cluster: { readonly arn: Input<string>; readonly name: Input<string> };
  /** Where tasks run: in the private subnets. */
  readonly network: { readonly vpcId: Input<string>; readonly subnetIds: { readonly private: readonly Input<string>[] } };
  /** Load balancer in front: only it may connect to the tasks. */
  readonly loadBalancer: { readonly securityGroupId: Input<string>; readonly arnSuffix: Input<string> };
  readonly repository: { readonly arn: Input<string>; readonly url: Input<string> };
  /** Variables read at start: ARNs of parameters and of entries of Secrets Manager, never values. @default none */
  readonly secrets?: Readonly<Record<string, Input<string>>>;
  /** Key that logs and secrets are encrypted with. @default AWS's own */
  readonly keyArn?: Input<string> | undefined;
  /** Another key that secrets are encrypted with. @default none */
  readonly secretsKeyArn?: Input<string> | undefined;
  /** What the tasks use, by a name that becomes part of resource names. @default nothing */
  readonly connections?: Readonly<Record<string, Connection>>;
  /**
   * Target groups that the tasks of each colour register with, how metrics name them, and the rule that leads there: ECS refuses a
   * group that no rule leads to. `WeightedTargets` are that.
   */
  readonly targets: {
    readonly targets: Readonly<Record<Colour, { readonly arn: Input<string>; readonly arnSuffix: Input<string> }>>;
    readonly rule: Resource;
  };
  /** Colours that ran no tasks until this update, which starts them and waits for them. @default none */
  readonly idle?: readonly Colour[];
  /** Short name for the settings of the tasks, all but the image; a label of the containers. @default no label */
  readonly fingerprint?: string;
  /** Deployment that a colour's follows: a label of the containers, so that one that is made again is of a revision of its own. @default no label */
  readonly follows?: Readonly<Partial<Record<Colour, string | undefined>>>;
  /** The update may leave services out: one that was fails nothing, and is only told of. @default false */
  readonly partly?: boolean;
  /** What has to be there before a task starts, such as ways out of a network that is given as ids. @default a `Network` and its ways out */
  readonly startAfter?: readonly Resource[];
}

/** Arguments with their defaults. */
type Settings = ServiceArgs & Accepted<typeof service>;

/**
 * A service whose blue and green run side by side, each its own ECS service, task definition and scaling. A deployment is
 * done only when its tasks are steady and healthy, and falls back by itself when they never get there.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Service extends Component {
  /** The real resources. */
  readonly nodes: {
    readonly logGroup: LogGroup;
    /** Of the colours that run something. */
    readonly taskDefinitions: Readonly<Partial<Record<Colour, TaskDefinition>>>;
    readonly services: Readonly<Partial<Record<Colour, EcsService>>>;
  };
  readonly securityGroupId: Output<string>;
  /** Role that the tasks run with, for whoever gives the service access to something. */
  readonly taskRoleName: Output<string>;
  /** ECS service names of the colours that run something. */
  readonly serviceNames: Readonly<Partial<Record<Colour, Output<string>>>>;
  /** Colours that run something, and how their tasks are asked for. */
  readonly scaled: Readonly<Partial<Record<Colour, ScaledColour>>>;
  readonly logGroupName: Output<string>;
  /** What runs in each colour, asked of ECS once it is steady. A colour that does not run what it should fails the update. */
  readonly running: Readonly<Record<Colour, Output<RunningColour>>>;

  constructor(name: string, args: ServiceArgs, opts?: ComponentResourceOptions) {
    const given = { ...args, ...accepted(name, service, args) };
    super("slipway:service:Service", name, args, opts);
    const logs = this.child(
      LogGroup,
      name,
      { retentionInDays: given.logRetentionDays, ...(args.keyArn === undefined ? {} : { kmsKeyId: args.keyArn }) },
      { transform: args.transform?.logGroup },
    );
    const roles = this.child(TaskRoles, name, {
      accountId: args.accountId,
      repositoryArn: args.repository.arn,
      logGroupArn: logs.arn,
      secretArns: Object.values(args.secrets ?? {}),
      secretsKeyArns: [args.keyArn, args.secretsKeyArn].filter((key) => key !== undefined),
    });
    const group = taskGroup(name, { ...given, vpcId: args.network.vpcId }, this);
    const connected = this.#connect(name, group, roles, args);
    const running = colours.flatMap((colour) => {
      const { image } = given.release[colour];
      if (image === undefined) return [];
      const task = this.#taskDefinition(name, colour, image, logs.name, roles, given);
      return [[colour, { task, ...this.#colour(name, colour, task, [...group.rules, ...connected], group, given) }] as const];
    });
    this.securityGroupId = group.id;
    this.taskRoleName = roles.taskRoleName;
    this.serviceNames = Object.fromEntries(running.map(([colour, runs]) => [colour, runs.service.name]));
    this.scaled = Object.fromEntries(running.map(([colour, { scaled }]) => [colour, scaled]));
    const known = new Map(running);
    this.nodes = {
      logGroup: logs,
      taskDefinitions: Object.fromEntries(running.map(([colour, { task }]) => [colour, task])),
      services: Object.fromEntries(running.map(([colour, runs]) => [colour, runs.service])),
    };
    const runs = (colour: Colour) => runningTasks(known.get(colour), args, { parent: this, async: true });
    this.running = { blue: runs("blue"), green: runs("green") };
    this.logGroupName = logs.name;
    this.registerOutputs({ securityGroupId: this.securityGroupId });
  }

  #taskDefinition(
    service: string,
    colour: Colour,
    digest: string,
    logGroup: Output<string>,
    roles: TaskRoles,
    args: Settings,
  ): TaskDefinition {
    const name = `${service}-${colour}`;
    const wanted = taskDefinition(name, roles, {
      ...args,
      name: "app",
      image: interpolate`${args.repository.url}@${digest}`,
      logGroup,
      follows: args.follows?.[colour],
    });
    return this.child(TaskDefinition, name, wanted, { transform: args.transform?.taskDefinition });
  }

  #connect(name: string, group: TaskGroup, roles: TaskRoles, args: ServiceArgs): readonly Resource[] {
    const { connections = {} } = args;
    if (Object.keys(connections).length === 0) return [];
    const { taskRoleName, executionRoleName } = roles;
    return this.child(Connections, name, { connections, securityGroupId: group.id, taskRoleName, executionRoleName }).ready;
  }

  #colour(service: string, colour: Colour, task: TaskDefinition, ready: readonly Resource[], group: TaskGroup, args: Settings) {
    const name = `${service}-${colour}`;
    const { capacity, minimumTasks: minimum = args.scaling.minimum } = args.release[colour];
    const bounds = taskBounds({ ...args.scaling, capacity, minimum });
    const targets = args.targets.targets[colour];
    // Scaling owns the number of tasks, but starting a colour and stopping it are part of an update: only tasks that the
    // update itself asked for are waited for, and have the circuit breaker behind them.
    const ignoreChanges = args.idle?.includes(colour) === true || capacity === "zero" ? [] : ["desiredCount"];
    const dependsOn = [args.targets.rule, ...allOf(args.network), ...ready, ...(args.startAfter ?? [])];
    const ecsService = this.child(
      EcsService,
      name,
      {
        cluster: args.cluster.arn,
        taskDefinition: task.arn,
        launchType: "FARGATE",
        platformVersion: "LATEST",
        desiredCount: bounds.minimum,
        networkConfiguration: { subnets: [...args.network.subnetIds.private], securityGroups: [group.id], assignPublicIp: false },
        loadBalancers: [{ targetGroupArn: targets.arn, containerName: "app", containerPort: args.port }],
        healthCheckGracePeriodSeconds: args.graceSeconds,
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
    const { targetArn } = this.child(Scaling, name, {
      ...args.scaling,
      minimum,
      clusterName: args.cluster.name,
      serviceName: ecsService.name,
      loadBalancerArnSuffix: args.loadBalancer.arnSuffix,
      targetGroupArnSuffix: targets.arnSuffix,
      capacity,
    });
    const scaled: ScaledColour = { serviceArn: ecsService.arn, targetArn, ...bounds };
    return { service: ecsService, scaled };
  }
}
