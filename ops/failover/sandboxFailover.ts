/** Failover in the simulated cloud. */
import { scheduleType } from "../../sandbox/cloud/aws/scheduler.ts";
import type { LiveObject, LiveStore } from "../../sandbox/cloud/liveStore.ts";
import { UserError } from "../userError.ts";
import type { FailoverCloud, RegionHealth, SwitchState } from "./cloud.ts";
import { answerOf, isHealthy, regionIn } from "./resolver.ts";
import { type Circumstances, isOn, observed, zoneModel } from "./sandboxZone.ts";

/** What a stack's failover is called in the simulated cloud. */
export interface SandboxPlace {
  /** Name that fails over. */
  readonly domain: string;
  /** Account and region of the switches. */
  readonly scope: string;
}

/** One stack's failover in one live store. */
export class SandboxFailover implements FailoverCloud {
  readonly #store: LiveStore;
  readonly #place: SandboxPlace;
  readonly #circumstances: Circumstances;

  /** @param circumstances lost regions and the time. @default all is there, now */
  constructor(store: LiveStore, place: SandboxPlace, circumstances: Circumstances = {}) {
    this.#store = store;
    this.#place = place;
    this.#circumstances = circumstances;
  }

  async answering(): Promise<string | undefined> {
    return regionIn(answerOf(zoneModel(this.#store), this.#place.domain, observed(this.#store, this.#circumstances)));
  }

  async health(host: string): Promise<RegionHealth> {
    const zone = zoneModel(this.#store);
    const ask = observed(this.#store, this.#circumstances);
    const own = this.#store.all("aws:route53/healthCheck:HealthCheck").filter(({ properties }) => properties.fqdn === host);
    if (own.length === 0) return "unknown";
    return own.some(({ id }) => isHealthy(zone, id, ask)) ? "healthy" : "down";
  }

  async readSwitch(name: string): Promise<SwitchState> {
    const schedule = this.#schedule(name);
    const { endDate, description } = schedule.properties;
    const until = typeof endDate === "string" && endDate !== "" ? { until: new Date(endDate) } : {};
    return { on: isOn(schedule, this.#circumstances.at ?? new Date()), note: String(description ?? ""), ...until };
  }

  async writeSwitch(name: string, { on, until, note }: SwitchState): Promise<void> {
    const schedule = this.#schedule(name);
    const { endDate: _, ...properties } = schedule.properties;
    const end = until === undefined ? {} : { endDate: until.toISOString() };
    this.#store.put({ ...schedule, properties: { ...properties, state: on ? "ENABLED" : "DISABLED", description: note, ...end } });
  }

  /** Nothing is written to simulated databases, so nothing can be behind. */
  async lagSeconds(): Promise<Readonly<Record<string, number>>> {
    return {};
  }

  #schedule(name: string): LiveObject {
    const schedule = this.#store.get(scheduleType, `default/${name}`, this.#place.scope);
    if (schedule === undefined)
      throw new UserError(`There is no switch ${name} in ${this.#place.scope.split("/")[1]}. Make it first: slipway up`);
    return schedule;
  }
}
