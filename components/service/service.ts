/** One service in two colours on ECS Fargate. */
import { LogGroup, type LogGroupArgs } from "@pulumi/aws/cloudwatch/logGroup.js";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { Service as EcsService, type ServiceArgs as EcsServiceArgs } from "@pulumi/aws/ecs/service.js";
import { TaskDefinition, type TaskDefinitionArgs } from "@pulumi/aws/ecs/taskDefinition.js";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import {
  all,
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  jsonStringify,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { type ArgumentProblem, outsideRange, refuseArguments } from "../arguments.ts";
import { type Colour, colours } from "../colours.ts";
import { named, type Tags } from "../tags.ts";
import { type Transform, transformed } from "../transform.ts";
import { containerDefinition, secretArn, volumeName } from "./container.ts";
import { Scaling, type ScalingSettings, taskBounds } from "./scaling.ts";
import { TaskRoles } from "./taskRoles.ts";

/** What runs in one colour. */
export interface ColourSettings {
  /** Digest of the image, `sha256:…`. @default nothing runs in this colour */
  readonly image?: string | undefined;
  /** `full` scales within the service's bounds, `zero` has no tasks. */
  readonly capacity: "full" | "zero";
  /** Tasks that the colour never goes below at full capacity. @default the service's minimum */
  readonly minimumTasks?: number | undefined;
  /** Target group that the tasks register with, and how metrics name it. */
  readonly targets: { readonly arn: Input<string>; readonly arnSuffix: Input<string> };
}

export interface ServiceArgs {
  /** AWS region. */
  readonly region: string;
  /** Account, 12 digits. */
  readonly accountId: string;
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
  /** Paths that the container may write. @default /tmp */
  readonly writablePaths?: readonly string[];
  /** Command in place of the image's own. @default the image's */
  readonly command?: readonly string[] | undefined;
  /** Command that fails when the container has to be replaced. @default none */
  readonly livenessCommand?: readonly string[] | undefined;
  /** Environment variables, no secrets. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Variables read at start: parameter paths or ARNs, never values. @default none */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Key that logs and secrets are encrypted with. */
  readonly keyArn: Input<string>;
  /** Where tasks may connect to, by rule name. @default nowhere */
  readonly egress?: Readonly<Record<string, { readonly port: number; readonly cidr: string }>>;
  readonly scaling: ScalingSettings;
  /** Seconds after a task's start in which failed health checks do not count, 0–3,600. @default 60 */
  readonly graceSeconds?: number;
  /** Days that logs are kept, one of CloudWatch's steps. */
  readonly logRetentionDays: number;
  readonly colours: Readonly<Record<Colour, ColourSettings>>;
  /** @default no tags */
  readonly tags?: Tags | undefined;
  /** Changes to single children. @default none */
  readonly transform?: {
    readonly service?: Transform<EcsServiceArgs>;
    readonly taskDefinition?: Transform<TaskDefinitionArgs>;
    readonly logGroup?: Transform<LogGroupArgs>;
  };
}

/** Everything wrong with plain arguments. */
export function serviceProblems(args: ServiceArgs): ArgumentProblem[] {
  const problems = [
    ...outsideRange("port", args.port, 1, 65_535, "TCP port"),
    ...outsideRange("graceSeconds", args.graceSeconds ?? 60, 0, 3600, "seconds"),
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
export class Service extends ComponentResource {
  readonly securityGroupId: Output<string>;
  /** Role that the tasks run with, for whoever gives the service access to something. */
  readonly taskRoleName: Output<string>;
  /** ECS service names of the colours that run something. */
  readonly serviceNames: Readonly<Partial<Record<Colour, Output<string>>>>;
  readonly logGroupName: Output<string>;

  constructor(name: string, args: ServiceArgs, opts?: ComponentResourceOptions) {
    super("slipway:service:Service", name, {}, opts);
    refuseArguments(name, serviceProblems(args));
    const logGroup: LogGroupArgs = {
      region: args.region,
      retentionInDays: args.logRetentionDays,
      kmsKeyId: args.keyArn,
      tags: named(name, args.tags),
    };
    const logs = new LogGroup(...transformed(args.transform?.logGroup, name, logGroup, { parent: this }));
    const secretArns = Object.values(args.secrets ?? {}).map((reference) => secretArn(reference, args.region, args.accountId));
    const roles = new TaskRoles(
      name,
      {
        region: args.region,
        accountId: args.accountId,
        repositoryArn: args.repository.arn,
        logGroupArn: logs.arn,
        secretArns,
        secretsKeyArn: args.keyArn,
        tags: args.tags,
      },
      { parent: this },
    );
    const group = this.#securityGroup(name, args);
    const running = colours.flatMap((colour) => {
      const { image } = args.colours[colour];
      if (image === undefined) return [];
      const task = this.#taskDefinition(`${name}-${colour}`, image, logs.name, roles, args);
      return [[colour, this.#colour(`${name}-${colour}`, args.colours[colour], task, group, args).name] as const];
    });
    this.securityGroupId = group.id;
    this.taskRoleName = roles.taskRoleName;
    this.serviceNames = Object.fromEntries(running);
    this.logGroupName = logs.name;
    this.registerOutputs({ securityGroupId: this.securityGroupId });
  }

  #taskDefinition(name: string, digest: string, logGroup: Output<string>, roles: TaskRoles, args: ServiceArgs): TaskDefinition {
    const { region, accountId } = args;
    const writablePaths = args.writablePaths ?? ["/tmp"];
    const secrets = Object.fromEntries(
      Object.entries(args.secrets ?? {}).map(([variable, reference]) => [variable, secretArn(reference, region, accountId)]),
    );
    const container = all([args.repository.url, logGroup]).apply(([url, group]) =>
      containerDefinition({
        name: "app",
        image: `${url}@${digest}`,
        port: args.port,
        user: args.user ?? "1000:1000",
        writablePaths,
        command: args.command,
        livenessCommand: args.livenessCommand,
        environment: args.environment ?? {},
        secrets,
        logGroup: group,
        region,
      }),
    );
    const wanted: TaskDefinitionArgs = {
      region,
      family: name,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(args.cpu),
      memory: String(args.memory),
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: args.architecture ?? "ARM64" },
      executionRoleArn: roles.executionRoleArn,
      taskRoleArn: roles.taskRoleArn,
      containerDefinitions: jsonStringify([container]),
      volumes: writablePaths.map((path) => ({ name: volumeName(path) })),
      tags: named(name, args.tags),
    };
    return new TaskDefinition(...transformed(args.transform?.taskDefinition, name, wanted, { parent: this }));
  }

  #colour(name: string, colour: ColourSettings, task: TaskDefinition, group: SecurityGroup, args: ServiceArgs): EcsService {
    const minimum = colour.minimumTasks ?? args.scaling.minimum;
    const wanted: EcsServiceArgs = {
      region: args.region,
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
      tags: named(name, args.tags),
    };
    // Scaling owns the number of tasks; config only sets where it starts.
    const service = new EcsService(
      ...transformed(args.transform?.service, name, wanted, { parent: this, dependsOn: [args.route], ignoreChanges: ["desiredCount"] }),
    );
    new Scaling(
      name,
      {
        ...args.scaling,
        minimum,
        region: args.region,
        clusterName: args.cluster.name,
        serviceName: service.name,
        loadBalancerArnSuffix: args.loadBalancer.arnSuffix,
        targetGroupArnSuffix: colour.targets.arnSuffix,
        capacity: colour.capacity,
        tags: args.tags,
      },
      { parent: this },
    );
    return service;
  }

  #securityGroup(name: string, args: ServiceArgs): SecurityGroup {
    const { region, port, tags } = args;
    const loadBalancer = args.loadBalancer.securityGroupId;
    const group = new SecurityGroup(
      name,
      { region, vpcId: args.vpcId, description: `Tasks of ${name}: the load balancer in, named destinations out`, tags: named(name, tags) },
      { parent: this },
    );
    const oneTcpPort = { region, ipProtocol: "tcp", fromPort: port, toPort: port };
    new SecurityGroupIngressRule(
      `${name}-from-load-balancer`,
      {
        ...oneTcpPort,
        securityGroupId: group.id,
        referencedSecurityGroupId: loadBalancer,
        description: "From the load balancer",
        tags: named(`${name}-from-load-balancer`, tags),
      },
      { parent: this },
    );
    new SecurityGroupEgressRule(
      `${name}-from-load-balancer`,
      {
        ...oneTcpPort,
        securityGroupId: loadBalancer,
        referencedSecurityGroupId: group.id,
        description: `To tasks of ${name}`,
        tags: named(`${name}-from-load-balancer`, tags),
      },
      { parent: this },
    );
    for (const [rule, { port: to, cidr }] of Object.entries(args.egress ?? {})) {
      new SecurityGroupEgressRule(
        `${name}-${rule}`,
        {
          region,
          securityGroupId: group.id,
          description: `${rule}: TCP ${to} to ${cidr}`,
          ipProtocol: "tcp",
          fromPort: to,
          toPort: to,
          ...(cidr.includes(":") ? { cidrIpv6: cidr } : { cidrIpv4: cidr }),
          tags: named(`${name}-${rule}`, tags),
        },
        { parent: this },
      );
    }
    return group;
  }
}
