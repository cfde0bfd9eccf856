/** What a request must carry to reach a colour by name, as config has it. */
import type { Input } from "@pulumi/pulumi";
import { CandidateSecret } from "../components/loadBalancer/candidateSecret.ts";
import type { Here } from "./here.ts";

/** The secret of one region's candidate header, or undefined where there is no service. */
export function candidateSecretOf({ config, place }: Here, keyArn: Input<string>): CandidateSecret | undefined {
  if (Object.keys(config.services).length === 0) return undefined;
  const { candidateSecret } = config.loadBalancer;
  return place.make(CandidateSecret, place.names.regional("candidate"), { candidateSecret, keyArn });
}
