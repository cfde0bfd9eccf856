/** The header by which the load balancer knows the edge: how its value is changed, and the lock switched, on a stack that refuses deletions. */
import { expect, test } from "vitest";
import { configOf, type Edits } from "../../harness/config.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";
import { behindCloudflare } from "../../harness/edge/declared.ts";
import { nextUpdate } from "../../harness/nextUpdate.ts";
import { onlyApi, scarcelyWatched } from "../../harness/smallStacks.ts";

const secretType = "aws:secretsmanager/secret:Secret";

const declared = (origin: Edits, allowFrom: readonly string[] = []) =>
  declaredGraph(
    configOf("bench/production", {
      ...scarcelyWatched,
      ...onlyApi,
      ...behindCloudflare,
      "loadBalancer.allowFrom": allowFrom,
      "edge.origin": origin,
    }),
  );

test("C22 the documented change of the origin's secret, and the lock switched off, pass on a protected stack", async () => {
  const both = await declared({ secrets: ["a", "b"], accepts: "b" });
  const second = await declared({ secrets: ["b"], accepts: "b" });
  const open = await declared({ lock: false }, ["0.0.0.0/0"]);
  const name = (key: string) => both.find(({ type, name }) => type === secretType && name.endsWith(`-origin-${key}`))?.name;
  expect(nextUpdate(both, second, [secretType])).toEqual([`delete  ${name("a")}`]);
  expect(nextUpdate(second, open, [secretType])).toEqual([`delete  ${name("b")}`]);
});
