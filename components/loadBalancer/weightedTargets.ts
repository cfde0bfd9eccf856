/** Blue and green behind one load balancer: both always in the rule, only the weights move. */
import { ListenerRule, type ListenerRuleArgs } from "@pulumi/aws/lb/listenerRule.js";
import { TargetGroup, type TargetGroupArgs } from "@pulumi/aws/lb/targetGroup.js";
import { all, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { type Colour, colours, type Weights, weightsOf } from "../colours.ts";
import { Component, type Regional, type Transformable } from "../component.ts";
import { type Accepted, accepted, type Given } from "../contract/accepted.ts";
import type { ArgumentProblem } from "../contract/argumentProblem.ts";
import { named } from "../tags.ts";
import { candidateValue } from "./candidateSecret.ts";
import { conditionLimit, weightedTargets } from "./contract.ts";

/** Arguments of `WeightedTargets`: those of its contract, and these. A change of the priority replaces the rules. */
export interface WeightedTargetsArgs
  extends Given<typeof weightedTargets>,
    Regional,
    Transformable<{ targetGroup: TargetGroupArgs; rule: ListenerRuleArgs; headerRule: ListenerRuleArgs }> {
  readonly network: { readonly vpcId: Input<string> };
  /** Load balancer in front; the rules are added to its listener on 443. */
  readonly loadBalancer: { readonly httpsListenerArn: Input<string> };
  /** Header without which no rule takes a request, and the pattern of its value. @default none is asked for */
  readonly originHeader?: { readonly name: string; readonly pattern: Input<string> } | undefined;
  /** What the candidate header says after the colour and a hyphen. @default no header reaches a colour */
  readonly candidateSecret?: Input<string> | undefined;
}

/** One colour's targets, as services register with and alarms watch. */
interface ColourTargets {
  readonly arn: Output<string>;
  /** Part of the ARN that metrics and scaling policies use. */
  readonly arnSuffix: Output<string>;
}

/** Arguments with their defaults. */
type Settings = WeightedTargetsArgs & Accepted<typeof weightedTargets>;

/** Rules of all services by header come before all rules by weight; within a band the service's own priority decides. */
export const priorityBands = { blue: 10_000, green: 20_000, weighted: 30_000 } as const;

/** The origin header takes one of the values that a rule may have, beside the candidate header; and a group stays in some rule. */
function ownProblems({ originHeader, candidateSecret, liveOnly = false, route: { hosts, paths = [] } }: WeightedTargetsArgs) {
  const problems: ArgumentProblem[] = [];
  if (originHeader !== undefined && hosts.length + paths.length === conditionLimit - 1)
    problems.push({
      propertyPath: "route",
      reason: `has ${conditionLimit - 1} hosts and paths, and there is an origin header; give one less`,
    });
  if (liveOnly && candidateSecret === undefined)
    problems.push({ propertyPath: "liveOnly", reason: "is true without a candidateSecret; give one: it keeps the other colour attached" });
  return problems;
}

/**
 * Two target groups behind one rule that always forwards by weight, and one rule per colour that a request header with a secret
 * reaches at any weight.
 *
 * Both groups stay in the rule for ever: a group in no rule is not health-checked. A change of `candidateWeight` updates
 * that one rule in place and touches nothing else; swapping `live` at 100 changes nothing at all.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class WeightedTargets extends Component {
  /** The real resources. */
  readonly nodes: {
    readonly targetGroups: Readonly<Record<Colour, TargetGroup>>;
    /** None without a secret. */
    readonly headerRules: Readonly<Partial<Record<Colour, ListenerRule>>>;
  };
  readonly targets: Readonly<Record<Colour, ColourTargets>>;
  /** The rule whose weights move. Targets can register only once it exists. */
  readonly rule: ListenerRule;
  /** Weights that this rule is to have. */
  readonly weights: Weights;
  /** Weights that the rule has, known once it is there. */
  readonly applied: Output<Weights>;

  constructor(name: string, args: WeightedTargetsArgs, opts?: ComponentResourceOptions) {
    const given = { ...args, ...accepted(name, weightedTargets, args, ownProblems(args)) };
    super("slipway:loadBalancer:WeightedTargets", name, args, opts);
    this.weights = weightsOf(given.live, given.candidateWeight);
    const groups = { blue: this.#targetGroup(name, "blue", given), green: this.#targetGroup(name, "green", given) };
    this.nodes = { targetGroups: groups, headerRules: this.#headerRules(name, groups, given) };
    const rule = this.#weightedRule(name, groups, given);
    this.targets = groups;
    this.rule = rule;
    this.applied = all([rule.actions, groups.blue.arn, groups.green.arn]).apply(([actions, blue, green]) => {
      const weightOf = (arn: string) => actions[0]?.forward?.targetGroups.find((group) => group.arn === arn)?.weight ?? 0;
      return { blue: weightOf(blue), green: weightOf(green) };
    });
    this.registerOutputs({ ruleArn: rule.arn });
  }

  #targetGroup(name: string, colour: Colour, args: Settings): TargetGroup {
    const { healthCheck, stickinessSeconds, ruleSticksFirst } = args;
    return this.child(
      TargetGroup,
      `${name}-${colour}`,
      {
        vpcId: args.network.vpcId,
        port: args.port,
        protocol: "HTTP",
        targetType: "ip",
        deregistrationDelay: args.drainSeconds,
        healthCheck: {
          path: healthCheck.path,
          interval: healthCheck.intervalSeconds,
          timeout: healthCheck.timeoutSeconds,
          healthyThreshold: healthCheck.healthyThreshold,
          unhealthyThreshold: healthCheck.unhealthyThreshold,
          matcher: healthCheck.matcher,
        },
        // Web sockets need one target per client; the load balancer allows that only where the colour sticks as well.
        ...(stickinessSeconds === undefined || ruleSticksFirst
          ? {}
          : { stickiness: { type: "lb_cookie", enabled: true, cookieDuration: stickinessSeconds } }),
        tags: { ...named(`${name}-${colour}`, args.tags), Colour: colour },
      },
      { transform: args.transform?.targetGroup },
    );
  }

  #weightedRule(name: string, groups: Readonly<Record<Colour, TargetGroup>>, args: Settings): ListenerRule {
    return this.child(
      ListenerRule,
      name,
      {
        listenerArn: args.loadBalancer.httpsListenerArn,
        priority: priorityBands.weighted + args.route.priority,
        conditions: conditionsOf(args),
        actions: [
          {
            type: "forward",
            forward: {
              targetGroups: colours
                .filter((colour) => !args.liveOnly || colour === args.live)
                .map((colour) => ({ arn: groups[colour].arn, weight: this.weights[colour] })),
              ...(args.stickinessSeconds === undefined || args.liveOnly
                ? {}
                : { stickiness: { enabled: true, duration: args.stickinessSeconds } }),
            },
          },
        ],
      },
      { transform: args.transform?.rule },
    );
  }

  #headerRules(name: string, groups: Readonly<Record<Colour, TargetGroup>>, args: Settings): Partial<Record<Colour, ListenerRule>> {
    const { candidateHeader: header, candidateSecret: key } = args;
    if (key === undefined) return {};
    const rule = (colour: Colour) =>
      this.child(
        ListenerRule,
        `${name}-header-${colour}`,
        {
          listenerArn: args.loadBalancer.httpsListenerArn,
          priority: priorityBands[colour] + args.route.priority,
          conditions: [...conditionsOf(args), { httpHeader: { httpHeaderName: header, values: [candidateValue(colour, key)] } }],
          actions: [{ type: "forward", forward: { targetGroups: [{ arn: groups[colour].arn, weight: 100 }] } }],
          tags: named(`${name}-${header}-${colour}`, args.tags),
        },
        { transform: args.transform?.headerRule },
      );
    return { blue: rule("blue"), green: rule("green") };
  }
}

function conditionsOf({ route: { hosts, paths }, originHeader }: Settings) {
  const host = { hostHeader: { values: [...hosts].sort() } };
  const path = paths.length === 0 ? [] : [{ pathPattern: { values: [...paths].sort() } }];
  const origin = originHeader === undefined ? [] : [{ httpHeader: { httpHeaderName: originHeader.name, values: [originHeader.pattern] } }];
  return [host, ...path, ...origin];
}
