/**
 * Whether what an update applied on a cluster runs. The provider waits for a rollout, and may read the status of the one before: then it
 * calls one complete that has not begun, and never asks again. What runs on ECS the program asks itself.
 */
import { deploymentAnswer } from "../../components/release/deployment.ts";
import { colours } from "../../infra/config/release.ts";
import { UserError } from "../userError.ts";
import { clusterServices } from "./clusterService.ts";
import { isComing } from "./readiness.ts";
import type { LiveColourDeployment, ReleasedService, Updated } from "./releasedService.ts";

/** Seconds between two looks at pods on their way, and how often it is looked again: two minutes, as the program waits for tasks. */
const look = { seconds: 5, times: 24 };

/** What an update that was applied asks with. */
interface Applied extends Updated {
  /** Names of Deployments that were asked for pods which nobody waits for. */
  readonly asked: readonly string[];
  readonly wait: (seconds: number) => Promise<void>;
  /** Takes a line for people of what an update of a part left out. @default a refusal, as everything was to be updated */
  readonly say?: ((line: string) => void) | undefined;
}

/**
 * Asks for every colour on the cluster, and waits for pods that are on their way.
 * @throws UserError with a line for each colour that does not run what it was told to
 */
export async function requireRunning({ asked, wait, say, ...update }: Applied): Promise<void> {
  const namespace = String(update.config.kubernetes.cluster?.namespace);
  const found = clusterServices(update).map(async (place) => {
    const reasons = await settled(place, asked, wait);
    return reasons.map(
      ([name, reason]) => `${name} is not deployed: ${reason}. See why: kubectl -n ${namespace} describe deployment ${name}`,
    );
  });
  const lines = (await Promise.all(found)).flat();
  if (lines.length > 0 && say === undefined) throw new UserError(lines.join("\n"));
  for (const line of lines) say?.(line);
}

type Reason = readonly [name: string, reason: string];

async function settled(place: ReleasedService, asked: readonly string[], wait: (seconds: number) => Promise<void>): Promise<Reason[]> {
  for (let left = look.times; ; left -= 1) {
    try {
      const deployments = Object.entries(await place.deployments());
      const short = deployments.flatMap(([colour, deployment]) => shortIn(`${place.service}-${colour}`, deployment, asked));
      if (left === 0 || !short.some(({ coming }) => coming)) return short.map(({ name, reason }) => [name, reason]);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return colours.map((colour) => [`${place.service}-${colour}`, error.message]);
    }
    await wait(look.seconds);
  }
}

function shortIn(name: string, deployment: LiveColourDeployment, asked: readonly string[]) {
  const { answer, reason } = deploymentAnswer(deployment);
  return answer === "asWanted" || asked.includes(name) ? [] : [{ name, reason, coming: isComing(deployment) }];
}
