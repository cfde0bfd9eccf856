/** Secrets of one region: declared when the stack names any. */
import type { Output, ProviderResource } from "@pulumi/pulumi";
import { Secrets } from "../components/secrets/secrets.ts";
import type { Tags } from "../components/tags.ts";
import { secretsKeyAlias } from "./config/secrets.ts";
import type { StackConfig } from "./config/stack.ts";
import { regionCode } from "./regionCode.ts";

/** What the secrets are made from. */
interface RegionSecretsArgs {
  readonly config: StackConfig;
  /** AWS region. */
  readonly region: string;
  readonly tags: Tags;
  readonly providers: readonly ProviderResource[];
  /** Entries of Secrets Manager are the region's own, or copies that another region's entries keep in step. @default "own" */
  readonly entries?: "own" | "copied";
  /** Regions that keep copies, with the key of each. @default none */
  readonly replicaKeys?: Readonly<Record<string, Output<string>>>;
}

/** Declares the secrets of a region. @returns undefined when the stack names none */
export function declareSecrets({ config, region, tags, providers, entries = "own", replicaKeys }: RegionSecretsArgs): Secrets | undefined {
  if (Object.keys(config.secrets).length === 0) return undefined;
  const { protect } = config;
  return new Secrets(
    `${regionCode(region)}-secrets`,
    {
      region,
      accountId: config.aws.accountId,
      keyAlias: secretsKeyAlias(config),
      secrets: entries === "own" ? config.secrets : parametersOf(config),
      replicaKeys,
      // Where nothing is protected a stack is destroyed and made again, and a deleted entry's name would be taken for days.
      recoveryDays: protect ? 30 : 0,
      protect,
      tags,
    },
    { providers: [...providers] },
  );
}

/** Secrets whose value is set in every region by itself: SSM copies nothing. */
function parametersOf({ secrets }: Pick<StackConfig, "secrets">): StackConfig["secrets"] {
  return Object.fromEntries(Object.entries(secrets).filter(([, { store }]) => store === "parameter"));
}
