/**
 * A credential of the cluster that was renewed, and the old one dead: `refresh` and `destroy` use the providers as the state has them. The
 * config has the new one, and the engine takes it where it runs the program; that costs seconds, so it is only the second try.
 */
import type { EngineResult, Session } from "../engine/session.ts";
import { readState } from "../engine/state.ts";

/** Makes the engine take the providers that the program declares. */
const runProgram = "--run-program";

const said =
  `The cluster does not take the credential that the state has. Trying with that of the config (${runProgram}). ` +
  "PULUMI_K8S_DELETE_UNREACHABLE, which the provider advises, would drop what is there from the state: leave it unset.";

/** What the provider says of a cluster that it cannot use, and what the API server says of a token that died meanwhile. */
const refusals = /cluster is unreachable|unreachable cluster|asked for the client to provide credentials|\bUnauthorized\b/;

/** Exit codes of an engine that SIGINT, SIGKILL or SIGTERM ended; 255 is a failure as any other. */
const signalled: ReadonlySet<number> = new Set([130, 137, 143]);

/** Whether the engine failed for want of a credential. */
export function lacksCredential({ exitCode, stdout, stderr }: EngineResult): boolean {
  return exitCode !== 0 && refusals.test(stdout + stderr);
}

/** Runs a refresh, and where the cluster does not take the state's credential once more with the config's. @param say is told of the second try */
export async function refreshed(
  session: Pick<Session, "capture">,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  say: (line: string) => void = console.error,
): Promise<EngineResult> {
  const first = await session.capture(args, env);
  if (!lacksCredential(first)) return first;
  say(said);
  return session.capture([...args, runProgram], env);
}

/**
 * Runs `refresh` or `destroy` with the terminal; where it failed, and the cluster does not take the state's credential, once more with the config's.
 * @param run runs it with more flags
 */
export async function withRenewedCredential<Result extends number | EngineResult>(
  session: Session,
  run: (more: readonly string[]) => Promise<Result>,
  say: (line: string) => void,
): Promise<Result> {
  const first = await run([]);
  if (!(typeof first === "number" ? await failedFor(session, first) : lacksCredential(first))) return first;
  say(said);
  return run([runProgram]);
}

/** Asks anew for one object of the cluster, since nobody has read what the terminal was told. */
async function failedFor(session: Session, exitCode: number): Promise<boolean> {
  if (exitCode === 0 || signalled.has(exitCode)) return false;
  const object = (await readState(session)).resources.find(({ type, custom }) => custom === true && type.startsWith("kubernetes:"));
  if (object === undefined) return false;
  return lacksCredential(await session.capture(["refresh", "--preview-only", "--target", object.urn]));
}
