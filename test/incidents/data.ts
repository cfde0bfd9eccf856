/** Incidents of databases, caches, secrets, backups and regions. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Edits } from "../harness/config.ts";
import { dataStores } from "../harness/dataStack.ts";
import { carriedStores, threeRegions } from "../harness/failoverStack.ts";
import { onlyApi, watchedRelease } from "../harness/smallStacks.ts";
import type { StackUnderTest } from "../harness/stack.ts";
import { ring, runTasks, storeOf } from "./cloud.ts";
import type { Incident } from "./incident.ts";

const instanceType = "aws:rds/instance:Instance";
const alone: Edits = { ...watchedRelease, ...onlyApi, autoRollback: undefined };
const failsOver: Edits = { ...alone, ...carriedStores, ...threeRegions };
const stores: Edits = { ...alone, caches: dataStores.caches };

export const dataIncidents: readonly Incident[] = [
  {
    id: "I2",
    what: "a region is lost, and its database has to be promoted elsewhere",
    stack: { name: "staging", edits: failsOver },
    before: { known: 1, painEnds: "never", clean: "never" },
    prepare: backedUp,
    fault: async (stack) => {
      for (const colour of ["blue", "green"] as const) runTasks(stack, "api", colour, 0);
      stack.edit(writer(stack), (properties) => {
        properties.status = "failed";
      });
      await ring(stack, "coinestate-staging-use1-api-no-healthy-targets");
    },
    alarm: /use1-api-no-healthy-targets$/,
    known: /us-east-1/,
    served: (stack) => writers(stack).some(({ scope, properties }) => !scope.endsWith("us-east-1") && properties.status !== "failed"),
    clean: (stack) => writers(stack).some(({ scope }) => !scope.endsWith("us-east-1")),
  },
  {
    id: "I3",
    what: "rows were deleted; PostgreSQL has to go back to a moment, and standby regions hold the damage too",
    stack: { name: "staging", edits: failsOver },
    before: { known: "never", painEnds: "never", clean: 6 },
    prepare: backedUp,
    // The server is well, and so is every metric: only its rows are not.
    fault: async (stack) => {
      await stack.slipway("sandbox", "clock", "advance", "3h", "--stack", stack.stack);
    },
    complaint: /data of main/,
    known: /data of main/,
    served: (stack) => damaged(stack) && writers(stack).length > 1,
    clean: (stack) =>
      damaged(stack) &&
      stack
        .live(instanceType)
        .every(({ properties }) => isAside(properties) || !String(properties.replicateSourceDb ?? "").includes("-damaged")),
  },
  {
    id: "I7",
    what: "a cache evicts what is still needed",
    stack: { name: "staging", edits: stores },
    before: { known: 1, painEnds: "never", clean: 3 },
    fault: (stack) => ring(stack, "coinestate-staging-use1-cache-sessions-001-evictions-p2"),
    alarm: /evictions/,
    known: /evict|memory/i,
    served: (stack) => nodeType(stack) === "cache.t4g.medium",
    clean: (stack) =>
      nodeType(stack) === "cache.t4g.medium" &&
      readFileSync(join(stack.folder, `Pulumi.${stack.stack}.yaml`), "utf8").includes("cache.t4g.medium"),
  },
  {
    id: "I11",
    what: "a secret was rotated, and tasks hold the old value",
    stack: { name: "staging", edits: alone },
    before: { known: "never", painEnds: "never", clean: "never" },
    fault: async (stack) => {
      await stack.slipway("sandbox", "clock", "advance", "2h", "--stack", stack.stack);
      const { exitCode, stdout, stderr } = await stack.slipwayAlone("another-value-of-the-secret-0123456789", ...setSecret(stack));
      if (exitCode !== 0) throw new Error(`the secret cannot be rotated: ${stdout}${stderr}`);
    },
    known: /STALE/i,
    served: (stack) => deployments(stack) > 1,
    clean: (stack) => deployments(stack) > 1,
  },
  {
    id: "I13",
    what: "copies of backups have not come to the other region for nine days",
    stack: { name: "olympiad/production", edits: {} },
    before: { known: "never", painEnds: "never", clean: "never" },
    fault: async (stack) => {
      await stack.slipway("backup", "start", "--stack", stack.stack, "--reason", "every day");
      for (const point of stack.live("aws:backup/recoveryPoint:RecoveryPoint").filter(({ scope }) => scope.endsWith("us-west-2")))
        storeOf(stack).delete(point);
    },
    known: /us-west-2/,
    served: (stack) => stack.live("aws:backup/recoveryPoint:RecoveryPoint").some(({ scope }) => scope.endsWith("us-west-2")),
    clean: (stack) => stack.live("aws:backup/recoveryPoint:RecoveryPoint").some(({ scope }) => scope.endsWith("us-west-2")),
  },
  {
    id: "I14",
    what: "a database is dead, and everything that needs it rings",
    stack: { name: "staging", edits: { ...alone, ...carriedStores } },
    before: { known: 1, painEnds: "never", clean: "never" },
    fault: async (stack) => {
      stack.edit(writer(stack), (properties) => {
        properties.status = "failed";
      });
      for (const name of ["api-error-rate-p1", "check-api-failing", "load-balancer-error-rate-p1"])
        await ring(stack, `coinestate-staging-use1-${name}`);
    },
    alarm: /api-error-rate-p1/,
    known: /main.*(failed|dead)|database/i,
    served: (stack) => writers(stack).some(({ properties }) => properties.status !== "failed"),
    clean: (stack) => writers(stack).some(({ properties }) => properties.status !== "failed"),
  },
];

/** The server of before is kept beside the one that was restored. */
const isAside = ({ identifier }: { readonly identifier?: unknown }) => String(identifier).endsWith("-damaged");
const damaged = (stack: StackUnderTest) => stack.live(instanceType).some(({ properties }) => isAside(properties));

/** Every store has a backup that is young enough. */
async function backedUp(stack: StackUnderTest): Promise<void> {
  const { exitCode, stdout, stderr } = await stack.slipway("backup", "start", "--stack", stack.stack, "--reason", "every day");
  if (exitCode !== 0) throw new Error(`what is there before the incident cannot be made:\n${stdout}\n${stderr}`);
}

const writers = (stack: StackUnderTest) => stack.live(instanceType).filter(({ properties }) => !properties.replicateSourceDb);

function writer(stack: StackUnderTest) {
  const [found] = writers(stack);
  if (found === undefined) throw new Error(`${stack.stack} has no database that takes writes`);
  return found;
}

/** Node type of the cache `sessions`, whose group has a name that was made short. */
function nodeType(stack: StackUnderTest): unknown {
  const [group] = stack
    .live("aws:elasticache/replicationGroup:ReplicationGroup")
    .filter(({ properties }) => String(properties.engine) === "valkey");
  return group?.properties.nodeType;
}

/** Deployments of the live colour so far: tasks that are started anew are another one. */
function deployments(stack: StackUnderTest): number {
  const [found] = stack.live("aws:ecs/service:Deployment").filter(({ createdFor }) => createdFor.endsWith("-api-blue"));
  return Number(String(found?.properties.id ?? "ecs-svc/1").split("/")[1]);
}

const setSecret = (stack: StackUnderTest) => ["secrets", "set", "--stack", stack.stack, "/coinestate/staging/jwt/secret"];
