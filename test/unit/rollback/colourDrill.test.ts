/** The drill of the colours without a cloud: the clock, what CloudWatch would say, and every way in which it has to fail. */
import { describe, expect, test } from "vitest";
import { decide } from "../../../components/rollback/function/decision.mjs";
import type { Latch } from "../../../infra/config/latch.ts";
import type { Weights } from "../../../infra/config/release.ts";
import { type ColourDrill, exerciseColours, refuseWithoutRollback, triggerSeconds } from "../../../rehearsal/drill/colour.ts";
import { ColourExercise } from "../../../rehearsal/drill/colourExercise.ts";
import type { ColourStage } from "../../../rehearsal/drill/colourStage.ts";
import type { Properties } from "../../../sandbox/provider/values.ts";
import { configOf, type Edits } from "../../harness/config.ts";

const groups = { blue: "targetgroup/blue/1", green: "targetgroup/green/2" } as const;
const names = {
  requests: "RequestCount",
  server: "HTTPCode_Target_5XX_Count",
  healthy: "HealthyHostCount",
  unhealthy: "UnHealthyHostCount",
};

/** An alarm over metrics of both colours, as the stacks have them. */
function alarm(of: readonly (keyof typeof names)[], expression: string, threshold: number, more: Properties = {}): Properties {
  const metric = (name: string, group: string) => ({
    ...{ namespace: "AWS/ApplicationELB", metricName: name, period: 60, stat: "Sum" },
    dimensions: { LoadBalancer: "app/alb/3", TargetGroup: group },
  });
  const asked = of.flatMap((id) => [
    { id: `${id}Blue`, metric: metric(names[id], groups.blue) },
    { id: `${id}Green`, metric: metric(names[id], groups.green) },
  ]);
  return {
    metricQueries: [...asked, { id: "result", expression }],
    ...{ comparisonOperator: "GreaterThanThreshold", threshold, evaluationPeriods: 1, treatMissingData: "notBreaching" },
    ...more,
  };
}

const rate = (minimum: number) =>
  `MAX([${["Blue", "Green"].map((one) => `IF(FILL(requests${one},0)>=${minimum},100*FILL(server${one},0)/FILL(requests${one},0),0)`).join(",")}])`;
const errorRate = alarm(["requests", "server"], rate(20), 5, { evaluationPeriods: 5 });
const unhealthy = alarm(["unhealthy"], "MAX([FILL(unhealthyBlue,0),FILL(unhealthyGreen,0)])", 0);
// Here of the colour with traffic alone, so that the loss of it pages.
const blueGone = alarm(["healthy"], "FILL(healthyBlue,0)", 1, {
  ...{ comparisonOperator: "LessThanThreshold", evaluationPeriods: 2, treatMissingData: "breaching" },
});
// About something that the exercise has no metrics of: it rings all the time, and counts for nothing.
const elsewhere: Properties = {
  ...{ namespace: "AWS/RDS", metricName: "FreeStorageSpace", statistic: "Minimum", period: 60, dimensions: {} },
  ...{ comparisonOperator: "LessThanThreshold", threshold: 1, evaluationPeriods: 1, treatMissingData: "breaching" },
};

interface World {
  weights: Weights;
  latch: Latch | undefined;
  readonly tasks: { blue: number; green: number };
}

/** A service in memory; the function decides as the real one does. */
function stageOf(change: (stage: ColourStage, world: World) => Partial<ColourStage> = () => ({})): ColourStage {
  const world: World = { weights: { blue: 100, green: 0 }, latch: undefined, tasks: { blue: 2, green: 2 } };
  const stage: ColourStage = {
    live: "blue",
    weights: () => world.weights,
    tasks: (colour) => world.tasks[colour],
    targetGroups: groups,
    alarms: [
      { name: "x-api-rollback-error-rate", severity: "P1", properties: errorRate },
      { name: "x-api-unhealthy-targets", severity: "P2", properties: unhealthy },
      { name: "x-api-gone", severity: "", properties: blueGone },
      { name: "x-api-p0", severity: "P0", properties: { alarmRule: 'ALARM("x-api-gone")' } },
      { name: "x-storage", severity: "P0", properties: elsewhere },
    ],
    checks: new Map(),
    triggers: new Set(["x-api-rollback-error-rate", "x-api-unhealthy-targets"]),
    openCanary: (percent) => {
      world.weights = { blue: 100 - percent, green: percent };
    },
    runTasks: (colour, tasks) => {
      world.tasks[colour] = tasks;
    },
    fire: async (name) => {
      const situation = { live: "blue", sticky: false, candidateOpen: true, action: "rollBack", event: name, latch: undefined } as const;
      const decision = decide({ ...situation, weights: world.weights, healthy: world.tasks });
      if (decision === undefined) return { outcome: "nothing", milliseconds: 900, functionMilliseconds: 100, ringing: [] };
      const { move, outcome } = decision;
      const before = world.weights;
      if (move) world.weights = { blue: 100, green: 0 };
      world.latch = {
        ...{ service: "api", alarm: name, reason: "", at: "2026-11-21T12:00:00Z", live: "blue", candidate: "green" },
        ...{ before, outcome },
      };
      const ringing = outcome === "stranded" ? ["x-api-rollback-dead-letters"] : [];
      return { outcome, milliseconds: 900, functionMilliseconds: 100, ringing };
    },
    latch: async () => world.latch,
    acknowledge: async () => {
      world.latch = undefined;
    },
  };
  return { ...stage, ...change(stage, world) };
}

const drillOf = (more: Partial<ColourDrill> = {}, edits: Edits = {}): ColourDrill => ({
  ...{ stack: "staging", service: "api", config: configOf("staging", edits), weight: 25, requestsPerMinute: 600, failsHealthChecks: false },
  ...more,
});
const broken = async (drill: ColourDrill, stage: ColourStage) => {
  const { figures, verdict } = await exerciseColours(drill, stage);
  return { verdict, broken: figures.filter(({ holds = true }) => !holds).map(({ name }) => name) };
};

describe("an exercise that goes well", () => {
  test("tells second by second what users see", async () => {
    const { events, figures, verdict } = await exerciseColours(drillOf(), stageOf());
    const value = (name: string) => figures.find((figure) => figure.name === name)?.value;
    expect(verdict).toBe("passed");
    expect(events.slice(0, 6).map(({ second, users }) => [second, users])).toEqual([
      [0, "everything works"],
      [30, "everything works"],
      [90, "25 % see errors; for the rest everything works"],
      [420, "25 % see errors; for the rest everything works"],
      [421, "everything works"],
      [481, "everything works"],
    ]);
    // The minute of the first error is half bad, which is enough; five of them, and one until CloudWatch has the last.
    expect(value("first error to the alarm")).toBe("330 s, x-api-rollback-error-rate");
    expect(value("lost: share of users times seconds")).toBe("82.8 s of a whole outage");
    // One second after a minute began, so that its minimum is good: two more, and one until CloudWatch has the last.
    expect(value("loss of both colours to an alarm of P0")).toBe("239 s, x-api-p0");
    expect(events.filter(({ users }) => users === "nobody is served")).not.toEqual([]);
    expect(events.at(-1)?.users).toBe("everything works");
  });

  test("is over sooner when the tasks fail their health checks, too", async () => {
    const { figures, verdict } = await exerciseColours(drillOf({ failsHealthChecks: true }), stageOf());
    const { intervalSeconds, unhealthyThreshold } = configOf("staging").services.api!.healthCheck;
    const first = figures.find(({ name }) => name === "first error to the alarm");
    expect(verdict).toBe("passed");
    expect(first?.value).toContain("x-api-unhealthy-targets");
    expect(Number.parseInt(first?.value ?? "", 10)).toBeLessThanOrEqual(intervalSeconds * unhealthyThreshold + 120);
  });

  test.each([1, 5, 50, 100])("a share of %i percent of the traffic is as much of the users", (weight) => {
    const stage = stageOf();
    const exercise = new ColourExercise(stage, { requestsPerMinute: 600, metricSeconds: 0, unhealthySeconds: undefined });
    stage.openCanary(weight);
    exercise.pass(100);
    expect(exercise.lost).toBe(0);
    exercise.fail("green");
    expect(exercise.failingShare).toBeCloseTo(weight / 100);
    exercise.pass(100);
    expect(exercise.lost).toBeCloseTo(weight);
  });
});

describe("an exercise fails when", () => {
  const first = "first error to the alarm";
  test("the alarm never goes off", async () => {
    const deaf = stageOf(({ alarms }) => ({
      alarms: alarms.map((one) =>
        one.name === "x-api-rollback-error-rate" ? { ...one, properties: { ...errorRate, threshold: 100 } } : one,
      ),
    }));
    expect(await broken(drillOf(), deaf)).toMatchObject({
      verdict: "failed",
      broken: expect.arrayContaining([first, "users are served again"]),
    });
  });

  test("the candidate has fewer requests than an alarm judges", async () => {
    expect((await broken(drillOf({ weight: 5, requestsPerMinute: 399 }), stageOf())).broken).toContain(first);
    expect((await broken(drillOf({ weight: 5, requestsPerMinute: 400 }), stageOf())).broken).toEqual([]);
  });

  test("the alarm comes later than config says", async () => {
    const late = stageOf(({ alarms }) => ({
      alarms: alarms.map((one) => ({
        ...one,
        properties: one.properties === errorRate ? { ...errorRate, evaluationPeriods: 9 } : one.properties,
      })),
    }));
    expect((await broken(drillOf(), late)).broken).toContain(first);
  });

  test("the function does not move the weights", async () => {
    const still = stageOf(() => ({ fire: async () => ({ outcome: "undelivered", milliseconds: 10, ringing: [] }) }));
    const found = await broken(drillOf(), still);
    expect(found.broken).toEqual(expect.arrayContaining(["weights after the rollback", "users are served again"]));
  });

  test("it takes more than the half minute of the runbook", async () => {
    const slow = stageOf(({ fire }) => ({ fire: async (name, reason) => ({ ...(await fire(name, reason)), milliseconds: 30_001 }) }));
    expect((await broken(drillOf(), slow)).broken).toContain("alarm to verified weight 0, measured in the simulated cloud");
  });

  test("no latch is left, so that a stale update opens the canary again", async () => {
    const found = await broken(
      drillOf(),
      stageOf(() => ({ latch: async () => undefined })),
    );
    expect(found.broken).toContain("an update that opens the canary again is refused");
  });

  test("nobody is woken when both colours are lost", async () => {
    const silent = stageOf(({ alarms }) => ({ alarms: alarms.filter(({ severity }) => severity !== "P0") }));
    expect((await broken(drillOf(), silent)).broken).toEqual(["loss of both colours to an alarm of P0"]);
  });

  test("a rollback gives everything to a colour that is dead", async () => {
    const blind = stageOf(({ fire }, world) => ({
      fire: async (name, reason) => {
        const fired = await fire(name, reason);
        world.weights = { blue: 100, green: 0 };
        return fired;
      },
    }));
    expect((await broken(drillOf(), blind)).broken).toEqual(["nothing is taken from green while blue has no healthy target"]);
  });
});

describe("nothing is begun", () => {
  test.each<[string, Edits, Partial<ColourDrill>, RegExp]>([
    ["with no such service", {}, { service: "x" }, /^staging has no service x\. With automatic rollback: api, web\.$/],
    [
      "without a rollback",
      { "autoRollback.api": undefined },
      {},
      /does not name api\. It names: web\.\n.* 25 % that fails would go on failing 25 %/,
    ],
    ["with one that only holds", { "autoRollback.api.action": "hold" }, {}, /autoRollback\.api\.action is hold/],
  ])("%s", (_, edits, more, message) => {
    expect(() => refuseWithoutRollback(drillOf(more, edits))).toThrow(
      expect.objectContaining({ message: expect.stringMatching(message), exitCode: 2 }),
    );
  });

  test("with a colour that runs nothing, or a rollback that nobody has looked at", async () => {
    const idle = stageOf();
    idle.runTasks("green", 0);
    await expect(exerciseColours(drillOf(), idle)).rejects.toThrow("green of api runs no task.");
    const latched = stageOf();
    await latched.fire("x-api-rollback-error-rate", "");
    await expect(exerciseColours(drillOf(), latched)).rejects.toThrow("slipway rollback acknowledge --stack staging --service api");
  });
});

test("the bound is what config says: its minutes, the one that has begun, and one until CloudWatch has it", () => {
  expect(triggerSeconds(drillOf())).toBe(300 + 60 + 60);
  expect(triggerSeconds(drillOf(), 60)).toBe(300 + 60 + 60); // five minutes of errors before six of failed checks
  expect(triggerSeconds(drillOf({}, { "autoRollback.api.healthFailures": false }), 60)).toBe(300 + 60 + 60);
});
