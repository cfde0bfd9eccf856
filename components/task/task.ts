/** A one-off task on ECS Fargate: what a migration, or a database's users, is made by from inside the network. */
import { LogGroup, type LogGroupArgs } from "@pulumi/aws/cloudwatch/logGroup.js";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { TaskDefinition, type TaskDefinitionArgs } from "@pulumi/aws/ecs/taskDefinition.js";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { Component, type InAccount, type Regional, type Transformable } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import { type Connection, Connections } from "../service/connections.ts";
import { taskDefinition } from "../service/taskDefinition.ts";
import { egressRules } from "../service/taskGroup.ts";
import { TaskRoles } from "../service/taskRoles.ts";
import { task } from "./contract.ts";

/** Arguments of `Task`: those of its contract, and these. */
export interface TaskArgs
  extends Given<typeof task>,
    Regional,
    InAccount,
    Transformable<{ taskDefinition: TaskDefinitionArgs; logGroup: LogGroupArgs }> {
  readonly network: { readonly vpcId: Input<string> };
  /** Variables read at start: ARNs of parameters and of entries of Secrets Manager, never values. @default none */
  readonly secrets?: Readonly<Record<string, Input<string>>>;
  /** Key that logs and secrets are encrypted with. @default AWS's own */
  readonly keyArn?: Input<string> | undefined;
  /** What the task uses, by a name that becomes part of resource names. @default nothing */
  readonly connections?: Readonly<Record<string, Connection>>;
}

/**
 * A task definition with its roles, its security group and its log: nothing runs until somebody says so (`RunTask`, in subnets of the
 * network and with the group). The container is read-only and not root, and reads its secrets when it starts.
 *
 * Whoever may run the task may run another command in it, with the same secrets: `ecs:RunTask` on it is as much as they are.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Task extends Component {
  /** The real resources. */
  readonly nodes: { readonly logGroup: LogGroup; readonly taskDefinition: TaskDefinition; readonly securityGroup: SecurityGroup };
  readonly taskDefinitionArn: Output<string>;
  readonly securityGroupId: Output<string>;

  constructor(name: string, args: TaskArgs, opts?: ComponentResourceOptions) {
    const given = { ...args, ...accepted(name, task, args) };
    super("slipway:task:Task", name, args, opts);
    const { connections = {}, secrets = {}, keyArn } = args;
    const logGroup = this.child(
      LogGroup,
      name,
      { retentionInDays: given.logRetentionDays, ...(keyArn === undefined ? {} : { kmsKeyId: keyArn }) },
      { transform: args.transform?.logGroup },
    );
    const roles = this.child(TaskRoles, name, {
      accountId: args.accountId,
      repositoryArn: repositoryIn(given.image),
      logGroupArn: logGroup.arn,
      secretArns: Object.values(secrets),
      secretsKeyArns: keyArn === undefined ? [] : [keyArn],
    });
    const securityGroup = this.child(SecurityGroup, name, {
      vpcId: args.network.vpcId,
      description: `Task ${name}: nobody in, named destinations out`,
    });
    egressRules(name, securityGroup.id, given.egress, this);
    this.child(Connections, name, {
      connections,
      securityGroupId: securityGroup.id,
      taskRoleName: roles.taskRoleName,
      executionRoleName: roles.executionRoleName,
    });
    const wanted = taskDefinition(name, roles, { ...given, name: "task", logGroup: logGroup.name });
    const definition = this.child(TaskDefinition, name, wanted, { transform: args.transform?.taskDefinition });
    this.nodes = { logGroup, taskDefinition: definition, securityGroup };
    this.taskDefinitionArn = definition.arn;
    this.securityGroupId = securityGroup.id;
    this.registerOutputs({ taskDefinitionArn: this.taskDefinitionArn });
  }
}

/** Repository of a private registry that an image is in; undefined for what anybody may pull. */
function repositoryIn(image: string): string | undefined {
  const [, account, region, repository] = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)/.exec(image) ?? [];
  return repository === undefined ? undefined : `arn:aws:ecr:${region}:${account}:repository/${repository}`;
}
