/** What a service's tasks may do: the role that starts them and the role that they run with. */
import type { RoleArgs } from "@pulumi/aws/iam/role.js";
import { all, type ComponentResourceOptions, type Input, interpolate, type Output } from "@pulumi/pulumi";
import { allow } from "../aws/policy.ts";
import { onlyFrom, serviceRole } from "../aws/role.ts";
import { Component, type Tagged, type Transformable } from "../component.ts";

/** Arguments of `TaskRoles`. */
export interface TaskRolesArgs extends Tagged, Transformable<{ executionRole: RoleArgs; taskRole: RoleArgs }> {
  /** AWS region of the tasks. */
  readonly region: string;
  /** Account of the tasks, 12 digits. */
  readonly accountId: string;
  /** Repository that images are pulled from. @default one that anybody may pull from */
  readonly repositoryArn?: Input<string> | undefined;
  /** Log group that the tasks write to. */
  readonly logGroupArn: Input<string>;
  /** Parameters and secrets that are read at start. @default none */
  readonly secretArns?: readonly Input<string>[];
  /** Keys that they are encrypted with besides AWS's own. @default none */
  readonly secretsKeyArns?: readonly Input<string>[];
}

/**
 * Execution role: pulls images of one repository, writes one log group, reads the named secrets. Task role: nothing;
 * whoever gives a service more attaches it there.
 */
export class TaskRoles extends Component {
  /** Known only when its permissions are in place. */
  readonly executionRoleArn: Output<string>;
  readonly executionRoleName: Output<string>;
  readonly taskRoleArn: Output<string>;
  readonly taskRoleName: Output<string>;

  constructor(name: string, args: TaskRolesArgs, opts?: ComponentResourceOptions) {
    super("slipway:service:TaskRoles", name, args, opts);
    const { region, accountId, secretArns = [], transform } = args;
    const taken = { service: "ecs-tasks", when: onlyFrom(accountId, `arn:aws:ecs:${region}:${accountId}:*`) };
    const execution = serviceRole(this, `${name}-execution`, {
      ...taken,
      description: "Starts the tasks: image, logs, secrets",
      statements: all([...secretArns]).apply((arns) => executionStatements(args, arns)),
      transform: transform?.executionRole,
    });
    const task = serviceRole(this, `${name}-task`, { ...taken, description: "The tasks themselves", transform: transform?.taskRole });
    this.executionRoleArn = execution.arn;
    this.executionRoleName = execution.name;
    this.taskRoleArn = task.arn;
    this.taskRoleName = task.name;
    this.registerOutputs();
  }
}

function executionStatements({ repositoryArn, logGroupArn, secretsKeyArns = [] }: TaskRolesArgs, secretArns: readonly string[]) {
  const ofService = (service: string) => secretArns.filter((arn) => arn.split(":")[2] === service).sort();
  const parameters = ofService("ssm");
  const [only, ...more] = secretsKeyArns;
  // What follows the seven parts names a field of the secret, which permissions do not know.
  const secrets = [...new Set(ofService("secretsmanager").map((arn) => arn.split(":").slice(0, 7).join(":")))];
  return [
    ...(repositoryArn === undefined
      ? []
      : [
          // ECR hands out its login to the whole registry; the action takes no resource.
          allow("RegistryLogin", ["ecr:GetAuthorizationToken"], "*"),
          allow("PullImages", ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], repositoryArn),
        ]),
    allow("WriteLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], interpolate`${logGroupArn}:log-stream:*`),
    ...(parameters.length === 0 ? [] : [allow("ReadParameters", ["ssm:GetParameters"], parameters)]),
    ...(secrets.length === 0 ? [] : [allow("ReadSecrets", ["secretsmanager:GetSecretValue"], secrets)]),
    ...(secretArns.length === 0 || only === undefined
      ? []
      : [allow("DecryptSecrets", ["kms:Decrypt"], more.length === 0 ? only : secretsKeyArns)]),
  ];
}
