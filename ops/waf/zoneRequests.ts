/** What Cloudflare blocked, out of its GraphQL analytics (data set `firewallEventsAdaptiveGroups`). */
import { z } from "zod";
import type { Cloudflare } from "../cloudflare/cloudflare.ts";
import { type Blocked, type BlockedRequests, together } from "./blockedRequests.ts";

/** Actions that keep a client out, or stop it until it has shown that it is a person (Cloudflare, WAF actions). */
const keepsOut = ["block", "challenge", "jschallenge", "managed_challenge"];

/** Groups that one answer has at most. */
const most = 1000;

const groups = z.looseObject({
  viewer: z.looseObject({
    zones: z.array(
      z.looseObject({
        firewallEventsAdaptiveGroups: z.array(
          z.looseObject({
            count: z.number(),
            dimensions: z.looseObject({
              action: z.string(),
              clientCountryName: z.string(),
              clientIP: z.string().optional(),
              clientRequestPath: z.string(),
              ruleId: z.string(),
              source: z.string(),
            }),
          }),
        ),
      }),
    ),
  }),
});

/** What is asked of a zone. */
interface Asked {
  readonly zoneId: string;
  readonly now: Date;
  /** Milliseconds. */
  readonly since: number;
  readonly addresses: boolean;
  /** Names in config of rules by the id that Cloudflare gave them. */
  readonly ruleNames: ReadonlyMap<string, string>;
}

/** @throws NotAllowed when token or plan have no analytics, UserError when nobody can tell */
export async function blockedByZone(cloudflare: Cloudflare, { zoneId, now, since, addresses, ruleNames }: Asked): Promise<Blocked> {
  const from = new Date(now.getTime() - since).toISOString();
  const filter = `datetime_geq: "${from}", datetime_leq: "${now.toISOString()}", action_in: ${JSON.stringify(keepsOut)}`;
  const dimensions = ["action", "clientCountryName", "clientRequestPath", "ruleId", "source", ...(addresses ? ["clientIP"] : [])];
  const query = `{ viewer { zones(filter: {zoneTag: "${zoneId}"}) { firewallEventsAdaptiveGroups(limit: ${most}, filter: {${filter}}, orderBy: [count_DESC]) { count dimensions { ${dimensions.join(" ")} } } } } }`;
  const { viewer } = await cloudflare.query(query, groups);
  const all = viewer.zones.flatMap(({ firewallEventsAdaptiveGroups: found }) => found);
  return {
    requests: together(
      all.map(
        ({ count, dimensions: { action, clientCountryName, clientRequestPath, clientIP, ruleId, source } }): BlockedRequests => ({
          rule: ruleNames.get(ruleId) ?? `${source} ${ruleId}`,
          declared: ruleNames.has(ruleId),
          action,
          country: clientCountryName === "" ? "–" : clientCountryName,
          path: clientRequestPath,
          count,
          clients: clientIP === undefined ? [] : [clientIP],
        }),
      ),
    ),
    notes: [
      "Numbers are estimates: Cloudflare keeps samples, and takes a minute to count.",
      ...(all.length === most ? [`Cloudflare told of the ${most} largest groups alone: ask for less, such as --since 10m.`] : []),
    ],
  };
}
