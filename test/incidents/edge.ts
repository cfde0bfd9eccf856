/** Incidents before the load balancer: names, certificates, firewalls, doors, and who is told. */
import type { Edits } from "../harness/config.ts";
import { onlyApi, watchedRelease } from "../harness/smallStacks.ts";
import type { StackUnderTest } from "../harness/stack.ts";
import { objectOf, ring, storeOf } from "./cloud.ts";
import type { Incident } from "./incident.ts";

const alone: Edits = { ...watchedRelease, ...onlyApi, autoRollback: undefined };
const recordType = "cloudflare:index/dnsRecord:DnsRecord";
const doorType = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

export const edgeIncidents: readonly Incident[] = [
  {
    id: "I4",
    what: "the record that renews a certificate was deleted, and the certificate is about to end",
    stack: { name: "staging", edits: alone },
    before: { known: "never", painEnds: 1, clean: 6 },
    fault: async (stack) => {
      storeOf(stack).delete(objectOf(stack, recordType, "-validation-staging.coinestate.io"));
      await ring(stack, "coinestate-staging-use1-certificate-load-balancer-expiry-p1");
    },
    alarm: /expiry-p1$/,
    known: /validation|record/i,
    served: (stack) => hasRecord(stack, "-validation-staging.coinestate.io"),
    clean: (stack) => hasRecord(stack, "-validation-staging.coinestate.io"),
  },
  {
    id: "I5",
    what: "the DNS record of the API was deleted at Cloudflare",
    stack: { name: "staging", edits: alone },
    before: { known: "never", painEnds: 1, clean: 6 },
    fault: async (stack) => {
      storeOf(stack).delete(objectOf(stack, recordType, "-edge-records-api.staging.coinestate.io"));
      await ring(stack, "coinestate-staging-use1-check-api-failing");
    },
    alarm: /check-api-failing$/,
    known: /record/i,
    served: (stack) => hasRecord(stack, "-edge-records-api.staging.coinestate.io"),
    clean: (stack) => hasRecord(stack, "-edge-records-api.staging.coinestate.io"),
  },
  {
    id: "I6",
    what: "a new WAF rule blocks a country with customers in it",
    stack: {
      name: "smartduka/production",
      edits: { "edge.rules.bad-country": { type: "match", priority: 5, mode: "block", when: { countries: ["KE"] } } },
    },
    before: { known: 1, painEnds: 3, clean: 5 },
    fault: (stack) => {
      const rules = stack.live("cloudflare:index/ruleset:Ruleset").flatMap(({ properties }) => properties.rules as unknown as Rule[]);
      const rule = rules.find(({ expression }) => String(expression).includes("KE"));
      for (let request = 0; request < 40; request++)
        storeOf(stack).put({
          ...{
            type: "cloudflare:simulated/firewallEvent:FirewallEvent",
            id: `event-${request}`,
            scope: "cloudflare",
            createdFor: "a user",
          },
          properties: {
            ...{ zoneId: "6c2075ad24ac0d4281be169c0e6e6a04", action: "block", clientCountryName: "KE", clientIP: "196.201.214.200" },
            ...{ clientRequestPath: "/v1/orders", ruleId: String(rule?.id), source: "firewallCustom", datetime: new Date().toISOString() },
          },
        });
    },
    complaint: /blocked/,
    known: /bad-country/,
    served: (stack) => !blocks(stack),
    clean: (stack) => !blocks(stack),
  },
  {
    id: "I10",
    what: "somebody opened the load balancer to the world in the console",
    stack: { name: "production", edits: { ...alone } },
    before: { known: "never", painEnds: "never", clean: "never" },
    fault: (stack) => {
      const door = objectOf(stack, doorType, stack.live(doorType)[0]?.createdFor.split("::").at(-1) ?? "");
      storeOf(stack).put({
        ...door,
        id: "sgr-0f00d00000000000f",
        properties: { ...door.properties, cidrIpv4: "0.0.0.0/0", securityGroupRuleId: "sgr-0f00d00000000000f" },
      });
    },
    known: /0\.0\.0\.0\/0|sgr-0f00d00000000000f/,
    served: (stack) => !isOpen(stack),
    clean: (stack) => !isOpen(stack),
  },
  {
    id: "I17",
    what: "the month costs too much, by what goes out through the NAT gateway",
    stack: {
      name: "staging",
      edits: { ...alone, "network.gatewayEndpoints": [], "budget.monthly": { usd: 100, emails: ["costs@coinestate.io"] } },
    },
    before: { known: "never", painEnds: "never", clean: "never" },
    fault: (stack) => ring(stack, "coinestate-staging-use1-monthly-cost"),
    alarm: /monthly-cost/,
    known: /NAT/,
    served: hasEndpoint,
    clean: hasEndpoint,
  },
  {
    id: "I12",
    what: "every subscription of the alarm topics is gone: nobody would be told",
    stack: { name: "staging", edits: alone },
    before: { known: "never", painEnds: 1, clean: "never" },
    fault: (stack) => {
      for (const subscription of stack.live(subscriptionType)) storeOf(stack).delete(subscription);
    },
    known: /subscri/i,
    served: (stack) => stack.live(subscriptionType).length > 0,
    clean: (stack) => stack.live(subscriptionType).length > 0,
  },
];

interface Rule {
  readonly id: string;
  readonly expression?: string;
  readonly enabled?: boolean;
}

const subscriptionType = "aws:sns/topicSubscription:TopicSubscription";
const hasRecord = (stack: StackUnderTest, ending: string) => stack.live(recordType).some(({ createdFor }) => createdFor.endsWith(ending));
/** A rule that is off stays where it was, disabled. */
const blocks = (stack: StackUnderTest) =>
  stack
    .live("cloudflare:index/ruleset:Ruleset")
    .flatMap(({ properties }) => properties.rules as unknown as Rule[])
    .some(({ expression, enabled }) => String(expression).includes("KE") && enabled !== false);
/** What tasks read of S3 goes past the NAT gateway. */
function hasEndpoint(stack: StackUnderTest): boolean {
  return stack.live("aws:ec2/vpcEndpoint:VpcEndpoint").some(({ properties }) => String(properties.serviceName).endsWith(".s3"));
}
const isOpen = (stack: StackUnderTest) => stack.live(doorType).some(({ id }) => id === "sgr-0f00d00000000000f");
