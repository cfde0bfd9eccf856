/** The dashboard of the way in: checks from outside, CloudFront, AWS WAF, and the load balancer itself. */

import type { Input } from "@pulumi/pulumi";
import { globalMetricsRegion } from "../alarms/catalogue/distribution.ts";
import { entriesByName } from "../byName.ts";
import type { Metric } from "../metrics/metric.ts";
import { checkGraphs } from "./checks.ts";
import { levelThresholds, loadBalancerMetric } from "./graphs.ts";
import type { ShownCheck, Thresholds } from "./subjects.ts";
import { type MetricWidget, palette, type Section, type Series } from "./widget.ts";

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
  const of = (name: string, statistic: string): Metric => ({
    namespace: "AWS/CloudFront",
    name,
    statistic,
    dimensions: { DistributionId: distribution, Region: "Global" },
  });
  return [
    {
      kind: "metric",
      title: "Requests",
      unit: "a minute",
      series: { requests: { metric: of("Requests", "Sum"), label: "requests", colour: blue, region } },
    },
    {
      kind: "metric",
      title: "Errors",
      unit: "percent of requests",
      series: {
        server: { metric: of("5xxErrorRate", "Average"), label: "5xx", colour: bad, region },
        client: { metric: of("4xxErrorRate", "Average"), label: "4xx", colour: warning, region },
      },
      thresholds: levelThresholds(siteErrorPercent),
    },
    {
      kind: "metric",
      title: "Sent to users",
      unit: "bytes a minute",
      series: { sent: { metric: of("BytesDownloaded", "Sum"), label: "sent", colour: neutral, region } },
    },
  ];
}

function wafGraphs(
  region: string,
  { metricName, rules }: NonNullable<EdgeDashboard["webAcl"]>,
  { blockedRequestsPerMinute }: Thresholds,
): MetricWidget[] {
  const of = (name: string, rule: string): Metric => ({
    namespace: "AWS/WAFV2",
    name,
    statistic: "Sum",
    dimensions: { WebACL: metricName, Region: region, Rule: rule },
  });
  return [
    {
      kind: "metric",
      title: "Let through",
      unit: "a minute",
      series: { allowed: { metric: of("AllowedRequests", "ALL"), label: "allowed", colour: green } },
    },
    {
      kind: "metric",
      title: "Refused",
      unit: "a minute",
      series: { blocked: { metric: of("BlockedRequests", "ALL"), label: "blocked", colour: bad } },
      thresholds: levelThresholds(blockedRequestsPerMinute),
    },
    ...(rules.length === 0
      ? []
      : [
          {
            kind: "metric" as const,
            title: "Refused or counted, by rule",
            unit: "a minute",
            series: Object.fromEntries(
              rules.flatMap((rule, index): [string, Series][] => [
                [`blocked${index}`, { metric: of("BlockedRequests", rule), label: `${rule} blocked` }],
                [`counted${index}`, { metric: of("CountedRequests", rule), label: `${rule} counted` }],
              ]),
            ),
          },
        ]),
  ];
}

function loadBalancerRows({ loadBalancer, certificateArn, thresholds }: EdgeDashboard): Section["rows"] {
  const of = (name: string, statistic = "Sum") => loadBalancerMetric(loadBalancer, name, statistic);
  return [
    {
      height: 5,
      widgets: [
        {
          kind: "metric",
          title: "Requests and open connections",
          unit: "a minute",
          series: {
            requests: { metric: of("RequestCount"), label: "requests", colour: blue },
            active: { metric: of("ActiveConnectionCount"), label: "connections", colour: purple },
          },
        },
        {
          kind: "metric",
          title: "Answers that the load balancer made itself",
          unit: "a minute",
          series: {
            badGateway: { metric: of("HTTPCode_ELB_502_Count"), label: "502 bad gateway", colour: bad },
            unavailable: { metric: of("HTTPCode_ELB_503_Count"), label: "503 no target", colour: warning },
            timeout: { metric: of("HTTPCode_ELB_504_Count"), label: "504 timeout", colour: purple },
          },
        },
      ],
    },
    {
      height: 5,
      widgets: [
        {
          kind: "metric",
          title: "Connections refused",
          unit: "a minute",
          series: {
            rejected: { metric: of("RejectedConnectionCount"), label: "no room", colour: bad },
            tls: { metric: of("ClientTLSNegotiationErrorCount"), label: "TLS failed", colour: warning },
          },
        },
        {
          kind: "metric",
          title: "Certificate",
          unit: "days left",
          periodSeconds: 86_400,
          series: {
            days: {
              metric: {
                namespace: "AWS/CertificateManager",
                name: "DaysToExpiry",
                statistic: "Minimum",
                dimensions: { CertificateArn: certificateArn },
              },
              label: "days to expiry",
              colour: neutral,
            },
          },
          thresholds: levelThresholds(thresholds.certificateDays, "below"),
        },
      ],
    },
  ];
}
