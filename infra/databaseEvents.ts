/** What RDS tells of the databases of each region, to the topics of the region's alarms. */
import type { AlarmDefinition } from "../components/alarms/alarmDefinition.ts";
import { lostMessages } from "../components/alarms/catalogue/lostMessages.ts";
import { required } from "../components/byName.ts";
import { DatabaseEvents } from "../components/database/databaseEvents.ts";
import type { RegionNotifications } from "./notifications.ts";
import type { StackRegion } from "./region.ts";

/** Declares the rules of each region that has PostgreSQL servers and topics. @returns alarms of what they could not tell */
export function declareDatabaseEvents(regions: readonly StackRegion[], notifications: RegionNotifications): AlarmDefinition[] {
  return regions.flatMap((region) => {
    const topicArns = notifications[region.name]?.topicArns;
    const identifiers = Object.entries(region.config.databases).flatMap(([name, { engine }]) => {
      const access = required(region.data.databases, name, "database with events");
      return engine === "postgres" && access.kind === "network" ? [access.identifier, ...Object.values(access.replicaIdentifiers)] : [];
    });
    if (topicArns === undefined || identifiers.length === 0) return [];
    const events = region.place.make(DatabaseEvents, region.place.names.regional("db-events"), { identifiers, topicArns });
    return lostMessages({
      ...{ region: region.name, key: "db-events-lost", severity: "P2", runbook: "database-event" },
      summary: "EventBridge could not tell the topic what RDS says of a database: its policy or its key does not let it",
      rules: Object.values(events.nodes.rules).map(({ name }) => name),
    });
  });
}
