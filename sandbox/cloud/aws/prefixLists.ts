/** Lists of address blocks: the account's own, and those that AWS keeps. */
import { CloudError, onBoth, onCreate, onDelete, type ServiceTables } from "../catalogue.ts";

const prefixList = "aws:ec2/managedPrefixList:ManagedPrefixList";
const ingressRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

/** Lists that AWS keeps in every region, by the last part of their names. */
const kept: Readonly<Record<string, number>> = { "route53-healthchecks": 25, s3: 10, dynamodb: 5, "global.cloudfront.origin-facing": 55 };

const keptId = (region: string, short: string) => `pl-${Buffer.from(`${region}${short}`).toString("hex").slice(-8)}`;

const roomOf = ({ entries, maxEntries }: { readonly [key: string]: unknown }) => {
  if (Array.isArray(entries) && entries.length > Number(maxEntries))
    throw new CloudError("PrefixListMaxEntriesExceeded", `You've reached the maximum number of entries for the prefix list: ${maxEntries}`);
};

export const prefixLists: ServiceTables = {
  rules: {
    [prefixList]: [
      ...onBoth(roomOf),
      ...onDelete((_, { store, before }) => {
        const holder = store.all(ingressRule).find(({ properties }) => properties.prefixListId === before?.id);
        if (holder !== undefined) throw new CloudError("PrefixListInUse", `The prefix list ${before?.id} is in use (${holder.id})`);
      }),
    ],
    [ingressRule]: onCreate(({ prefixListId }, { place, store }) => {
      if (typeof prefixListId !== "string") return;
      const ofAws = Object.keys(kept).some((short) => keptId(place.region, short) === prefixListId);
      if (!ofAws && !store.all(prefixList).some(({ id }) => id === prefixListId))
        throw new CloudError("InvalidPrefixListID.NotFound", `The prefix list ID '${prefixListId}' does not exist`);
    }),
  },
  invokes: {
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": ({ name, region: asked }, { place, store }) => {
      const region = typeof asked === "string" && asked !== "" ? asked : place.region;
      const own = store.all(prefixList).find(({ properties }) => properties.name === name);
      if (own !== undefined) return { ...own.properties, id: own.id };
      const short = Object.keys(kept).find((key) => name === `com.amazonaws.${region}.${key}` || name === `com.amazonaws.${key}`);
      if (short === undefined) throw new CloudError("no matching Prefix List found", String(name));
      const id = keptId(region, short);
      return {
        id,
        name: String(name),
        arn: `arn:aws:ec2:${region}:aws:prefix-list/${id}`,
        addressFamily: "IPv4",
        maxEntries: kept[short] ?? 0,
        ownerId: "AWS",
        version: 1,
        entries: [],
        tags: {},
      };
    },
  },
};
