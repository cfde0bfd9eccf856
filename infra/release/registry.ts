/** The registry, asked through the provider: with the credentials of the update, whoever runs it. */
import { getImage } from "@pulumi/aws/ecr/getImage.js";
import type { ProviderResource } from "@pulumi/pulumi";
import { askedThrough } from "./invokeOptions.ts";
import type { RegionalImage } from "./missingImages.ts";

/** What is not there, by AWS's errors and the provider's own. */
export const absent = /not ?found|couldn't find|empty result/i;

const refused = /AccessDenied|not authorized/i;

/**
 * Asks whether the registry has an image, and shows it to this account.
 * @param own account of the stack, 12 digits
 * @throws Error when the registry does not answer
 */
export function registryHas(provider: ProviderResource | undefined, own: string): (image: RegionalImage) => Promise<boolean | "refused"> {
  const opts = askedThrough(provider);
  return async ({ account, region, repository, digest }) => {
    try {
      await getImage({ registryId: account, region, repositoryName: repository, imageDigest: digest }, opts);
      return true;
    } catch (error) {
      if (error instanceof Error && absent.test(error.message)) return false;
      // Refused by one's own account it is a right that lacks, and nobody can tell.
      if (account !== own && error instanceof Error && refused.test(error.message)) return "refused";
      throw error;
    }
  };
}
