/** All services of a stack that are released, wherever they run. */
import { clusterServices } from "./clusterService.ts";
import { ecsServices } from "./ecsService.ts";
import type { ReleasedConfig, ReleasedService, Updated } from "./releasedService.ts";

/** Those whose traffic the state has a rule of, in every region, the primary first. */
export function releasedServices(update: Updated<ReleasedConfig>): ReleasedService[] {
  return [...ecsServices(update), ...clusterServices(update)];
}
