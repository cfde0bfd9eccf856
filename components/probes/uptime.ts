/** Checks of public endpoints by Route 53: what a user sees, asked from other parts of the world. */
import { HealthCheck, type HealthCheckArgs } from "@pulumi/aws/route53/healthCheck.js";
import type { ComponentResourceOptions, Output } from "@pulumi/pulumi";
import type { AlarmDefinition } from "../alarms/alarmDefinition.ts";
import { healthCheckAlarms } from "../alarms/catalogue/healthCheck.ts";
import type { Severity } from "../alarms/severity.ts";
import { Component } from "../component.ts";
import { type ArgumentProblem, outsideRange } from "../contract/argumentProblem.ts";
import type { Metric } from "../metrics/metric.ts";
import type { Tagged } from "../regional.ts";
import type { Transform } from "../transform.ts";
import { checkerRegions } from "./checkerRegions.ts";

/** One endpoint. */
interface Endpoint {
  /** Host name, also sent in the TLS handshake. */
  readonly host: string;
  /** @default "/" */
  readonly path?: string;
  /** @default 443 */
  readonly port?: number;
  /** Text that the first 5,120 bytes of a good answer have, 255 characters at most. @default the status alone decides: 200 to 399 */
  readonly search?: string | undefined;
  /** Seconds between two questions of one checker, 10 or 30. A change replaces the check. @default 30 */
  readonly intervalSeconds?: 10 | 30;
  /** Bad answers in a row before it counts as bad, 1–10. @default 3 */
  readonly failureThreshold?: number;
  /** Good means bad: for what must not answer. @default false */
  readonly invert?: boolean;
  /** Measure the time to the first byte. A change replaces the check. @default false */
  readonly measureLatency?: boolean;
  /** How bad it is when it does not answer. */
  readonly severity: Severity;
}

/** Arguments of `Uptime`. */
export interface UptimeArgs extends Tagged {
  /** By name. */
  readonly endpoints: Readonly<Record<string, Endpoint>>;
  /** Regions to ask from, three at least. @default us-east-1, us-west-2, eu-west-1, ap-southeast-1 */
  readonly checkers?: readonly (typeof checkerRegions)[number][];
  /** Changes to single children. @default none */
  readonly transform?: { readonly healthCheck?: Transform<HealthCheckArgs> };
}

const fewCheckers = ["us-east-1", "us-west-2", "eu-west-1", "ap-southeast-1"] as const;

/** Everything wrong with plain arguments. */
function uptimeProblems({ endpoints, checkers = fewCheckers }: UptimeArgs): ArgumentProblem[] {
  const problems: ArgumentProblem[] = [];
  if (new Set(checkers).size < 3)
    problems.push({
      propertyPath: "checkers",
      reason: `are ${checkers.length}; give three regions at least, of ${checkerRegions.join(", ")}`,
    });
  for (const [name, { host, path = "/", port = 443, search, failureThreshold = 3 }] of Object.entries(endpoints)) {
    const at = `endpoints.${name}`;
    problems.push(
      ...outsideRange(`${at}.failureThreshold`, failureThreshold, 1, 10, "answers"),
      ...outsideRange(`${at}.port`, port, 1, 65_535, "TCP port"),
    );
    if (host.includes("*")) problems.push({ propertyPath: `${at}.host`, reason: `is ${host}; give one host that can be asked` });
    if (!path.startsWith("/")) problems.push({ propertyPath: `${at}.path`, reason: `is ${path}; give a path that begins with a slash` });
    if (search !== undefined && (search.length === 0 || search.length > 255))
      problems.push({ propertyPath: `${at}.search`, reason: `has ${search.length} characters; give from 1 to 255` });
  }
  return problems;
}

/** The metric of one check, 1 while it is good. */
export function checkMetric(healthCheckId: Output<string>, name: "HealthCheckStatus" | "TimeToFirstByte" = "HealthCheckStatus"): Metric {
  const statistic = name === "HealthCheckStatus" ? "Minimum" : "Average";
  return { namespace: "AWS/Route53", name, statistic, dimensions: { HealthCheckId: healthCheckId } };
}

/** One alarm for each endpoint, all in the one region that Route 53 reports to. */
function uptimeAlarms(endpoints: UptimeArgs["endpoints"], ids: Readonly<Record<string, Output<string>>>): AlarmDefinition[] {
  return Object.entries(endpoints).flatMap(([name, { severity }]) => {
    const healthCheckId = ids[name];
    return healthCheckId === undefined ? [] : healthCheckAlarms({ name, healthCheckId, severity });
  });
}

/**
 * Health checks for people and alarms. No DNS record looks at them, so they may ask the public name, through whatever stands
 * before it; a check that moves traffic has to ask an origin's own name, or it would watch the name that it moves.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Uptime extends Component {
  /** Id of each check by endpoint. */
  readonly healthCheckIds: Readonly<Record<string, Output<string>>>;
  /** What is alarmed when an endpoint does not answer. */
  readonly alarms: readonly AlarmDefinition[];

  constructor(name: string, args: UptimeArgs, opts?: ComponentResourceOptions) {
    super("slipway:probes:Uptime", name, args, opts, uptimeProblems(args));
    const { checkers = fewCheckers } = args;
    this.healthCheckIds = Object.fromEntries(
      Object.entries(args.endpoints).map(([endpoint, settings]) => {
        const key = `${name}-${endpoint}`;
        const { search } = settings;
        return [
          endpoint,
          this.child(
            HealthCheck,
            key,
            {
              type: search === undefined ? "HTTPS" : "HTTPS_STR_MATCH",
              fqdn: settings.host,
              port: settings.port ?? 443,
              resourcePath: settings.path ?? "/",
              ...(search === undefined ? {} : { searchString: search }),
              requestInterval: settings.intervalSeconds ?? 30,
              failureThreshold: settings.failureThreshold ?? 3,
              enableSni: true,
              invertHealthcheck: settings.invert ?? false,
              measureLatency: settings.measureLatency ?? false,
              regions: [...checkers].sort(),
            },
            { transform: args.transform?.healthCheck },
          ).id,
        ];
      }),
    );
    this.alarms = uptimeAlarms(args.endpoints, this.healthCheckIds);
    this.registerOutputs({ healthCheckIds: this.healthCheckIds });
  }
}
