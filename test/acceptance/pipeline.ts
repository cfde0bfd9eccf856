/** Runs of `.github/workflows/deploy.yml` with the real AWS provider and the state in a bucket: the scenarios of `npm test`, and the long ones. */
import { resolvedConfig } from "../../ops/config/show.ts";
import { type Project, stackFilePath } from "../../ops/project/project.ts";
import { Repository } from "../harness/pipeline/repository.ts";
import { scenarios } from "../harness/pipeline/scenarios.ts";
import type { AwsServer } from "./awsServer.ts";
import { type Checks, Stopped } from "./checks.ts";
import { RealMachine } from "./pipelineMachine.ts";
import { StatePlace } from "./statePlace.ts";

const zoneId = "Z0ACCEPTANCEPIPE";

/** What the checks work with. */
export interface PipelineOptions {
  readonly checks: Checks;
  readonly server: AwsServer;
  /** The real provider plugin. */
  readonly plugin: string;
  readonly copied: () => Project;
  /** What undoes what was started, should the acceptance be broken off. */
  readonly cleanUps: (() => void)[];
}

/** From an empty bucket to a stack that is gone. Failures are printed, not thrown. */
export async function pipelineChecks({ checks, server, plugin, copied, cleanUps }: PipelineOptions): Promise<void> {
  const { aws, dns } = resolvedConfig(stackFilePath(copied(), "staging"));
  const account = server.account(aws.accountId, aws.region);
  await server.makeZone(aws.accountId, zoneId, dns.zone);
  const place = new StatePlace(account, "acceptance-pipeline", aws.region);
  const machine = new RealMachine({
    account,
    plugin,
    zoneId,
    copied,
    backend: place.address,
    secretsProvider: place.secretsProvider,
    started: (deployment) => cleanUps.push(() => deployment.kill()),
  });
  try {
    await checks.required("pipeline: the stack is there, made by a person", async () => {
      await place.make();
      return `${await machine.create()} resources`;
    });
    const repository = new Repository(machine);
    cleanUps.push(() => repository.remove());
    await repository.start();
    // Each goes on where the one before has ended: after a failure the rest means nothing.
    for (const { title, run } of scenarios) await checks.required(`pipeline: ${title}`, () => run(repository));
    await checks.check("pipeline: the stack is destroyed", async () => `${await machine.destroy(repository.checkout())} resources`);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    console.log(`stopped  ${error.message}`);
  }
}
