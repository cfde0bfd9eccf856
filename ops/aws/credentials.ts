/** What to say when AWS takes no credentials, in one sentence with what to run. */
import { UserError } from "../userError.ts";

const expired = /expired/i;
const unknown = new Set([
  "InvalidClientTokenId",
  "UnrecognizedClientException",
  "SignatureDoesNotMatch",
  "AuthFailure",
  "InvalidAccessKeyId",
]);
const missing = new Set(["CredentialsProviderError", "TokenProviderError", "ProviderError"]);

/** @returns undefined when it is not about credentials */
export function credentialProblem({ name, message }: Error, cloud: string): UserError | undefined {
  const profile = process.env.AWS_PROFILE ?? "";
  const run =
    profile === "" ? "aws sso login, or choose a profile that works: export AWS_PROFILE=<profile>" : `aws sso login --profile ${profile}`;
  if (expired.test(name) || (missing.has(name) && expired.test(message)))
    return new UserError(`The credentials for ${cloud} have expired. Nothing was asked with them. Run: ${run}`, 2);
  if (unknown.has(name)) return new UserError(`AWS does not know the credentials for ${cloud} (${name}). Run: ${run}`, 2);
  if (missing.has(name)) return new UserError(`There are no credentials for ${cloud}: ${message.replace(/\.?$/, ".")} Run: ${run}`, 2);
  return undefined;
}
