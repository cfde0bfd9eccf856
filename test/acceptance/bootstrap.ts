/** `bootstrap/` with the real provider: an account is prepared, prepared again without a change, and emptied, once its protection is taken away. */
import type { Project } from "../../ops/project/project.ts";
import type { AwsServer } from "./awsServer.ts";
import { type Checks, expect, Stopped } from "./checks.ts";
import { changed, Deployment, expectClean, type Outcome, outcomeOf, unattended } from "./deployment.ts";
import { leftovers } from "./live.ts";

const stack = "account";
const [accountId, region, replicaRegion] = ["123456789012", "us-east-1", "us-west-2"];

/** What the checks work with. */
export interface BootstrapOptions {
  readonly checks: Checks;
  readonly server: AwsServer;
  /** The real provider plugin. */
  readonly plugin: string;
  /** A copy of `bootstrap/`, with its state. */
  readonly project: Project;
  /** What undoes what was started, should the acceptance be broken off. */
  readonly cleanUps: (() => void)[];
}

/** From an empty account to an empty account. Failures are printed, not thrown. */
export async function bootstrapChecks({ checks, server, plugin, project, cleanUps }: BootstrapOptions): Promise<void> {
  const [account, replica] = [server.account(accountId, region), server.account(accountId, replicaRegion)];
  const sharedState = `file://${project.folder}`;
  const environment = { ...account.environment, PULUMI_CONFIG_PASSPHRASE: "acceptance" };
  const deployment = new Deployment({ project, stack, plugin, environment, sharedState });
  cleanUps.push(() => deployment.kill());
  const run = async (command: string): Promise<Outcome> => outcomeOf(await deployment.engine(command, ...unattended));
  let made: number | undefined;
  try {
    await checks.required("bootstrap: an account is prepared", async () => {
      const init = await deployment.engine("stack", "init");
      expect(init.exitCode === 0, init.stdout + init.stderr);
      const outcome = await run("up");
      expectClean(outcome);
      const [{ Buckets }] = await account.call<[{ readonly Buckets: readonly { readonly Name: string }[] }]>(["s3", "list_buckets", {}]);
      made = outcome.changes.create;
      return `${made} resources; ${Buckets.map(({ Name }) => Name).join(", ")}`;
    });
    await checks.check("bootstrap: prepared again, nothing changes", async () => {
      const outcome = await run("up");
      expectClean(outcome);
      expect(changed(outcome) === 0, outcome.touched.join("\n"));
      return `${outcome.changes.same} unchanged`;
    });
    await checks.check("bootstrap: what holds states is not destroyed by mistake", async () => {
      // With its preview, as a person runs it: the preview fails, and nothing is begun.
      const { exitCode, stdout, stderr } = await deployment.engine("destroy", "--non-interactive", "--yes");
      expect(exitCode !== 0 && stdout.includes("protect"), stdout + stderr);
      const { same } = (await run("up")).changes;
      expect(same === made, `${same} of ${made} resources are as they were`);
      return `${same} unchanged`;
    });
    await checks.check("bootstrap: unprotected, it is destroyed, and nothing is left in both regions", async () => {
      const unprotected = await deployment.engine("state", "unprotect", "--all", "--yes");
      expect(unprotected.exitCode === 0, unprotected.stdout + unprotected.stderr);
      const outcome = await run("destroy");
      expectClean(outcome);
      const left = [...(await leftovers(account)), ...(await leftovers(replica))];
      expect(left.length === 0, left.join("\n"));
      return `${outcome.changes.delete} resources`;
    });
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    console.log(`stopped  ${error.message}`);
  }
}
