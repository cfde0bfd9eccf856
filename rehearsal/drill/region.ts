/** `slipway drill region`: lose the primary, let the next region take over, take writes there, lose that too, and go back. */

import {
  approvalRegion,
  carriedServices,
  failoverDomain,
  failsOver,
  readOnlyParameter,
  regionRoles,
  switchName,
} from "../../components/environment/contract/failover.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { resolvedConfig } from "../../ops/config/show.ts";
import { findProject, stackFilePath } from "../../ops/project/project.ts";
import { UserError } from "../../ops/userError.ts";
import { onCopiedCloud } from "./copiedCloud.ts";
import type { DrillOptions } from "./options.ts";
import { RegionExercise } from "./regionExercise.ts";
import { type DrillFigure, type DrillReport, verdictOf } from "./report.ts";

/** Seconds that a person is taken to need before an approval, and to promote a database: assumed, not measured. */
export interface AssumedSeconds {
  /** Until somebody approves. @default 300 */
  readonly approval?: number;
  /** Until a promoted replica takes writes and the tasks have started again. @default 900 */
  readonly promotion?: number;
}

/** The region drill. @throws UserError for a stack of one region, and for figures that are none */
export async function regionDrill({ stack, approvalSeconds, promotionSeconds }: DrillOptions): Promise<DrillReport> {
  const config = resolvedConfig(stackFilePath(findProject(), stack));
  if (!failsOver(config)) throw new UserError(`${stack} runs in one region: slipway:failover has no secondary.`, 2);
  const assumed = {
    approval: secondsOf("--approval-seconds", approvalSeconds, 300),
    promotion: secondsOf("--promotion-seconds", promotionSeconds, 900),
  };
  return onCopiedCloud(stack ?? "", (live) =>
    exerciseRegions(stack ?? "", config, new RegionExercise(live, placeOf(config, stack ?? "")), assumed),
  );
}

function secondsOf(flag: string, text: string | undefined, otherwise: number): number {
  const seconds = text === undefined ? otherwise : Number(text);
  if (!Number.isInteger(seconds) || seconds < 0) throw new UserError(`${flag} is ${text}; give whole seconds.`, 2);
  return seconds;
}

/** What the exercise has to know of a stack. @param stack its name */
export function placeOf(config: StackConfig, stack: string) {
  const { intervalSeconds, failureThreshold } = config.failover.check;
  return {
    account: config.aws.accountId,
    domain: failoverDomain(config),
    switchRegion: approvalRegion(config),
    stack,
    readOnlyParameter: readOnlyParameter(config),
    detectionSeconds: intervalSeconds * failureThreshold,
  };
}

/** Runs the whole exercise. @throws UserError when the stack is not up */
export function exerciseRegions(stack: string, config: StackConfig, exercise: RegionExercise, assumed: AssumedSeconds = {}): DrillReport {
  const { approval = 300, promotion = 900 } = assumed;
  const roles = regionRoles(config);
  const [primary, secondary, tertiary] = roles;
  if (primary === undefined || secondary === undefined) throw new UserError(`${stack} runs in one region.`);
  if (exercise.answering !== primary.region)
    throw new UserError(`The simulated ${stack} does not answer from ${primary.region}. Make it first: slipway up --stack ${stack}`);
  const startedAt = new Date().toISOString();
  const bound = exercise.detectionSeconds + exercise.cacheSeconds;
  const figures: DrillFigure[] = [];
  const timed = (name: string, seconds: number, most?: number) =>
    figures.push({ name, value: `${seconds} s`, ...(most === undefined ? {} : { bound: `at most ${most} s`, holds: seconds <= most }) });
  const sure = (name: string, holds: boolean) => figures.push({ name, value: holds ? "yes" : "no", bound: "yes", holds });
  const leave = (from: typeof primary, to: string) => {
    const lostAt = exercise.second;
    exercise.lose(from.region);
    exercise.passUntilSettled();
    if (from.policy === "manual_approval") {
      sure(`${from.region} is not left before an approval`, exercise.answering === from.region);
      exercise.pass(Math.max(0, approval - (exercise.second - lostAt)));
      exercise.flip(switchName(config, "approve", from.region), true, `somebody approves leaving ${from.region}`);
      const approvedAt = exercise.second;
      exercise.passUntilSettled();
      timed(`approval to the last user in ${to}`, exercise.second - approvedAt, exercise.switchSeconds + exercise.cacheSeconds);
    } else timed(`loss of ${from.region} to the last user in ${to}`, exercise.second - lostAt, bound);
    sure(`users are in ${to}`, exercise.answering === to);
    return lostAt;
  };
  exercise.begin();
  exercise.pass(10);
  const lostAt = leave(primary, secondary.region);
  exercise.flip(
    switchName(config, "withdraw", primary.region),
    true,
    `${primary.region} is withdrawn, so that it cannot come back with old data`,
  );
  exercise.passUntilSettled();
  exercise.pass(promotion);
  exercise.promote(secondary.region);
  timed(`loss of ${primary.region} to writes in ${secondary.region}`, exercise.second - lostAt, restoreSeconds(config));
  if (tertiary !== undefined) {
    // Its replica is the first region's and knows nothing of what was written since: it serves reads and is not promoted.
    leave(secondary, tertiary.region);
    sure(`${tertiary.region} takes no writes`, !exercise.writes(tertiary.region));
    exercise.recover(secondary.region, false);
    exercise.passUntilSettled();
    sure(`${secondary.region} came back and has its users again`, exercise.answering === secondary.region);
    if (secondary.policy === "manual_approval")
      exercise.flip(switchName(config, "approve", secondary.region), false, `the approval to leave ${secondary.region} is revoked`);
  }
  exercise.recover(primary.region, true);
  exercise.passUntilSettled();
  sure(`${primary.region} came back and took no users`, exercise.answering === secondary.region);
  exercise.failBack(primary.region, secondary.region, promotion);
  exercise.flip(switchName(config, "withdraw", primary.region), false, `${primary.region} is restored`);
  const restoredAt = exercise.second;
  exercise.passUntilSettled();
  timed(`restoring to the last user in ${primary.region}`, exercise.second - restoredAt, exercise.switchSeconds + exercise.cacheSeconds);
  sure(`users are in ${primary.region}`, exercise.answering === primary.region);
  sure("at no second could two regions that take writes be reached", exercise.secondsWithTwoWriters === 0);
  figures.push({ name: "approval and promotion by people", value: `${approval} s and ${promotion} s, assumed` });
  return { drill: "region", stack, startedAt, events: exercise.events, figures, verdict: verdictOf(figures) };
}

/** Seconds that the strictest database of the services that fail over may be away. @returns undefined where there is none */
function restoreSeconds(config: StackConfig): number | undefined {
  const used = carriedServices(config).flatMap((service) => config.services[service]?.connects.databases ?? []);
  const minutes = used.flatMap((name) => {
    const recoveryClass = config.databases[name]?.recoveryClass;
    return recoveryClass === undefined ? [] : [config.backup.classes[recoveryClass].rtoMinutes];
  });
  return minutes.length === 0 ? undefined : Math.min(...minutes) * 60;
}
