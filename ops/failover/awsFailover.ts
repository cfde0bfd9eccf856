/**
 * Failover in a real account. Where users are sent is asked of the DNS itself, as users do: Route 53's API is in us-east-1 and
 * may be gone with it. Switches are set through the AWS CLI in the region that keeps them.
 */
import { resolve4 } from "node:dns/promises";
import { type AwsCli, awsCli } from "../aws/awsCli.ts";
import { UserError } from "../userError.ts";
import type { FailoverCloud, RegionHealth, SwitchState } from "./cloud.ts";

/** What a stack's failover is called in its account. */
export interface AwsPlace {
  readonly account: string;
  /** Name that fails over. */
  readonly domain: string;
  /** Each region's own name. */
  readonly hosts: Readonly<Record<string, string>>;
  /** Region that keeps the switches. */
  readonly switchRegion: string;
  /** Tags of everything that the stack has. */
  readonly tags: { readonly System: string; readonly Environment: string };
}

interface Schedule {
  readonly Name: string;
  readonly GroupName?: string;
  readonly ScheduleExpression: string;
  readonly FlexibleTimeWindow: unknown;
  readonly Target: unknown;
  readonly State?: string;
  readonly Description?: string;
  readonly EndDate?: string;
}

interface DatabaseInstance {
  readonly DBInstanceIdentifier: string;
  readonly ReadReplicaSourceDBInstanceIdentifier?: string;
  readonly TagList?: readonly { readonly Key: string; readonly Value: string }[];
}

/** Share of checkers above which Route 53 takes an endpoint for healthy. */
const healthyShare = 0.18;

/** One stack's failover in its account. */
export class AwsFailover implements FailoverCloud {
  readonly #place: AwsPlace;
  readonly #cli: AwsCli;
  readonly #resolve: (host: string) => Promise<readonly string[]>;
  #known = false;

  /** @param resolve addresses of a name. @default the DNS */
  constructor(place: AwsPlace, cli: AwsCli = awsCli, resolve: (host: string) => Promise<readonly string[]> = resolve4) {
    this.#place = place;
    this.#cli = cli;
    this.#resolve = resolve;
  }

  async answering(): Promise<string | undefined> {
    const { domain, hosts } = this.#place;
    const addresses = await this.#addresses(domain);
    for (const [region, host] of Object.entries(hosts))
      if ((await this.#addresses(host)).some((address) => addresses.includes(address))) return region;
    return undefined;
  }

  async health(host: string): Promise<RegionHealth> {
    const list = await this.#json<{
      readonly HealthChecks?: readonly {
        readonly Id: string;
        readonly HealthCheckConfig: { readonly FullyQualifiedDomainName?: string };
      }[];
    }>(["route53", "list-health-checks"]);
    const own = (list?.HealthChecks ?? []).filter(({ HealthCheckConfig }) => HealthCheckConfig.FullyQualifiedDomainName === host);
    if (own.length === 0) return "unknown";
    for (const { Id } of own) {
      const status = await this.#json<{
        readonly HealthCheckObservations?: readonly { readonly StatusReport?: { readonly Status?: string } }[];
      }>(["route53", "get-health-check-status", "--health-check-id", Id]);
      if (status === undefined) return "unknown";
      const reports = status.HealthCheckObservations ?? [];
      const good = reports.filter(({ StatusReport }) => StatusReport?.Status?.startsWith("Success") === true);
      if (good.length > reports.length * healthyShare) return "healthy";
    }
    return "down";
  }

  async readSwitch(name: string): Promise<SwitchState> {
    const { State, Description = "", EndDate } = await this.#schedule(name);
    const until = EndDate === undefined ? undefined : new Date(EndDate);
    const on = State === "ENABLED" && (until === undefined || until > new Date());
    return { on, note: Description, ...(until === undefined ? {} : { until }) };
  }

  async writeSwitch(name: string, { on, until, note }: SwitchState): Promise<void> {
    const { Name, GroupName, ScheduleExpression, FlexibleTimeWindow, Target } = await this.#schedule(name);
    const wanted = {
      ...{ Name, GroupName, ScheduleExpression, FlexibleTimeWindow, Target, Description: note },
      State: on ? "ENABLED" : "DISABLED",
      ...(until === undefined ? {} : { EndDate: until.toISOString() }),
    };
    const { exitCode, stderr } = await this.#cli(
      ["scheduler", "update-schedule", "--region", this.#place.switchRegion, "--output", "json"],
      JSON.stringify(wanted),
    );
    if (exitCode !== 0) throw new UserError(`AWS refused to set ${name}: ${lastLine(stderr)}`);
  }

  async lagSeconds(region: string): Promise<Readonly<Record<string, number>>> {
    const lags: Record<string, number> = {};
    for (const identifier of await this.#replicas(region)) {
      const now = Date.now();
      const since = new Date(now - 600_000).toISOString();
      const metric = ["--namespace", "AWS/RDS", "--metric-name", "ReplicaLag", "--statistics", "Maximum", "--period", "60"];
      const window = ["--start-time", since, "--end-time", new Date(now).toISOString(), "--region", region];
      const dimension = ["--dimensions", `Name=DBInstanceIdentifier,Value=${identifier}`];
      const found = await this.#json<{ readonly Datapoints?: readonly { readonly Timestamp: string; readonly Maximum: number }[] }>([
        "cloudwatch",
        "get-metric-statistics",
        ...metric,
        ...window,
        ...dimension,
      ]);
      const newest = [...(found?.Datapoints ?? [])].sort((a, b) => a.Timestamp.localeCompare(b.Timestamp)).at(-1);
      if (newest !== undefined) lags[identifier] = newest.Maximum;
    }
    return lags;
  }

  /** The stack's own replicas in a region, told by their tags. */
  async #replicas(region: string): Promise<readonly string[]> {
    const { System, Environment } = this.#place.tags;
    const found = await this.#json<{ readonly DBInstances?: readonly DatabaseInstance[] }>([
      "rds",
      "describe-db-instances",
      "--region",
      region,
    ]);
    return (found?.DBInstances ?? []).flatMap(({ DBInstanceIdentifier, ReadReplicaSourceDBInstanceIdentifier, TagList = [] }) => {
      const has = (key: string, value: string) => TagList.some(({ Key, Value }) => Key === key && Value === value);
      const own = has("System", System) && has("Environment", Environment);
      return own && ReadReplicaSourceDBInstanceIdentifier !== undefined ? [DBInstanceIdentifier] : [];
    });
  }

  async #schedule(name: string): Promise<Schedule> {
    await this.#requireAccount();
    const { exitCode, stdout, stderr } = await this.#cli([
      "scheduler",
      "get-schedule",
      "--name",
      name,
      "--region",
      this.#place.switchRegion,
      "--output",
      "json",
    ]);
    if (exitCode !== 0) throw new UserError(`The switch ${name} cannot be read in ${this.#place.switchRegion}: ${lastLine(stderr)}`);
    return JSON.parse(stdout) as Schedule;
  }

  async #requireAccount(): Promise<void> {
    if (this.#known) return;
    const { exitCode, stdout, stderr } = await this.#cli([
      "sts",
      "get-caller-identity",
      "--region",
      this.#place.switchRegion,
      "--output",
      "json",
    ]);
    if (exitCode !== 0) throw new UserError(`The AWS CLI has no credentials that work: ${lastLine(stderr)}`);
    const { Account } = JSON.parse(stdout) as { readonly Account?: string };
    if (Account !== this.#place.account)
      throw new UserError(
        `The credentials are of account ${Account}, and the stack belongs to ${this.#place.account}. Nothing was read or set.`,
      );
    this.#known = true;
  }

  /** @returns undefined when AWS does not answer: status goes on with what it knows */
  async #json<T>(args: readonly string[]): Promise<T | undefined> {
    const { exitCode, stdout } = await this.#cli([...args, "--output", "json"]);
    return exitCode === 0 ? (JSON.parse(stdout) as T) : undefined;
  }

  async #addresses(host: string): Promise<readonly string[]> {
    return this.#resolve(host).catch(() => []);
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "no reason given";
}
