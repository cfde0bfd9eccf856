/** Stickiness of targets and of the rules that forward to them, which Elastic Load Balancing holds together. */
import { isObject, objectsIn, type Properties, type Value } from "../../provider/values.ts";
import { CloudError, onBoth, type ServiceTables } from "../catalogue.ts";
import type { LiveStore } from "../liveStore.ts";

const ruleType = "aws:lb/listenerRule:ListenerRule";
const groupType = "aws:lb/targetGroup:TargetGroup";

const sticks = (holder: Value | undefined) =>
  isObject(holder) &&
  objectsIn(isObject(holder.stickiness) ? [holder.stickiness] : holder.stickiness).some(({ enabled }) => enabled === true);

/**
 * Source: Elastic Load Balancing guide, "Edit target group attributes": "You must enable group stickiness on a rule if you enabled target
 * stickiness on one of its target groups"; one group alone needs none.
 * @throws CloudError with this code for a forward to several groups without it
 */
export function refuseLooseForward(forward: Value | undefined, code: string, groupSticks: (arn: Value | undefined) => boolean): void {
  const groups = isObject(forward) ? objectsIn(forward.targetGroups) : [];
  if (groups.length > 1 && !sticks(forward) && groups.some(({ arn }) => groupSticks(arn)))
    throw new CloudError(code, "You must enable group stickiness on a rule if you enabled target stickiness on one of its target groups");
}

/** Whether the targets of a group stick. */
export function groupSticks(store: LiveStore, arn: Value | undefined): boolean {
  return sticks(store.all(groupType).find(({ id }) => id === arn)?.properties);
}

const forwardsOf = ({ actions }: Properties) => objectsIn(actions).map(({ forward }) => forward);

export const stickiness: ServiceTables = {
  rules: {
    [ruleType]: onBoth((rule, { store }) => {
      for (const forward of forwardsOf(rule)) refuseLooseForward(forward, "InvalidLoadBalancerAction", (arn) => groupSticks(store, arn));
    }),
    [groupType]: onBoth((group, { store, before }) => {
      if (before === undefined || !sticks(group)) return;
      for (const forward of store.all(ruleType).flatMap(({ properties }) => forwardsOf(properties)))
        refuseLooseForward(forward, "InvalidConfigurationRequest", (arn) => arn === before.id);
    }),
  },
};
