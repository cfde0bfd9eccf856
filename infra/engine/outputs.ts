/** What the last complete update recorded in the stack's own outputs. */
import { getOrganization, getProject, getStack, runtime } from "@pulumi/pulumi";
import type { DeployedData } from "../release/deployedData.ts";
import type { DeployedRelease } from "../release/deployedRelease.ts";

/** The records that the next update is held against. */
interface Deployed {
  readonly release: DeployedRelease;
  readonly data: DeployedData;
}

/** Reads them, in one question to the engine. @returns empty records before the first complete update */
export async function readDeployed(): Promise<Deployed> {
  const name = `${getOrganization()}/${getProject()}/${getStack()}`;
  const { outputs } = (await runtime.invoke("pulumi:pulumi:readStackOutputs", { name })) as { readonly outputs?: Partial<Deployed> };
  return { release: outputs?.release ?? {}, data: outputs?.data ?? {} };
}
