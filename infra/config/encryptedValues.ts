/** Encrypted values of a stack file that no area takes as a secret. */

import { holdsSecret } from "../../components/contract/shape.ts";
import { areaNames } from "../../components/environment/contract.ts";
import { shapeOfArea } from "./areaShape.ts";
import type { Problem } from "./problem.ts";

/**
 * What is encrypted in an area that has no place for a secret: the program would hand it to resources in clear, and so into the state.
 * @param secretKeys top-level keys that hold an encrypted value somewhere
 */
export function encryptedValueProblems(secretKeys: ReadonlySet<string>): Problem[] {
  if (secretKeys.size === 0) return [];
  const kept = new Set<string>(areaNames.filter((area) => holdsSecret(shapeOfArea(area))));
  return [...secretKeys]
    .filter((key) => !kept.has(key))
    .sort()
    .map((key) => ({
      path: [key],
      found: "has an encrypted value, which would be in clear in the state",
      allowed: "the name of a secret under secrets and services.<name>.secrets, with the value set by slipway secrets set",
    }));
}
