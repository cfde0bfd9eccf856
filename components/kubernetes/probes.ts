/** How the kubelet tells a started, a ready and a living container: pure, so that it can be tested without a cluster. */
import type { core } from "@pulumi/kubernetes/types/input.js";

/** What probes are made from. */
export interface ProbeSettings {
  /** Port that the container listens on. */
  readonly port: number;
  /** Path that answers 200–399 when the container may have traffic. */
  readonly path: string;
  /** Host that the ready check asks for, for applications that answer only for their own. @default the pod's address */
  readonly host?: string | undefined;
  /** Seconds between checks. */
  readonly intervalSeconds: number;
  /** Seconds that an answer may take. */
  readonly timeoutSeconds: number;
  /** Good answers in a row before a container gets traffic. */
  readonly healthyThreshold: number;
  /** Bad answers in a row before a container loses traffic. */
  readonly unhealthyThreshold: number;
  /** Seconds that a container may take to start. */
  readonly graceSeconds: number;
  /** Command that fails when the container has to be replaced, as ECS writes it. @default the port has to accept connections */
  readonly livenessCommand?: readonly string[] | undefined;
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
