/** What earlier updates left: the stack's own outputs, which the last complete one wrote, and the state, which is written after each step. */
import { getOrganization, getProject, getStack, runtime } from "@pulumi/pulumi";
import { stateVariable } from "../config/commandVariables.ts";
import type { DeployedData } from "../release/deployedData.ts";
import type { DeployedRelease } from "../release/deployedRelease.ts";
import type { DeployedLock } from "../release/originLock.ts";
import type { StateResources } from "../release/releaseInState.ts";

/** What the next update is held against. */
interface Deployed {
  readonly release: DeployedRelease;
  readonly data: DeployedData;
  /** Undefined where the last complete update left no lock. */
  readonly originLock: DeployedLock | undefined;
  /** Undefined where nobody can say whether there is one. */
  readonly state: StateResources | undefined;
}

/**
 * Reads them. Asked for the resources of a state that is not there yet, the engine ends in a panic (3.229 to 3.276,
 * `backendClient.GetStackResourceOutputs` of a snapshot that is nil): so it is asked where an update was complete before, or where whoever
 * started it has seen a state.
 * @returns empty records before the first update
 */
export async function readDeployed(): Promise<Deployed> {
  const name = `${getOrganization()}/${getProject()}/${getStack()}`;
  const { outputs } = (await runtime.invoke("pulumi:pulumi:readStackOutputs", { name })) as { readonly outputs?: Partial<Deployed> };
  const { release: written = {}, data = {}, originLock } = outputs ?? {};
  // An update of named targets leaves services that it did not make without a value.
  const release = Object.fromEntries(Object.entries(written).filter(([, service]) => service != null));
  const seen = process.env[stateVariable];
  if (seen === "empty") return { release, data, originLock, state: {} };
  if (seen === undefined && Object.keys(release).length === 0) return { release, data, originLock, state: undefined };
  const resources = await runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName: name });
  return { release, data, originLock, state: (resources as { readonly outputs?: StateResources }).outputs ?? {} };
}
