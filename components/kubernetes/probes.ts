/** How the kubelet tells a started, a ready and a living container: pure, so that it can be tested without a cluster. */
import type { core } from "@pulumi/kubernetes/types/input.js";
import type { Accepted } from "../contract/accepted.ts";
import type { Immutable } from "../contract/immutable.ts";
import type { taskHealth } from "../service/contract.ts";
import type { service } from "./contract.ts";

/** What probes are made from. Codes from 200 to 399 count as healthy. */
export interface ProbeSettings extends Accepted<typeof taskHealth>, Immutable<Pick<Accepted<typeof service>, "port" | "livenessCommand">> {
  /** Host that the ready check asks for, for applications that answer only for their own. @default the pod's address */
  readonly host?: string | undefined;
}

/** Seconds between two looks at a container that starts. */
const startupPeriodSeconds = 5;

/** The three probes of a container. */
interface Probes {
  readonly startupProbe: core.v1.Probe;
  readonly readinessProbe: core.v1.Probe;
  readonly livenessProbe: core.v1.Probe;
}

/**
 * Only the ready check asks the application's own path. The other two restart the container, so they must not fail with
 * the database that the path may look at: a restart of every pod would turn its outage into ours.
 */
export function probesOf(settings: ProbeSettings): Probes {
  const alive = aliveCheck(settings);
  return {
    startupProbe: {
      ...alive,
      periodSeconds: startupPeriodSeconds,
      timeoutSeconds: settings.timeoutSeconds,
      successThreshold: 1,
      failureThreshold: Math.max(3, Math.ceil(settings.graceSeconds / startupPeriodSeconds)),
    },
    readinessProbe: {
      httpGet: {
        path: settings.path,
        port: settings.port,
        scheme: "HTTP",
        ...(settings.host === undefined ? {} : { httpHeaders: [{ name: "Host", value: settings.host }] }),
      },
      periodSeconds: settings.intervalSeconds,
      timeoutSeconds: settings.timeoutSeconds,
      successThreshold: settings.healthyThreshold,
      failureThreshold: settings.unhealthyThreshold,
    },
    livenessProbe: { ...alive, periodSeconds: 30, timeoutSeconds: 5, successThreshold: 1, failureThreshold: 3 },
  };
}

function aliveCheck({ port, livenessCommand }: ProbeSettings): Pick<core.v1.Probe, "exec" | "tcpSocket"> {
  if (livenessCommand === undefined) return { tcpSocket: { port } };
  const [kind, ...command] = livenessCommand;
  return { exec: { command: kind === "CMD-SHELL" ? ["/bin/sh", "-c", command.join(" ")] : command } };
}
