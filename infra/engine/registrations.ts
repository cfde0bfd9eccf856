/** What a program has registered with the engine so far. */
import { runtime } from "@pulumi/pulumi";

/** Waits until everything that was registered so far is made. The SDK waits in the same way before it disconnects, and exports that without a type. */
export async function allRegistered(): Promise<void> {
  await (runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
}
