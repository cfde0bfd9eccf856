/** What a runbook is read about: the service, store or other part of the stack that an alarm's name tells. Pure. */
import { regionRoles } from "../../components/environment/contract/failover.ts";
import { regionCode } from "../../components/environment/regionCode.ts";
import type { Colour } from "../../infra/config/release.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { UserError } from "../userError.ts";
import type { WatchedAlarm } from "./watchedAlarm.ts";

/** Parts of a stack that alarms are about: how the keys of their alarms begin, before the part's name, and the names in config. */
const parts = {
  service: { start: /^(?:log-)?/, names: ({ services }: StackConfig) => Object.keys(services) },
  database: { start: /^(?:db-|replica-behind-[a-z]+\d-)/, names: ({ databases }: StackConfig) => Object.keys(databases) },
  cache: { start: /^cache-/, names: ({ caches }: StackConfig) => Object.keys(caches) },
  site: { start: /^site-/, names: ({ sites }: StackConfig) => Object.keys(sites) },
  check: { start: /^check-/, names: ({ uptime }: StackConfig) => Object.keys(uptime.endpoints) },
  application: { start: /^app-/, names: ({ alarms }: StackConfig) => Object.keys(alarms.application) },
  target: { start: /^reachability-/, names: ({ uptime }: StackConfig) => Object.keys(uptime.reachability.targets) },
} as const;

/** A kind of part. */
export type Part = keyof typeof parts;

/** What a page is read about. */
export interface Subject {
  /** Region in which it stands. */
  readonly region: string;
  /** Names in config, of what is known. */
  readonly named: Readonly<Partial<Record<Part, string>>>;
  readonly colour: Colour | undefined;
}

/** What a person says it is about, in place of an alarm. */
export interface Asked {
  readonly service?: string;
  readonly database?: string;
  readonly region?: string;
}

/** Names of the parts of a kind. */
export function namesOf(config: StackConfig, part: Part): string[] {
  return parts[part].names(config);
}

/**
 * What a page is about: what somebody says, else what the alarm's name tells, else the one part of its kind that the stack has.
 * @throws UserError naming what there is
 */
export function subjectOf(config: StackConfig, alarm: WatchedAlarm | undefined, asked: Asked = {}): Subject {
  const problems = [
    ...(["service", "database"] as const).flatMap((part) => unknown(part, asked[part], namesOf(config, part))),
    ...unknown(
      "region",
      asked.region,
      regionRoles(config).map(({ region }) => region),
    ),
  ];
  if (problems.length > 0) throw new UserError(problems.join("\n"), 2);
  const told = alarm === undefined ? {} : partOf(config, alarm.key);
  const only = Object.fromEntries((Object.keys(parts) as Part[]).flatMap((part) => onlyOne(config, part)));
  const said = Object.fromEntries(
    Object.entries({ service: asked.service, database: asked.database }).filter(([, name]) => name !== undefined),
  );
  const known = { ...only, ...told, ...said };
  // No guess where nothing rings: a person who asks for a page about services has to say which.
  const database = alarm === undefined ? asked.database : known.database;
  const named = { ...connectedService(config, database), ...known };
  const { service } = named;
  return {
    region: asked.region ?? regionOf(config, alarm),
    named,
    colour: service === undefined ? undefined : (colourIn(alarm?.key, service) ?? config.services[service]?.release.live),
  };
}

/** The service that uses a database, where only one does. */
function connectedService({ services }: StackConfig, database: string | undefined): Subject["named"] {
  const [first, ...others] = Object.entries(services).filter(([, { connects }]) => connects.databases.includes(database ?? ""));
  return first === undefined || others.length > 0 ? {} : { service: first[0] };
}

function unknown(flag: string, name: string | undefined, names: readonly string[]): string[] {
  if (name === undefined || names.includes(name)) return [];
  return [`--${flag} ${name} is none of this stack. Allowed: ${names.join(", ") || `none, the stack has no ${flag}`}.`];
}

function onlyOne(config: StackConfig, part: Part): (readonly [Part, string])[] {
  const [first, ...others] = namesOf(config, part);
  return first === undefined || others.length > 0 ? [] : [[part, first]];
}

/** The part whose name stands in an alarm's key; of several the longest: the database `main` of `db-main-cpu`, and not the service `db`. */
export function partOf(config: StackConfig, key: string): Partial<Record<Part, string>> {
  const [found] = (Object.keys(parts) as Part[])
    .flatMap((part) => namesOf(config, part).map((name) => ({ part, name, length: lengthIn(key, part, name) })))
    .filter(({ length }) => length > 0)
    .sort((a, b) => b.length - a.length);
  return found === undefined ? {} : { [found.part]: found.name };
}

/** Characters of a key that name a part; 0 where it does not. */
function lengthIn(key: string, part: Part, name: string): number {
  const [start] = parts[part].start.exec(key) ?? [];
  if (start === undefined) return 0;
  const whole = `${start}${name}`;
  return key === whole || key.startsWith(`${whole}-`) ? whole.length : 0;
}

function colourIn(key: string | undefined, service: string): Colour | undefined {
  const [, colour] = key?.startsWith(`${service}-`) ? (/^(blue|green)(?:-|$)/.exec(key.slice(service.length + 1)) ?? []) : [];
  return colour === "blue" || colour === "green" ? colour : undefined;
}

/** Where it stands: metrics of checks, sites and cost are in another region than what they tell of. */
function regionOf(config: StackConfig, alarm: WatchedAlarm | undefined): string {
  const regions = regionRoles(config).map(({ region }) => region);
  const [, code] = /^(?:region-down|(?:approve|withdraw)-(?:on|silent))-(.+)$/.exec(alarm?.key ?? "") ?? [];
  const about = regions.find((region) => regionCode(region) === code);
  return about ?? regions.find((region) => region === alarm?.region) ?? config.aws.region;
}
