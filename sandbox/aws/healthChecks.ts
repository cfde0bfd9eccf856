/** Route 53's health checks: which there are, and what its checkers find. */
import type { HealthCheck, HealthCheckType, Route53 } from "@aws-sdk/client-route-53";
import { healthCheckType } from "../cloud/aws/healthChecks.ts";
import { CloudError } from "../cloud/catalogue.ts";
import { timeIn } from "../cloud/clock.ts";
import type { LiveObject } from "../cloud/liveStore.ts";
import { type OperationsOf, pageOf } from "./operation.ts";
import { observed } from "./zone.ts";

/** Regions of the checkers; each asks from two addresses. */
const checkers = [
  "ap-northeast-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "eu-west-1",
  "sa-east-1",
  "us-east-1",
  "us-west-1",
  "us-west-2",
] as const;

export const healthChecks = {
  ListHealthChecks: ({ Marker, MaxItems = 100 }, { store }) => {
    const { items, next } = pageOf(store.all(healthCheckType).map(checkOf), Marker, MaxItems);
    const end = next === undefined ? { IsTruncated: false } : { IsTruncated: true, NextMarker: next };
    return { HealthChecks: [...items], Marker: Marker ?? "", MaxItems, ...end };
  },

  GetHealthCheckStatus: ({ HealthCheckId = "" }, { store }) => {
    const check = store.all(healthCheckType).find(({ id }) => id === HealthCheckId);
    if (check === undefined) throw new CloudError("NoSuchHealthCheck", `A health check with id ${HealthCheckId} does not exist.`);
    const Status = observed(store)(HealthCheckId) ? "Success: HTTP Status Code 200, OK" : "Failure: Connection timed out.";
    return {
      HealthCheckObservations: checkers.flatMap((Region, index) =>
        [1, 2].map((host) => ({ Region, IPAddress: `15.177.${index}.${host}`, StatusReport: { Status, CheckedTime: timeIn(store) } })),
      ),
    };
  },
} satisfies OperationsOf<Route53>;

function checkOf({ id, properties: { type, fqdn, resourcePath, disabled, invertHealthcheck } }: LiveObject): HealthCheck {
  return {
    Id: id,
    CallerReference: id,
    HealthCheckVersion: 1,
    HealthCheckConfig: {
      ...{ Type: String(type) as HealthCheckType, Disabled: disabled === true, Inverted: invertHealthcheck === true },
      ...(typeof fqdn === "string" && fqdn !== "" ? { FullyQualifiedDomainName: fqdn } : {}),
      ...(typeof resourcePath === "string" && resourcePath !== "" ? { ResourcePath: resourcePath } : {}),
    },
  };
}
