/** What the function of a rollback may do: its calls, and nothing besides. */

import { allow, viaService } from "../aws/policy.ts";

/** What a statement is about. */
interface FunctionScope {
  readonly region: string;
  readonly ruleArn: string;
  /** Of the live colour; undefined where nobody scales it. */
  readonly receiver: { readonly serviceArn: string; readonly targetArn: string } | undefined;
  readonly latchArn: string;
  /** The service's item in the table of release records; undefined where nobody keeps one. */
  readonly records: { readonly tableArn: string; readonly service: string; readonly keyArn: string } | undefined;
  readonly topicArn: string;
  /** Key of the topic. */
  readonly topicKeyArn: string;
  readonly deadLettersArn: string;
  /** Key of the function's environment, logs and dead letters. */
  readonly keyArn: string;
  readonly logGroupArn: string;
}

/** Statements of the function's role. Pure. */
export function functionStatements(scope: FunctionScope) {
  const { receiver, records } = scope;
  const through = (service: string) => viaService(service, scope.region);
  return [
    allow("MoveTraffic", ["elasticloadbalancing:ModifyRule"], scope.ruleArn),
    ...(receiver === undefined
      ? []
      : [
          // Whoever changes the bounds of a service has to be allowed to describe and to change it (ECS guide, "auto-scaling-IAM").
          allow("AskForTasks", ["ecs:DescribeServices", "ecs:UpdateService"], receiver.serviceArn),
          allow("PinTasks", ["application-autoscaling:RegisterScalableTarget"], receiver.targetArn),
        ]),
    // AWS knows no resources for reads of the load balancer.
    allow("ReadTraffic", ["elasticloadbalancing:DescribeRules", "elasticloadbalancing:DescribeTargetHealth"], "*"),
    allow("Latch", ["ssm:GetParameter", "ssm:PutParameter"], scope.latchArn),
    ...(records === undefined
      ? []
      : [
          allow("Record", ["dynamodb:GetItem", "dynamodb:PutItem"], records.tableArn, {
            "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": records.service },
          }),
          allow("DecryptRecord", ["kms:Decrypt"], records.keyArn, through("dynamodb")),
        ]),
    allow("Tell", ["sns:Publish"], scope.topicArn),
    allow("EncryptMessage", ["kms:Decrypt", "kms:GenerateDataKey"], scope.topicKeyArn, through("sns")),
    allow("KeepFailed", ["sqs:SendMessage"], scope.deadLettersArn),
    allow("EncryptFailed", ["kms:Decrypt", "kms:GenerateDataKey"], scope.keyArn, through("sqs")),
    allow("ReadEnvironment", ["kms:Decrypt"], scope.keyArn, through("lambda")),
    allow("Log", ["logs:CreateLogStream", "logs:PutLogEvents"], `${scope.logGroupArn}:*`),
    // X-Ray has no resources either.
    allow("Trace", ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "*"),
  ];
}
