/** The container of a service, as ECS reads it: pure, so that its safety can be tested without a cloud. */

export interface ContainerSettings {
  readonly name: string;
  /** Repository and digest, `…/name@sha256:…`. */
  readonly image: string;
  /** Port that the container listens on. */
  readonly port: number;
  /** Numeric user and group, never root. */
  readonly user: string;
  /** Paths that may be written; the rest of the file system is read-only. */
  readonly writablePaths: readonly string[];
  /** Command in place of the image's own. */
  readonly command?: readonly string[] | undefined;
  /** Command that fails when the container has to be replaced. */
  readonly livenessCommand?: readonly string[] | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** ARNs of parameters or secrets by variable name. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly logGroup: string;
  readonly region: string;
}

/** Container definition. Maps become lists in the order of their keys, so that order in config never shows as a change. */
export function containerDefinition(settings: ContainerSettings): Readonly<Record<string, unknown>> {
  const sorted = <T>(map: Readonly<Record<string, T>>) => Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    name: settings.name,
    image: settings.image,
    essential: true,
    user: settings.user,
    readonlyRootFilesystem: true,
    linuxParameters: { initProcessEnabled: true },
    ...(settings.command === undefined ? {} : { command: settings.command }),
    ...(settings.livenessCommand === undefined
      ? {}
      : { healthCheck: { command: settings.livenessCommand, interval: 30, timeout: 5, retries: 3, startPeriod: 60 } }),
    portMappings: [{ containerPort: settings.port, hostPort: settings.port, protocol: "tcp" }],
    mountPoints: settings.writablePaths.map((path) => ({ sourceVolume: volumeName(path), containerPath: path, readOnly: false })),
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

/** Name of the scratch volume behind a writable path. */
export function volumeName(path: string): string {
  return path.replace(/^\//, "").replaceAll(/[^A-Za-z0-9_-]/g, "-");
}

/** ARN of what a config value refers to: a parameter path becomes a parameter of this account and region. */
export function secretArn(reference: string, region: string, accountId: string): string {
  return reference.startsWith("arn:") ? reference : `arn:aws:ssm:${region}:${accountId}:parameter${reference}`;
}
