/** What a service is connected to: rules both ways, permissions, variables, secrets and mounts. */
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { type ComponentResourceOptions, type Input, interpolate, type Resource } from "@pulumi/pulumi";
import { oneWay } from "../aws/oneWay.ts";
import { allow, type Condition, policyOf } from "../aws/policy.ts";
import { Component, type Regional } from "../component.ts";

/** What a role may do with one thing. */
export interface Permission {
  readonly actions: readonly string[];
  /** Exact ARNs. */
  readonly resources: readonly Input<string>[];
  /** @default none */
  readonly condition?: Condition;
}

/** One thing that a service uses, in the service's terms; whoever owns the thing says what it takes. */
export interface Connection {
  /** Security group in front of it and the TCP port behind. @default it is reached through the AWS API */
  readonly network?: { readonly securityGroupId: Input<string>; readonly port: number };
  /** Variables that the container gets, no secrets. @default none */
  readonly environment?: Readonly<Record<string, Input<string>>>;
  /** Variables read at start: one field of a JSON secret each. @default none */
  readonly secrets?: Readonly<Record<string, { readonly secretArn: Input<string>; readonly field: string }>>;
  /** Key of those secrets. @default none */
  readonly secretsKeyArn?: Input<string>;
  /** What the tasks may do, by a short name of letters. @default nothing */
  readonly permissions?: Readonly<Record<string, Permission>>;
  /** File system that the container sees at a path. @default none */
  readonly mount?: { readonly path: string; readonly fileSystemId: Input<string>; readonly accessPointId: Input<string> };
}

/** Arguments of `Connections`. */
export interface ConnectionsArgs extends Regional {
  /** By name, which becomes part of resource names. */
  readonly connections: Readonly<Record<string, Connection>>;
  /** Security group of the tasks. */
  readonly securityGroupId: Input<string>;
  readonly taskRoleName: Input<string>;
  readonly executionRoleName: Input<string>;
}

/** Variables of all connections. */
export function connectionEnvironment(connections: Readonly<Record<string, Connection>>): Record<string, Input<string>> {
  return Object.fromEntries(Object.values(connections).flatMap(({ environment = {} }) => Object.entries(environment)));
}

/** `valueFrom` of all secret variables, in the form that ECS reads one field of a JSON secret by. */
export function connectionSecrets(connections: Readonly<Record<string, Connection>>): Record<string, Input<string>> {
  return Object.fromEntries(
    Object.values(connections).flatMap(({ secrets = {} }) =>
      Object.entries(secrets).map(([variable, { secretArn, field }]) => [variable, interpolate`${secretArn}:${field}::`] as const),
    ),
  );
}

/** Volumes of a task definition: each file system over TLS, with the task's own role. */
export function connectionVolumes(connections: Readonly<Record<string, Connection>>) {
  return Object.entries(connectionMounts(connections)).map(([name, { fileSystemId, accessPointId }]) => ({
    name,
    efsVolumeConfiguration: { fileSystemId, transitEncryption: "ENABLED", authorizationConfig: { accessPointId, iam: "ENABLED" } },
  }));
}

/** Paths of mounts by volume name. */
export function connectionPaths(connections: Readonly<Record<string, Connection>>): Record<string, string> {
  return Object.fromEntries(Object.entries(connectionMounts(connections)).map(([name, { path }]) => [name, path]));
}

function connectionMounts(connections: Readonly<Record<string, Connection>>): Record<string, NonNullable<Connection["mount"]>> {
  return Object.fromEntries(Object.entries(connections).flatMap(([name, { mount }]) => (mount === undefined ? [] : [[name, mount]])));
}

/** Rules and permissions; tasks that start before they are there would fail. */
export class Connections extends Component {
  /** What has to be there before a task starts. */
  readonly ready: readonly Resource[];

  constructor(name: string, args: ConnectionsArgs, opts?: ComponentResourceOptions) {
    super("slipway:service:Connections", name, args, opts);
    const connections = Object.entries(args.connections).sort(([a], [b]) => (a < b ? -1 : 1));
    this.ready = [
      ...connections.flatMap(([to, { network }]) =>
        network === undefined
          ? []
          : oneWay(this, `${name}-to-${to}`, { from: args.securityGroupId, to: network.securityGroupId, port: network.port }),
      ),
      ...this.#permissions(name, connections, args),
      ...this.#secrets(name, connections, args),
    ];
    this.registerOutputs();
  }

  #permissions(name: string, connections: readonly (readonly [string, Connection])[], args: ConnectionsArgs): Resource[] {
    const statements = connections.flatMap(([to, { permissions = {} }]) =>
      Object.entries(permissions).map(([what, { actions, resources, condition }]) =>
        allow(`${what}${letters(to)}`, actions, resources, condition),
      ),
    );
    return this.#policy(`${name}-task-connections`, args.taskRoleName, statements);
  }

  #secrets(name: string, connections: readonly (readonly [string, Connection])[], args: ConnectionsArgs): Resource[] {
    const statements = connections.flatMap(([to, { secrets = {}, secretsKeyArn: key }]) => {
      const arns = [...new Set(Object.values(secrets).map(({ secretArn }) => secretArn))];
      if (arns.length === 0) return [];
      const read = allow(`Read${letters(to)}`, ["secretsmanager:GetSecretValue"], arns);
      return key === undefined ? [read] : [read, allow(`Decrypt${letters(to)}`, ["kms:Decrypt"], [key])];
    });
    return this.#policy(`${name}-execution-connections`, args.executionRoleName, statements);
  }

  #policy(name: string, role: Input<string>, statements: readonly object[]): Resource[] {
    return statements.length === 0 ? [] : [this.child(RolePolicy, name, { role, policy: policyOf(statements) })];
  }
}

/** A name as a part of a statement's id. */
function letters(name: string): string {
  return name.replaceAll(/[^a-zA-Z0-9]/g, "");
}
