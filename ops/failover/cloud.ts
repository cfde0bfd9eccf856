/** What the failover commands ask of AWS. */
import { instanceMetrics } from "../../components/metrics/rds.ts";
import type { Aws } from "../aws/aws.ts";
import { UserError } from "../userError.ts";

/** What a stack's failover is called in its account. */
export interface FailoverPlace {
  /** Region that keeps the switches. */
  readonly switchRegion: string;
  /** Tags of everything that the stack has. */
  readonly tags: { readonly System: string; readonly Environment: string };
  /** Words that name the stack in a command: `--stack production`. */
  readonly stack: string;
}

/** An operator's switch as it is. */
export interface SwitchState {
  readonly on: boolean;
  /** When it lapses. @default never, or it is off */
  readonly until?: Date;
  /** Who set it and why. */
  readonly note: string;
}

/** Whether a region answers; unknown when whoever knows cannot be asked. */
export type RegionHealth = "healthy" | "down" | "unknown";

/** Share of checkers above which Route 53 takes an endpoint for healthy. */
const healthyShare = 0.18;

/** One stack's failover in its account. */
export class FailoverCloud {
  readonly #aws: Aws;
  readonly #place: FailoverPlace;

  constructor(aws: Aws, place: FailoverPlace) {
    this.#aws = aws;
    this.#place = place;
  }

  /** ARN of whoever asks, which stands in what they say about a region. */
  async caller(): Promise<string> {
    return (await this.#aws.identity()).arn;
  }

  /** What time it is in the cloud that has the switches. */
  now(): Date {
    return this.#aws.now();
  }

  /** @param host the region's own name */
  async health(host: string): Promise<RegionHealth> {
    // Route 53 is one service for all regions; its API is in us-east-1, and may be gone with it.
    const route53 = await this.#aws.client("route53", "us-east-1");
    const health = async (): Promise<RegionHealth> => {
      const own: string[] = [];
      for await (const { HealthChecks = [] } of route53.paginateListHealthChecks({}))
        for (const { Id, HealthCheckConfig } of HealthChecks)
          if (Id !== undefined && HealthCheckConfig?.FullyQualifiedDomainName === host) own.push(Id);
      if (own.length === 0) return "unknown";
      for (const HealthCheckId of own) {
        const { HealthCheckObservations = [] } = await route53.getHealthCheckStatus({ HealthCheckId });
        const good = HealthCheckObservations.filter(({ StatusReport }) => StatusReport?.Status?.startsWith("Success") === true);
        if (good.length > HealthCheckObservations.length * healthyShare) return "healthy";
      }
      return "down";
    };
    return (await this.#ifTold(health)) ?? "unknown";
  }

  /** @throws UserError when there is no such switch */
  async readSwitch(name: string): Promise<SwitchState> {
    const { State, Description = "", EndDate } = await this.#schedule(name);
    const on = State === "ENABLED" && (EndDate === undefined || EndDate > this.#aws.now());
    return { on, note: Description, ...(EndDate === undefined ? {} : { until: EndDate }) };
  }

  /** @throws UserError when it cannot be set */
  async writeSwitch(name: string, { on, until, note }: SwitchState): Promise<void> {
    const { Name, GroupName, ScheduleExpression, FlexibleTimeWindow, Target } = await this.#schedule(name);
    const scheduler = await this.#aws.client("scheduler", this.#place.switchRegion);
    const set = scheduler.updateSchedule({
      ...{ Name, GroupName, ScheduleExpression, FlexibleTimeWindow, Target, Description: note },
      State: on ? "ENABLED" : "DISABLED",
      ...(until === undefined ? {} : { EndDate: until }),
    });
    await this.#aws.told(`The switch ${name} cannot be set`, set);
  }

  /** Seconds that the replicas of a region are behind, by database. Empty when nobody can tell. */
  async lagSeconds(region: string): Promise<Readonly<Record<string, number>>> {
    const cloudWatch = await this.#aws.client("cloudWatch", region);
    const lags: Record<string, number> = {};
    for (const identifier of (await this.#ifTold(() => this.#replicas(region))) ?? []) {
      const { namespace, name, dimensions = {} } = instanceMetrics(identifier).replicaLag;
      const EndTime = this.#aws.now();
      const found = await this.#ifTold(() =>
        cloudWatch.getMetricStatistics({
          ...{ Namespace: namespace, MetricName: name, Statistics: ["Maximum"], Period: 60 },
          ...{ StartTime: new Date(EndTime.getTime() - 600_000), EndTime },
          Dimensions: Object.keys(dimensions).map((Name) => ({ Name, Value: identifier })),
        }),
      );
      const newest = (found?.Datapoints ?? []).toSorted((a, b) => Number(a.Timestamp) - Number(b.Timestamp)).at(-1);
      if (newest?.Maximum !== undefined) lags[identifier] = newest.Maximum;
    }
    return lags;
  }

  /** The stack's own replicas in a region, told by their tags. */
  async #replicas(region: string): Promise<readonly string[]> {
    const rds = await this.#aws.client("rds", region);
    const found: string[] = [];
    for await (const { DBInstances = [] } of rds.paginateDescribeDBInstances({}))
      for (const { DBInstanceIdentifier, ReadReplicaSourceDBInstanceIdentifier, TagList = [] } of DBInstances) {
        const own = Object.entries(this.#place.tags).every(([key, value]) =>
          TagList.some(({ Key, Value }) => Key === key && Value === value),
        );
        if (own && DBInstanceIdentifier !== undefined && ReadReplicaSourceDBInstanceIdentifier !== undefined)
          found.push(DBInstanceIdentifier);
      }
    return found;
  }

  async #schedule(name: string) {
    const { switchRegion, stack } = this.#place;
    const scheduler = await this.#aws.client("scheduler", switchRegion);
    try {
      return await scheduler.getSchedule({ Name: name });
    } catch (error) {
      if (error instanceof Error && error.name === "ResourceNotFoundException")
        throw new UserError(`There is no switch ${name} in ${switchRegion} of ${this.#aws.cloud}. Make it first: slipway up ${stack}`);
      throw this.#aws.refusal(error, `The switch ${name} cannot be read in ${switchRegion}`);
    }
  }

  /** @returns undefined when AWS does not answer: status goes on with what it knows */
  async #ifTold<Result>(ask: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await ask();
    } catch (error) {
      const refusal = this.#aws.refusal(error, "");
      if (refusal instanceof UserError) return undefined;
      throw refusal;
    }
  }
}
