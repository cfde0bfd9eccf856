/** A zone at Cloudflare: its settings, and one ruleset for each phase that has rules. */
import { Ruleset, type RulesetArgs } from "@pulumi/cloudflare/ruleset.js";
import { ZoneDnssec } from "@pulumi/cloudflare/zoneDnssec.js";
import { ZoneSetting } from "@pulumi/cloudflare/zoneSetting.js";
import type { ComponentResourceOptions, Output } from "@pulumi/pulumi";
import { Component } from "../component.ts";
import type { ArgumentProblem } from "../contract/argumentProblem.ts";
import { type Transform, transformed } from "../transform.ts";
import { type Phase, type ZoneRule, type ZoneRules, zonePhases } from "./cloudflare/phases.ts";
import { cloudflareZoneProblems } from "./cloudflare/zoneProblems.ts";
import type { Plan } from "./plan.ts";
import { argumentProblem } from "./problem.ts";
import type { SecurityHeaders } from "./securityHeaders.ts";

/** Arguments of `Zone`. */
export interface ZoneArgs extends ZoneRules {
  /** Cloudflare zone id, 32 hexadecimal digits. */
  readonly zoneId: string;
  /** The zone's plan; it bounds what may be declared. */
  readonly plan: Plan;
  /** For how long browsers are told to refuse plain HTTP. */
  readonly strictTransportSecurity: SecurityHeaders["strictTransportSecurity"];
  /** Sign the zone; the DS record has to be put at the registrar by hand. @default false */
  readonly dnssec?: boolean;
  /** Changes to single children. @default none */
  readonly transform?: { readonly ruleset?: Transform<RulesetArgs> };
}

/** Everything wrong with plain arguments. */
export function zoneProblems(args: ZoneArgs): ArgumentProblem[] {
  return cloudflareZoneProblems(args, args.plan)
    .filter(({ severity }) => severity !== "warning")
    .map(argumentProblem);
}

/** Settings by Cloudflare's own ids: TLS to the origin is verified, nothing below TLS 1.2, nothing in the clear. */
function zoneSettings({ strictTransportSecurity }: Pick<ZoneArgs, "strictTransportSecurity">): Record<string, unknown> {
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

/**
 * Settings and rulesets of one zone. Cloudflare has one entry-point ruleset for each phase of a zone, so one stack alone
 * may declare this for a zone. A change of a rule updates its phase's ruleset in place; rules keep their identity by `ref`.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Zone extends Component {
  /** DS record for the registrar, when the zone is signed. */
  readonly dsRecord: Output<string> | undefined;
  /** Ids of the rulesets by phase. */
  readonly rulesets: Readonly<Partial<Record<Phase, Output<string>>>>;

  constructor(name: string, args: ZoneArgs, opts?: ComponentResourceOptions) {
    super("slipway:edge:Zone", name, {}, opts, zoneProblems(args));
    for (const [settingId, value] of Object.entries(zoneSettings(args)))
      new ZoneSetting(`${name}-${settingId}`, { zoneId: args.zoneId, settingId, value }, { parent: this });
    const rulesets: Partial<Record<Phase, Output<string>>> = {};
    for (const [phase, rules] of zonePhases(args)) rulesets[phase] = this.#ruleset(name, phase, rules, args);
    this.rulesets = rulesets;
    this.dsRecord =
      args.dnssec === true ? new ZoneDnssec(`${name}-dnssec`, { zoneId: args.zoneId, status: "active" }, { parent: this }).ds : undefined;
    this.registerOutputs();
  }

  #ruleset(name: string, phase: Phase, rules: ZoneRule[], { zoneId, transform }: ZoneArgs): Output<string> {
    const wanted: RulesetArgs = { zoneId, kind: "zone", phase, name: "slipway", description: "Declared by Slipway", rules };
    // The phase has room for one: the old ruleset has to go before its replacement comes.
    const opts = { parent: this, deleteBeforeReplace: true };
    return new Ruleset(...transformed(transform?.ruleset, `${name}-${phase}`, wanted, opts)).id;
  }
}
