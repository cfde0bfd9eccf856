/** Checks of public endpoints by Route 53: what a user sees, asked from other parts of the world. */
import { HealthCheck, type HealthCheckArgs } from "@pulumi/aws/route53/healthCheck.js";
import type { ComponentResourceOptions, Output } from "@pulumi/pulumi";
import type { AlarmDefinition } from "../alarms/alarmDefinition.ts";
import { healthCheckAlarms } from "../alarms/catalogue/healthCheck.ts";
import { Component, type Tagged, type Transformable } from "../component.ts";
import { type Accepted, accepted, type Given } from "../contract/accepted.ts";
import { uptime } from "./contract.ts";

/** Arguments of `Uptime`: those of its contract, and these. */
export interface UptimeArgs extends Given<typeof uptime>, Tagged, Transformable<{ healthCheck: HealthCheckArgs }> {}

/** One alarm for each endpoint, all in the one region that Route 53 reports to. */
function uptimeAlarms(endpoints: Accepted<typeof uptime>["endpoints"], ids: Readonly<Record<string, Output<string>>>): AlarmDefinition[] {
  return Object.entries(endpoints).flatMap(([name, { severity, host }]) => {
    const healthCheckId = ids[name];
    return healthCheckId === undefined ? [] : healthCheckAlarms({ name, healthCheckId, severity, host });
  });
}

/**
 * Health checks for people and alarms. No DNS record looks at them, so they may ask the public name, through whatever stands
 * before it; a check that moves traffic has to ask an origin's own name, or it would watch the name that it moves.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Uptime extends Component {
  /** The real resources. */
  readonly nodes: { readonly healthChecks: Readonly<Record<string, HealthCheck>> };
  /** Id of each check by endpoint. */
  readonly healthCheckIds: Readonly<Record<string, Output<string>>>;
  /** What is alarmed when an endpoint does not answer. */
  readonly alarms: readonly AlarmDefinition[];

  constructor(name: string, args: UptimeArgs, opts?: ComponentResourceOptions) {
    const { endpoints, checkers } = accepted(name, uptime, args);
    super("slipway:probes:Uptime", name, args, opts);
    const healthChecks = Object.fromEntries(
      Object.entries(endpoints).map(([endpoint, settings]) => {
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
              port: settings.port,
              resourcePath: settings.path,
              ...(search === undefined ? {} : { searchString: search }),
              requestInterval: settings.intervalSeconds,
              failureThreshold: settings.failureThreshold,
              enableSni: true,
              invertHealthcheck: settings.invert,
              measureLatency: settings.measureLatency,
              regions: checkers.toSorted(),
            },
            { transform: args.transform?.healthCheck },
          ),
        ];
      }),
    );
    this.nodes = { healthChecks };
    this.healthCheckIds = Object.fromEntries(Object.entries(healthChecks).map(([endpoint, { id }]) => [endpoint, id]));
    this.alarms = uptimeAlarms(endpoints, this.healthCheckIds);
    this.registerOutputs({ healthCheckIds: this.healthCheckIds });
  }
}
