/** Services on Kubernetes as the cluster itself tells: where traffic goes, and whether pods of what was applied are there to take it. */
import { deploymentAnswer } from "../../components/release/deployment.ts";
import { type Colour, colours, weightsOf } from "../../infra/config/release.ts";
import { slipwayCommand } from "../project/nextCommand.ts";
import { clusterServices } from "../release/clusterService.ts";
import type { ReleasedService, Updated } from "../release/releasedService.ts";
import { type Check, checked, type Finding } from "./check.ts";
import { judgeWeights, type NamedFlags, type TrafficTarget, weightWords } from "./traffic.ts";

/** Weights of every service on a cluster, and the pods of each colour that has traffic. @param flags name the stack in commands */
export async function clusterChecks(target: TrafficTarget, update: Updated, flags: NamedFlags): Promise<Check[]> {
  const places = clusterServices(update);
  const own = Object.entries(update.config.services).filter(([, { compute }]) => compute === "kubernetes");
  const checks = own.map(async ([service, { release }]): Promise<Check[]> => {
    const wanted = weightsOf(release.live, target === "rollback" ? 0 : release.candidateWeight);
    const weights = [`weights of ${service}, on the cluster`, weightWords(wanted)] as const;
    const place = places.find((one) => one.service === service);
    if (place === undefined) {
      const [what, expected] = weights;
      return [{ what, expected, found: "no route in the state", verdict: "failed", advice: slipwayCommand("up", flags) }];
    }
    const served = colours.filter((colour) => wanted[colour] > 0);
    return Promise.all([
      checked(...weights, async () => judgeWeights(await place.weights(), wanted, target, place, flags)),
      ...served.map((colour) => {
        const least = colour === place.live ? place.minimumTasks : 1;
        return checked(`pods of ${service}, ${colour}`, `${least} ready at least`, () => podsOf(place, colour, least));
      }),
    ]);
  });
  return (await Promise.all(checks)).flat();
}

/** A rollout that did not end is told with its pods: it fails, however many of the old ones are ready. */
async function podsOf(place: ReleasedService, colour: Colour, least: number): Promise<Finding> {
  const [deployments, { [colour]: ready = 0 }] = await Promise.all([place.deployments(), place.healthy()]);
  const deployment = deployments[colour];
  const rollout = deployment === undefined ? undefined : deploymentAnswer(deployment);
  const ended = rollout?.answer === "asWanted";
  const found = ended ? `${ready} ready` : `${ready} ready; ${rollout?.reason ?? "no Deployment that the state has"}`;
  const verdict = ready === 0 || !ended ? "failed" : ready < least ? "degraded" : "good";
  return { found, verdict, ...(verdict === "good" ? {} : { advice: (await place.reasonToStay(colour)) ?? unready }) };
}

const unready = "docs/components/kubernetes.md#when-it-fails";
