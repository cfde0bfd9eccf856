/**
 * Runs a command of the engine on a stack as it is, without what Slipway does before and after: what Slipway's commands are
 * measured against. Usage: plainEngine.ts <stack> <account> [--zone=<id>,<name>] [<real provider>] <command...>; the zone is one at the simulated
 * Cloudflare.
 */
import { sandboxOf } from "../ops/engine/backend.ts";
import { engineProgress } from "../ops/engine/progress.ts";
import { Session } from "../ops/engine/session.ts";
import { findProject, stackFilePath } from "../ops/project/project.ts";
import { packageNames } from "../sandbox/packageNames.ts";

const [stack = "", account = "", ...given] = process.argv.slice(2);
const [, id, name] = /^--zone=(\w+),(.+)$/.exec(given[0] ?? "") ?? [];
const zone = id === undefined || name === undefined ? undefined : { id, name };
const words = zone === undefined ? given : given.slice(1);
const real = packageNames.filter((one) => one === words[0]);
const project = findProject();
const stackFile = stackFilePath(project, stack);
const session = new Session({ project, stack, stackFile, account, zone, backend: sandboxOf(project, real), progress: engineProgress() });
try {
  process.exitCode = await session.run(words.slice(real.length));
} finally {
  session.close();
}
