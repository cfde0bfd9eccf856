/** Asks one region from outside whether its service answers, in whichever colour. */
import { createHmac } from "node:crypto";
import { ListenerRule } from "@pulumi/aws/lb/listenerRule.js";
import { HealthCheck, type HealthCheckArgs } from "@pulumi/aws/route53/healthCheck.js";
import { type ComponentResourceOptions, type Input, interpolate, type Output, output, secret } from "@pulumi/pulumi";
import { type Colour, colours } from "../colours.ts";
import { Component, type Regional, type Transformable } from "../component.ts";
import { type Accepted, accepted, type Given } from "../contract/accepted.ts";
import { regionProbe } from "./contract.ts";

/** Arguments of `RegionProbe`: those of its contract, and these. The region is the one that is asked. */
export interface RegionProbeArgs extends Given<typeof regionProbe>, Regional, Transformable<{ check: HealthCheckArgs }> {
  readonly listenerArn: Input<string>;
  /** Target groups of the service that is asked. */
  readonly targetGroupArns: Readonly<Record<Colour, Input<string>>>;
  /** What the question's value is made of: nobody else reaches a colour by it. */
  readonly secret: Input<string>;
}

/** Hexadecimal digits of the question's value. */
const askedLength = 40;

/**
 * One rule and one check a colour, and a check of the two together. The rules forward to one target group each and ask for no
 * secret header (`HealthCheckIngress` lets the checkers in): nothing of them moves when traffic moves between the colours, an idle colour without tasks does no harm, and
 * a colour that is broken alone is a release's concern and not the region's. A checker has no header to give, and what it asks is in access
 * logs: so it asks by a value from which the secret cannot be told.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class RegionProbe extends Component {
  /** The real resources. */
  readonly nodes: { readonly check: HealthCheck; readonly colourChecks: Readonly<Record<Colour, HealthCheck>> };
  /** Check of each colour: healthy when a task of it answers. */
  readonly colourCheckIds: Readonly<Record<Colour, Output<string>>>;
  /** Healthy when either colour answers. */
  readonly checkId: Output<string>;

  constructor(name: string, args: RegionProbeArgs, opts?: ComponentResourceOptions) {
    const given = accepted(name, regionProbe, args);
    super("slipway:failover:RegionProbe", name, args, opts);
    const derived = output(args.secret).apply((key) =>
      createHmac("sha256", key).update("region probe").digest("hex").slice(0, askedLength),
    );
    const check = (colour: Colour, index: number) => {
      const asked = secret(interpolate`${colour}-${derived}`);
      const rule = this.#rule(`${name}-${colour}`, colour, given.priority + index, asked, args);
      return this.#ask(`${name}-${colour}`, given, asked, rule, args);
    };
    const colourChecks = { blue: check("blue", 0), green: check("green", 1) };
    const either = this.child(
      HealthCheck,
      name,
      { type: "CALCULATED", childHealthchecks: colours.map((colour) => colourChecks[colour].id), childHealthThreshold: 1 },
      { transform: args.transform?.check },
    );
    this.nodes = { check: either, colourChecks };
    this.colourCheckIds = { blue: colourChecks.blue.id, green: colourChecks.green.id };
    this.checkId = either.id;
    this.registerOutputs({ checkId: this.checkId });
  }

  #rule(
    name: string,
    colour: Colour,
    priority: number,
    asked: Input<string>,
    { listenerArn, host, path, targetGroupArns }: RegionProbeArgs,
  ): ListenerRule {
    return this.child(ListenerRule, name, {
      listenerArn,
      priority,
      conditions: [
        { hostHeader: { values: [host] } },
        { pathPattern: { values: [path] } },
        { queryStrings: [{ key: "colour", value: asked }] },
      ],
      actions: [{ type: "forward", forward: { targetGroups: [{ arn: targetGroupArns[colour], weight: 100 }] } }],
    });
  }

  /** A new question is asked once the rule takes it. */
  #ask(
    name: string,
    given: Accepted<typeof regionProbe>,
    asked: Input<string>,
    rule: ListenerRule,
    { transform }: RegionProbeArgs,
  ): HealthCheck {
    return this.child(
      HealthCheck,
      name,
      {
        type: "HTTPS",
        fqdn: given.host,
        port: 443,
        resourcePath: secret(interpolate`${given.path}?colour=${asked}`),
        enableSni: true,
        requestInterval: given.intervalSeconds,
        failureThreshold: given.failureThreshold,
      },
      { transform: transform?.check, dependsOn: [rule] },
    );
  }
}
