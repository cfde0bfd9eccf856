/** Functions of the AWS provider that read without owning. */
import { CloudError, type Invoke } from "../catalogue.ts";
import { zoneIdOf } from "./zones.ts";

export const invokes: Readonly<Record<string, Invoke>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": (_, { place }) => ({
    id: place.account,
    accountId: place.account,
    arn: `arn:aws:iam::${place.account}:user/sandbox`,
    userId: "AIDASANDBOXSANDBOX000",
  }),
  "aws:index/getRegion:getRegion": (_, { place }) => ({
    id: place.region,
    region: place.region,
    name: place.region,
    endpoint: `ec2.${place.region}.amazonaws.com`,
    description: place.region,
  }),
  "aws:index/getPartition:getPartition": () => ({
    id: "aws",
    partition: "aws",
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": (_, { place }) => {
    const names = ["a", "b", "c", "d", "e", "f"].map((letter) => `${place.region}${letter}`);
    return { id: place.region, names, zoneIds: names.map(zoneIdOf), groupNames: [place.region] };
  },
  "aws:lb/getListenerRule:getListenerRule": ({ arn }, { store }) => {
    const rule = store.all("aws:lb/listenerRule:ListenerRule").find(({ id }) => id === arn);
    if (rule === undefined) throw new CloudError("RuleNotFound", `One or more rules not found: '${arn}'`);
    return { ...rule.properties, id: rule.id };
  },
};
