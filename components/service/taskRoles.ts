/** What a service's tasks may do: the role that starts them and the role that they run with. */
import { Role, type RoleArgs } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { all, type ComponentResourceOptions, type Input, interpolate, jsonStringify, type Output, output } from "@pulumi/pulumi";
import { Component } from "../component.ts";
import type { Tagged } from "../regional.ts";
import type { Transform } from "../transform.ts";

/** Arguments of `TaskRoles`. */
export interface TaskRolesArgs extends Tagged {
  /** AWS region of the tasks. */
  readonly region: string;
  /** Account of the tasks, 12 digits. */
  readonly accountId: string;
  /** Repository that images are pulled from. */
  readonly repositoryArn: Input<string>;
  /** Log group that the tasks write to. */
  readonly logGroupArn: Input<string>;
  /** Parameters and secrets that are read at start. @default none */
  readonly secretArns?: readonly Input<string>[];
  /** Key or keys that they are encrypted with. */
  readonly secretsKeyArn: Input<string> | readonly Input<string>[];
  /** Changes to single children. @default none */
  readonly transform?: { readonly executionRole?: Transform<RoleArgs>; readonly taskRole?: Transform<RoleArgs> };
}

interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: Input<string> | readonly Input<string>[];
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
    const execution = this.#role(`${name}-execution`, "Starts the tasks: image, logs, secrets", args, args.transform?.executionRole);
    const policy = this.child(RolePolicy, `${name}-execution`, {
      role: execution.name,
      policy: jsonStringify({
        Version: "2012-10-17",
        Statement: all([...(args.secretArns ?? [])]).apply((arns) => output(executionStatements(args, arns))),
      }),
    });
    const task = this.#role(`${name}-task`, "The tasks themselves", args, args.transform?.taskRole);
    this.executionRoleArn = policy.id.apply(() => execution.arn);
    this.executionRoleName = execution.name;
    this.taskRoleArn = task.arn;
    this.taskRoleName = task.name;
    this.registerOutputs();
  }

  #role(name: string, description: string, { region, accountId }: TaskRolesArgs, transform: Transform<RoleArgs> | undefined): Role {
    const trust = {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: "ecs-tasks.amazonaws.com" },
          Condition: {
            StringEquals: { "aws:SourceAccount": accountId },
            ArnLike: { "aws:SourceArn": `arn:aws:ecs:${region}:${accountId}:*` },
          },
        },
      ],
    };
    return this.child(Role, name, { description, assumeRolePolicy: JSON.stringify(trust) }, { transform });
  }
}

function executionStatements({ repositoryArn, logGroupArn, secretsKeyArn }: TaskRolesArgs, secretArns: readonly string[]): Statement[] {
  const statements: Statement[] = [
    // ECR hands out its login to the whole registry; the action takes no resource.
    { Sid: "RegistryLogin", Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: "*" },
    {
      Sid: "PullImages",
      Effect: "Allow",
      Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      Resource: repositoryArn,
    },
    {
      Sid: "WriteLogs",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: interpolate`${logGroupArn}:log-stream:*`,
    },
  ];
  const ofService = (service: string) => secretArns.filter((arn) => arn.split(":")[2] === service).sort();
  const parameters = ofService("ssm");
  // What follows the seven parts names a field of the secret, which permissions do not know.
  const secrets = [...new Set(ofService("secretsmanager").map((arn) => arn.split(":").slice(0, 7).join(":")))];
  if (parameters.length > 0)
    statements.push({ Sid: "ReadParameters", Effect: "Allow", Action: ["ssm:GetParameters"], Resource: parameters });
  if (secrets.length > 0)
    statements.push({ Sid: "ReadSecrets", Effect: "Allow", Action: ["secretsmanager:GetSecretValue"], Resource: secrets });
  if (secretArns.length > 0) statements.push({ Sid: "DecryptSecrets", Effect: "Allow", Action: ["kms:Decrypt"], Resource: secretsKeyArn });
  return statements;
}
