/** What the five systems fix stands in their stacks: hosts, steps, sizes, variables; and what their stacks must not share. */
import { describe, expect, test } from "vitest";
import { configOf, exampleStacks } from "../harness/config.ts";

const systems = [...new Set(exampleStacks.map((stack) => stack.split("/")[0]!))];

/** Value at a path such as `services.api.port`; `[*].x` takes x of every element. */
function valueAt(stack: string, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return value.map((element) => (element as Record<string, unknown>)[key]);
    return (value as Record<string, unknown> | undefined)?.[key];
  }, configOf(stack));
}

const fixed: readonly [stack: string, path: string, value: unknown][] = [
  ["clearhold/production", "services.api.route.hosts", ["api.clearhold.app"]],
  ["clearhold/staging", "services.api.route.hosts", ["staging-api.clearhold.app"]],
  ["clearhold/production", "rollout.strategy", "canary"],
  ["clearhold/production", "rollout.steps.weight", [5, 25, 50, 100]],
  ["clearhold/production", "rollout.steps.bakeMinutes", [1440, 1440, 1440, 1440]],
  ["clearhold/production", "services.api.healthCheck.path", "/health/ready"],
  ["clearhold/production", "services.api.healthCheck.unhealthyThreshold", 3],
  ["coinestate/production", "services.api.route.hosts", ["api.coinestate.io"]],
  ["coinestate/production", "rollout.strategy", "blueGreen"],
  ["coinestate/production", "rollout.steps.weight", [100]],
  ["coinestate/production", "rollout.retainOldMinutes", 60],
  ["coinestate/production", "services.api.healthCheck.path", "/v1/health"],
  ["coinestate/production", "services.api.environment.BLOCKCHAIN_NETWORK", "mainnet"],
  ["coinestate/production", "notifications.slack.channelName", "#deployment-alerts"],
  ["coinestate/production", "notifications.emails", { devops: "devops@coinestate.io", security: "security@coinestate.io" }],
  ["coinestate/production", "notifications.routes.P0", ["pagerDuty", "slack", "email"]],
  ["coinestate/production", "dashboards.links", { "Status page": "https://status.coinestate.io" }],
  ["coinestate/production", "failover.secondary.host", "eu-api.coinestate.io"],
  ["coinestate/staging", "services.api.environment.BLOCKCHAIN_NETWORK", "sepolia"],
  ["olympiad/production", "services.api.port", 3000],
  ["olympiad/production", "services.api.route.hosts", ["api.olympiad.example"]],
  ["olympiad/production", "services.api.route.paths", ["/api/*", "/socket.io/*"]],
  ["olympiad/production", "services.api.healthCheck.path", "/api/health"],
  ["olympiad/production", "services.api.environment.MAX_FILE_SIZE", "104857600"],
  ["olympiad/production", "services.api.environment.UPLOAD_PATH", "./uploads"],
  ["olympiad/production", "services.api.release.stickinessSeconds", 3600],
  ["olympiad/production", "rollout.strategy", "direct"],
  ["smartduka/production", "services.api.route.hosts", ["api.smartduka.com"]],
  ["smartduka/production", "services.api.port", 3000],
  ["smartduka/production", "services.api.scaling.cpuPercent", 70],
  ["smartduka/production", "services.api.scaling.memoryPercent", 80],
  ["smartduka/production", "services.api.scaling.requestsPerMinutePerTask", 30_000],
  ["smartduka/production", "services.api.environment.JWT_EXPIRES", "7d"],
  ["smartduka/production", "rollout.strategy", "direct"],
  ["deedpro/production", "aws.region", "us-west-2"],
  ["deedpro/production", "services.api.route.hosts", ["api.deedpro.example"]],
  ["deedpro/production", "services.api.command", ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]],
  ["deedpro/production", "services.api.scaling.minimum", 2],
  ["deedpro/production", "services.api.scaling.maximum", 10],
  ["deedpro/production", "services.api.scaling.cpuPercent", 70],
  ["deedpro/production", "services.api.scaling.memoryPercent", 70],
  ["deedpro/production", "services.api.memory", 512],
  ["deedpro/production", "services.api.environment.RATE_LIMIT_REQUESTS_PER_MINUTE", "100"],
  ["deedpro/production", "services.api.environment.RATE_LIMIT_DAILY_COST_LIMIT", "100.00"],
  ["deedpro/production", "rollout.steps.weight", [5, 25, 50, 100]],
  [
    "deedpro/production",
    "notifications.emailSeverities",
    { "on-call": ["P0", "P1"], "status-page": ["P0", "P1"], team: ["P2"], tickets: ["P3"] },
  ],
];

describe("what the systems fix stands in their stacks", () => {
  test.each(fixed)("%s %s", (stack, path, value) => expect(valueAt(stack, path)).toEqual(value));

  test("a rollout of DeedPro takes a week", () => {
    const minutes = configOf("deedpro/production").rollout.steps.reduce((sum, { bakeMinutes }) => sum + bakeMinutes, 0);
    expect(minutes).toBe(7 * 24 * 60);
  });
});

/** Variables of each system's API, by where their value stands. A variable that a stack's own database or cache gives instead leaves the table. */
const needed: Readonly<Record<string, { readonly plain: readonly string[]; readonly secret: readonly string[] }>> = {
  clearhold: { plain: ["NODE_ENV", "PORT"], secret: ["JWT_SECRET", "RPC_URL", "SENTRY_DSN"] },
  coinestate: {
    plain: ["NODE_ENV", "PORT", "BLOCKCHAIN_NETWORK"],
    secret: ["DATABASE_URL", "BLOCKCHAIN_PRIVATE_KEY", "JWT_SECRET", "KYC_API_KEY"],
  },
  olympiad: {
    plain: ["NODE_ENV", "PORT", "HOST", "FRONTEND_URL", "UPLOAD_PATH", "MAX_FILE_SIZE"],
    secret: ["MONGODB_URI", "JWT_SECRET", "GOOGLE_CLIENT_SECRET"],
  },
  smartduka: {
    plain: ["NODE_ENV", "PORT", "JWT_EXPIRES"],
    secret: [
      "MONGODB_URI",
      "JWT_SECRET",
      "MPESA_CONSUMER_KEY",
      "MPESA_CONSUMER_SECRET",
      "MPESA_SHORTCODE",
      "SENTRY_DSN",
      "DATADOG_API_KEY",
    ],
  },
  deedpro: {
    plain: ["ENVIRONMENT", "LOG_LEVEL", "CORS_ORIGINS", "RATE_LIMIT_REQUESTS_PER_MINUTE", "RATE_LIMIT_DAILY_COST_LIMIT"],
    secret: ["DATABASE_URL", "REDIS_URL", "JWT_SECRET", "OPENAI_API_KEY", "TITLEPOINT_API_KEY", "GOOGLE_PLACES_API_KEY", "SENTRY_DSN"],
  },
};

test("the table names every system", () => expect(Object.keys(needed).sort()).toEqual(systems));

test.each(exampleStacks)("every variable that a system needs is given, secrets by reference only: %s", (stack) => {
  const { plain, secret } = needed[stack.split("/")[0]!]!;
  const { api } = configOf(stack).services;
  expect(Object.keys(api!.environment)).toEqual(expect.arrayContaining([...plain]));
  expect(Object.keys(api!.secrets)).toEqual(expect.arrayContaining([...secret]));
  expect(secret.filter((name) => name in api!.environment)).toEqual([]);
});

test.each(systems)("staging and production share no account, network, host or secret: %s", (system) => {
  const own = (stack: string) => {
    const config = configOf(stack);
    const services = Object.values(config.services);
    return [
      config.aws.accountId,
      config.network.cidr,
      config.environment,
      ...services.flatMap(({ route, secrets }) => [...route.hosts, ...Object.values(secrets)]),
    ];
  };
  const [production, staging] = [own(`${system}/production`), own(`${system}/staging`)];
  expect(production.filter((value) => staging.includes(value))).toEqual([]);
  expect(production.length).toBeGreaterThan(4);
});

test("no two stacks share an account or a network", () => {
  for (const value of ["accountId", "cidr"] as const) {
    const all = exampleStacks.map((stack) => (value === "cidr" ? configOf(stack).network.cidr : configOf(stack).aws.accountId));
    expect(new Set(all).size).toBe(exampleStacks.length);
  }
});
