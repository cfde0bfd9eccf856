/** The whole config of a stack: one zod schema an area, one area a top-level key `slipway:<area>`. */

import type { Immutable } from "../../components/contract/immutable.ts";
import type { z } from "../../components/contract/zod.ts";
import { access, budget } from "./access.ts";
import { aws, environment, protect, system, tags } from "./account.ts";
import { alarms, slos } from "./alarms.ts";
import { autoRollback } from "./autoRollback.ts";
import { backup } from "./backup.ts";
import { buckets, fileSystems } from "./buckets.ts";
import { caches } from "./caches.ts";
import { dashboards } from "./dashboards.ts";
import { databases } from "./databases.ts";
import { edge } from "./edge.ts";
import { failover } from "./failover.ts";
import { kubernetes } from "./kubernetes.ts";
import { dns, loadBalancer } from "./loadBalancer.ts";
import { logs } from "./logs.ts";
import { network } from "./network.ts";
import { notifications } from "./notifications.ts";
import { rollout } from "./release.ts";
import { secrets } from "./secrets.ts";
import { registry, services } from "./service.ts";
import { sites } from "./sites.ts";
import { uptime } from "./uptime.ts";

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
