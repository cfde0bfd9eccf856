/** What the way in is made with: a load balancer, and two colours of targets behind it. */
import { distinct, flag, hostName, ipv4Block, keyName, matching, ownHeader, range, tcpPort } from "../contract/fields.ts";
import { type BrokenRule, broken, holds } from "../contract/rule.ts";
import { z } from "../contract/zod.ts";
import { release } from "../release/contract.ts";

export const loadBalancer = z.strictObject({
  allowFrom: distinct(ipv4Block)
    .max(30)
    .describe("addresses that may connect; nobody else can; empty only where the edge lets itself in (edge.origin.lock)")
    .meta({ examples: [["0.0.0.0/0"]] }),
  idleTimeoutSeconds: range(1, 4000, "seconds without data before a connection is closed; above the ping interval of web sockets").default(
    60,
  ),
  deletionProtection: flag(true, "refuse deletion at AWS, until it is switched off by an update of its own"),
});

export const candidateHeader = ownHeader(
  "request header, beginning with x-, that reaches a colour at any weight: x-canary: green-<secret>, with the value of candidateSecret",
).default("x-canary");

/** The secret in the candidate header's value. */
export const candidateSecret = z.strictObject({
  candidateSecret: keyName(20, "secret name")
    .default("a")
    .describe("name of the drawn secret in that header's value; another name draws another value, and the old one ends with the update"),
});

/** A rule may have this many condition values; the candidate header takes one of them. */
export const conditionLimit = 5;

/** And this many wildcards in them. */
const wildcardLimit = 6;

/** Requests that reach the targets. */
export const route = z
  .strictObject({
    priority: range(
      1,
      9999,
      "place among the load balancer's services, lower first, different for every service; no two may swap theirs in one update",
    ).meta({ examples: [100] }),
    hosts: distinct(hostName("host name that reaches the service", true))
      .min(1)
      .describe("host names that reach the service")
      .meta({ examples: [["api.coinestate.io"]] }),
    paths: distinct(
      matching(/^\/[\w.$/~"'@:+*?&-]{0,127}$/, "path pattern", "path pattern that starts with a slash, such as /api/*").meta({
        examples: ["/api/*"],
      }),
    )
      .default([])
      .describe("path patterns that reach the service, such as /api/* and /socket.io/*; empty for all")
      .meta({ examples: [["/api/*", "/socket.io/*"]] }),
  })
  .superRefine(holds(conditionsFit))
  .describe(
    "requests that reach the service; hosts and paths together at most four, by the load balancer's limit of five conditions a rule",
  );

function conditionsFit({ hosts, paths }: { readonly hosts: readonly string[]; readonly paths: readonly string[] }): BrokenRule[] {
  const wildcards = [...hosts, ...paths].join("").replaceAll(/[^*?]/g, "").length;
  if (wildcards > wildcardLimit)
    return broken({
      path: ["paths"],
      found: `has ${wildcards} wildcards, with those of the hosts`,
      allowed: `at most ${wildcardLimit} of * and ? in a rule, the load balancer's limit`,
    });
  if (hosts.length + paths.length < conditionLimit) return [];
  return broken({
    path: [],
    found: `has ${hosts.length} hosts and ${paths.length} paths`,
    allowed: "at most four hosts and paths together (the load balancer's limit of five values a rule, one of them the candidate header)",
  });
}

const shortestTimeout = 2;

/** How the load balancer tells a ready target. */
export const healthCheck = z
  .strictObject({
    path: matching(/^\/[\w./-]{0,1023}$/, "path", "path that answers 200 when a task is ready").meta({ examples: ["/health"] }),
    intervalSeconds: range(5, 300, "seconds between checks").default(10),
    timeoutSeconds: range(shortestTimeout, 120, "seconds that an answer may take; less than the interval").default(5),
    healthyThreshold: range(2, 10, "good answers in a row before a task gets traffic").default(2),
    unhealthyThreshold: range(2, 10, "bad answers in a row before a task loses traffic").default(3),
    matcher: matching(
      /^[234]\d{2}(?:-[234]\d{2})?(?:,[234]\d{2}(?:-[234]\d{2})?)*$/,
      "status codes",
      "HTTP codes from 200 to 499 that count as healthy: 200, 200,204 or 200-299",
    ).default("200"),
  })
  .superRefine(holds((given) => [...answerBeforeNext(given), ...rangesRise(given)]));

function rangesRise({ matcher }: { readonly matcher: string }): BrokenRule[] {
  const falls = matcher.split(",").find((part) => Number(part.slice(0, 3)) > Number(part.slice(-3)));
  if (falls === undefined) return [];
  const path = ["matcher"];
  return broken({ path, found: `is ${JSON.stringify(matcher)}, and ${falls} falls`, allowed: "ranges from the lower code to the higher" });
}

function answerBeforeNext({ intervalSeconds, timeoutSeconds }: Record<"intervalSeconds" | "timeoutSeconds", number>): BrokenRule[] {
  if (timeoutSeconds < intervalSeconds) return [];
  const path = ["timeoutSeconds"];
  return broken({
    path,
    found: `is ${timeoutSeconds}, not less than the interval ${intervalSeconds}`,
    allowed: `an integer from ${shortestTimeout} to ${intervalSeconds - 1}`,
    fix: { path, value: Math.max(shortestTimeout, intervalSeconds - 1) },
  });
}

const { live, candidateWeight, stickinessSeconds } = release.shape;

/** Two colours of targets behind one rule. */
export const weightedTargets = z
  .strictObject({
    route,
    port: tcpPort("port that the container listens on").meta({ examples: [3000] }),
    healthCheck,
    drainSeconds: range(0, 3600, "seconds that open requests get when a task leaves").default(30),
    candidateHeader,
    live: live.default("blue"),
    candidateWeight,
    stickinessSeconds,
    ruleSticksFirst: flag(
      false,
      "leave the targets' own stickiness to the next update: where the rule exists and does not stick yet, the load balancer refuses it",
    ),
    liveOnly: flag(
      false,
      "forward to the live colour alone: clients that stick to the other one leave it; it stays attached by its header rule, and health-checked",
    ),
  })
  .superRefine(
    holds((given) =>
      given.liveOnly && given.candidateWeight > 0
        ? [{ path: ["liveOnly"], found: `is true with candidateWeight ${given.candidateWeight}`, allowed: "a weight of 0" }]
        : [],
    ),
  );
