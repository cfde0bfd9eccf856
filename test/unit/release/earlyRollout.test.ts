/** A rollout that the provider called complete before it began: what the cluster says decides whether traffic goes there. */
import { expect, test } from "vitest";
import type { ObjectPlace } from "../../../ops/kubernetes/cluster.ts";
import { requireTargets } from "../../../ops/release/readiness.ts";
import { ModelCloud } from "../../model/wired/cloud.ts";
import { clusterDoor } from "../../model/wired/cluster.ts";
import { configWith, stateWith } from "../../model/wired/stack.ts";

const [old, fresh] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`];

/** Gives green a quarter while its Deployment says something else of itself than that all run. @returns how often it was waited for */
async function waits(status: object): Promise<number> {
  const cloud = new ModelCloud();
  cloud.ecs.registry.set(old, "good").set(fresh, "good");
  cloud.ecs.update("blue", cloud.ecs.register("blue", old), 8);
  cloud.ecs.update("green", cloud.ecs.register("green", fresh), 8);
  cloud.ecs.setWeights("before", { blue: 100, green: 0 });
  cloud.ecs.tick(40);
  const { read, patch } = clusterDoor(cloud, "up");
  let waited = 0;
  const cluster = {
    patch,
    read: async (place: ObjectPlace) => {
      const object = await read(place);
      if (!place.type.endsWith(":Deployment") || place.name !== "api-green") return object;
      const { status: whole } = object as { readonly status: object };
      return { ...object, metadata: { generation: 2 }, status: { ...whole, observedGeneration: 2, ...(waited < 3 ? status : {}) } };
    },
  };
  await requireTargets({
    config: configWith({ live: "blue", candidateWeight: 25, images: { blue: old, green: fresh } }, 20, "kubernetes"),
    state: stateWith(
      { blue: { digest: old, revision: "" }, green: { digest: fresh, revision: "" } },
      { compute: "kubernetes", maximum: 20 },
    ),
    ...{ aws: cloud.door("up"), cluster, stack: "staging", say: () => {} },
    wait: async () => void waited++,
  });
  return waited;
}

const underWay = { conditions: [{ type: "Progressing", reason: "ReplicaSetUpdated" }] };

test("K11 a status that is older than the Deployment is waited for, whatever it says", async () => {
  expect(await waits({ observedGeneration: 1 })).toBe(3);
});

test("K11 pods of the new template that are fewer than those asked for are waited for, though enough of the old ones are ready", async () => {
  expect(await waits({ replicas: 10, updatedReplicas: 2, readyReplicas: 8, ...underWay })).toBe(3);
});

test("a rollout that has ended is not waited for", async () => {
  expect(await waits({})).toBe(0);
});
