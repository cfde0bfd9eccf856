/** Blue and green behind one load balancer: both always in the rule, only the weights move. */
import { ListenerRule, type ListenerRuleArgs } from "@pulumi/aws/lb/listenerRule.js";
import { TargetGroup, type TargetGroupArgs } from "@pulumi/aws/lb/targetGroup.js";
import { all, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { type Colour, colours, type Weights, weightsOf } from "../colours.ts";
import { Component } from "../component.ts";
import { type ArgumentProblem, outsideRange } from "../contract/argumentProblem.ts";
import type { Regional } from "../regional.ts";
import { named } from "../tags.ts";
import type { Transform } from "../transform.ts";

/** How the load balancer tells a ready target. */
interface TargetHealthCheck {
  /** Path that answers with one of the matched codes when a target is ready. */
  readonly path: string;
  /** Seconds between checks, 5–300. @default 10 */
  readonly intervalSeconds?: number;
  /** Seconds that an answer may take, 2–120. @default 5 */
  readonly timeoutSeconds?: number;
  /** Good answers in a row before a target gets traffic, 2–10. @default 2 */
  readonly healthyThreshold?: number;
  /** Bad answers in a row before a target loses traffic, 2–10. @default 3 */
  readonly unhealthyThreshold?: number;
  /** HTTP codes that count as healthy. @default "200" */
  readonly matcher?: string;
}

/** Arguments of `WeightedTargets`. */
export interface WeightedTargetsArgs extends Regional {
  readonly vpcId: Input<string>;
  /** Listener that the rules are added to. */
  readonly listenerArn: Input<string>;
  /** Place among the listener's services, 1–9,999, lower first. A change replaces the rules. */
  readonly priority: number;
  /** Host names that reach the targets. */
  readonly hosts: readonly string[];
  /** Path patterns that reach the targets. @default every path */
  readonly paths?: readonly string[];
  /** Port that the targets listen on, 1–65,535. */
  readonly port: number;
  readonly healthCheck: TargetHealthCheck;
  /** Colour that takes what the candidate does not. */
  readonly live: Colour;
  /** Share of traffic for the other colour, percent, integer 0–100. @default 0 */
  readonly candidateWeight?: number;
  /** Seconds that a client stays with the colour it met, 1–604,800. @default not at all */
  readonly stickinessSeconds?: number | undefined;
  /**
   * The rule forwards to the live colour alone, and clients that stick to the other one leave it. The other one stays attached
   * by its header rule, and health-checked. @default false
   */
  readonly liveOnly?: boolean;
  /** Request header that reaches a colour by name at any weight. @default "x-canary" */
  readonly candidateHeader?: string;
  /** Header without which no rule takes a request, and the pattern of its value. @default none is asked for */
  readonly originHeader?: { readonly name: string; readonly pattern: Input<string> } | undefined;
  /** Seconds that open requests get when a target leaves, 0–3,600. @default 30 */
  readonly drainSeconds?: number;
  /** Changes to single children. @default none */
  readonly transform?: {
    readonly targetGroup?: Transform<TargetGroupArgs>;
    readonly rule?: Transform<ListenerRuleArgs>;
    readonly headerRule?: Transform<ListenerRuleArgs>;
  };
}

/** One colour's targets, as services register with and alarms watch. */
interface ColourTargets {
  readonly arn: Output<string>;
  /** Part of the ARN that metrics and scaling policies use. */
  readonly arnSuffix: Output<string>;
}

/** A rule may have this many condition values; the header rule needs one for the header. */
const conditionLimit = 5;

/** Rules of all services by header come before all rules by weight; within a band the service's own priority decides. */
const priorityBands = { blue: 10_000, green: 20_000, weighted: 30_000 } as const;

/** Everything wrong with plain arguments. */
function weightedTargetsProblems(args: WeightedTargetsArgs): ArgumentProblem[] {
  const problems = [
    ...outsideRange("candidateWeight", args.candidateWeight ?? 0, 0, 100, "percent"),
    ...outsideRange("priority", args.priority, 1, 9999, "lower first"),
    ...outsideRange("port", args.port, 1, 65_535, "TCP port"),
    ...outsideRange("drainSeconds", args.drainSeconds ?? 30, 0, 3600, "seconds"),
    ...(args.stickinessSeconds === undefined ? [] : outsideRange("stickinessSeconds", args.stickinessSeconds, 1, 604_800, "seconds")),
  ];
  if (args.liveOnly === true && (args.candidateWeight ?? 0) > 0)
    problems.push({ propertyPath: "liveOnly", reason: `is true with candidateWeight ${args.candidateWeight}; give a weight of 0` });
  if (args.hosts.length === 0) problems.push({ propertyPath: "hosts", reason: "is empty; name at least one host" });
  const values = args.hosts.length + (args.paths?.length ?? 0) + (args.originHeader === undefined ? 0 : 1);
  if (values > conditionLimit - 1)
    problems.push({
      propertyPath: "hosts",
      reason: `and paths (and the origin header) have ${values} values together; a rule takes ${conditionLimit}, one of them the candidate header`,
    });
  return problems;
}

/**
 * Two target groups behind one rule that always forwards by weight, and one rule per colour that a request header reaches
 * at any weight.
 *
 * Both groups stay in the rule for ever: a group in no rule is not health-checked. A change of `candidateWeight` updates
 * that one rule in place and touches nothing else; swapping `live` at 100 changes nothing at all.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class WeightedTargets extends Component {
  readonly targets: Readonly<Record<Colour, ColourTargets>>;
  /** The rule whose weights move. Targets can register only once it exists. */
  readonly rule: ListenerRule;
  /** Weights that this rule is to have. */
  readonly weights: Weights;
  /** Weights that the rule has, known once it is there. */
  readonly applied: Output<Weights>;

  constructor(name: string, args: WeightedTargetsArgs, opts?: ComponentResourceOptions) {
    super("slipway:loadBalancer:WeightedTargets", name, args, opts, weightedTargetsProblems(args));
    this.weights = weightsOf(args.live, args.candidateWeight ?? 0);
    const groups = { blue: this.#targetGroup(name, "blue", args), green: this.#targetGroup(name, "green", args) };
    for (const colour of colours) this.#headerRule(name, colour, groups[colour], args);
    const rule = this.#weightedRule(name, groups, args);
    this.targets = groups;
    this.rule = rule;
    this.applied = all([rule.actions, groups.blue.arn, groups.green.arn]).apply(([actions, blue, green]) => {
      const weightOf = (arn: string) => actions[0]?.forward?.targetGroups.find((group) => group.arn === arn)?.weight ?? 0;
      return { blue: weightOf(blue), green: weightOf(green) };
    });
    this.registerOutputs({ ruleArn: rule.arn });
  }

  #targetGroup(name: string, colour: Colour, args: WeightedTargetsArgs): TargetGroup {
    const { healthCheck, stickinessSeconds } = args;
    return this.child(
      TargetGroup,
      `${name}-${colour}`,
      {
        vpcId: args.vpcId,
        port: args.port,
        protocol: "HTTP",
        targetType: "ip",
        deregistrationDelay: args.drainSeconds ?? 30,
        healthCheck: {
          path: healthCheck.path,
          interval: healthCheck.intervalSeconds ?? 10,
          timeout: healthCheck.timeoutSeconds ?? 5,
          healthyThreshold: healthCheck.healthyThreshold ?? 2,
          unhealthyThreshold: healthCheck.unhealthyThreshold ?? 3,
          matcher: healthCheck.matcher ?? "200",
        },
        // Web sockets need one target per client; the load balancer allows that only where the colour sticks as well.
        ...(stickinessSeconds === undefined ? {} : { stickiness: { type: "lb_cookie", enabled: true, cookieDuration: stickinessSeconds } }),
        tags: { ...named(`${name}-${colour}`, args.tags), Colour: colour },
      },
      { transform: args.transform?.targetGroup },
    );
  }

  #weightedRule(name: string, groups: Readonly<Record<Colour, TargetGroup>>, args: WeightedTargetsArgs): ListenerRule {
    return this.child(
      ListenerRule,
      name,
      {
        listenerArn: args.listenerArn,
        priority: priorityBands.weighted + args.priority,
        conditions: conditionsOf(args),
        actions: [
          {
            type: "forward",
            forward: {
              targetGroups: colours
                .filter((colour) => args.liveOnly !== true || colour === args.live)
                .map((colour) => ({ arn: groups[colour].arn, weight: this.weights[colour] })),
              ...(args.stickinessSeconds === undefined || args.liveOnly === true
                ? {}
                : { stickiness: { enabled: true, duration: args.stickinessSeconds } }),
            },
          },
        ],
      },
      { transform: args.transform?.rule },
    );
  }

  #headerRule(name: string, colour: Colour, group: TargetGroup, args: WeightedTargetsArgs): void {
    const header = args.candidateHeader ?? "x-canary";
    this.child(
      ListenerRule,
      `${name}-header-${colour}`,
      {
        listenerArn: args.listenerArn,
        priority: priorityBands[colour] + args.priority,
        conditions: [...conditionsOf(args), { httpHeader: { httpHeaderName: header, values: [colour] } }],
        actions: [{ type: "forward", forward: { targetGroups: [{ arn: group.arn, weight: 100 }] } }],
        tags: named(`${name}-${header}-${colour}`, args.tags),
      },
      { transform: args.transform?.headerRule },
    );
  }
}

function conditionsOf({ hosts, paths = [], originHeader }: WeightedTargetsArgs) {
  const host = { hostHeader: { values: [...hosts].sort() } };
  const path = paths.length === 0 ? [] : [{ pathPattern: { values: [...paths].sort() } }];
  const origin = originHeader === undefined ? [] : [{ httpHeader: { httpHeaderName: originHeader.name, values: [originHeader.pattern] } }];
  return [host, ...path, ...origin];
}
