/**
 * `npm run demo`: the staging stack, a canary from 0 to 100 percent, a relabel and a rollback, on the real engine against
 * the simulated cloud. Works on a copy of the project and leaves nothing behind but caches.
 */

import { Listr } from "listr2";
import { pulumiVariable } from "../../infra/config/commandVariables.ts";
import { resolvedConfig } from "../../ops/config/show.ts";
import { sandboxOf } from "../../ops/engine/backend.ts";
import { engineProgress } from "../../ops/engine/progress.ts";
import { Session } from "../../ops/engine/session.ts";
import { findProject, stackFilePath } from "../../ops/project/project.ts";
import { UserError } from "../../ops/userError.ts";
import { pushConfigured } from "../sandbox/images.ts";
import { setConfiguredSecrets } from "../sandbox/secrets.ts";
import { copyProject, removeProject } from "./demoProject.ts";
import { summary } from "./summary.ts";
import { type ConfigUpdate, createStack, type Expected, type StepReport, step } from "./walk.ts";

// What comes next is for a checkout, where Pulumi's commands are run through Slipway.
process.env[pulumiVariable] = "npx slipway pulumi";

const stack = "staging"; // production has two regions and an edge: more than a person waits for
const release = "services.api.release";

/** The walk: each entry is one config update. */
const steps: readonly { readonly label: string; readonly title: string; readonly update: ConfigUpdate; readonly expected: Expected }[] = [
  ...[5, 25, 50, 100].map((weight, index, weights) => ({
    label: `${weights[index - 1] ?? 0}→${weight}`,
    title: `api canary ${weights[index - 1] ?? 0} % → ${weight} %`,
    update: { [`${release}.candidateWeight`]: weight },
    expected: { changes: 1 as const, live: { blue: 100 - weight, green: weight } },
  })),
  {
    label: "relabel",
    title: "green is live: the labels swap",
    update: { [`${release}.live`]: "green", [`${release}.candidateWeight`]: 0 },
    expected: { changes: 0, live: { blue: 0, green: 100 } },
  },
  {
    label: "rollback",
    title: "instant rollback to blue",
    update: { [`${release}.candidateWeight`]: 100 },
    expected: { changes: 1, live: { blue: 100, green: 0 } },
  },
];

interface Walked {
  session: Session | undefined;
  created: { seconds: number; total: number };
  reports: StepReport[];
}

async function demo(): Promise<void> {
  const started = Date.now();
  const project = copyProject(findProject());
  const walked: Walked = { session: undefined, created: { seconds: 0, total: 0 }, reports: [] };
  const cleanUp = () => {
    walked.session?.close();
    removeProject(project);
  };
  process.once("SIGINT", () => {
    cleanUp();
    process.exit(130);
  });
  try {
    const stackFile = stackFilePath(project, stack);
    const config = resolvedConfig(stackFile);
    walked.session = new Session({
      project,
      stack,
      stackFile,
      backend: sandboxOf(project),
      account: config.aws.accountId,
      progress: engineProgress(),
    });
    pushConfigured(walked.session.backend.folder, config);
    setConfiguredSecrets(walked.session.backend.folder, config);
    await tasks(walked.session, walked).run();
    const api = config.services.api;
    console.log(
      summary({
        stack,
        resources: walked.created.total,
        engineVersion: (await walked.session.engine()).version,
        createSeconds: walked.created.seconds,
        images: { blue: api?.release.blue.image ?? "", green: api?.release.green.image ?? "" },
        steps: walked.reports,
        totalSeconds: (Date.now() - started) / 1000,
      }),
    );
  } finally {
    cleanUp();
  }
}

function tasks(session: Session, walked: Walked): Listr {
  return new Listr(
    [
      {
        title: `create ${stack} in the simulated cloud`,
        task: async (_, task) => {
          walked.created = await createStack(session, (count) => {
            task.title = `create ${stack} in the simulated cloud: ${count} resources`;
          });
          task.title = `create ${stack} in the simulated cloud: ${walked.created.total} resources, ${walked.created.seconds.toFixed(1)} s`;
        },
      },
      ...steps.map(({ label, title, update, expected }) => ({
        title,
        task: async (_: unknown, task: { title: string }) => {
          const report = await step(session, label, update, expected);
          walked.reports.push(report);
          task.title = `${title}: ${report.changes.length} of ${report.total} resources changed`;
        },
      })),
    ],
    { fallbackRenderer: "simple", concurrent: false },
  );
}

try {
  await demo();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}
