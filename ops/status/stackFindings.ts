/** What is wrong besides traffic: alarms, locks, holds, regions, stores, who is told, secrets. Pure. */
import { latchCause } from "../../infra/config/latch.ts";
import type { StoreBackup } from "../backup/backup.ts";
import { slipwayCommand } from "../project/nextCommand.ts";
import type { StackFlags } from "../project/stack.ts";
import { barredLines } from "../release/barredDigests.ts";
import type { Commands } from "./commands.ts";
import { answers, isLost } from "./databases.ts";
import type { Finding } from "./finding.ts";
import { foreignFindings } from "./foreign.ts";
import { known } from "./reading.ts";
import { promoted } from "./replicas.ts";
import type { StackStatus } from "./stackStatus.ts";

/** Of the engine: what it did not finish, and who holds the stack. */
export function engineFindings({ state, lock }: StackStatus, commands: Commands): Finding[] {
  const { resources, unfinished } = known(state) ?? { resources: 1, unfinished: 0 };
  const held = known(lock) ?? [];
  return [
    ...(resources === 0 ? [{ gravity: "outage" as const, what: "the stack was never updated", command: commands.update() }] : []),
    ...held
      .filter(({ life }) => life !== "alive")
      .map(({ holder, since, life }): Finding => {
        const why = life === "dead" ? "and its process is gone" : "older than any job may run";
        return {
          gravity: "blocked",
          what: `the lock is held by ${holder}${since === undefined ? "" : ` since ${since}`}, ${why}`,
          command: commands.unlock(),
        };
      }),
    // Beside an update that runs, what is unfinished is what it does.
    ...(unfinished > 0 && held.every(({ life }) => life !== "alive")
      ? [{ gravity: "blocked" as const, what: `the last update did not finish ${unfinished} operations`, command: commands.update() }]
      : []),
  ];
}

/** Of alarms that ring and have a cause of their own. */
export function alarmFindings({ alarms }: Pick<StackStatus, "alarms">, commands: Commands): Finding[] {
  return (known(alarms)?.ringing ?? []).flatMap(({ name, severity, summary, follows, mend }): Finding[] => {
    if (follows !== undefined) return [];
    const woken = severity === "P0" || severity === "P1";
    const [more, command] = mend === undefined ? ["", commands.runbook(name)] : [` ${mend.why}`, commands.mend(mend)];
    return [{ gravity: woken ? "alarm" : "chore", what: `${name} rings: ${summary}${more}`, command, rings: true }];
  });
}

/** Of latches and digests that are barred. */
export function holdFindings({ latches, barred, services }: StackStatus, commands: Commands): Finding[] {
  const wanted = new Map(
    (known(services)?.services ?? []).map((one) => [one.service, one.colours.find(({ colour }) => colour !== one.home)?.config ?? 0]),
  );
  const command = (service: string) => commands.endHold(service, wanted.get(service) ?? 0);
  return [
    ...(known(latches) ?? []).flatMap(({ service, region, latch }): Finding[] => {
      if (latch.answer === "unread" || latch.value === "absent" || latch.value === "clear") return [];
      const what =
        latch.value === "unreadable"
          ? `the latch of ${service} in ${region} has a value that nobody can read`
          : `the latch of ${service} in ${region} is set: ${latch.value.outcome} by ${latchCause(latch.value)}, ${latch.value.at}`;
      return [{ gravity: "blocked", what, command: command(service) }];
    }),
    ...(known(barred) ?? []).flatMap((one): Finding[] =>
      one.unread === undefined ? barredLines(one).map((what) => ({ gravity: "blocked", what, command: command(one.service) })) : [],
    ),
  ];
}

/** Of regions, and of what operators said of them. */
export function regionFindings(status: StackStatus, commands: Commands): Finding[] {
  const found = status.regions === undefined ? undefined : known(status.regions);
  if (found === undefined) return [];
  const others = (region: string) => found.regions.some((one) => one.region !== region && one.health === "healthy");
  const writers = (known(status.replicas) ?? []).some(({ follows }) => follows.answer === "read" && follows.value === promoted);
  return found.regions.flatMap(({ region, role, policy, health, said }): Finding[] => {
    const statements = known(said) ?? [];
    const withdrawn = statements.some(({ kind }) => kind === "withdraw");
    if (withdrawn && health === "healthy" && !writers)
      return [{ gravity: "risk", what: `${region} is withdrawn, and healthy again`, command: commands.restore(region, "healthy again") }];
    if (role !== "primary" || health !== "down" || withdrawn) return [];
    const what = `${region} is down${found.answering === undefined ? "" : `; users are sent to ${found.answering}`}`;
    if (!others(region))
      return [{ gravity: "outage", what: `${what}, and no other region is healthy`, command: commands.verify("deployment") }];
    const writer = (known(status.databases) ?? []).filter((one) => one.region === region);
    const replica = (known(status.replicas) ?? []).some((one) => one.region === found.answering);
    // Who only reads is served already; writes wait for a database that does not come back by itself.
    if (found.answering !== undefined && found.answering !== region && replica && writer.some((one) => !answers(one)))
      return [
        {
          gravity: "outage",
          what: `${what}, and its database does not answer`,
          command: commands.promote(found.answering, `${region} is down`),
        },
      ];
    const waits = policy === "manual_approval" && !statements.some(({ kind }) => kind === "approve");
    return [{ gravity: "outage", what, command: waits ? commands.approve(region, "it is down") : commands.withdraw(region, "it is down") }];
  });
}

/** Of databases, their replicas and their backups. */
export function storeFindings(status: StackStatus, commands: Commands, flags: StackFlags): Finding[] {
  const { databases, replicas, backups } = status;
  const late = (known(backups) ?? []).filter(({ verdict }) => verdict !== "FRESH" && verdict !== "UNKNOWN");
  return [
    ...(known(databases) ?? []).flatMap((database): Finding[] => {
      const { kind, identifier, region, state, restorable } = database;
      if (state.answer === "unread" || answers(database)) return [];
      const what = `the ${kind} ${identifier} in ${region} is ${state.value}`;
      if (restorable === undefined || !isLost(database)) return [{ gravity: "outage", what, command: commands.verify("restoration") }];
      return [{ gravity: "outage", what, command: commands.restoreDatabase(restorable, `it is ${state.value}`) }];
    }),
    ...(known(replicas) ?? []).flatMap(({ identifier, region, wanted, follows }): Finding[] => {
      if (follows.answer === "unread" || follows.value === wanted) return [];
      if (follows.value === promoted)
        return [
          {
            gravity: "risk",
            what: `${identifier} in ${region} follows nobody: it was promoted and takes writes`,
            command: commands.runbook("failback"),
          },
        ];
      return [
        {
          gravity: "risk",
          what: `${identifier} in ${region} follows ${follows.value}, and not ${wanted}: a failover would bring back what that one holds`,
          command: commands.follow(region, `${identifier} follows ${follows.value}`),
        },
      ];
    }),
    ...lateBackups(late, flags),
  ];
}

/** One command makes all of them anew, with their copies where those are what is missing. */
function lateBackups(late: readonly StoreBackup[], flags: StackFlags): Finding[] {
  if (late.length === 0) return [];
  const stores = [...new Set(late.map(({ store }) => `--store ${store}`))].join(" ");
  const copy = late.some(({ kind }) => kind === "copy") ? " --copy" : "";
  const all = late.map(({ kind, store, region, verdict, detail }) => `the ${kind} of ${store} in ${region} is ${verdict} (${detail})`);
  return [
    {
      gravity: "risk",
      what: all.join("; "),
      command: slipwayCommand("backup start", flags, `${stores}${copy} --reason 'late or missing'`),
    },
  ];
}

/** Of people who are told nothing, and of tasks that hold old secrets. */
export function upkeepFindings({ subscriptions, secrets, services }: StackStatus, commands: Commands): Finding[] {
  const told = known(subscriptions) ?? [];
  const gone = told.filter(({ state }) => state === "gone");
  const waiting = told.filter(({ state }) => state === "unconfirmed");
  const nobody = told.length > 0 && told.every(({ state }) => state !== "confirmed");
  const names = (all: typeof told) => [...new Set(all.map(({ who, region }) => `${who} in ${region}`))].join(", ");
  const values = known(secrets)?.secrets ?? [];
  return [
    ...(gone.length === 0
      ? []
      : [
          {
            gravity: "risk" as const,
            what: `subscriptions are gone: ${names(gone)}${nobody ? "; nobody is told of any alarm" : ""}`,
            command: commands.updateRefreshed(),
          },
        ]),
    ...(waiting.length === 0
      ? []
      : [{ gravity: "chore" as const, what: `subscriptions wait to be confirmed: ${names(waiting)}`, command: commands.doctor() }]),
    ...values
      .filter(({ verdict }) => verdict === "MISSING")
      .map(({ name }) => ({
        gravity: "risk" as const,
        what: `the secret ${name} has no value: no task that reads it starts`,
        command: commands.setSecret(name),
      })),
    ...values.flatMap(({ name, stale }) =>
      stale.map((reader): Finding => {
        const what = `the secret ${name} is STALE in ${reader.where}: its tasks started before the value was set`;
        return { gravity: "risk", what, command: commands.restart(reader) };
      }),
    ),
    ...values
      .filter(({ verdict }) => verdict === "OLD")
      .map(({ name, detail }) => ({
        gravity: "chore" as const,
        what: `the secret ${name} is old: ${detail}`,
        command: commands.setSecret(name),
      })),
    ...(known(services)?.services.flatMap(({ where, colours }) =>
      colours.flatMap(({ colour, trouble, live = 0, healthy = 0 }): Finding[] =>
        trouble === undefined || (live > 0 && healthy === 0)
          ? []
          : [{ gravity: "drift", what: `${where}: ${colour} does not run what it was told to: ${trouble}`, command: commands.update() }],
      ),
    ) ?? []),
  ];
}

/** Of what somebody made or deleted by hand. */
export function byHandFindings({ rules, records, deep }: StackStatus, commands: Commands): Finding[] {
  const looked = deep?.records ?? records;
  return foreignFindings({ rules, ...(looked && { records: looked }), ...(deep && { policies: deep.policies }) }, commands);
}

/** Of quotas near their end. */
export function quotaFindings({ deep }: StackStatus, commands: Commands): Finding[] {
  return ((deep && known(deep.quotas)) ?? []).map(({ what, region, needed, allowed }): Finding => {
    return {
      gravity: "chore",
      what: `the stack may take ${needed} of the ${allowed} ${what} that ${region} allows`,
      command: commands.doctor(),
    };
  });
}
