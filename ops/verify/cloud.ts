/** What a verification asks of AWS. It changes nothing. */
import type { Aws } from "../aws/aws.ts";

/** One load balancer's object in one region. */
export interface Place {
  readonly region: string;
  readonly arn: string;
}

/** Kinds of databases that tell their own state. */
export type DatabaseKind = "rds instance" | "docdb cluster" | "docdb instance" | "dynamodb table";

/** One database, or one of its servers. */
export interface DatabasePlace {
  readonly kind: DatabaseKind;
  readonly region: string;
  /** As AWS calls it: an identifier, or a table's name. */
  readonly identifier: string;
}

/** Targets of one group. */
export interface TargetHealth {
  readonly healthy: number;
  readonly all: number;
}

/** Each question throws a UserError when it cannot be answered. */
export type VerifiedCloud = ReturnType<typeof verifiedCloud>;

/** What a verification asks of AWS, each question by itself. */
export function verifiedCloud(aws: Aws) {
  return {
    /** Weights of the first action of a rule, by target group. */
    async weights({ arn, region }: Place): Promise<ReadonlyMap<string, number>> {
      const elb = await aws.client("elbv2", region);
      const { Rules = [] } = await aws.told(`The rule ${arn} cannot be read`, elb.describeRules({ RuleArns: [arn] }));
      const [action] = Rules[0]?.Actions ?? [];
      const groups = action?.ForwardConfig?.TargetGroups ?? [];
      if (groups.length === 0 && action?.TargetGroupArn !== undefined) return new Map([[action.TargetGroupArn, 1]]);
      return new Map(groups.map(({ TargetGroupArn = "", Weight = 1 }) => [TargetGroupArn, Weight]));
    },

    async targetHealth({ arn, region }: Place): Promise<TargetHealth> {
      const elb = await aws.client("elbv2", region);
      const asked = elb.describeTargetHealth({ TargetGroupArn: arn });
      const { TargetHealthDescriptions: all = [] } = await aws.told(`Targets of ${arn} cannot be read`, asked);
      return { healthy: all.filter(({ TargetHealth }) => TargetHealth?.State === "healthy").length, all: all.length };
    },

    /** State as AWS words it: `available`, `ACTIVE`, `restoring`… */
    async databaseState(database: DatabasePlace): Promise<string> {
      const state = await aws.told(`The ${database.kind} ${database.identifier} cannot be read`, databaseState(aws, database));
      return state ?? "unknown";
    },

    /** Names of the region's alarms that ring. @param prefix beginning of the names of the stack's own */
    async ringing(region: string, prefix: string): Promise<readonly string[]> {
      const cloudWatch = await aws.client("cloudWatch", region);
      const listed = cloudWatch.paginateDescribeAlarms({
        ...{ StateValue: "ALARM", AlarmNamePrefix: prefix, AlarmTypes: ["MetricAlarm", "CompositeAlarm"] },
      });
      const pages = await aws.told(`Alarms of ${region} cannot be read`, Array.fromAsync(listed));
      const alarms = pages.flatMap(({ MetricAlarms = [], CompositeAlarms = [] }) => [...MetricAlarms, ...CompositeAlarms]);
      return alarms.map(({ AlarmName }) => AlarmName).filter((name) => name !== undefined);
    },
  };
}

async function databaseState(aws: Aws, { kind, region, identifier }: DatabasePlace): Promise<string | undefined> {
  switch (kind) {
    case "rds instance": {
      const rds = await aws.client("rds", region);
      return (await rds.describeDBInstances({ DBInstanceIdentifier: identifier })).DBInstances?.[0]?.DBInstanceStatus;
    }
    case "docdb cluster": {
      const docdb = await aws.client("docdb", region);
      return (await docdb.describeDBClusters({ DBClusterIdentifier: identifier })).DBClusters?.[0]?.Status;
    }
    case "docdb instance": {
      const docdb = await aws.client("docdb", region);
      return (await docdb.describeDBInstances({ DBInstanceIdentifier: identifier })).DBInstances?.[0]?.DBInstanceStatus;
    }
    case "dynamodb table": {
      const dynamodb = await aws.client("dynamodb", region);
      return (await dynamodb.describeTable({ TableName: identifier })).Table?.TableStatus;
    }
  }
}
