/** The simulated providers of one run: loaded only where something is simulated, since they bring gRPC and every catalogue. */
import { aws } from "../cloud/aws/catalogue.ts";
import type { Catalogue } from "../cloud/catalogue.ts";
import { Cloud } from "../cloud/cloud.ts";
import { cloudflare } from "../cloud/cloudflare/catalogue.ts";
import { kubernetes } from "../cloud/kubernetes/catalogue.ts";
import type { LiveStore } from "../cloud/liveStore.ts";
import type { Faults } from "../faults/faults.ts";
import type { PackageName } from "../packageNames.ts";
import { type RunningProvider, serve } from "./server.ts";

const catalogues: Readonly<Record<PackageName, Catalogue>> = { aws, cloudflare, kubernetes };

/** What the providers of a run share. */
export interface ProviderOptions {
  readonly simulated: readonly PackageName[];
  readonly store: LiveStore;
  /** Ids of objects that exist without any stack's doing. */
  readonly existing: ReadonlySet<string>;
  readonly account: string;
  readonly faults: Faults;
}

/** Starts a provider for each package, each on a loopback port of its own. */
export function startProviders({ simulated, store, existing, account, faults }: ProviderOptions): Promise<RunningProvider[]> {
  const all = new Set(simulated);
  return Promise.all(simulated.map((name) => serve(new Cloud(catalogues[name], store, existing, all), account, faults)));
}
