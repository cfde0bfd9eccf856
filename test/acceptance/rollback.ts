/** The function of the automatic rollback, as it was deployed, over HTTP against the API server; and the latch that it leaves. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FunctionProcess, type Invocation } from "../../sandbox/functions/functionProcess.ts";
import type { Properties } from "../../sandbox/provider/values.ts";
import type { AwsAccount } from "./awsServer.ts";
import { type Checks, expect } from "./checks.ts";
import { type Deployment, expectClean } from "./deployment.ts";
import { liveWeights, setLiveWeights } from "./live.ts";

/** What the function is told beforehand. */
interface Settings {
  readonly ruleArn: string;
  readonly latch: string;
}

const runs = 50;
const weight = "services.api.release.candidateWeight";

/** All checks of a stack whose service `api` has blue live and green open. */
export async function rollbackChecks(checks: Checks, deployment: Deployment, account: AwsAccount): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-rollback-"));
  const { live, settings } = await deployedFunction(deployment);
  const place = {
    folder,
    apiUrl: account.environment.AWS_ENDPOINT_URL ?? "",
    accessKeyId: account.environment.AWS_ACCESS_KEY_ID ?? "",
  };
  const made = await FunctionProcess.start(live, place);
  const latch = async () => {
    const [answer] = await account.call<[{ readonly Parameter: { readonly Value: string } }]>([
      "ssm",
      "get_parameter",
      { Name: settings.latch },
    ]);
    return JSON.parse(answer.Parameter.Value) as Readonly<Record<string, unknown>>;
  };
  try {
    await checks.check(`an alarm takes all traffic from the candidate, ${runs} times`, async () => {
      const taken: number[] = [];
      for (let run = 0; run < runs; run++) {
        // What the function does is looked at from outside in the first and the last run; the others believe its own reading.
        await moveTo25(account, settings.ruleArn);
        const { outcome, milliseconds } = resultOf(await made.invoke(alarmEvent(run)));
        expect(outcome === "rolledBack", `run ${run}: ${outcome}`);
        taken.push(milliseconds);
        if (run > 0 && run < runs - 1) continue;
        const { blue, green } = await liveWeights(account, settings.ruleArn);
        expect(blue === 100 && green === 0, `live: blue ${blue}, green ${green}`);
      }
      taken.sort((a, b) => a - b);
      const p95 = taken[Math.ceil(0.95 * runs) - 1] ?? Number.NaN;
      expect(p95 < 30_000, `p95 ${p95} ms`);
      return `event to verified weight 0: p50 ${taken[Math.ceil(runs / 2) - 1]} ms, p95 ${p95} ms, most ${taken.at(-1)} ms`;
    });
    await checks.check("the latch says what happened", async () => {
      const { state, candidate, before, notified } = await latch();
      expect(state === "set" && candidate === "green" && notified === true, JSON.stringify(await latch()));
      return JSON.stringify(before);
    });
    await checks.check("a stale update is refused", async () => {
      deployment.edit({ [weight]: 25 });
      const { exitCode, problems } = await deployment.up();
      expect(exitCode !== 0, "it was not refused");
      expect(problems.join("\n").includes("slipway rollback acknowledge"), problems.join("\n"));
      const { green } = await liveWeights(account, settings.ruleArn);
      expect(green === 0, `green has ${green} %`);
      return "";
    });
    await checks.check("the commands ask the account itself for the latch, and a person's word opens it", async () => {
      // The word is refused while the config still gives the candidate its share.
      deployment.edit({ [weight]: 0 });
      const shown = await deployment.own("status");
      expect(
        shown.exitCode === 1 && shown.stdout.includes("slipway rollback acknowledge --stack staging --real aws --service api"),
        shown.stdout + shown.stderr,
      );
      const said = await deployment.own("rollback", "acknowledge", "--service", "api");
      expect(said.exitCode === 0, said.stdout + said.stderr);
      const { state, acknowledgedBy } = await latch();
      expect(state === "clear", JSON.stringify(await latch()));
      return `by ${acknowledgedBy}`;
    });
    await checks.check("after the acknowledgement it is made", async () => {
      deployment.edit({ [weight]: 25 });
      expectClean(await deployment.up());
      const { green } = await liveWeights(account, settings.ruleArn);
      expect(green === 25, `green has ${green} %`);
      return "";
    });
  } finally {
    made.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The function with code and environment as the engine sent them. */
export async function deployedFunction(deployment: Deployment) {
  const resources = await deployment.exported();
  const found = resources.find(({ type, urn }) => type === "aws:lambda/function:Function" && urn.endsWith("-use1-api-rollback"));
  const inputs = found?.inputs as (Properties & { readonly environment: { readonly variables: Record<string, string> } }) | undefined;
  const text = inputs?.environment.variables.SLIPWAY_ROLLBACK;
  expect(found !== undefined && inputs !== undefined && text !== undefined, "the stack has no function use1-api-rollback");
  const live = { type: found.type, id: found.id, scope: "", properties: { ...inputs, name: found.id }, createdFor: found.urn };
  return { live, settings: JSON.parse(text) as Settings };
}

async function moveTo25(account: AwsAccount, rule: string): Promise<void> {
  await setLiveWeights(account, rule, { blue: 75, green: 25 });
}

export function alarmEvent(run: number) {
  const time = new Date().toISOString();
  const state = { value: "ALARM", reason: "Threshold Crossed: 5 datapoints were greater than the threshold (5.0).", timestamp: time };
  return { id: `run-${run}`, time, detail: { alarmName: "api-rollback-error-rate", previousState: { value: "OK" }, state } };
}

export function resultOf(invocation: Invocation): { readonly outcome: string; readonly milliseconds: number } {
  if ("error" in invocation) throw new Error(invocation.error);
  return invocation.result as { readonly outcome: string; readonly milliseconds: number };
}
