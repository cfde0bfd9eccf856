/** A rollback by a person's word: what it is ordered with, and what came of it. */
import type { ReleaseRecord } from "../../components/release/recordContract.ts";
import type { Colour, Weights } from "../../infra/config/release.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import type { StackFlags } from "../project/stack.ts";
import type { RecordPlace } from "../release/recordTable.ts";
import type { ReleasedConfig, ReleasedService, ReleasedSettings } from "../release/releasedService.ts";
import type { LatchPlace } from "./latches.ts";

/** Flags of the command. */
export interface RollbackFlags extends StackFlags {
  readonly service: string;
  readonly reason: string;
  /** Traffic waits for the healthy targets that it needs. @default false */
  readonly whenReady?: boolean;
  /** Once traffic is back a pull request makes config follow. @default false */
  readonly openPullRequest?: boolean;
}

/** What a rollback reads of config. */
export interface RolledBackConfig extends ReleasedConfig, Pick<StackConfig, "rollout">, Partial<Pick<StackConfig, "dns">> {
  readonly services: Readonly<Record<string, ReleasedSettings & Partial<Pick<StackConfig["services"][string], "healthCheck">>>>;
  /** By service that an alarm may roll back. */
  readonly autoRollback: Readonly<Record<string, unknown>>;
}

/** What a rollback is ordered with. */
export interface RollbackOrder {
  readonly config: RolledBackConfig;
  /** Asks the rule and the health of its targets; nobody has to be asked first whose the credentials are. */
  readonly place: ReleasedService;
  /** How the receiver is asked for tasks. */
  readonly scaling: ReleasedService["scaling"];
  /** Colour that a rollback leads to as the last complete update left it; undefined where nobody knows. */
  readonly rollbackTo: Colour | undefined;
  readonly aws: Aws;
  /** Undefined where nobody keeps a record, or knows where. */
  readonly record: RecordPlace | undefined;
  readonly latch: LatchPlace;
  /** Who: ARN or name. */
  readonly by: string;
  readonly reason: string;
  /** Traffic waits until the receiver has the healthy targets that it needs. */
  readonly whenReady: boolean;
  /** Takes a line for people. */
  readonly say: (line: string) => void;
  readonly wait: (seconds: number) => Promise<void>;
}

/** What came of it. */
export type RollbackResult =
  /** No release is open, and one colour has everything. */
  | { readonly outcome: "nothing"; readonly receiver: Colour; readonly weights: Weights; readonly record: ReleaseRecord | undefined }
  /** Nobody would answer in the receiver, or not enough came in time: nothing was moved. */
  | { readonly outcome: "refused"; readonly receiver: Colour; readonly weights: Weights; readonly reason: string }
  | Moved;

/** Traffic is back. */
export interface Moved {
  /** `there`: the receiver had everything already. */
  readonly outcome: "moved" | "there";
  readonly receiver: Colour;
  readonly before: Weights;
  /** What lost its traffic; undefined where nobody knows. */
  readonly digest: string | undefined;
  /** When the rule was read back. */
  readonly at: Date;
  /** What was passed over before traffic moved. */
  readonly passed: readonly string[];
  /** What is still to be written: the same command writes it. */
  readonly unwritten: readonly string[];
}

/** Digest of a colour that may get traffic: it has an image and capacity. */
export function openImage({ config, place }: Pick<RollbackOrder, "config" | "place">, colour: Colour): string | undefined {
  const release = config.services[place.service]?.release[colour];
  return release?.capacity === "full" ? release.image : undefined;
}
