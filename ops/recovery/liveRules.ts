/**
 * What AWS answers of listener rules, in the form in which a state keeps them: one call a region tells whether traffic was moved,
 * where the engine would start a provider first.
 */
import type { Action, Rule, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Aws } from "../aws/aws.ts";
import type { StateResource } from "../engine/state.ts";

/** Type of the rules that are read here. */
export const listenerRule = "aws:lb/listenerRule:ListenerRule";

/** Rules that are asked in one call. */
const atOnce = 20;

/** Rules as they are now, by URN. @throws Error when one is gone, or AWS does not answer */
export async function liveListenerRules(rules: readonly StateResource[], aws: Aws): Promise<Map<string, Record<string, unknown>>> {
  const regions = Map.groupBy(rules, ({ id = "" }) => id.split(":")[3] ?? "");
  const calls = [...regions].flatMap(([region, own]) => chunks(own).map((some) => ({ region, arns: some.map(({ id = "" }) => id) })));
  const answers = await Promise.all(
    calls.map(async ({ region, arns }) => (await aws.client("elbv2", region)).describeRules({ RuleArns: arns })),
  );
  const found = new Map(answers.flatMap(({ Rules = [] }) => Rules.map((rule) => [rule.RuleArn, rule] as const)));
  return new Map(
    rules.flatMap(({ urn, id }) => {
      const rule = found.get(id);
      return rule === undefined ? [] : [[urn, asInState(rule)] as const];
    }),
  );
}

function chunks(rules: readonly StateResource[]): StateResource[][] {
  return Array.from({ length: Math.ceil(rules.length / atOnce) }, (_, index) => rules.slice(index * atOnce, (index + 1) * atOnce));
}

function asInState({ Priority, Actions = [], Conditions = [] }: Rule): Record<string, unknown> {
  return { priority: Number(Priority), actions: Actions.map(action), conditions: Conditions.map(condition) };
}

/** AWS may name a rule's only group beside the weights, or in place of them. */
function action({ Type, TargetGroupArn, ForwardConfig }: Action): object {
  const groups = ForwardConfig?.TargetGroups ?? (TargetGroupArn === undefined ? [] : [{ TargetGroupArn }]);
  const { Enabled = false, DurationSeconds } = ForwardConfig?.TargetGroupStickinessConfig ?? {};
  return {
    type: Type,
    forward: {
      targetGroups: groups.map((group) => ({ arn: group.TargetGroupArn, weight: "Weight" in group ? group.Weight : 1 })),
      stickiness: { enabled: Enabled, duration: DurationSeconds },
    },
  };
}

interface Values {
  readonly Values?: string[] | undefined;
  readonly RegexValues?: string[] | undefined;
}

function condition(rule: RuleCondition): object {
  const { HttpHeaderConfig: header, QueryStringConfig: query } = rule;
  return {
    hostHeader: values(rule.HostHeaderConfig),
    pathPattern: values(rule.PathPatternConfig),
    httpHeader: header && { ...values(header), httpHeaderName: header.HttpHeaderName },
    httpRequestMethod: values(rule.HttpRequestMethodConfig),
    sourceIp: values(rule.SourceIpConfig),
    queryStrings: query?.Values?.map(({ Key, Value }) => ({ key: Key, value: Value })),
  };
}

function values(config: Values | undefined): object | undefined {
  return config && { values: config.Values, regexValues: config.RegexValues };
}
