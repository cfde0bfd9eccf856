/**
 * What the cloud has and no state holds, and records that are gone: what somebody made or deleted by hand, which no preview shows. `status`,
 * `verify` and the search for drift tell it by this one piece.
 */
import type { AskedWithState } from "./asked.ts";
import type { Commands } from "./commands.ts";
import type { Finding } from "./finding.ts";
import { type ForeignPolicy, foreignPolicies } from "./foreignPolicies.ts";
import { type ForeignRule, foreignRules } from "./foreignRules.ts";
import { known, patience, type Reading, reading } from "./reading.ts";
import { type RecordStatus, strayRecords } from "./zoneRecords.ts";

/** What was looked at, each by itself. */
export interface Foreign {
  /** Rules of the stack's security groups. */
  readonly rules: Reading<readonly ForeignRule[]>;
  /** Records of the stack's names that are gone, or that its state does not hold. */
  readonly records: Reading<readonly RecordStatus[]>;
  /** Policies on the stack's roles. */
  readonly policies: Reading<readonly ForeignPolicy[]>;
}

/** How much longer than others such looks may take, milliseconds: a stack has dozens of roles. */
export const foreignPatience = 4 * patience.look;

/** What each look is about, as a row or a line names it. */
export const foreignSubjects: Readonly<Record<keyof Foreign, string>> = {
  rules: "rules of security groups",
  records: "records of the zone",
  policies: "policies of roles",
};

/** Looks at all of it side by side. @param milliseconds that each look may take */
export async function foreignOf(asked: AskedWithState, milliseconds: number): Promise<Foreign> {
  const [rules, records, policies] = await Promise.all([
    reading(() => foreignRules(asked), milliseconds),
    reading(() => strayRecords(asked), milliseconds),
    reading(() => foreignPolicies(asked), milliseconds),
  ]);
  return { rules, records, policies };
}

/** Of what was looked at and could be read. */
export function foreignFindings({ rules, records, policies }: Partial<Foreign>, commands: Commands): Finding[] {
  return [
    ...valuesOf(rules).map((rule): Finding => {
      const { id, groupName, region, direction, opens } = rule;
      const what = `${id} lets ${direction === "in" ? opens : `out ${opens}`} in ${groupName}, ${region}, and no state holds it`;
      return { gravity: "drift", what, command: commands.revoke(rule) };
    }),
    // Those that are gone lead nobody to the stack.
    ...valuesOf(records).map(({ name, type, state }): Finding => {
      if (state === "gone")
        return { gravity: "outage", what: `the record ${name} (${type}) is gone from the zone`, command: commands.updateRefreshed() };
      const what = `beside the stack's own the zone has another record ${name} (${type})`;
      return { gravity: "drift", what, command: commands.runbook("endpoint-unreachable") };
    }),
    ...valuesOf(policies).map((one): Finding => {
      const what = `the role ${one.role} has the ${one.kind} policy ${one.policy}, and no state holds it`;
      return { gravity: "drift", what, command: commands.takePolicy(one) };
    }),
  ];
}

function valuesOf<Value>(read: Reading<readonly Value[]> | undefined): readonly Value[] {
  return (read && known(read)) ?? [];
}
