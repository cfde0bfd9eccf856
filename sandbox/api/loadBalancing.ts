/** Elastic Load Balancing: read and write a rule, tell which targets are healthy. */
import { CloudError } from "../cloud/catalogue.ts";
import type { LiveObject, LiveStore } from "../cloud/liveStore.ts";
import { valuesAt } from "../cloud/references.ts";
import { isObject, type Properties, type Value } from "../provider/values.ts";
import type { ApiContext, QueryOperation } from "./server.ts";

const ruleType = "aws:lb/listenerRule:ListenerRule";
const groupType = "aws:lb/targetGroup:TargetGroup";
const serviceType = "aws:ecs/service:Service";

/** Operations by name. */
export const loadBalancing: Readonly<Record<string, QueryOperation>> = {
  DescribeRules: (parameters, context) => {
    const rules = members(parameters, "RuleArns").map((arn) => ruleXml(ruleOf(arn, context)));
    return `<Rules>${rules.join("")}</Rules>`;
  },
  ModifyRule: (parameters, context) => {
    const rule = ruleOf(parameters.get("RuleArn") ?? "", context);
    const actions: Value[] = [{ type: "forward", order: 1, forward: forwardIn(parameters, context.store) }];
    context.store.put({ ...rule, properties: { ...rule.properties, actions } });
    return `<Rules>${ruleXml(ruleOf(rule.id, context))}</Rules>`;
  },
  DescribeTargetHealth: (parameters, { store }) => {
    const arn = parameters.get("TargetGroupArn") ?? "";
    if (!store.all(groupType).some(({ id }) => id === arn))
      throw new CloudError("TargetGroupNotFound", `One or more target groups not found: '${arn}'`);
    const descriptions = Array.from({ length: runningTasks(arn, store) }, (_, index) => {
      const target = `<Target><Id>10.0.0.${index + 10}</Id><Port>80</Port></Target>`;
      return `<member>${target}<TargetHealth><State>healthy</State></TargetHealth></member>`;
    });
    return `<TargetHealthDescriptions>${descriptions.join("")}</TargetHealthDescriptions>`;
  },
};

/** Targets of a group: in the simulated cloud every task that is wanted runs and is healthy. */
export function runningTasks(groupArn: string, store: LiveStore): number {
  return store
    .all(serviceType)
    .filter(({ properties }) => valuesAt(properties, "loadBalancers[].targetGroupArn").includes(groupArn))
    .reduce(
      (sum, { id, scope, properties }) => sum + Number((store.get(serviceType, id, scope)?.properties ?? properties).desiredCount ?? 0),
      0,
    );
}

function ruleOf(arn: string, { store }: ApiContext): LiveObject {
  const known = store.all(ruleType).find(({ id }) => id === arn);
  const rule = known === undefined ? undefined : store.get(ruleType, arn, known.scope);
  if (rule === undefined) throw new CloudError("RuleNotFound", `One or more rules not found: '${arn}'`);
  return rule;
}

/** @throws CloudError for a forward that AWS refuses */
function forwardIn(parameters: URLSearchParams, store: LiveStore): Properties {
  const at = "Actions.member.1.ForwardConfig";
  const targetGroups: Properties[] = [];
  for (let index = 1; parameters.has(`${at}.TargetGroups.member.${index}.TargetGroupArn`); index++) {
    const arn = parameters.get(`${at}.TargetGroups.member.${index}.TargetGroupArn`) ?? "";
    const weight = Number(parameters.get(`${at}.TargetGroups.member.${index}.Weight`) ?? 1);
    if (!Number.isInteger(weight) || weight < 0 || weight > 999)
      throw new CloudError("ValidationError", `Weight '${weight}' must be between 0 and 999`);
    targetGroups.push({ arn, weight });
  }
  const enabled = parameters.get(`${at}.TargetGroupStickinessConfig.Enabled`) === "true";
  const groups = targetGroups.map(({ arn }) => store.all(groupType).find(({ id }) => id === arn));
  const missing = targetGroups.find((_, index) => groups[index] === undefined);
  if (missing !== undefined) throw new CloudError("TargetGroupNotFound", `One or more target groups not found: '${missing.arn}'`);
  const targetsStick = groups.some((group) => isObject(group?.properties.stickiness) && group.properties.stickiness.enabled === true);
  if (targetGroups.length > 1 && targetsStick && !enabled)
    throw new CloudError(
      "InvalidLoadBalancerAction",
      "You must enable group stickiness on a rule if you enabled target stickiness on one of its target groups",
    );
  const duration = Number(parameters.get(`${at}.TargetGroupStickinessConfig.DurationSeconds`) ?? 3600);
  return { targetGroups, ...(enabled ? { stickiness: { enabled, duration } } : {}) };
}

function ruleXml({ id, properties }: LiveObject): string {
  const [action] = Array.isArray(properties.actions) ? properties.actions : [];
  const forward = isObject(action) && isObject(action.forward) ? action.forward : {};
  const groups = Array.isArray(forward.targetGroups) ? forward.targetGroups.filter(isObject) : [];
  const members = groups.map(
    ({ arn, weight }) => `<member><TargetGroupArn>${arn}</TargetGroupArn><Weight>${weight ?? 1}</Weight></member>`,
  );
  const sticky = isObject(forward.stickiness) && forward.stickiness.enabled === true;
  const stickiness = `<TargetGroupStickinessConfig><Enabled>${sticky}</Enabled></TargetGroupStickinessConfig>`;
  const config = `<ForwardConfig><TargetGroups>${members.join("")}</TargetGroups>${stickiness}</ForwardConfig>`;
  return `<member><RuleArn>${id}</RuleArn><Actions><member><Type>forward</Type>${config}</member></Actions></member>`;
}

function members(parameters: URLSearchParams, name: string): string[] {
  return [...parameters].flatMap(([key, value]) => (key.startsWith(`${name}.member.`) ? [value] : []));
}
