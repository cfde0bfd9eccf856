/** Query insights of a PostgreSQL instance. */
import type { InstanceArgs } from "@pulumi/aws/rds/instance.js";
import type { Accepted } from "../contract/accepted.ts";
import { advancedInsightsDays, type postgresReplica } from "./contract.ts";

/** What an instance is told: days above a week are those of Database Insights' advanced mode. */
export function insights(days: Accepted<typeof postgresReplica>["insightsDays"]): Partial<InstanceArgs> {
  return {
    performanceInsightsRetentionPeriod: days,
    ...(days === advancedInsightsDays ? { databaseInsightsMode: "advanced" } : {}),
  };
}
