/** All bad configs of the tables. */
import { accessCases } from "./access.ts";
import { alarmsCases } from "./alarms.ts";
import { backupCases } from "./backup.ts";
import type { BadConfig } from "./badConfig.ts";
import { betweenAreasCases } from "./betweenAreas.ts";
import { dataCases } from "./data.ts";
import { edgeCases } from "./edge.ts";
import { environmentCases } from "./environment.ts";
import { failoverCases } from "./failover.ts";
import { hostsCases } from "./hosts.ts";
import { kubernetesCases, metadataCases, pathCases } from "./kubernetes.ts";
import { rollbackCases } from "./rollback.ts";

/** Every table's. */
export const badConfigs: readonly BadConfig[] = [
  ...accessCases,
  ...alarmsCases,
  ...backupCases,
  ...betweenAreasCases,
  ...dataCases,
  ...edgeCases,
  ...environmentCases,
  ...failoverCases,
  ...hostsCases,
  ...kubernetesCases,
  ...metadataCases,
  ...pathCases,
  ...rollbackCases,
];
