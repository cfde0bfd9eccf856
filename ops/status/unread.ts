/** What could not be read, a sentence each. Pure. */
import { known, type Reading } from "./reading.ts";
import type { StackStatus } from "./stackStatus.ts";

/** Of every part of a status, and of what the parts could not read themselves. The same reason is told once. */
export function unreadIn(status: StackStatus): string[] {
  const parts: Readonly<Record<string, Reading<unknown> | undefined>> = {
    ...{ "the state": status.state, services: status.services, alarms: status.alarms, "the lock": status.lock, latches: status.latches },
    ...{ "barred digests": status.barred, databases: status.databases, replicas: status.replicas, regions: status.regions },
    ...{
      subscriptions: status.subscriptions,
      "the last test of messages": status.alarmTest,
      backups: status.backups,
      secrets: status.secrets,
      "security groups": status.rules,
      "the zone's records": status.records,
      "the last changes": status.changes,
    },
  };
  const whole = Object.entries(parts).flatMap(([what, read]) => (read?.answer === "unread" ? [{ what, reason: read.reason }] : []));
  const byReason = Map.groupBy(whole, ({ reason }) => reason);
  return [...[...byReason].map(([reason, all]) => `${all.map(({ what }) => what).join(", ")}: ${reason}`), ...within(status)];
}

function within(status: StackStatus): string[] {
  const { services, latches, barred, databases, replicas, regions, subscriptions, backups, secrets } = status;
  const silent = known(subscriptions)?.filter(({ state }) => state === "unread") ?? [];
  const looks = Object.entries(status.deep ?? {}) as [string, Reading<unknown>][];
  return [
    ...looks.flatMap(([what, read]) => reasonIn(`deep look at ${what}`, read)),
    ...(known(services)?.services.flatMap(({ unread }) => unread) ?? []),
    ...(known(latches) ?? []).flatMap(({ service, latch }) => reasonIn(`latch of ${service}`, latch)),
    ...(known(barred) ?? []).flatMap(({ service, region, unread }) =>
      unread === undefined ? [] : [`digests of ${service} in ${region}: ${unread}`],
    ),
    ...(known(databases) ?? []).flatMap(({ kind, identifier, state }) => reasonIn(`${kind} ${identifier}`, state)),
    ...(known(replicas) ?? []).flatMap(({ identifier, follows }) => reasonIn(`replica ${identifier}`, follows)),
    ...(regions === undefined ? [] : (known(regions)?.regions ?? [])).flatMap(({ region, said }) =>
      reasonIn(`switches of ${region}`, said),
    ),
    ...[...new Set(silent.map(({ topic, region }) => `subscriptions of ${topic} in ${region}: SNS does not tell`))],
    ...(known(backups) ?? []).flatMap(({ verdict, kind, store, region, detail }) =>
      verdict === "UNKNOWN" ? [`${kind} of ${store} in ${region}: ${detail}`] : [],
    ),
    ...(known(secrets)?.secrets ?? []).flatMap(({ verdict, name, detail }) => (verdict === "UNKNOWN" ? [`secret ${name}: ${detail}`] : [])),
    ...(known(secrets)?.unread ?? []),
  ];
}

function reasonIn(what: string, read: Reading<unknown>): string[] {
  return read.answer === "unread" ? [`${what}: ${read.reason}`] : [];
}
