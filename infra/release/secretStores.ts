/** The stores of secrets, asked through the provider whether there is a value; what it is, nobody reads. */
import { getSecretVersions } from "@pulumi/aws/secretsmanager/getSecretVersions.js";
import { getParameter } from "@pulumi/aws/ssm/getParameter.js";
import type { ProviderResource } from "@pulumi/pulumi";
import type { SecretPlace } from "../../components/environment/contract/secrets.ts";
import { askedThrough } from "./invokeOptions.ts";
import { absent } from "./registry.ts";

/**
 * Asks whether a secret has a value. A parameter's comes back as it is encrypted: the provider has no other question.
 * @throws Error when the store does not answer
 */
export function storeHas(provider: ProviderResource | undefined): (place: SecretPlace) => Promise<boolean> {
  const opts = askedThrough(provider);
  return async ({ store, key, region }) => {
    try {
      if (store === "secretsManager") {
        const { versions } = await getSecretVersions({ secretId: key, region }, opts);
        return versions.some(({ versionStages }) => versionStages.includes("AWSCURRENT"));
      }
      await getParameter({ name: key, region, withDecryption: false }, opts);
      return true;
    } catch (error) {
      if (error instanceof Error && absent.test(error.message)) return false;
      throw error;
    }
  };
}
