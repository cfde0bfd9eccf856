/** The whole config of a stack: one zod schema an area, one area a top-level key `slipway:<area>`. */

import type { Immutable } from "../contract/immutable.ts";
import type { z } from "../contract/zod.ts";
import { rollout } from "../release/contract.ts";
import { access, budget } from "./contract/access.ts";
import { aws, environment, protect, system, tags } from "./contract/account.ts";
import { alarms, slos } from "./contract/alarms.ts";
import { autoRollback } from "./contract/autoRollback.ts";
import { backup } from "./contract/backup.ts";
import { buckets, fileSystems } from "./contract/buckets.ts";
import { caches } from "./contract/caches.ts";
import { dashboards } from "./contract/dashboards.ts";
import { databases } from "./contract/databases.ts";
import { edge } from "./contract/edge.ts";
import { failover } from "./contract/failover.ts";
import { kubernetes } from "./contract/kubernetes.ts";
import { dns, loadBalancer } from "./contract/loadBalancer.ts";
import { logs } from "./contract/logs.ts";
import { network } from "./contract/network.ts";
import { notifications } from "./contract/notifications.ts";
import { secrets } from "./contract/secrets.ts";
import { registry, services } from "./contract/service.ts";
import { sites } from "./contract/sites.ts";
import { uptime } from "./contract/uptime.ts";

/** Schemas by top-level key. */
export const areas = {
  system,
  environment,
  protect,
  tags,
  aws,
  network,
  dns,
  loadBalancer,
  edge,
  registry,
  logs,
  rollout,
  kubernetes,
  services,
  databases,
  caches,
  buckets,
  fileSystems,
  backup,
  sites,
  secrets,
  access,
  budget,
  notifications,
  alarms,
  slos,
  autoRollback,
  failover,
  uptime,
  dashboards,
} as const;

export type AreaName = keyof typeof areas;

/** Config after defaults, immutable. */
export type StackConfig = { readonly [A in AreaName]: Immutable<z.output<(typeof areas)[A]>> };

/** Areas that could be read by themselves; cross-checks work on what is there. */
export type PartialStackConfig = { readonly [A in AreaName]?: StackConfig[A] };

export const areaNames = Object.keys(areas) as AreaName[];
