/** A value that the engine keeps encrypted in a state, as it marks one (pulumi/pulumi, sdk/go/common/resource/sig). */

/** Key of a mark. */
export const signatureKey = "4dabf18193072939515e22adb298388d";

/** Mark of a secret; its ciphertext stands beside it. */
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Whether a value is a secret as a whole. One that only holds secrets is none. */
export function isSealed(value: unknown): boolean {
  return typeof value === "object" && value !== null && signatureKey in value && value[signatureKey] === secretSignature;
}
