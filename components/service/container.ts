/** The container of a service, as ECS reads it: pure, so that its safety can be tested without a cloud. */

import type { Accepted } from "../contract/accepted.ts";
import { volumeName } from "../volumeNames.ts";
import type { service } from "./contract.ts";

/** What a container is made from. */
export interface ContainerSettings extends Pick<Accepted<typeof service>, "user" | "writablePaths" | "command" | "livenessCommand"> {
  /** TCP port that it answers on. @default none */
  readonly port?: number;
  readonly name: string;
  /** Repository and digest, `…/name@sha256:…`. */
  readonly image: string;
  /** Paths of mounted file systems by volume name. @default none */
  readonly mounts?: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  /** ARNs of parameters or secrets by variable name. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly logGroup: string;
  readonly region: string;
  /** Short name for these settings, kept as a label so that a later update can tell what runs. @default no label */
  readonly fingerprint?: string | undefined;
  /** Deployment that this one follows, kept as a label: where only that differs, the revision is another all the same. @default no label */
  readonly follows?: string | undefined;
}

/** Container definition. Maps become lists in the order of their keys, so that order in config never shows as a change. */
export function containerDefinition(settings: ContainerSettings): Readonly<Record<string, unknown>> {
  const labels = { [fingerprintLabel]: settings.fingerprint, [followsLabel]: settings.follows };
  const dockerLabels = Object.fromEntries(Object.entries(labels).filter(([, label]) => label !== undefined));
  const sorted = <T>(map: Readonly<Record<string, T>>) => Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    name: settings.name,
    image: settings.image,
    essential: true,
    user: settings.user,
    readonlyRootFilesystem: true,
    linuxParameters: { initProcessEnabled: true },
    ...(Object.keys(dockerLabels).length === 0 ? {} : { dockerLabels }),
    ...(settings.command === undefined ? {} : { command: settings.command }),
    ...(settings.livenessCommand === undefined
      ? {}
      : { healthCheck: { command: settings.livenessCommand, interval: 30, timeout: 5, retries: 3, startPeriod: 60 } }),
    ...(settings.port === undefined ? {} : { portMappings: [{ containerPort: settings.port, hostPort: settings.port, protocol: "tcp" }] }),
    mountPoints: [...settings.writablePaths.map((path) => [volumeName("ecs", path), path] as const), ...sorted(settings.mounts ?? {})].map(
      ([sourceVolume, containerPath]) => ({ sourceVolume, containerPath, readOnly: false }),
    ),
    environment: sorted(settings.environment).map(([name, value]) => ({ name, value })),
    secrets: sorted(settings.secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": settings.logGroup,
        "awslogs-region": settings.region,
        "awslogs-stream-prefix": settings.name,
        mode: "non-blocking",
        "max-buffer-size": "25m",
      },
    },
  };
}

/** Labels that carry the settings' fingerprint, and the deployment before. */
const fingerprintLabel = "slipway.settings";
const followsLabel = "slipway.follows";

/** What a container definition, as the cloud has it, says of itself; empty where it does not. */
export function describeContainer(definitions: string): { readonly image: string; readonly settings: string; readonly follows: string } {
  const [container] = JSON.parse(definitions) as readonly {
    readonly image?: string;
    readonly dockerLabels?: Readonly<Record<string, string>>;
  }[];
  const labels = container?.dockerLabels ?? {};
  return { image: container?.image?.split("@")[1] ?? "", settings: labels[fingerprintLabel] ?? "", follows: labels[followsLabel] ?? "" };
}
