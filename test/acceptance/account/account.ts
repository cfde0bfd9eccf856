/** `npm run acceptance -- --account`: the account that the environment names is tried. As a part of the acceptance it is one on the API server. */
import { join } from "node:path";
import { findProject, type Project } from "../../../ops/project/project.ts";
import { copyProject, removeProject } from "../../../rehearsal/demo/demoProject.ts";
import type { AwsServer } from "../awsServer.ts";
import type { Checks } from "../checks.ts";
import { heldChecks } from "./held.ts";
import { preparedTrial, trialChecks } from "./trial.ts";
import { NoAccount, trialAccount } from "./trialAccount.ts";

/** What a trial is given. */
export interface AccountOptions {
  readonly checks: Checks;
  /** The real provider plugin. */
  readonly plugin: string;
  readonly python: string;
  /** Copies a project into a folder of its own. */
  readonly copied: (source: Project) => Project;
  readonly cleanUps: (() => void)[];
}

const project = () => findProject(join(import.meta.dirname, "stack"));

/**
 * Tries an AWS account, and costs money.
 * @param yes somebody has read what it costs
 * @throws NoAccount when the environment does not name it, the credentials are of another, or nobody has said yes: nothing was made then
 */
export async function tryAccount({ python, ...options }: AccountOptions, yes: boolean): Promise<void> {
  const account = await trialAccount(process.env, python);
  // Not copied as the others are: what may still be destroyed keeps its state, however the run ends.
  const own = copyProject(project());
  const trial = await preparedTrial({ ...options, account, project: own });
  console.log(`Account ${account.accountId}, ${account.region}, ${trial.host}; every name begins with ${trial.prefix}.\n${trial.cost}`);
  if (!yes) {
    removeProject(own);
    throw new NoAccount("Nothing was made. To go on: npm run acceptance -- --account --yes");
  }
  console.log(`Should it be broken off: cd ${own.folder} && ${trial.undo}`);
  if (await trialChecks(trial)) removeProject(own);
}

const server = { SLIPWAY_ACCOUNT_ID: "222222222201", SLIPWAY_ACCOUNT_REGION: "us-east-1" };
const zone = { SLIPWAY_ACCOUNT_ZONE: "trial.example", SLIPWAY_ACCOUNT_ZONE_ID: "Z0ACCEPTANCETRIAL" };

/** The same on the API server, where the environment says so by an endpoint. */
export async function tryServer(api: AwsServer, { python, copied, ...options }: AccountOptions): Promise<void> {
  await api.makeZone(server.SLIPWAY_ACCOUNT_ID, zone.SLIPWAY_ACCOUNT_ZONE_ID, zone.SLIPWAY_ACCOUNT_ZONE);
  const environment = { ...api.account(server.SLIPWAY_ACCOUNT_ID, server.SLIPWAY_ACCOUNT_REGION).environment, ...server, ...zone };
  const account = await trialAccount(environment, python);
  await heldChecks(options.checks, account, environment, python);
  await trialChecks(await preparedTrial({ ...options, account, project: copied(project()) }));
}
