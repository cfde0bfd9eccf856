/** What the function of a rollback may do: its calls, and nothing besides. */

/** What a statement is about. */
interface FunctionScope {
  readonly region: string;
  readonly ruleArn: string;
  readonly latchArn: string;
  readonly topicArn: string;
  /** Key of the topic. */
  readonly topicKeyArn: string;
  readonly deadLettersArn: string;
  /** Key of the function's environment, logs and dead letters. */
  readonly keyArn: string;
  readonly logGroupArn: string;
}

interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Statements of the function's role. Pure. */
export function functionStatements(scope: FunctionScope): Statement[] {
  const allow = (Sid: string, Action: readonly string[], Resource: string): Statement => ({ Sid, Effect: "Allow", Action, Resource });
  const through = (service: string) => ({ StringEquals: { "kms:ViaService": `${service}.${scope.region}.amazonaws.com` } });
  return [
    allow("MoveTraffic", ["elasticloadbalancing:ModifyRule"], scope.ruleArn),
    // AWS knows no resources for reads of the load balancer.
    allow("ReadTraffic", ["elasticloadbalancing:DescribeRules", "elasticloadbalancing:DescribeTargetHealth"], "*"),
    allow("Latch", ["ssm:GetParameter", "ssm:PutParameter"], scope.latchArn),
    allow("Tell", ["sns:Publish"], scope.topicArn),
    { ...allow("EncryptMessage", ["kms:Decrypt", "kms:GenerateDataKey"], scope.topicKeyArn), Condition: through("sns") },
    allow("KeepFailed", ["sqs:SendMessage"], scope.deadLettersArn),
    { ...allow("EncryptFailed", ["kms:Decrypt", "kms:GenerateDataKey"], scope.keyArn), Condition: through("sqs") },
    { ...allow("ReadEnvironment", ["kms:Decrypt"], scope.keyArn), Condition: through("lambda") },
    allow("Log", ["logs:CreateLogStream", "logs:PutLogEvents"], `${scope.logGroupArn}:*`),
    // X-Ray has no resources either.
    allow("Trace", ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "*"),
  ];
}
