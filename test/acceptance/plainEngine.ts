/** Runs a pulumi command on a stack as it is, without what Slipway does before. Usage: plainEngine.ts <stack> [<real provider>] <command...> */

import { resolvedConfig } from "../../ops/config/show.ts";
import { sandboxOf } from "../../ops/engine/backend.ts";
import { engineProgress } from "../../ops/engine/progress.ts";
import { Session } from "../../ops/engine/session.ts";
import { findProject, stackFilePath } from "../../ops/project/project.ts";
import { packageNames } from "../../sandbox/sandbox.ts";

const [stack = "", ...rest] = process.argv.slice(2);
const real = packageNames.filter((name) => name === rest[0]);
const project = findProject();
const stackFile = stackFilePath(project, stack);
const account = resolvedConfig(stackFile).aws.accountId;
const session = new Session({ project, stack, stackFile, backend: sandboxOf(project, real), account, progress: engineProgress() });
try {
  process.exitCode = await session.run(rest.slice(real.length));
} finally {
  session.close();
}
