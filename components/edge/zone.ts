/** A zone at Cloudflare: its settings, and one ruleset for each phase that has rules. */
import { Ruleset, type RulesetArgs } from "@pulumi/cloudflare/ruleset.js";
import { ZoneDnssec } from "@pulumi/cloudflare/zoneDnssec.js";
import { ZoneSetting } from "@pulumi/cloudflare/zoneSetting.js";
import type { ComponentResourceOptions, CustomResourceOptions, Output } from "@pulumi/pulumi";
import { Component, type Transformable, transformed } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import { holds } from "../contract/rule.ts";
import { type AcceptedZone, type OriginHeader, type Phase, type ZoneRule, zonePhases, zoneRules } from "./cloudflare/phases.ts";
import { cloudflareZoneProblems } from "./cloudflare/zoneProblems.ts";
import { zone } from "./contract.ts";
import { brokenBy } from "./problem.ts";

/** Arguments of `Zone`: those of its contract, and these. */
export interface ZoneArgs extends Given<typeof zone>, Transformable<{ ruleset: RulesetArgs }> {
  /** Header by which the origin knows the edge, sent for the hosts that lead to that origin and no others. @default none */
  readonly originHeader?: OriginHeader | undefined;
}

/** The contract of a zone, with what its plan refuses. */
export function zoneContract({ originHeader }: Pick<ZoneArgs, "originHeader">) {
  return zone.superRefine(
    holds((given) =>
      cloudflareZoneProblems(given, originHeader)
        .filter(({ severity }) => severity !== "warning")
        .map(brokenBy),
    ),
  );
}

/** Settings by Cloudflare's own ids: TLS to the origin is verified, nothing below TLS 1.2, nothing in the clear. */
function zoneSettings({ strictTransportSecurity }: AcceptedZone["headers"]): Record<string, unknown> {
  const { maxAgeSeconds, includeSubdomains, preload } = strictTransportSecurity;
  return {
    always_use_https: "on",
    automatic_https_rewrites: "on",
    min_tls_version: "1.2",
    security_header: {
      strict_transport_security: { enabled: true, max_age: maxAgeSeconds, include_subdomains: includeSubdomains, preload, nosniff: true },
    },
    ssl: "strict",
    tls_1_3: "on",
  };
}

/** A setting is the zone's: the provider's deletion asks for nothing and warns of that, where the engine can say that it stays. */
const kept: CustomResourceOptions = { retainOnDelete: true };

/** What a setting needs beside its value. */
const settingOptions: Readonly<Record<string, CustomResourceOptions>> = {
  // An update sends the changed keys alone, and a creation the whole.
  security_header: { replaceOnChanges: ["value"], deleteBeforeReplace: true },
  // Answered as "zrt" where the zone has 0-RTT.
  tls_1_3: { ignoreChanges: ["value"] },
};

/**
 * A signature stays when the stack lets go of it: while the registrar has its DS record, resolvers refuse a zone without one. It is
 * "pending" until the registrar has it.
 */
const signed: CustomResourceOptions = { retainOnDelete: true, ignoreChanges: ["status"] };

/**
 * Settings and rulesets of one zone. Cloudflare has one entry-point ruleset for each phase of a zone, so one stack alone
 * may declare this for a zone. A change of a rule updates its phase's ruleset in place; rules keep their identity by `ref`.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Zone extends Component {
  /** The real resources. */
  readonly nodes: { readonly rulesets: Readonly<Partial<Record<Phase, Ruleset>>> };
  /** DS record for the registrar, when the zone is signed. */
  readonly dsRecord: Output<string> | undefined;
  /** Ids of the rulesets by phase. */
  readonly rulesets: Readonly<Partial<Record<Phase, Output<string>>>>;

  constructor(name: string, args: ZoneArgs, opts?: ComponentResourceOptions) {
    const given = accepted(name, zoneContract(args), args);
    super("slipway:edge:Zone", name, {}, opts);
    const { zoneId } = given;
    for (const [settingId, value] of Object.entries(zoneSettings(given.headers)))
      new ZoneSetting(`${name}-${settingId}`, { zoneId, settingId, value }, { parent: this, ...kept, ...settingOptions[settingId] });
    const rulesets: Partial<Record<Phase, Ruleset>> = {};
    for (const [phase, rules] of zonePhases(zoneRules(given, args.originHeader))) rulesets[phase] = this.#ruleset(name, phase, rules, args);
    this.nodes = { rulesets };
    this.rulesets = Object.fromEntries(Object.entries(rulesets).map(([phase, { id }]) => [phase, id]));
    this.dsRecord = given.dnssec
      ? new ZoneDnssec(`${name}-dnssec`, { zoneId, status: "active" }, { parent: this, ...signed }).ds
      : undefined;
    this.registerOutputs();
  }

  #ruleset(name: string, phase: Phase, rules: ZoneRule[], { zoneId, transform }: ZoneArgs): Ruleset {
    const wanted: RulesetArgs = { zoneId, kind: "zone", phase, name: "slipway", description: "Declared by Slipway", rules };
    // The phase has room for one: the old ruleset has to go before its replacement comes.
    const opts = { parent: this, deleteBeforeReplace: true };
    return new Ruleset(...transformed(transform?.ruleset, `${name}-${phase}`, wanted, opts));
  }
}
