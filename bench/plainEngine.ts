/**
 * Runs a command of the engine on a stack as it is, without what Slipway does before and after: what Slipway's commands are
 * measured against. Usage: plainEngine.ts <stack> <account> <command...>
 */
import { sandboxOf } from "../ops/engine/backend.ts";
import { engineProgress } from "../ops/engine/progress.ts";
import { Session } from "../ops/engine/session.ts";
import { findProject, stackFilePath } from "../ops/project/project.ts";

const [stack = "", account = "", ...command] = process.argv.slice(2);
const project = findProject();
const stackFile = stackFilePath(project, stack);
const session = new Session({ project, stack, stackFile, account, backend: sandboxOf(project), progress: engineProgress() });
try {
  process.exitCode = await session.run(command);
} finally {
  session.close();
}
