/** The names that fail over: which region's load balancer they answer, decided by Route 53's data plane alone. */
import { HealthCheck } from "@pulumi/aws/route53/healthCheck.js";
import { Record as Route53Record } from "@pulumi/aws/route53/record.js";
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { Component, type Tagged } from "../component.ts";
import type { ArgumentProblem } from "../contract/argumentProblem.ts";

/** One region that can be answered. */
export interface FailoverTarget {
  /** Short name of the region, part of resource names. */
  readonly code: string;
  /** Name and hosted zone of its load balancer. */
  readonly dnsName: Input<string>;
  readonly zoneId: Input<string>;
  /** Checks of which one healthy one keeps the region in the answers. */
  readonly anyOf: readonly Input<string>[];
  /** Checks that are all unhealthy, and take the region out whatever the others say, while an operator withdraws it: one for each of `anyOf`. */
  readonly unlessWithdrawn: readonly Input<string>[];
}

/** Arguments of `FailoverRecords`. */
export interface FailoverRecordsArgs extends Tagged {
  /** Hosted zone of the records. */
  readonly zoneId: Input<string>;
  /** Name that the stack's hosts lead to; for three regions `standby.` below it, too. */
  readonly domain: string;
  /** Two or three, the first to answer first. */
  readonly targets: readonly FailoverTarget[];
}

/** Everything wrong with plain arguments. */
function failoverRecordsProblems({ targets }: FailoverRecordsArgs): ArgumentProblem[] {
  const problems: ArgumentProblem[] = [];
  if (targets.length < 2 || targets.length > 3)
    problems.push({ propertyPath: "targets", reason: `has ${targets.length} regions; give two or three` });
  for (const [index, { anyOf, unlessWithdrawn }] of targets.slice(0, -1).entries())
    if (anyOf.length === 0 || anyOf.length !== unlessWithdrawn.length)
      problems.push({
        propertyPath: `targets[${index}].unlessWithdrawn`,
        reason: `has ${unlessWithdrawn.length} checks; give as many as anyOf (${anyOf.length}), one at least`,
      });
  return problems;
}

/**
 * Route 53 knows PRIMARY and SECONDARY only, so three regions make a tree: the first region, else `standby.`; there the second
 * region, else the third. A region's record has one calculated check; the last region's has none, so that it is always answered
 * when those before it are out, and a region that an operator withdrew never comes back because everything else failed.
 *
 * A calculated check counts its healthy children and cannot have another calculated one below it. `anyOf` and as many
 * `unlessWithdrawn`, with a threshold of one more than their number, is: any of the first, and none withdrawn.
 *
 * Records are aliases, which Route 53 answers with the 60 seconds of the load balancers' own names. Nothing here is changed to
 * fail over: Route 53's API is in us-east-1, its answers are not.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class FailoverRecords extends Component {
  /** The real resources, by the code of the region that they lead to; `standby` leads to whichever stands by. */
  readonly nodes: { readonly records: Readonly<Record<string, Route53Record>>; readonly checks: Readonly<Record<string, HealthCheck>> };
  readonly #records: Record<string, Route53Record> = {};
  readonly #checks: Record<string, HealthCheck> = {};

  constructor(name: string, args: FailoverRecordsArgs, opts?: ComponentResourceOptions) {
    super("slipway:failover:FailoverRecords", name, args, opts, failoverRecordsProblems(args));
    this.nodes = { records: this.#records, checks: this.#checks };
    const { domain, targets } = args;
    const [first, second, third] = targets;
    if (first === undefined || second === undefined) return;
    this.#primary(name, domain, first, args);
    if (third === undefined) this.#secondary(name, domain, second, args);
    else {
      const below = `standby.${domain}`;
      this.#primary(name, below, second, args);
      const last = this.#secondary(name, below, third, args);
      const aliases = [{ name: below, zoneId: args.zoneId, evaluateTargetHealth: true }];
      this.#record(`${name}-standby`, domain, "SECONDARY", "standby", aliases, args, { dependsOn: [last] });
    }
    this.registerOutputs();
  }

  #primary(name: string, host: string, target: FailoverTarget, args: FailoverRecordsArgs): void {
    const { code, anyOf, unlessWithdrawn } = target;
    const check = this.child(HealthCheck, `${name}-${code}`, {
      type: "CALCULATED",
      childHealthchecks: [...anyOf, ...unlessWithdrawn],
      childHealthThreshold: anyOf.length + 1,
    });
    this.#checks[code] = check;
    this.#record(`${name}-${code}`, host, "PRIMARY", code, aliasOf(target), args, { healthCheckId: check.id });
  }

  #secondary(name: string, host: string, target: FailoverTarget, args: FailoverRecordsArgs): Route53Record {
    return this.#record(`${name}-${target.code}`, host, "SECONDARY", target.code, aliasOf(target), args, {});
  }

  #record(
    name: string,
    host: string,
    type: "PRIMARY" | "SECONDARY",
    setIdentifier: string,
    aliases: readonly { readonly name: Input<string>; readonly zoneId: Input<string>; readonly evaluateTargetHealth: boolean }[],
    { zoneId }: FailoverRecordsArgs,
    { healthCheckId, dependsOn = [] }: { readonly healthCheckId?: Input<string>; readonly dependsOn?: Route53Record[] },
  ): Route53Record {
    const record = this.child(
      Route53Record,
      name,
      {
        zoneId,
        name: host,
        type: "A",
        setIdentifier,
        failoverRoutingPolicies: [{ type }],
        aliases: [...aliases],
        ...(healthCheckId === undefined ? {} : { healthCheckId }),
      },
      { dependsOn },
    );
    this.#records[setIdentifier] = record;
    return record;
  }
}

/** The record's own check says whether a region is answered; the load balancer's view would count an idle colour as sick. */
function aliasOf({ dnsName, zoneId }: FailoverTarget) {
  return [{ name: dnsName, zoneId, evaluateTargetHealth: false }];
}
