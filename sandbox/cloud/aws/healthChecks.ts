/** Route 53 health checks: what AWS refuses of them. */
import type { Properties, Value } from "../../provider/values.ts";
import { CloudError, onBoth, type Rule, type ServiceTables } from "../catalogue.ts";
import { type LiveStore, seal } from "../liveStore.ts";
import { valuesAt } from "../references.ts";

/** Type token of health checks. */
export const healthCheckType = "aws:route53/healthCheck:HealthCheck";
const record = "aws:route53/record:Record";

const invalid = (message: string): CloudError => new CloudError("InvalidInput", message);

const endpoint = new Set(["HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP"]);

/** A question with a secret has to be found in the rule that answers it: its path stays, and the values of its query are digests. */
function sealQuery(value: Value): string {
  const [path = "", query] = String(value).split("?");
  if (query === undefined) return seal(value);
  const pairs = query.split("&").map((pair) => pair.split("="));
  return `${path}?${pairs.map(([key = "", asked = ""]) => `${key}=${seal(asked)}`).join("&")}`;
}

const goodEndpoint: Rule["enforce"] = ({ type, fqdn, ipAddress, requestInterval, searchString }) => {
  if (!endpoint.has(String(type))) return;
  if (isEmpty(fqdn) && isEmpty(ipAddress))
    throw invalid("Basic health checks must specify either an IP address or a fully qualified domain name.");
  if (requestInterval !== undefined && requestInterval !== 10 && requestInterval !== 30) throw invalid("RequestInterval must be 10 or 30.");
  if (String(type).endsWith("_STR_MATCH") && isEmpty(searchString))
    throw invalid("SearchString must be specified for string matching checks.");
};

/** A calculated check counts others, and none that is calculated itself. */
const goodChildren: Rule["enforce"] = (check, { store }) => {
  if (check.type !== "CALCULATED") return;
  const children = valuesAt(check, "childHealthchecks[]");
  if (check.childHealthThreshold === undefined || check.childHealthThreshold === null)
    throw invalid("Calculated health checks must have a health threshold specified.");
  const calculated = children.filter((id) => checkOf(store, id)?.type === "CALCULATED");
  if (calculated.length > 0)
    throw invalid(`Calculated health checks cannot monitor other calculated health checks: ${calculated.join(", ")}`);
};

/** Route 53 reads a plain alarm only. */
const goodAlarm: Rule["enforce"] = ({ type, cloudwatchAlarmName, cloudwatchAlarmRegion }, { store }) => {
  if (type !== "CLOUDWATCH_METRIC") return;
  const alarm = store
    .all("aws:cloudwatch/metricAlarm:MetricAlarm")
    .find(({ scope, properties }) => properties.name === cloudwatchAlarmName && scope.endsWith(`/${String(cloudwatchAlarmRegion)}`));
  if (alarm === undefined)
    throw invalid(`The specified CloudWatch alarm ${String(cloudwatchAlarmName)} does not exist in ${String(cloudwatchAlarmRegion)}.`);
  if (Array.isArray(alarm.properties.metricQueries) && alarm.properties.metricQueries.length > 0)
    throw invalid("Health checks based on CloudWatch alarms with metric math are not supported.");
  if (Number(alarm.properties.period) < 60) throw invalid("Health checks based on high-resolution metrics are not supported.");
};

function checkOf(store: LiveStore, id: string): Properties | undefined {
  return store.all(healthCheckType).find((check) => check.id === id)?.properties;
}

function isEmpty(value: Properties[string] | undefined): boolean {
  return value === undefined || value === null || value === "";
}

export const healthChecks: ServiceTables = {
  rules: {
    [healthCheckType]: onBoth(goodEndpoint, goodChildren, goodAlarm),
    [record]: onBoth(zoneOfAccount, aloneAsCname, goodRoutingRecord),
  },
  seals: { [healthCheckType]: sealQuery },
};

/**
 * A hosted zone belongs to one account, whose credentials alone change its records (Route 53 has no policies of resources that
 * another account could be named in). Here it is the account that wrote the zone's first record.
 */
function zoneOfAccount({ zoneId }: Properties, { store, place }: Parameters<Rule["enforce"]>[1]): void {
  const first = store.all(record).find(({ properties }) => properties.zoneId === zoneId);
  const owner = first === undefined ? place.account : first.scope.split("/")[0];
  if (owner !== place.account)
    throw new CloudError(
      "AccessDenied",
      `User: arn:aws:iam::${place.account}:user/sandbox is not authorized to perform: route53:ChangeResourceRecordSets on resource: arn:aws:route53:::hostedzone/${String(zoneId)} (of account ${owner})`,
    );
}

/** A name with a CNAME has no other record (Route 53 developer guide, "CNAME record type"; RFC 1034 3.6.2). */
function aloneAsCname({ zoneId, name, type }: Properties, { store, before }: Parameters<Rule["enforce"]>[1]): void {
  const rival = store.all(record).find(({ id, properties }) => {
    const meets = properties.zoneId === zoneId && properties.name === name && properties.type !== type;
    return id !== before?.id && meets && [properties.type, type].includes("CNAME");
  });
  if (rival !== undefined)
    throw new CloudError(
      "InvalidChangeBatch",
      `RRSet of type ${String(type)} with DNS name ${String(name)}. is not permitted because a conflicting RRSet of type ${String(rival.properties.type)} with the same DNS name already exists in zone ${String(zoneId)}`,
    );
}

/** Records of one name and type are all simple or all of one routing policy, and PRIMARY and SECONDARY are one each. */
function goodRoutingRecord(wanted: Properties, { store, before }: Parameters<Rule["enforce"]>[1]): void {
  const siblings = store
    .all(record)
    .filter(
      ({ id, properties }) => id !== before?.id && (["zoneId", "name", "type"] as const).every((key) => properties[key] === wanted[key]),
    );
  const role = roleOf(wanted);
  for (const { properties } of siblings) {
    const other = roleOf(properties);
    if ((role === undefined) !== (other === undefined))
      throw new CloudError(
        "InvalidChangeBatch",
        `RRSet with DNS name ${String(wanted.name)}, type ${String(wanted.type)} cannot be created as other RRSets exist with the same name and type but another routing policy`,
      );
    if (role !== undefined && role === other)
      throw new CloudError("InvalidChangeBatch", `There is a ${role} failover record for ${String(wanted.name)} already`);
  }
  const check = wanted.healthCheckId;
  if (typeof check === "string" && check !== "" && checkOf(store, check) === undefined)
    throw new CloudError("NoSuchHealthCheck", `No health check exists with the specified ID ${check}`);
}

function roleOf(properties: Properties): string | undefined {
  return valuesAt(properties, "failoverRoutingPolicies[].type")[0];
}
