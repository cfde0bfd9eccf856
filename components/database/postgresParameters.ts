/** Parameter group of PostgreSQL: TLS only, and what is logged. */
import { ParameterGroup, type ParameterGroupArgs } from "@pulumi/aws/rds/parameterGroup.js";
import type { Output } from "@pulumi/pulumi";
import type { Component, Transform } from "../component.ts";
import type { Accepted } from "../contract/accepted.ts";
import type { postgres } from "./contract.ts";

/** Settings of the server. */
type PostgresSettings = Pick<Accepted<typeof postgres>, "version" | "slowQueryMilliseconds" | "maximumConnections">;

/** Parameters, in the order of their names. Pure. */
export function postgresParameters(settings: PostgresSettings): { name: string; value: string; applyMethod: string }[] {
  const dynamic = (name: string, value: string | number) => ({ name, value: String(value), applyMethod: "immediate" });
  const atStart = (name: string, value: string | number) => ({ name, value: String(value), applyMethod: "pending-reboot" });
  return [
    dynamic("log_connections", 1),
    dynamic("log_disconnections", 1),
    dynamic("log_min_duration_statement", settings.slowQueryMilliseconds),
    ...(settings.maximumConnections === undefined ? [] : [atStart("max_connections", settings.maximumConnections)]),
    dynamic("rds.force_ssl", 1),
  ];
}

/** Parameter group family, `postgres17`. */
function postgresFamily(version: string): string {
  return `postgres${version.split(".")[0]}`;
}

/** The group; its physical name is the engine's, so that another family gets another group before the old one goes. */
export function postgresParameterGroup(
  name: string,
  settings: PostgresSettings,
  owner: Component,
  transform: Transform<ParameterGroupArgs> | undefined,
): Output<string> {
  const wanted = {
    family: postgresFamily(settings.version),
    description: `${name}: TLS only, slow statements logged`,
    parameters: postgresParameters(settings),
  };
  return owner.child(ParameterGroup, name, wanted, { transform }).name;
}
