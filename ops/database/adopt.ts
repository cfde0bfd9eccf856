/**
 * The engine knows a PostgreSQL server by RDS's own id of it. One that took another's name has another id: the state is told, and nothing
 * else of it is touched.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { namedTypes } from "../../infra/config/physicalNames.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import { openAws } from "../aws/open.ts";
import { openSession } from "../engine/commands.ts";
import type { Session } from "../engine/session.ts";
import { readState, type State } from "../engine/state.ts";
import { TemporaryFolder } from "../engine/temporaryFolder.ts";
import { nextLine, slipwayCommand } from "../project/nextCommand.ts";
import { operatedStack, type StackFlags } from "../project/stack.ts";
import { UserError } from "../userError.ts";
import { type Family, familiesOf, serverPlaces } from "./servers.ts";

/** A server's id in the state, and the one that it has. */
export interface Renewed {
  readonly identifier: string;
  readonly region: string;
  readonly from: string;
  readonly to: string;
}

/** Takes the servers that have a declared name now for those that are declared. @returns 0 */
export async function adoptServers(flags: StackFlags): Promise<number> {
  const stack = operatedStack(flags);
  const session = openSession(stack);
  try {
    for (const line of await adopt(session, openAws(stack), stack.config)) console.log(line);
  } finally {
    session.close();
  }
  console.log(nextLine(slipwayCommand("up", flags, "--refresh")));
  return 0;
}

/**
 * The same as the last step of another command, whose work in the cloud is done by then: where the state cannot be told, that is said with the
 * command that does it later.
 * @param done what is done already, as a sentence begins with it: `The database is restored`
 * @param next the command that comes after
 * @returns 0 when the state has every id, 1 otherwise
 */
export async function adoptAfter(
  done: string,
  flags: StackFlags,
  adopted: () => Promise<readonly string[]>,
  next: () => Promise<string>,
  print: (line: string) => void = console.log,
): Promise<number> {
  try {
    for (const line of await adopted()) print(line);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    print(`${error.message}\n${done}; only the state is not told yet.`);
    print(nextLine(slipwayCommand("database adopt", flags)));
    return 1;
  }
  print(nextLine(await next()));
  return 0;
}

/** The same in an open session. @returns what was done, by line @throws UserError when the state cannot be read or written, or somebody holds it */
export async function adopt(session: Session, aws: Aws, config: StackConfig): Promise<string[]> {
  const state = await readState(session);
  const renewed = renewedIn(state, await familiesOf(aws, config, serverPlaces(config)));
  if (renewed.length === 0) return ["The state has every database server by the id that it has."];
  const exported = await session.capture(["stack", "export"]);
  if (exported.exitCode !== 0) throw new UserError(`The state of ${session.stack} cannot be read:\n${exported.stderr.trim()}`);
  const text = renewed.reduce((before, { from, to }) => before.replaceAll(from, to), exported.stdout);
  const folder = new TemporaryFolder("slipway-adopt-", () => false);
  try {
    const file = join(folder.path, "state.json");
    writeFileSync(file, text, { mode: 0o600 });
    const imported = await session.capture(["stack", "import", "--file", file]);
    if (imported.exitCode !== 0) throw new UserError(`The state of ${session.stack} cannot be written:\n${imported.stderr.trim()}`);
  } finally {
    folder.remove();
  }
  return renewed.map(({ identifier, region, from, to }) => `The state has ${identifier} in ${region} as ${to} now, no longer as ${from}.`);
}

/** Servers whose name another has than the state believes. Pure. */
export function renewedIn({ resources }: State, families: readonly Family[]): Renewed[] {
  return families.flatMap(({ place: { region }, own }) => {
    const { DBInstanceIdentifier: identifier = "", DbiResourceId: to = "" } = own ?? {};
    const known = resources.find(
      ({ type, outputs, delete: leaving }) => type === namedTypes.postgres && leaving !== true && outputs?.identifier === identifier,
    );
    const from = String(known?.outputs?.resourceId ?? known?.id ?? "");
    return known === undefined || to === "" || from === "" || from === to ? [] : [{ identifier, region, from, to }];
  });
}
