/** `slipway drill colour`: a canary fails, an alarm takes its traffic back; then the live colour dies as well. */
import { failingTargets } from "../../components/rollback/contract.ts";
import { latchedChanges } from "../../infra/config/latchedChanges.ts";
import { otherColour } from "../../infra/config/release.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { resolvedConfig } from "../../ops/config/show.ts";
import { findProject, stackFilePath } from "../../ops/project/project.ts";
import { UserError } from "../../ops/userError.ts";
import { ColourExercise } from "./colourExercise.ts";
import { type ColourStage, onColourStage } from "./colourStage.ts";
import { loseLiveColour, assumed as lossAssumed, strandCandidate } from "./liveColourLoss.ts";
import type { DrillOptions } from "./options.ts";
import { type DrillFigure, type DrillReport, sure, timed, verdictOf } from "./report.ts";

/** What the drill assumes and does not measure, but for what the options say. */
const assumed = {
  /** Until CloudWatch has the metrics of a minute. */
  metricSeconds: 60,
  ...lossAssumed,
} as const;

/** Seconds that the runbook gives an automatic rollback, from the alarm on. */
const rollbackSeconds = 30;

/** One exercise. */
export interface ColourDrill {
  readonly stack: string;
  readonly service: string;
  readonly config: StackConfig;
  /** Share of the candidate, percent. */
  readonly weight: number;
  readonly requestsPerMinute: number;
  /** The candidate's tasks fail their health checks, too; without it an alarm has to see the errors. */
  readonly failsHealthChecks: boolean;
}

/** The colour drill. @throws UserError for a service that nothing rolls back, and for figures that are none */
export async function colourDrill({ stack, service, weight, requestsPerMinute, failHealthChecks }: DrillOptions): Promise<DrillReport> {
  const config = resolvedConfig(stackFilePath(findProject(), stack));
  const drill: ColourDrill = {
    ...{
      stack: stack ?? "",
      config,
      service: service ?? (config.autoRollback.api ? "api" : (Object.keys(config.autoRollback)[0] ?? "api")),
    },
    weight: wholeFrom("--weight", weight, 25, 100),
    requestsPerMinute: wholeFrom("--requests-per-minute", requestsPerMinute, 600),
    failsHealthChecks: failHealthChecks !== undefined,
  };
  refuseWithoutRollback(drill);
  return onColourStage(drill, (stage) => exerciseColours(drill, stage));
}

function wholeFrom(flag: string, text: string | undefined, otherwise: number, most = 10_000_000): number {
  const number = text === undefined ? otherwise : Number(text);
  if (!Number.isInteger(number) || number < 1 || number > most)
    throw new UserError(`${flag} is ${text}; give a whole number from 1 to ${most}.`, 2);
  return number;
}

/** @throws UserError that says what a failing candidate would do to this service */
export function refuseWithoutRollback({ stack, service, config, weight }: ColourDrill): void {
  const names = Object.keys(config.autoRollback);
  if (config.services[service] === undefined)
    throw new UserError(`${stack} has no service ${service}. With automatic rollback: ${names.join(", ") || "none"}.`, 2);
  const settings = config.autoRollback[service];
  if (settings?.action === "rollBack") return;
  const why =
    settings === undefined
      ? `slipway:autoRollback does not name ${service}. It names: ${names.join(", ") || "none"}.`
      : `slipway:autoRollback.${service}.action is hold, which only keeps a candidate from getting more.`;
  const then = `A candidate with ${weight} % that fails would go on failing ${weight} % of the users until a person sets release.candidateWeight to 0.`;
  throw new UserError(`There is nothing to exercise: ${why}\n${then}`, 2);
}

/** Runs the whole exercise. @throws UserError when the service is not ready for a canary */
export async function exerciseColours(drill: ColourDrill, stage: ColourStage): Promise<DrillReport> {
  const { stack, service, config, weight, requestsPerMinute, failsHealthChecks } = drill;
  const { live } = stage;
  const candidate = otherColour(live);
  for (const colour of [live, candidate])
    if (stage.tasks(colour) === 0)
      throw new UserError(`${colour} of ${service} runs no task. Give it an image and capacity: full, then: slipway up --stack ${stack}`);
  if ((await stage.latch()) !== undefined)
    throw new UserError(
      `A rollback of ${service} waits for somebody to look. Then: slipway rollback acknowledge --stack ${stack} --service ${service}`,
    );
  const startedAt = new Date().toISOString();
  const { intervalSeconds, unhealthyThreshold } = config.services[service]?.healthCheck ?? { intervalSeconds: 30, unhealthyThreshold: 3 };
  const unhealthySeconds = failsHealthChecks ? intervalSeconds * unhealthyThreshold : undefined;
  const exercise = new ColourExercise(stage, { requestsPerMinute, metricSeconds: assumed.metricSeconds, unhealthySeconds });
  const figures: DrillFigure[] = [];
  const shares = () => {
    const { blue, green } = stage.weights();
    return `blue ${blue}, green ${green}`;
  };
  const wanted = live === "blue" ? "blue 100, green 0" : "blue 0, green 100";

  exercise.say(`${service} answers, ${shares()}`);
  exercise.pass(30);
  stage.openCanary(weight);
  exercise.say(`a canary is opened: ${shares()}`);
  exercise.pass(60);
  exercise.fail(candidate);
  exercise.say(`every answer of ${candidate} is an error${failsHealthChecks ? ", and so are its health checks" : ""}`);
  const failedAt = exercise.second;
  const within = triggerSeconds(drill, unhealthySeconds);
  const rung = exercise.passUntilRung(({ name }) => stage.triggers.has(name), Math.max(2 * within, 3600));
  figures.push(timed("first error to the alarm", rung && { seconds: rung.second - failedAt, name: rung.name }, within));
  if (rung === undefined) {
    exercise.say("no alarm of the rollback has gone off: somebody has to set release.candidateWeight to 0");
  } else {
    exercise.say(`${rung.name} goes off`);
    const before = stage.weights();
    const { outcome, milliseconds, functionMilliseconds } = await stage.fire(rung.name, `${candidate} fails, in an exercise.`);
    exercise.pass(Math.ceil(milliseconds / 1000), before);
    exercise.say(`the function says ${outcome}; read back: ${shares()}`);
    const { blue, green } = stage.weights();
    const ofFunction = functionMilliseconds === undefined ? "" : `, ${functionMilliseconds} ms of it the function`;
    figures.push(
      sure(
        "alarm to verified weight 0, measured in the simulated cloud",
        milliseconds <= rollbackSeconds * 1000 && outcome === "rolledBack",
        `${milliseconds} ms${ofFunction}`,
        `at most ${rollbackSeconds} s`,
      ),
      sure("weights after the rollback", { blue, green }[candidate] === 0 && { blue, green }[live] > 0, shares(), wanted),
    );
  }
  const most = (weight / 100) * (within + rollbackSeconds);
  figures.push(
    sure("users are served again", exercise.failingShare === 0),
    sure("lost: share of users times seconds", exercise.lost <= most, lostIn(exercise.lost), `at most ${lostIn(most)}`),
  );
  if (rung !== undefined) {
    figures.push(...(await tryToUndo(drill, stage, exercise)));
    exercise.pass(600);
    figures.push(...(await loseLiveColour(service, stage, exercise)));
    figures.push(...(await strandCandidate(weight, stage, exercise)));
  }
  figures.push(
    {
      name: "requests, assumed",
      value: `${requestsPerMinute} a minute of this service alone, ${Math.round((requestsPerMinute * weight) / 100)} of them of ${candidate}; judged from ${config.alarms.requests.minimumRequests} on`,
    },
    { name: "CloudWatch has a minute's metrics, assumed", value: `${assumed.metricSeconds} s later` },
    { name: "health checks of a task that fails, assumed", value: failsHealthChecks ? "fail too" : "pass: only users see the errors" },
    { name: "people decide, tasks start again, assumed", value: `${assumed.decide} s and ${assumed.restart} s` },
  );
  return { drill: "colour", stack, startedAt, events: exercise.events, figures, verdict: verdictOf(figures) };
}

/** Seconds from the first error within which config has an alarm: its minutes, the one that has begun, and the metrics' way. */
export function triggerSeconds({ service, config }: Pick<ColourDrill, "service" | "config">, unhealthySeconds?: number): number {
  const settings = config.autoRollback[service];
  const ways = [
    ...(settings?.errorRate === undefined ? [] : [settings.errorRate.minutes * 60]),
    ...(settings?.healthFailures === true && unhealthySeconds !== undefined ? [unhealthySeconds + failingTargets.ofMinutes * 60] : []),
  ];
  return Math.min(...ways, 3600) + 60 + assumed.metricSeconds;
}

function lostIn(seconds: number): string {
  return `${Math.round(seconds * 10) / 10} s of a whole outage`;
}

/** An update that still wants the canary is refused, until somebody has looked. */
async function tryToUndo(drill: ColourDrill, stage: ColourStage, exercise: ColourExercise): Promise<DrillFigure[]> {
  const { stack, service, config, weight } = drill;
  const settings = config.services[service];
  if (settings === undefined) return [];
  const open = { services: { [service]: { ...settings, release: { ...settings.release, live: stage.live, candidateWeight: weight } } } };
  const refused = async () => {
    const latch = await stage.latch();
    return latchedChanges(open, latch === undefined ? [] : [{ service, region: config.aws.region, latch }], stack).length > 0;
  };
  const first = sure("an update that opens the canary again is refused", await refused());
  exercise.pass(60);
  const latch = await stage.latch();
  if (latch !== undefined) await stage.acknowledge(latch);
  exercise.say(`a stale update is ${first.holds ? "refused by the latch" : "NOT refused"}; somebody looks, and acknowledges`);
  return [first, sure("the same update is let go on when somebody has acknowledged", !(await refused()))];
}
