/** `slipway sandbox secrets`: values in the simulated stores, in place of a person at `slipway secrets set`. */
import { randomBytes } from "node:crypto";
import { secretPlace } from "../../components/environment/contract/secrets.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { wantedSecrets } from "../../ops/doctor/secrets.ts";
import { parameterName } from "../../ops/secrets/values.ts";
import { answered } from "../../sandbox/aws/simulated.ts";
import { CloudError } from "../../sandbox/cloud/catalogue.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";

/**
 * Gives each secret that a stack's tasks read a value of its own, where it has none. Parameters may be set before the first update, in every
 * region; an entry of Secrets Manager has a place only after it.
 * @param folder of the sandbox
 * @returns a line for each secret
 */
export function setConfiguredSecrets(folder: string, config: StackConfig): string[] {
  const store = openLiveStore(folder);
  return wantedSecrets(config).map(({ name, store: kind, region, minimumLength }) => {
    const place = { account: secretPlace(config, name).account, region };
    const value = randomBytes(Math.max(32, minimumLength)).toString("base64url");
    const said = (what: string) => `${name}, ${region}: ${what}`;
    try {
      if (kind === "parameter") {
        const input = { Name: parameterName(name), Type: "SecureString", Value: value };
        answered("SSM", "PutParameter", input, { store, place });
      } else {
        const known = answered("SecretsManager", "DescribeSecret", { SecretId: name }, { store, place });
        if ("VersionIdsToStages" in known) return said("there already");
        answered("SecretsManager", "PutSecretValue", { SecretId: name, SecretString: value }, { store, place });
      }
      return said("set");
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      if (error.code === "ParameterAlreadyExists") return said("there already");
      return said(`not set: ${error.reason} slipway up --stack <stack> makes its place`);
    }
  });
}
