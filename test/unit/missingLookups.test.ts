/** Where a rule of the config were ever loosened: a name that leads nowhere stops the program, and takes no resource away. */
import { expect, test } from "vitest";
import { required } from "../../components/byName.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { declare } from "../../infra/program.ts";
import { apiOnCluster } from "./../harness/cluster.ts";
import { configOf, type Edits } from "../harness/config.ts";
import { dataStores } from "../harness/dataStack.ts";
import { graphOf } from "../harness/graph.ts";

test("required gives what is there, and names what is not with what there is", () => {
  expect(required({ api: 1 }, "api", "repository of api")).toBe(1);
  expect(() => required({ web: 1, api: 1 }, "worker", "repository of worker")).toThrow(
    'repository of worker: there is no "worker" (there are api, web)',
  );
  expect(() => required({}, "toString", "repository")).toThrow('repository: there is no "toString" (there is none at all)');
  expect(() => required({ api: undefined }, "api", "repository")).toThrow('there is no "api"');
});

/** A config as no rule lets it pass. */
function broken(edits: Edits, change: (config: StackConfig) => Partial<StackConfig>): StackConfig {
  const config = configOf("bench/production", edits);
  return { ...config, ...change(config) };
}

const api = (change: Partial<StackConfig["services"][string]>) => (config: StackConfig) => ({
  services: { ...config.services, api: { ...config.services.api!, ...change } },
});

test.each<[what: string, edits: Edits, change: (config: StackConfig) => Partial<StackConfig>, says: string]>([
  ["a service's repository", {}, api({ repository: "nowhere" }), 'repository of api: there is no "nowhere"'],
  ["a repository on the cluster", apiOnCluster, api({ repository: "nowhere" }), 'repository of api: there is no "nowhere"'],
  [
    "a store that a service connects to",
    dataStores,
    ({ services }) => ({
      services: { ...services, api: { ...services.api!, connects: { ...services.api!.connects, databases: ["nowhere"] } } },
    }),
    'db that a service connects to: there is no "nowhere"',
  ],
  [
    "a check's database",
    {},
    ({ uptime }) => ({
      uptime: {
        ...uptime,
        reachability: { ...uptime.reachability, targets: { main: { kind: "database", database: "nowhere", severity: "P1" } as never } },
      },
    }),
    'what the check main asks: there is no "nowhere"',
  ],
  [
    "a service with a rollback",
    {},
    ({ autoRollback }) => ({ autoRollback: { nowhere: Object.values(autoRollback)[0] ?? ({ action: "rollBack" } as never) } }),
    'there is no "nowhere"',
  ],
  [
    "an SLO's service",
    {},
    () => ({ slos: { answers: { service: "nowhere", objectivePercent: 99.9, windowDays: 30 } as never } }),
    'service of the SLO answers: there is no "nowhere"',
  ],
])("%s that is not there", async (_, edits, change, says) => {
  const config = broken(edits, change);
  let message = "";
  // What was registered before is waited for all the same.
  await graphOf(() => {
    try {
      declare(config);
    } catch (error) {
      message = String(error);
    }
    return {};
  });
  expect(message).toContain(says);
});
