/** The offline cloud: simulated AWS, Cloudflare and Kubernetes over one live store, attached to the real engine. */
import { join } from "node:path";
import { aheadOf } from "./cloud/clock.ts";
import { LiveStore } from "./cloud/liveStore.ts";
import type { ExistingZone } from "./cloudflare/api.ts";
import { type Fault, Faults } from "./faults/faults.ts";
import { type PackageName, packageNames } from "./packageNames.ts";

export { timeIn } from "./cloud/clock.ts";
export { type CreatedObject, createdObject } from "./cloud/createdObject.ts";
export { DamagedObjectError, type LiveStore } from "./cloud/liveStore.ts";
export type { ExistingZone } from "./cloudflare/api.ts";
export type { Fault } from "./faults/faults.ts";
export { type PackageName, packageNames } from "./packageNames.ts";
export { simulatedMark } from "./provider/mark.ts";

/** What a sandbox is started with. */
export interface SandboxOptions {
  /** Folder of the sandbox; its `live` folder holds what exists. Created when absent. */
  readonly folder: string;
  /** AWS account that the credentials of this run belong to, 12 digits. */
  readonly account: string;
  /** Providers to simulate. The rest are left to the plugins that the engine finds. @default all three */
  readonly simulated?: readonly PackageName[];
  /** Ids of objects that exist without any stack's doing, such as a DNS zone. @default none */
  readonly existing?: readonly string[];
  /** Zone at Cloudflare that exists without any stack's doing, unless the live store holds it otherwise. @default none */
  readonly zone?: ExistingZone | undefined;
  /** Faults to inject in this run. @default none */
  readonly faults?: readonly Fault[];
  /** Ends the engine at once, for `kill` faults. @default nothing is ended */
  readonly kill?: () => void;
}

/** Running simulated providers. */
export interface Sandbox {
  /** Environment that makes the engine use the simulated providers. */
  readonly environment: Readonly<Record<string, string>>;
  /** Types of this run that the sandbox has no facts of: served unchecked. */
  readonly unchecked: () => readonly string[];
  /** What of this run was taken for granted, since a real provider has it: a sentence each. */
  readonly assumed: () => readonly string[];
  /** Milliseconds that the clock of simulated AWS is ahead of this machine's; 0 where AWS is not simulated. */
  readonly clockAhead: number;
  readonly stop: () => void;
}

/** Opens the live store of a sandbox folder. */
export function openLiveStore(folder: string): LiveStore {
  return new LiveStore(join(folder, "live"));
}

/** Starts the simulated providers on loopback ports. Nothing listens after `stop`; where nothing is simulated, nothing is loaded. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { simulated = packageNames, account } = options;
  if (simulated.length === 0) return { environment: {}, unchecked: () => [], assumed: () => [], clockAhead: 0, stop: () => {} };
  const { startProviders } = await import("./provider/start.ts");
  const store = openLiveStore(options.folder);
  const faults = new Faults(options.faults ?? [], options.kill ?? (() => {}));
  const running = await startProviders({ simulated, store, existing: new Set(options.existing), zone: options.zone, account, faults });
  return {
    environment: { PULUMI_DEBUG_PROVIDERS: running.map(({ name, port }) => `${name}:${port}`).join(",") },
    unchecked: () => running.flatMap((provider) => [...provider.unchecked]).sort(),
    assumed: () => running.flatMap((provider) => [...provider.assumed]).sort(),
    clockAhead: simulated.includes("aws") ? aheadOf(store) : 0,
    stop: () => {
      for (const provider of running) provider.stop();
    },
  };
}
