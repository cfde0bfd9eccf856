/** What the provider refuses only when it plans: combinations of properties that its check lets through. */
import { isObject, objectsIn, unknown, type Value } from "../../provider/values.ts";
import type { Plan } from "../catalogue.ts";

/** Block that an action of each type cannot be without. */
const blocks: Readonly<Record<string, string>> = {
  "authenticate-cognito": "authenticateCognito",
  "authenticate-oidc": "authenticateOidc",
  "fixed-response": "fixedResponse",
  "jwt-validation": "jwtValidation",
  redirect: "redirect",
};

function actionsOf(property: string): Plan {
  return (inputs) => {
    for (const [index, action] of objectsIn(inputs[property]).entries()) {
      const at = `${property}[${index}]`;
      const type = String(action.type);
      const block = blocks[type];
      if (block !== undefined && absent(action[block]))
        return `Attribute "${at}.${block}" must be specified when "${at}.type" is "${type}".`;
      if (type !== "forward") continue;
      if (absent(action.targetGroupArn) && absent(action.forward))
        return `Either "${at}.targetGroupArn" or "${at}.forward" must be specified when "${at}.type" is "forward".`;
      const [group, ...others] = isObject(action.forward) ? objectsIn(action.forward.targetGroups) : [];
      if (!absent(action.targetGroupArn) && group !== undefined && (others.length > 0 || group.arn !== action.targetGroupArn))
        return `You can specify both "${at}.targetGroupArn" and "${at}.forward" only if the ARNs match.`;
    }
    return undefined;
  };
}

/** A plain alarm, or one of metric queries, has to say when it is in alarm and of what. What is not known yet is there. */
const alarm: Plan = (inputs) => {
  const queries = objectsIn(inputs.metricQueries);
  if (!absent(inputs.metricName) || queries.length > 0) {
    if (absent(inputs.comparisonOperator)) return "comparisonOperator is required for traditional metric alarms";
    if (absent(inputs.evaluationPeriods)) return "evaluationPeriods is required for traditional metric alarms";
  }
  if (!absent(inputs.metricName) && absent(inputs.statistic) && absent(inputs.extendedStatistic))
    return "One of `statistic` or `extendedStatistic` must be set for a cloudwatch metric alarm";
  return queries.some(({ expression, metric }) => !absent(expression) && !absent(metric))
    ? "No metricQuery may have both `expression` and a `metric` specified"
    : undefined;
};

/** What only a FIFO queue or topic may have, each with the provider's words. */
function onlyFifo(switchedOnBy: string, refusals: Readonly<Record<string, string>>): Plan {
  return (inputs) => {
    if (inputs[switchedOnBy] === true || inputs[switchedOnBy] === unknown) return undefined;
    return Object.entries(refusals).find(([name]) => !absent(inputs[name]) && inputs[name] !== false)?.[1];
  };
}

export const plans: Readonly<Record<string, Plan>> = {
  "aws:cloudwatch/metricAlarm:MetricAlarm": alarm,
  "aws:lambda/function:Function": ({ packageType, handler, runtime }) =>
    (absent(packageType) || packageType === "Zip") && (absent(handler) || absent(runtime))
      ? "handler and runtime must be set when packageType is Zip"
      : undefined,
  "aws:sns/topic:Topic": onlyFifo("fifoTopic", {
    archivePolicy: "message archive policy can only be set for FIFO topics",
    fifoThroughputScope: "FIFO throughput scope can only be set for FIFO topics",
    contentBasedDeduplication: "content-based deduplication can only be set for FIFO topics",
  }),
  "aws:sns/topicSubscription:TopicSubscription": ({ filterPolicy, filterPolicyScope }) =>
    absent(filterPolicy) && !absent(filterPolicyScope) ? "filterPolicy is required when filterPolicyScope is set" : undefined,
  "aws:sqs/queue:Queue": onlyFifo("fifoQueue", {
    contentBasedDeduplication: "content-based deduplication can only be set for FIFO queue",
  }),
  "aws:lb/listener:Listener": actionsOf("defaultActions"),
  "aws:lb/listenerRule:ListenerRule": actionsOf("actions"),
  "aws:lb/targetGroup:TargetGroup": (inputs) => {
    const type = String(inputs.targetType ?? "instance");
    const missing = type === "lambda" ? undefined : ["port", "protocol", "vpcId"].find((name) => absent(inputs[name]));
    return missing === undefined ? undefined : `Attribute "${missing}" must be specified when "targetType" is "${type}".`;
  },
  "aws:ecs/service:Service": (inputs, before) =>
    before !== undefined && objectsIn(inputs.capacityProviderStrategies).length > 0 && inputs.forceNewDeployment !== true
      ? "forceNewDeployment should be true when capacityProviderStrategies is being updated"
      : undefined,
  "aws:ecr/repository:Repository": ({ imageTagMutability, imageTagMutabilityExclusionFilters }) =>
    objectsIn(imageTagMutabilityExclusionFilters).length > 0 && !String(imageTagMutability).endsWith("_WITH_EXCLUSION")
      ? "imageTagMutabilityExclusionFilters can only be used when imageTagMutability is IMMUTABLE_WITH_EXCLUSION or MUTABLE_WITH_EXCLUSION"
      : undefined,
  "aws:ec2/natGateway:NatGateway": (inputs) => {
    const type = inputs.connectivityType ?? "public";
    const unsupported = type === "private" ? ["allocationId", "secondaryAllocationIds"] : ["secondaryPrivateIpAddressCount"];
    const given = unsupported.find((name) => !absent(inputs[name]));
    return given === undefined ? undefined : `${given} is not supported with connectivityType = "${type}"`;
  },
};

function absent(value: Value | undefined): boolean {
  return value === undefined || value === null || value === "";
}
