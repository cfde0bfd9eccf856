/** Log groups of a PostgreSQL instance. */
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { type Input, interpolate } from "@pulumi/pulumi";
import type { Component } from "../component.ts";

/** Logs that an instance sends to CloudWatch. */
export const exportedLogs: readonly string[] = ["postgresql", "upgrade"];

/** What the log groups of an instance are made from. */
interface PostgresLogsSettings {
  /** Identifier of the instance. */
  readonly identifier: Input<string>;
  readonly keyArn: Input<string>;
  /** Days that logs are kept. */
  readonly logRetentionDays: number;
}

/** There before RDS makes its own, which would be kept for ever and not encrypted with the key. */
export function postgresLogGroups(name: string, settings: PostgresLogsSettings, owner: Component): LogGroup[] {
  const { identifier, keyArn, logRetentionDays } = settings;
  return exportedLogs.map((log) =>
    owner.child(LogGroup, `${name}-${log}`, {
      name: interpolate`/aws/rds/instance/${identifier}/${log}`,
      retentionInDays: logRetentionDays,
      kmsKeyId: keyArn,
    }),
  );
}
