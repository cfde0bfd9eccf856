/** Elastic Load Balancing: read and write a rule, tell which targets are healthy. */
import type { Action, ElasticLoadBalancingV2, Rule, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { groupSticks, refuseLooseForward } from "../cloud/aws/stickiness.ts";
import { runningTasks, serviceType } from "../cloud/aws/tasks.ts";
import { CloudError } from "../cloud/catalogue.ts";
import type { LiveObject, LiveStore } from "../cloud/liveStore.ts";
import { valuesAt } from "../cloud/references.ts";
import { isObject, objectsIn, type Properties, type Value } from "../provider/values.ts";
import { type Asked, here, type OperationsOf, pageOf, pascal } from "./operation.ts";

const ruleType = "aws:lb/listenerRule:ListenerRule";
const groupType = "aws:lb/targetGroup:TargetGroup";
const listenerType = "aws:lb/listener:Listener";

export const loadBalancing = {
  DescribeRules: ({ RuleArns, ListenerArn, Marker, PageSize = 400 }, asked) => {
    if (RuleArns !== undefined) return { Rules: RuleArns.map((arn) => ruleOf(liveRule(arn, asked))) };
    if (!here(listenerType, asked).some(({ id }) => id === ListenerArn))
      throw new CloudError("ListenerNotFound", `One or more listeners not found: '${ListenerArn}'`);
    const own = here(ruleType, asked).filter(({ properties }) => properties.listenerArn === ListenerArn);
    const { items, next } = pageOf(own.map(ruleOf), Marker, Number(PageSize));
    return { Rules: [...items], ...(next === undefined ? {} : { NextMarker: next }) };
  },

  ModifyRule: ({ RuleArn = "", Actions = [] }, asked) => {
    const rule = liveRule(RuleArn, asked);
    const actions: Value[] = Actions.map((action, index) => ({
      type: "forward",
      order: index + 1,
      forward: forwardIn(action, asked.store),
    }));
    asked.store.put({ ...rule, properties: { ...rule.properties, actions } });
    return { Rules: [ruleOf(liveRule(RuleArn, asked))] };
  },

  DescribeTargetHealth: ({ TargetGroupArn = "" }, asked) => {
    if (!here(groupType, asked).some(({ id }) => id === TargetGroupArn))
      throw new CloudError("TargetGroupNotFound", `One or more target groups not found: '${TargetGroupArn}'`);
    return {
      TargetHealthDescriptions: Array.from({ length: healthyTargets(TargetGroupArn, asked.store) }, (_, index) => ({
        Target: { Id: `10.0.0.${index + 10}`, Port: 80 },
        TargetHealth: { State: "healthy" },
      })),
    };
  },
} satisfies OperationsOf<ElasticLoadBalancingV2>;

/** Healthy targets of a group: tasks that run are. */
export function healthyTargets(groupArn: string, store: LiveStore): number {
  return store
    .all(serviceType)
    .filter(({ properties }) => valuesAt(properties, "loadBalancers[].targetGroupArn").includes(groupArn))
    .flatMap(({ id, scope }) => store.get(serviceType, id, scope) ?? [])
    .reduce((sum, service) => sum + runningTasks(store, service), 0);
}

function liveRule(arn: string, { store, place: { account, region } }: Asked): LiveObject {
  const rule = store.get(ruleType, arn, `${account}/${region}`);
  if (rule === undefined) throw new CloudError("RuleNotFound", `One or more rules not found: '${arn}'`);
  return rule;
}

/** @throws CloudError for a forward that AWS refuses */
function forwardIn({ Type, ForwardConfig = {} }: Action, store: LiveStore): Properties {
  if (Type !== "forward") throw new CloudError("InvalidLoadBalancerAction", `The sandbox changes a rule to forward only, not to '${Type}'`);
  const targetGroups = (ForwardConfig.TargetGroups ?? []).map(({ TargetGroupArn = "", Weight = 1 }) => {
    const weight = Number(Weight);
    if (!Number.isInteger(weight) || weight < 0 || weight > 999)
      throw new CloudError("ValidationError", `Weight '${weight}' must be between 0 and 999`);
    return { arn: TargetGroupArn, weight };
  });
  const groups = targetGroups.map(({ arn }) => store.all(groupType).find(({ id }) => id === arn));
  const missing = targetGroups.find((_, index) => groups[index] === undefined);
  if (missing !== undefined) throw new CloudError("TargetGroupNotFound", `One or more target groups not found: '${missing.arn}'`);
  const { Enabled, DurationSeconds = 3600 } = ForwardConfig.TargetGroupStickinessConfig ?? {};
  const enabled = String(Enabled) === "true";
  const forward = { targetGroups, ...(enabled ? { stickiness: { enabled, duration: Number(DurationSeconds) } } : {}) };
  refuseLooseForward(forward, "InvalidLoadBalancerAction", (arn) => groupSticks(store, arn));
  return forward;
}

function ruleOf({ id, properties }: LiveObject): Rule {
  const { priority, actions, conditions } = properties;
  return {
    RuleArn: id,
    Priority: String(priority),
    IsDefault: false,
    Conditions: objectsIn(conditions).map(conditionOf),
    Actions: objectsIn(actions).map(actionOf),
  };
}

/** Where one group gets everything, AWS names it beside the weights too. */
function actionOf({ type, order, forward, fixedResponse, redirect, targetGroupArn }: Properties): Action {
  const given = isObject(forward) ? objectsIn(forward.targetGroups) : [];
  const groups = given.length === 0 && typeof targetGroupArn === "string" && targetGroupArn !== "" ? [{ arn: targetGroupArn }] : given;
  const [only] = groups.length === 1 ? groups : [];
  const stickiness = isObject(forward) && isObject(forward.stickiness) ? forward.stickiness : {};
  const enabled = stickiness.enabled === true;
  return {
    Type: String(type) as NonNullable<Action["Type"]>,
    ...(typeof order === "number" ? { Order: order } : {}),
    ...(only === undefined ? {} : { TargetGroupArn: String(only.arn) }),
    ...(groups.length === 0
      ? {}
      : {
          ForwardConfig: {
            TargetGroups: groups.map((group: Properties) => ({ TargetGroupArn: String(group.arn), Weight: Number(group.weight ?? 1) })),
            TargetGroupStickinessConfig: enabled ? { Enabled: true, DurationSeconds: Number(stickiness.duration) } : { Enabled: false },
          },
        }),
    ...(isObject(fixedResponse) ? { FixedResponseConfig: pascal(fixedResponse) as unknown as Action["FixedResponseConfig"] } : {}),
    ...(isObject(redirect) ? { RedirectConfig: pascal(redirect) as unknown as Action["RedirectConfig"] } : {}),
  } as Action;
}

/** Name of a condition's field, and of the part that has its values, by the provider's property. */
const fields: Readonly<Record<string, readonly [field: string, part: string]>> = {
  hostHeader: ["host-header", "HostHeaderConfig"],
  httpHeader: ["http-header", "HttpHeaderConfig"],
  httpRequestMethod: ["http-request-method", "HttpRequestMethodConfig"],
  pathPattern: ["path-pattern", "PathPatternConfig"],
  queryStrings: ["query-string", "QueryStringConfig"],
  sourceIp: ["source-ip", "SourceIpConfig"],
};

function conditionOf(condition: Properties): RuleCondition {
  for (const [property, [Field, part]] of Object.entries(fields)) {
    const value = condition[property];
    if (isObject(value)) return { Field, [part]: pascal(value) };
    if (objectsIn(value).length > 0) return { Field, [part]: { Values: pascal(objectsIn(value)) } };
  }
  throw new Error(`the simulated cloud knows no condition ${JSON.stringify(condition)}; add it to sandbox/aws/loadBalancing.ts`);
}
