/** A stack whose system, environment, services and stores have the longest names that config takes. */
import { type Edits, rawConfig } from "./config.ts";
import { dataStores } from "./dataStack.ts";

type Named = Record<string, unknown>;

/** A name of 40 characters that begins so. */
const long = (name: string) => `${name.padEnd(39, "-and-on")}x`;

const renamed = (all: unknown): Named => Object.fromEntries(Object.entries(all as Named).map(([name, value]) => [long(name), value]));

/** Edits for a shipped stack of this project: one store of each kind, and its services by longer names. @param stack `production` */
export function longestNames(stack: string): Edits {
  const { "services.api.connects": connects, ...stores } = dataStores as Record<string, Named>;
  const { databases, caches, buckets, fileSystems } = connects!;
  const services = renamed(rawConfig(stack).services);
  const api = services[long("api")] as Named;
  const names = (all: unknown) => (all as string[]).map(long);
  return {
    ...Object.fromEntries(Object.entries(stores).map(([area, all]) => [area, renamed(all)])),
    system: "a-system-of-twenty-x",
    environment: "environment-twenty-x",
    autoRollback: renamed(rawConfig(stack).autoRollback),
    services: {
      ...services,
      [long("api")]: {
        ...api,
        connects: {
          databases: names(databases),
          caches: names(caches),
          buckets: renamed(buckets),
          fileSystems: renamed(fileSystems),
        },
        secrets: {},
      },
    },
  };
}
