/** How secrets reach pods: the cluster's External Secrets Operator copies them from AWS; config and state only name them. */

import type { Accepted } from "../contract/accepted.ts";
import type { service } from "./contract.ts";

/** Where a value is. */
export interface SecretSource {
  readonly store: "parameter" | "secretsManager";
  /** Name in the store, or an ARN. */
  readonly key: string;
}

/** Spec of an ExternalSecret with one key a variable. */
export function externalSecretSpec(
  name: string,
  secrets: Readonly<Record<string, SecretSource>>,
  stores: Accepted<typeof service>["secretStores"],
) {
  const sorted = Object.entries(secrets).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    refreshInterval: "1h0m0s",
    secretStoreRef: { kind: "ClusterSecretStore", name: stores.parameterStore },
    target: { name, creationPolicy: "Owner", deletionPolicy: "Retain" },
    data: sorted.map(([secretKey, { store, key }]) => ({
      secretKey,
      remoteRef: { key, conversionStrategy: "Default", decodingStrategy: "None", metadataPolicy: "None" },
      ...(store === "secretsManager" ? { sourceRef: { storeRef: { kind: "ClusterSecretStore", name: stores.secretsManager } } } : {}),
    })),
  };
}
