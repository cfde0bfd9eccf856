/** Metrics of a NAT gateway. */
import type { Input } from "@pulumi/pulumi";
import { metricsOf } from "./metric.ts";

/** Metrics of one gateway. */
export function natMetrics(id: Input<string>) {
  return metricsOf(
    "AWS/NATGateway",
    { NatGatewayId: id },
    {
      sent: ["BytesOutToDestination", "Sum", "bytes"],
      packetsOut: ["PacketsOutToDestination", "Sum", "packets"],
      packetsBack: ["PacketsInFromDestination", "Sum", "packets"],
      dropped: ["PacketsDropCount", "Sum", "packets"],
      noPort: ["ErrorPortAllocation", "Sum", "connections"],
    },
  );
}
