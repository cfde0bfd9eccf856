/** The dashboard of the way in: checks from outside, CloudFront, AWS WAF, and the load balancer itself. */

import type { Input } from "@pulumi/pulumi";
import { globalMetricsRegion } from "../alarms/catalogue/distribution.ts";
import { entriesByName } from "../byName.ts";
import { daysToExpiry } from "../metrics/certificate.ts";
import { metricsOf } from "../metrics/metric.ts";
import { checkGraphs } from "./checks.ts";
import { levelThresholds, loadBalancerMetric } from "./graphs.ts";
import type { ShownCheck, Thresholds } from "./subjects.ts";
import { graph, type MetricWidget, palette, type Section, type Series } from "./widget.ts";

/** What the dashboard is about. */
interface EdgeDashboard {
  /** AWS region of the load balancer. */
  readonly region: string;
  /** ARN suffix of the load balancer. */
  readonly loadBalancer: Input<string>;
  /** CloudFront distribution by site. */
  readonly sites: Readonly<Record<string, Input<string>>>;
  /** Metric name of the web ACL and of its rules. @default there is none */
  readonly webAcl?: { readonly metricName: string; readonly rules: readonly string[] } | undefined;
  /** Zone at Cloudflare, whose figures CloudWatch does not have. @default there is none */
  readonly cloudflareZone?: string | undefined;
  /** Checks of the public names. */
  readonly checks: readonly ShownCheck[];
  /** ARN of the load balancer's certificate. */
  readonly certificateArn: Input<string>;
  readonly thresholds: Thresholds;
  /** Markdown links to where one reads on. */
  readonly links: string;
}

const { blue, bad, warning, neutral, purple, green } = palette;

/** From the user inwards. */
export function edgeSections(dashboard: EdgeDashboard): Section[] {
  const { checks, sites, webAcl, cloudflareZone, links } = dashboard;
  return [
    { heading: "The way in", note: links, rows: [] },
    ...(checks.length === 0 ? [] : [{ heading: "Asked from outside", rows: [{ height: 5, widgets: checkGraphs(checks) }] }]),
    ...(cloudflareZone === undefined
      ? []
      : [
          {
            heading: `Cloudflare: ${cloudflareZone}`,
            note: "Its figures are Cloudflare's: [Analytics](https://dash.cloudflare.com/?to=/:account/:zone/analytics), [Security events](https://dash.cloudflare.com/?to=/:account/:zone/security/events).",
            rows: [],
          },
        ]),
    ...entriesByName(sites).map(
      ([name, distribution]): Section => ({
        heading: `${name}: CloudFront`,
        rows: [{ height: 5, widgets: siteGraphs(distribution, dashboard.thresholds) }],
      }),
    ),
    ...(webAcl === undefined
      ? []
      : [{ heading: "AWS WAF", rows: [{ height: 5, widgets: wafGraphs(dashboard.region, webAcl, dashboard.thresholds) }] }]),
    { heading: "Load balancer", rows: loadBalancerRows(dashboard) },
  ];
}

function siteGraphs(distribution: Input<string>, { siteErrorPercent }: Thresholds): MetricWidget[] {
  const region = globalMetricsRegion;
  const of = metricsOf("AWS/CloudFront", { DistributionId: distribution, Region: "Global" });
  return [
    graph("Requests", "a minute", { requests: { metric: of("Requests", "Sum"), label: "requests", colour: blue, region } }),
    graph(
      "Errors",
      "percent of requests",
      {
        server: { metric: of("5xxErrorRate", "Average"), label: "5xx", colour: bad, region },
        client: { metric: of("4xxErrorRate", "Average"), label: "4xx", colour: warning, region },
      },
      { thresholds: levelThresholds(siteErrorPercent) },
    ),
    graph("Sent to users", "bytes a minute", { sent: { metric: of("BytesDownloaded", "Sum"), label: "sent", colour: neutral, region } }),
  ];
}

function wafGraphs(
  region: string,
  { metricName, rules }: NonNullable<EdgeDashboard["webAcl"]>,
  { blockedRequestsPerMinute }: Thresholds,
): MetricWidget[] {
  const of = (name: string, rule: string) => metricsOf("AWS/WAFV2", { WebACL: metricName, Region: region, Rule: rule })(name);
  return [
    graph("Let through", "a minute", { allowed: { metric: of("AllowedRequests", "ALL"), label: "allowed", colour: green } }),
    graph(
      "Refused",
      "a minute",
      { blocked: { metric: of("BlockedRequests", "ALL"), label: "blocked", colour: bad } },
      { thresholds: levelThresholds(blockedRequestsPerMinute) },
    ),
    ...(rules.length === 0
      ? []
      : [
          graph(
            "Refused or counted, by rule",
            "a minute",
            Object.fromEntries(
              rules.flatMap((rule, index): [string, Series][] => [
                [`blocked${index}`, { metric: of("BlockedRequests", rule), label: `${rule} blocked` }],
                [`counted${index}`, { metric: of("CountedRequests", rule), label: `${rule} counted` }],
              ]),
            ),
          ),
        ]),
  ];
}

function loadBalancerRows({ loadBalancer, certificateArn, thresholds }: EdgeDashboard): Section["rows"] {
  const of = (name: string, statistic = "Sum") => loadBalancerMetric(loadBalancer, name, statistic);
  return [
    {
      height: 5,
      widgets: [
        graph("Requests and open connections", "a minute", {
          requests: { metric: of("RequestCount"), label: "requests", colour: blue },
          active: { metric: of("ActiveConnectionCount"), label: "connections", colour: purple },
        }),
        graph("Answers that the load balancer made itself", "a minute", {
          badGateway: { metric: of("HTTPCode_ELB_502_Count"), label: "502 bad gateway", colour: bad },
          unavailable: { metric: of("HTTPCode_ELB_503_Count"), label: "503 no target", colour: warning },
          timeout: { metric: of("HTTPCode_ELB_504_Count"), label: "504 timeout", colour: purple },
        }),
      ],
    },
    {
      height: 5,
      widgets: [
        graph("Connections refused", "a minute", {
          rejected: { metric: of("RejectedConnectionCount"), label: "no room", colour: bad },
          tls: { metric: of("ClientTLSNegotiationErrorCount"), label: "TLS failed", colour: warning },
        }),
        graph(
          "Certificate",
          "days left",
          {
            days: {
              metric: daysToExpiry(certificateArn),
              label: "days to expiry",
              colour: neutral,
            },
          },
          { periodSeconds: 86_400, thresholds: levelThresholds(thresholds.certificateDays, "below") },
        ),
      ],
    },
  ];
}
