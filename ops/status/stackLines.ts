/** Everything but services as lines of the screen. Pure. */
import pc from "picocolors";
import { barredLines } from "../release/barredDigests.ts";
import { answers } from "./databases.ts";
import { known, type Reading } from "./reading.ts";
import type { RegionStatus } from "./regions.ts";
import { promoted } from "./replicas.ts";
import type { StackStatus } from "./stackStatus.ts";

const notRead = ["could not be read"];

/** Lines of a part. @param line none where the part is empty */
function of<Value>(part: Reading<Value>, lines: (value: Value) => string[]): string[] {
  return part.answer === "unread" ? notRead : lines(part.value);
}

/** A line for each alarm that rings. */
export function alarmLines({ alarms }: StackStatus): string[] {
  return of(alarms, ({ ringing, regions }) => {
    if (regions.length === 0) return ["none: slipway:notifications tells nobody"];
    if (ringing.length === 0) return [pc.green(`none rings in ${regions.join(", ")}`)];
    return ringing.map(({ name, severity = "–", since, runbook, follows, summary }) => {
      const page = runbook === undefined ? "" : `, docs/runbooks/${runbook}.md`;
      const line = `${severity.padEnd(3)} ${name} since ${minute(since)}${page}`;
      return follows === undefined ? pc.red(`${line}: ${summary}`) : `${line}; follows from ${follows}`;
    });
  });
}

/** Who holds the stack. */
export function lockLine({ lock, state }: StackStatus): string[] {
  const unfinished = known(state)?.unfinished ?? 0;
  const words = { alive: "at work", dead: "its process is gone", old: "older than any job may run" } as const;
  return [
    ...of(lock, (locks) =>
      locks.length === 0 ? ["free"] : locks.map(({ holder, since, life }) => pc.yellow(`${holder} since ${minute(since)}, ${words[life]}`)),
    ),
    ...(unfinished === 0 ? [] : [pc.yellow(`${unfinished} operations of the last update did not finish`)]),
  ];
}

/** Latches that are not clear, and digests that are barred. */
export function holdLines({ latches, barred }: StackStatus): string[] {
  const lines = [
    ...of(latches, (all) =>
      all.flatMap(({ service, region, latch }) => {
        if (latch.answer === "unread") return [pc.yellow(`latch of ${service} in ${region}: could not be read`)];
        if (latch.value === "absent" || latch.value === "clear") return [];
        if (latch.value === "unreadable") return [pc.red(`latch of ${service} in ${region}: its value cannot be read`)];
        const { outcome, alarm, at, before } = latch.value;
        return [
          pc.red(
            `latch of ${service} in ${region}: ${outcome} by ${alarm}, ${minute(at)}; before: blue ${before.blue}, green ${before.green}`,
          ),
        ];
      }),
    ),
    ...of(barred, (all) => all.flatMap(barredLines).map((line) => pc.red(line))),
  ];
  return lines.length === 0 ? ["none: no latch is set, and no digest is barred"] : [...new Set(lines)];
}

/** A line for each region of a stack that fails over. */
export function regionLines({ regions }: StackStatus): string[] {
  if (regions === undefined) return [];
  return of(regions, ({ domain, answering, regions: all, notCarried }) => [
    `${domain} ${answering === undefined ? pc.yellow("answers nobody that is known here") : `leads to ${pc.bold(answering)}`}`,
    ...all.map((region, index) => regionLine(region, index === all.length - 1)),
    ...(notCarried.length === 0 ? [] : [`not carried to another region: ${notCarried.join(", ")}`]),
  ]);
}

function regionLine({ region, role, policy, health, said, behindSeconds }: RegionStatus, last: boolean): string {
  const fails = last ? "nothing follows" : policy === "automatic" ? "leaves by itself" : "waits for approval";
  const shown = health === "healthy" ? pc.green(health) : health === "down" ? pc.red(health) : pc.yellow(health);
  const statements = (known(said) ?? []).map(({ kind, until, note }) => {
    const end = until === undefined ? "" : ` until ${minute(until.toISOString())}`;
    return pc.yellow(`${kind === "approve" ? "may be left" : "withdrawn"}${end} (${note})`);
  });
  const behind = Object.entries(behindSeconds).map(([name, seconds]) => `${name} is ${seconds} s behind`);
  return [`${region.padEnd(15)}${role.padEnd(10)}${shown}, ${fails}`, ...statements, ...behind].join("; ");
}

/** Databases that do not answer, what replicas follow, and backups that are not as young as they must be. */
export function storeLines({ databases, replicas, backups }: StackStatus): string[] {
  return [
    ...of(databases, (all) => {
      const silent = all.filter((one) => !answers(one));
      return [
        ...(all.length === silent.length ? [] : [`${all.length - silent.length} of ${all.length} databases and servers answer`]),
        ...silent.map(({ kind, identifier, region, state }) =>
          pc.red(`${kind} ${identifier} in ${region}: ${known(state) ?? "could not be read"}`),
        ),
      ];
    }),
    ...of(replicas, (all) =>
      all.map(({ identifier, region, wanted, follows }) => {
        const source = known(follows) ?? "could not be read";
        const line = source === promoted ? "was promoted, and takes writes" : `follows ${source}`;
        return `${identifier} in ${region}: ${source === wanted ? line : pc.red(line)}`;
      }),
    ),
    ...of(backups, (all) => {
      const bad = all.filter(({ verdict }) => verdict !== "FRESH");
      if (all.length === 0) return [];
      return [
        `${all.length - bad.length} of ${all.length} backups and copies are whole and young enough`,
        ...bad.map(({ kind, store, region, verdict, detail }) => pc.yellow(`${kind} of ${store} in ${region}: ${verdict}, ${detail}`)),
      ];
    }),
  ];
}

/** Who is told of alarms, and the last test of their messages. */
export function peopleLine({ subscriptions, alarmTest }: StackStatus): string[] {
  const tested = alarmTest === undefined ? [] : [known(alarmTest) ?? "the last test of messages could not be read"];
  const people = of(subscriptions, (all) => {
    if (all.length === 0) return ["nobody is subscribed by this stack"];
    const bad = all.filter(({ state }) => state !== "confirmed");
    const words = {
      gone: pc.red("gone"),
      unconfirmed: pc.yellow("waits to be confirmed"),
      unread: pc.yellow("could not be read"),
      confirmed: "",
    };
    return [
      `${all.length - bad.length} of ${all.length} subscriptions are confirmed`,
      ...bad.map(({ who, topic, region, state }) => `${who}, ${topic} in ${region}: ${words[state]}`),
    ];
  });
  return [...people, ...tested];
}

/** Secrets without a value, old ones, and colours that hold the value of before. */
export function secretLine({ secrets }: StackStatus): string[] {
  return of(secrets, ({ secrets: all }) => {
    if (all.length === 0) return [];
    const set = all.filter(({ verdict }) => verdict === "SET" || verdict === "OLD");
    return [
      `${set.length} of ${all.length} have a value`,
      ...all.flatMap(({ name, verdict, detail, stale }) => [
        ...(verdict === "SET" ? [] : [pc.yellow(`${name}: ${verdict} ${detail}`.trim())]),
        ...(stale.length === 0 ? [] : [pc.yellow(`${name}: STALE in ${stale.map(({ where }) => where).join(", ")} (started before)`)]),
      ]),
    ];
  });
}

/** The last updates, the newest first. */
export function changeLines({ changes }: StackStatus): string[] {
  return of(changes, (all) => {
    if (all.length === 0) return ["no update in 30 days"];
    return all.map(({ kind, ended, result, changes: counts, by = "somebody", commit, message }) => {
      const what = Object.entries(counts).map(([word, count]) => `${count} ${word}`);
      const of = commit === undefined ? "" : `, ${commit}${message === undefined ? "" : ` ${message}`}`;
      const line = `${minute(ended)} ${kind} by ${by}${of}: ${what.join(", ") || "nothing changed"}`;
      return result === "succeeded" ? line : pc.yellow(`${line}; ${result}`);
    });
  });
}

function minute(time: string | undefined): string {
  return time === undefined ? "an unknown time" : `${time.slice(0, 16).replace("T", " ")}`;
}

/** Rules that somebody added by hand; nothing where there is none. */
export function ruleLines({ rules }: StackStatus): string[] {
  return of(rules, (all) =>
    all.map(({ id, opens, groupName, region }) => pc.yellow(`${id} lets ${opens} in ${groupName}, ${region}: no state holds it`)),
  );
}

/** What only a deep look tells. */
export function deepLines({ deep }: StackStatus): string[] {
  if (deep === undefined) return [];
  const told = <One>(part: Reading<readonly One[]>, none: string, line: (one: One) => string) =>
    of(part, (all) => (all.length === 0 ? [none] : all.map((one) => pc.yellow(line(one)))));
  return [
    ...told(
      deep.records,
      "each record of the stack is in the zone, and no second one",
      ({ name, type, state }) => `record ${name} (${type}) is ${state}`,
    ),
    ...told(deep.policies, "each policy of a role is in the state", ({ role, policy }) => `${role} has ${policy}, which no state holds`),
    ...told(
      deep.quotas,
      "no quota is near its end",
      ({ what, region, needed, allowed }) => `${what} in ${region}: up to ${needed} of ${allowed}`,
    ),
  ];
}
