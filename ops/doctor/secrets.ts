/** Secrets without a value. */
import { standbys } from "../../components/environment/contract/failover.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { type SecretEntry, secretInventory, standbyInventory } from "../secrets/inventory.ts";
import { judge } from "../secrets/secrets.ts";
import type { Presence } from "../secrets/values.ts";
import type { Line } from "./line.ts";

/** Every secret of every region. Pure. */
export function wantedSecrets(config: StackConfig): SecretEntry[] {
  return [...secretInventory(config), ...standbys(config).flatMap(({ region }) => standbyInventory(config, region))];
}

/** Judges. @param stack words that name the stack in a command @param region the stack's own @param now the time in its cloud */
export function secretLine(entry: SecretEntry, presence: Presence | undefined, stack: string, region: string, now: Date): Line {
  const { verdict, detail } = judge(entry, presence, now);
  const line = { area: "secrets", what: `${entry.name}, ${entry.region}` } as const;
  const set = `slipway secrets set ${stack}${entry.region === region ? "" : ` --region ${entry.region}`} ${entry.name}`;
  switch (verdict) {
    case "SET":
    case "OLD":
      return { ...line, found: detail === "" ? "has a value" : `has a value, set ${detail}`, verdict: "good" };
    case "MISSING":
      return { ...line, found: `has no value ${detail}`.trim(), verdict: "missing", fix: set };
    case "UNKNOWN":
      return { ...line, found: `nobody can tell ${detail}`.trim(), verdict: "notAsked", fix: `slipway secrets status ${stack}` };
  }
}
