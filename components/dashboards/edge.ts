/** The dashboard of the way in: checks from outside, CloudFront, AWS WAF, and the load balancer itself. */

import type { Input } from "@pulumi/pulumi";
import { entriesByName } from "../byName.ts";
import { loadBalancerMetrics } from "../metrics/applicationLoadBalancer.ts";
import { certificateMetrics } from "../metrics/certificateManager.ts";
import { distributionMetrics } from "../metrics/cloudFront.ts";
import { globalMetricsRegion } from "../metrics/metric.ts";
import { webAclMetrics } from "../metrics/waf.ts";
import { checkGraphs } from "./checks.ts";
import type { ShownCheck } from "./subjects.ts";
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
}

const { blue, bad, warning, neutral, purple, green } = palette;

/** From the user inwards. */
export function edgeSections(dashboard: EdgeDashboard): Section[] {
  const { checks, sites, webAcl, cloudflareZone } = dashboard;
  return [
    { heading: "The way in", rows: [] },
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
        rows: [{ height: 5, widgets: siteGraphs(distribution) }],
      }),
    ),
    ...(webAcl === undefined ? [] : [{ heading: "AWS WAF", rows: [{ height: 5, widgets: wafGraphs(dashboard.region, webAcl) }] }]),
    { heading: "Load balancer", rows: loadBalancerRows(dashboard) },
  ];
}

function siteGraphs(distribution: Input<string>): MetricWidget[] {
  const region = globalMetricsRegion;
  const { requests, serverErrorRate, clientErrorRate, sent } = distributionMetrics(distribution);
  return [
    graph("Requests", { requests: { metric: requests, label: "requests", colour: blue, region } }),
    graph("Errors", {
      server: { metric: serverErrorRate, label: "5xx", colour: bad, region },
      client: { metric: clientErrorRate, label: "4xx", colour: warning, region },
    }),
    graph("Sent to users", { sent: { metric: sent, label: "sent", colour: neutral, region } }),
  ];
}

function wafGraphs(region: string, { metricName, rules }: NonNullable<EdgeDashboard["webAcl"]>): MetricWidget[] {
  const { allowed, blocked } = webAclMetrics({ region, metricName });
  return [
    graph("Let through", { allowed: { metric: allowed, label: "allowed", colour: green } }),
    graph("Refused", { blocked: { metric: blocked, label: "blocked", colour: bad } }),
    ...(rules.length === 0
      ? []
      : [
          graph(
            "Refused or counted, by rule",
            Object.fromEntries(
              rules.flatMap((rule, index): [string, Series][] => {
                const ofRule = webAclMetrics({ region, metricName }, rule);
                return [
                  [`blocked${index}`, { metric: ofRule.blocked, label: `${rule} blocked` }],
                  [`counted${index}`, { metric: ofRule.counted, label: `${rule} counted` }],
                ];
              }),
            ),
          ),
        ]),
  ];
}

function loadBalancerRows({ loadBalancer, certificateArn }: EdgeDashboard): Section["rows"] {
  const of = loadBalancerMetrics(loadBalancer);
  const days = { metric: certificateMetrics(certificateArn).daysLeft, label: "days to expiry", colour: neutral };
  return [
    {
      height: 5,
      widgets: [
        graph("Requests and open connections", {
          requests: { metric: of.requests, label: "requests", colour: blue },
          active: { metric: of.activeConnections, label: "connections", colour: purple },
        }),
        graph("Answers that the load balancer made itself", {
          badGateway: { metric: of.badGateway, label: "502 bad gateway", colour: bad },
          unavailable: { metric: of.unavailable, label: "503 no target", colour: warning },
          timeout: { metric: of.timeout, label: "504 timeout", colour: purple },
        }),
      ],
    },
    {
      height: 5,
      widgets: [
        graph("Connections refused", {
          rejected: { metric: of.rejectedConnections, label: "no room", colour: bad },
          tasks: { metric: of.connectionErrors, label: "by tasks", colour: purple },
        }),
        graph("TLS failed", { tls: { metric: of.tlsErrors, label: "TLS failed", colour: warning } }, { periodSeconds: 300 }),
        graph("Certificate", { days }, { periodSeconds: 86_400 }),
      ],
    },
  ];
}
