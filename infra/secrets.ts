/** Secrets of one region: declared when the stack names any. */
import type { Output } from "@pulumi/pulumi";
import { secretsKeyAlias } from "../components/environment/contract/secrets.ts";
import { Secrets } from "../components/secrets/secrets.ts";
import type { StackConfig } from "./config/stack.ts";
import type { Here } from "./here.ts";

/** Where the entries of Secrets Manager come from, and where they go. */
interface SecretEntries {
  /** They are the region's own, or copies that another region's entries keep in step. @default "own" */
  readonly entries?: "own" | "copied";
  /** Regions that keep copies, with the key of each. @default none */
  readonly replicaKeys?: Readonly<Record<string, Output<string>>>;
}

/** Declares the secrets of a region. @returns undefined when the stack names none */
export function declareSecrets({ config, place }: Here, { entries = "own", replicaKeys }: SecretEntries): Secrets | undefined {
  if (Object.keys(config.secrets).length === 0) return undefined;
  return place.make(Secrets, place.names.regional("secrets"), {
    keyAlias: secretsKeyAlias(config),
    secrets: entries === "own" ? config.secrets : parametersOf(config),
    replicaKeys,
    // Where nothing is protected a stack is destroyed and made again, and a deleted entry's name would be taken for days.
    recoveryDays: config.protect ? 30 : 0,
  });
}

/** Secrets whose value is set in every region by itself: SSM copies nothing. */
function parametersOf({ secrets }: Pick<StackConfig, "secrets">): StackConfig["secrets"] {
  return Object.fromEntries(Object.entries(secrets).filter(([, { store }]) => store === "parameter"));
}
