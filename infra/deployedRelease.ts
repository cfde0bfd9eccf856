/** What the last update left behind, and which release changes it forbids. */
import { getOrganization, getProject, getStack, runtime } from "@pulumi/pulumi";
import { type Colour, colours, otherColour, weightsOf } from "../components/colours.ts";
import { type Problem, setCommand } from "./config/problem.ts";
import type { StackConfig } from "./config/stack.ts";

/** One service as the last complete update left it; also an output of the stack. */
export interface DeployedService {
  /** Share of traffic by colour, percent. */
  readonly weights: Readonly<Record<Colour, number>>;
  /** Image digest by colour; empty when nothing runs there. */
  readonly images: Readonly<Record<Colour, string>>;
  readonly capacity: Readonly<Record<Colour, "full" | "zero">>;
}

export type DeployedRelease = Readonly<Record<string, DeployedService>>;

/** The record that an update with this config leaves. Swapping the labels at 100 % does not change it. */
export function releaseRecord(services: StackConfig["services"]): DeployedRelease {
  return Object.fromEntries(
    Object.entries(services).map(([name, { release }]) => [
      name,
      {
        weights: weightsOf(release.live, release.candidateWeight),
        images: { blue: release.blue.image ?? "", green: release.green.image ?? "" },
        capacity: { blue: release.blue.capacity, green: release.green.capacity },
      },
    ]),
  );
}

/**
 * Reads the record from the stack's own outputs.
 * @returns nothing before the first complete update
 */
export async function readDeployedRelease(): Promise<DeployedRelease> {
  const name = `${getOrganization()}/${getProject()}/${getStack()}`;
  const result = (await runtime.invoke("pulumi:pulumi:readStackOutputs", { name })) as {
    readonly outputs?: { readonly release?: DeployedRelease };
  };
  return result.outputs?.release ?? {};
}

/** Changes that would reach users before the new colour has proved that it runs. */
export function unsafeReleaseChanges(services: StackConfig["services"], deployed: DeployedRelease): Problem[] {
  return Object.entries(services).flatMap(([name, { release }]) => {
    const before = deployed[name];
    if (before === undefined) return [];
    const weights = weightsOf(release.live, release.candidateWeight);
    return colours.flatMap((colour) => {
      const at = (key: string) => ["services", name, "release", colour, key];
      const image = release[colour].image ?? "";
      const changed = image !== before.images[colour];
      const noTraffic =
        colour === otherColour(release.live) ? { mend: setCommand(["services", name, "release", "candidateWeight"], 0) } : {};
      if (changed && before.weights[colour] > 0) {
        return [
          {
            path: at("image"),
            found: image === "" ? "is removed" : `is ${short(image)}`,
            reason: `${colour} serves ${before.weights[colour]} % of the traffic with ${short(before.images[colour])}; only the idle colour's image may change`,
            allowed: `the deployed digest, and the new one in ${otherColour(colour)}`,
            mend: setCommand(at("image"), before.images[colour]),
          },
        ];
      }
      if (weights[colour] > 0 && changed) {
        return [
          {
            path: at("image"),
            found: `is ${short(image)}, not deployed yet`,
            reason: `${colour} would get ${weights[colour]} % of the traffic before its tasks are steady`,
            allowed: "traffic after an update that deploys the image with weight 0",
            ...noTraffic,
          },
        ];
      }
      if (weights[colour] > 0 && before.capacity[colour] === "zero") {
        return [
          {
            path: at("capacity"),
            found: "has just become full",
            reason: `${colour} would get ${weights[colour]} % of the traffic before its tasks run`,
            allowed: "traffic after an update that starts the tasks with weight 0",
            ...noTraffic,
          },
        ];
      }
      return [];
    });
  });
}

function short(digest: string): string {
  return digest.length > 19 ? `${digest.slice(0, 19)}…` : digest;
}
