/**
 * AWS WAF: web ACLs and samples of what their rules did. A sample is an object of the live store (`aws:simulated/sampledRequest:SampledRequest`):
 * webAclArn, metricName, action, clientIp, country, uri, at.
 */
import type { WAFV2 } from "@aws-sdk/client-wafv2";
import { CloudError } from "../cloud/catalogue.ts";
import { timeIn } from "../cloud/clock.ts";
import type { LiveObject } from "../cloud/liveStore.ts";
import type { Properties } from "../provider/values.ts";
import { here, type OperationsOf, pageOf } from "./operation.ts";

const aclType = "aws:wafv2/webAcl:WebAcl";
const sampleType = "aws:simulated/sampledRequest:SampledRequest";

/** Milliseconds for which samples are kept (AWS WAF API, GetSampledRequests: an earlier start is set to three hours ago). */
const kept = 3 * 3_600_000;

export const firewall = {
  ListWebACLs: ({ NextMarker, Limit = 100 }, asked) => {
    const { items, next } = pageOf(here(aclType, asked), NextMarker, Limit);
    return { WebACLs: items.map(summaryOf), ...(next === undefined ? {} : { NextMarker: next }) };
  },

  GetWebACL: ({ Name, Id }, asked) => {
    const acl = here(aclType, asked).find((one) => one.id === Id && one.properties.name === Name);
    if (acl === undefined) throw missing();
    const VisibilityConfig = { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: String(acl.properties.name) };
    return {
      WebACL: {
        ...summaryOf(acl),
        Id: acl.id,
        Name: Name ?? "",
        ARN: arnOf(acl),
        DefaultAction: { Allow: {} },
        VisibilityConfig,
        Rules: rulesOf(acl),
      },
    };
  },

  GetSampledRequests: ({ WebAclArn, RuleMetricName, TimeWindow, MaxItems = 500 }, asked) => {
    const acl = here(aclType, asked).find((one) => arnOf(one) === WebAclArn);
    if (acl === undefined || !rulesOf(acl).some(({ VisibilityConfig }) => VisibilityConfig.MetricName === RuleMetricName)) throw missing();
    const earliest = timeIn(asked.store).getTime() - kept;
    const from = Math.max(earliest, TimeWindow?.StartTime?.getTime() ?? 0);
    const to = TimeWindow?.EndTime?.getTime() ?? Number.MAX_SAFE_INTEGER;
    if (from > to) throw new CloudError("WAFInvalidParameterException", "The time window's end is before its start");
    const all = here(sampleType, asked).filter(({ properties: { webAclArn, metricName, at } }) => {
      const then = new Date(String(at)).getTime();
      return webAclArn === WebAclArn && metricName === RuleMetricName && then >= from && then <= to;
    });
    const SampledRequests = all.slice(0, MaxItems).map(({ properties: { clientIp, country, uri, action, at } }) => ({
      Request: { ClientIP: String(clientIp), Country: String(country), URI: String(uri), Method: "GET" },
      ...{ Weight: 1, Action: String(action), Timestamp: new Date(String(at)) },
    }));
    return { SampledRequests, PopulationSize: all.length, TimeWindow: { StartTime: new Date(from), EndTime: new Date(to) } };
  },
} satisfies OperationsOf<WAFV2>;

function missing(): CloudError {
  return new CloudError("WAFNonexistentItemException", "AWS WAF couldn’t perform the operation because your resource doesn’t exist.");
}

function summaryOf(acl: LiveObject) {
  return { Id: acl.id, Name: String(acl.properties.name), ARN: arnOf(acl), LockToken: acl.id };
}

function arnOf({ properties }: LiveObject): string {
  return String(properties.arn);
}

/** Rules as the API has them, as far as commands ask. */
function rulesOf({ properties: { rules } }: LiveObject) {
  const all = Array.isArray(rules) ? (rules as readonly Properties[]) : [];
  return all.map(({ name, priority, visibilityConfig }) => ({
    Name: String(name),
    Priority: Number(priority),
    Statement: {},
    VisibilityConfig: {
      ...{ SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true },
      MetricName: String((visibilityConfig as Properties | undefined)?.metricName ?? name),
    },
  }));
}
