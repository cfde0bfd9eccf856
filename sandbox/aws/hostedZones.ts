/** Route 53's hosted zones: those that a stack made, and those that are there without any stack's doing. */
import type { Route53, RRType } from "@aws-sdk/client-route-53";
import { CloudError } from "../cloud/catalogue.ts";
import type { LiveStore } from "../cloud/liveStore.ts";
import { valuesAt } from "../cloud/references.ts";
import { objectsIn, type Properties } from "../provider/values.ts";
import type { OperationsOf } from "./operation.ts";

const zoneType = "aws:route53/zone:Zone";
const recordType = "aws:route53/record:Record";

/** Servers of every simulated zone. */
export const nameServers = ["ns-1.awsdns-01.com", "ns-513.awsdns-02.net", "ns-1025.awsdns-03.org", "ns-1537.awsdns-04.co.uk"];

export const hostedZones = {
  GetHostedZone: ({ Id = "" }, { store, place, zones }) => {
    const id = Id.replace(/^\/hostedzone\//, "");
    const made = store.all(zoneType).find((zone) => zone.id === id);
    const name = made === undefined ? zones?.get(id) : String(made.properties.name);
    if (name === undefined) throw new CloudError("NoSuchHostedZone", `No hosted zone found with ID: ${id}`);
    // A zone that no stack made is of the account that wrote its first record.
    const first = made ?? store.all(recordType).find(({ properties }) => properties.zoneId === id);
    if (first !== undefined && first.scope.split("/")[0] !== place.account)
      throw new CloudError("AccessDenied", `User: arn:aws:iam::${place.account}:user/sandbox is not authorized to access this resource`);
    return {
      HostedZone: { Id: `/hostedzone/${id}`, Name: `${name.replace(/\.$/, "")}.`, CallerReference: id, Config: { PrivateZone: false } },
      DelegationSet: { NameServers: nameServers },
    };
  },

  /** From a name on, in the order of names. A star is told as \052 (Route 53 guide, Domain name format). */
  ListResourceRecordSets: ({ HostedZoneId = "", StartRecordName = "", MaxItems = 300 }, { store }) => {
    const id = HostedZoneId.replace(/^\/hostedzone\//, "");
    const sets = store
      .all(recordType)
      .filter(({ properties }) => properties.zoneId === id && String(properties.name) >= StartRecordName)
      .sort((a, b) => (String(a.properties.name) < String(b.properties.name) ? -1 : 1));
    const told = sets.slice(0, MaxItems).map(({ properties }) => ({
      Name: `${String(properties.name).replace(/^\*/, "\\052")}.`,
      Type: String(properties.type) as RRType,
      ...(typeof properties.setIdentifier === "string" && properties.setIdentifier !== ""
        ? { SetIdentifier: properties.setIdentifier }
        : {}),
      ...aliasOf(properties),
    }));
    return { ResourceRecordSets: told, IsTruncated: sets.length > MaxItems, MaxItems };
  },
} satisfies OperationsOf<Route53>;

function aliasOf(properties: Properties) {
  const [alias] = objectsIn(properties.aliases);
  if (alias === undefined) return { ResourceRecords: valuesAt(properties, "records[]").map((Value) => ({ Value })) };
  return { AliasTarget: { HostedZoneId: String(alias.zoneId), DNSName: String(alias.name), EvaluateTargetHealth: false } };
}

/** CAA records of a name, `0 issue "amazon.com"`, by their property. */
export function caaRecords(store: LiveStore, name: string): Readonly<Record<string, string>>[] {
  const records = store.all(recordType).filter(({ properties }) => properties.type === "CAA" && properties.name === name);
  return records.flatMap(({ properties }) =>
    valuesAt(properties, "records[]").map((text) => {
      const [, property = "", value = ""] = /^\d+\s+(\w+)\s+"([^"]*)"$/.exec(text) ?? [];
      return { [property]: value };
    }),
  );
}
