/** The ways back of `slipway database`, run and timed on the drill's copy of the cloud: what the commands take beside RDS's own time. */
import { Aws } from "../../ops/aws/aws.ts";
import { followIn } from "../../ops/database/follow.ts";
import { growServers } from "../../ops/database/grow.ts";
import { promoteServers } from "../../ops/database/promote.ts";
import { restoreServer } from "../../ops/database/restore.ts";
import { serverPlaces } from "../../ops/database/servers.ts";
import { UserError } from "../../ops/userError.ts";
import { simulatedAws } from "../../sandbox/aws/simulated.ts";
import { timeIn } from "../../sandbox/cloud/clock.ts";
import type { DrillFigure } from "./report.ts";
import type { Stage } from "./restoreDrill.ts";

/** More storage than before, GiB. */
const more = 100;

/** One figure for each command that the database has a use for; one that is refused says why, and fails. None of another engine than PostgreSQL. */
export async function verbFigures({ live, config }: Pick<Stage, "live" | "config">, database: string): Promise<DrillFigure[]> {
  const settings = config.databases[database];
  if (settings?.engine !== "postgres") return [];
  const { region } = config.aws;
  let requests = 0;
  const answer = simulatedAws(live, config.aws.accountId);
  const counted = (call: Parameters<typeof answer>[0]) => {
    requests += 1;
    return answer(call);
  };
  const aws = new Aws({
    account: config.aws.accountId,
    region,
    cloud: "a copy of the simulated cloud",
    answer: counted,
    clock: () => timeIn(live),
  });
  const quiet = { print: () => {}, wait: async () => {} };
  const grown = { ...config, databases: { ...config.databases, [database]: { ...settings, storageGib: settings.storageGib + more } } };
  const others = [...new Set(serverPlaces(config, database).flatMap((place) => (place.region === region ? [] : [place.region])))];
  const [standby] = others;
  const noSwitch = { readSwitch: async () => ({ on: true, note: "drill" }) };
  const verbs: readonly (readonly [verb: string, run: () => Promise<unknown>])[] = [
    ["grow", () => growServers(aws, grown, { database }, "drill", quiet.print)],
    ["restore", () => restoreServer(aws, config, { database, to: "latest" }, "drill", quiet)],
    ...others.map((other) => [`follow in ${other}`, () => followIn(aws, config, { database, region: other }, "drill", quiet)] as const),
    ...(standby === undefined
      ? []
      : [
          [
            `promote in ${standby}`,
            () => promoteServers(aws, config, noSwitch, { region: standby, force: true }, "drill", quiet.print, quiet.wait),
          ] as const,
        ]),
  ];
  const figures: DrillFigure[] = [];
  for (const [verb, run] of verbs) {
    const [before, started] = [requests, performance.now()];
    const name = `slipway database ${verb}, beside RDS's own time`;
    try {
      await run();
      figures.push({ name, value: `${requests - before} requests, ${((performance.now() - started) / 1000).toFixed(2)} s` });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      figures.push({ name, value: error.message.split("\n")[0] ?? "", bound: "done", holds: false });
    }
  }
  return figures;
}
