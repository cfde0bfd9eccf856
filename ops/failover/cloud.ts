/** What the failover commands ask of a cloud, simulated or real. */

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

/** The cloud of one stack. */
export interface FailoverCloud {
  /** Region that users are sent to now. @returns undefined when nobody can tell */
  answering(): Promise<string | undefined>;
  /** @param host the region's own name */
  health(host: string): Promise<RegionHealth>;
  /** @throws UserError when there is no such switch */
  readSwitch(name: string): Promise<SwitchState>;
  /** @throws UserError when it cannot be set */
  writeSwitch(name: string, state: SwitchState): Promise<void>;
  /** Seconds that the replicas of a region are behind, by database. Empty when nobody can tell. */
  lagSeconds(region: string): Promise<Readonly<Record<string, number>>>;
}
