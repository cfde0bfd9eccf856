/** The simulated providers of one run: loaded only where something is simulated, since they bring gRPC and every catalogue. */
import { aws } from "../cloud/aws/catalogue.ts";
import type { Catalogue } from "../cloud/catalogue.ts";
import { Cloud } from "../cloud/cloud.ts";
import { cloudflare } from "../cloud/cloudflare/catalogue.ts";
import { kubernetes } from "../cloud/kubernetes/catalogue.ts";
import type { LiveStore } from "../cloud/liveStore.ts";
import type { ExistingZone } from "../cloudflare/api.ts";
import { zoneInvokes } from "../cloudflare/invokes.ts";
import type { Faults } from "../faults/faults.ts";
import type { PackageName } from "../packageNames.ts";
import { type RunningProvider, serve } from "./server.ts";

function catalogueOf(name: PackageName, zone: ExistingZone | undefined): Catalogue {
  if (name !== "cloudflare") return { aws, kubernetes }[name];
  return zone === undefined ? cloudflare : { ...cloudflare, invokes: zoneInvokes(zone) };
}

/** What the providers of a run share. */
export interface ProviderOptions {
  readonly simulated: readonly PackageName[];
  readonly store: LiveStore;
  /** Ids of objects that exist without any stack's doing. */
  readonly existing: ReadonlySet<string>;
  /** Zone at Cloudflare that exists without any stack's doing. @default none */
  readonly zone?: ExistingZone | undefined;
  readonly account: string;
  readonly faults: Faults;
}

/** Starts a provider for each package, each on a loopback port of its own. */
export function startProviders({ simulated, store, existing, zone, account, faults }: ProviderOptions): Promise<RunningProvider[]> {
  const all = new Set(simulated);
  return Promise.all(simulated.map((name) => serve(new Cloud(catalogueOf(name, zone), store, existing, all), account, faults)));
}
