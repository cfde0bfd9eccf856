/** Log groups of a PostgreSQL instance. */
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { type ComponentResource, type Input, interpolate } from "@pulumi/pulumi";
import type { Tagged } from "../regional.ts";
import { named } from "../tags.ts";

/** Logs that an instance sends to CloudWatch. */
export const exportedLogs: readonly string[] = ["postgresql", "upgrade"];

/** What the log groups of an instance are made from. */
interface PostgresLogsSettings extends Tagged {
  readonly region: string;
  /** Identifier of the instance. */
  readonly identifier: Input<string>;
  readonly keyArn: Input<string>;
  /** Days that logs are kept. */
  readonly logRetentionDays: number;
}

/** There before RDS makes its own, which would be kept for ever and not encrypted with the key. */
export function postgresLogGroups(name: string, settings: PostgresLogsSettings, parent: ComponentResource): LogGroup[] {
  const { region, identifier, keyArn, logRetentionDays, tags } = settings;
  return exportedLogs.map(
    (log) =>
      new LogGroup(
        `${name}-${log}`,
        {
          region,
          name: interpolate`/aws/rds/instance/${identifier}/${log}`,
          retentionInDays: logRetentionDays,
          kmsKeyId: keyArn,
          tags: named(`${name}-${log}`, tags),
        },
        { parent },
      ),
  );
}
