/** Config areas `registry` and `services`: images, and what runs from them. */

import { cidrBlock, distinct, keyName, matching, range } from "../../components/contract/fields.ts";
import { z } from "../../components/contract/zod.ts";
import { route, healthCheck as targetHealth, weightedTargets } from "../../components/loadBalancer/contract.ts";
import { connects } from "./connects.ts";
import { compute } from "./kubernetes.ts";
import { release } from "./release.ts";

/**
 * Longest service name. The load balancer's target groups may have 32 characters, of which the region code, the colour
 * and the engine's suffix take 20.
 */
export const serviceNameLimit = 12;

const repositoryName = z
  .string()
  .min(2)
  .max(256)
  .regex(/^[a-z0-9]+(?:[._/-][a-z0-9]+)*$/, { error: "repository name" });

export const registry = z
  .strictObject({
    repositories: z
      .record(
        repositoryName,
        z
          .strictObject({
            keepImages: range(2, 1000, "images kept; older ones are removed").default(50),
            untaggedDays: range(1, 365, "days that an image without a tag is kept").default(7),
          })
          .prefault({}),
      )
      .default({})
      .describe("image repositories by name: immutable tags, scanned on push")
      .meta({ examples: [{ "coinestate-api": {} }] }),
  })
  .prefault({})
  .describe("image registry of this stack");

const secretReference = matching(
  /^(?:\/[\w.-]+){2,15}$|^arn:aws:(?:ssm|secretsmanager):[a-z0-9-]+:\d{12}:.+$/,
  "secret reference",
  "SSM parameter path such as /coinestate/prod/jwt/secret, or the ARN of a parameter or secret; never the value",
).meta({ examples: ["/coinestate/prod/jwt/secret"] });

const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, { error: "variable name" });

/** CPU units and the memory sizes that Fargate offers with them, MiB. */
export const fargateSizes: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: steps(1024, 4096, 1024),
  1024: steps(2048, 8192, 1024),
  2048: steps(4096, 16_384, 1024),
  4096: steps(8192, 30_720, 1024),
  8192: steps(16_384, 61_440, 4096),
  16384: steps(32_768, 122_880, 8192),
};

const healthCheck = targetHealth
  .safeExtend({ graceSeconds: range(0, 3600, "seconds after a task's start in which failed checks do not count").default(60) })
  .describe("how the load balancer tells a ready task");

const scaling = z
  .strictObject({
    minimum: range(1, 1000, "tasks of a colour at full capacity, at least").meta({ examples: [2] }),
    maximum: range(1, 1000, "tasks of a colour, at most").meta({ examples: [10] }),
    cpuPercent: range(10, 95, "average CPU use that scaling aims at, percent").default(70),
    memoryPercent: range(10, 95, "average memory use that scaling aims at, percent").default(80),
    requestsPerMinutePerTask: range(1, 1_000_000, "requests per minute and task that scaling aims at")
      .optional()
      .meta({ examples: [6000] }),
  })
  .describe("number of tasks");

const service = z
  .strictObject({
    compute,
    repository: repositoryName.describe("repository of the image, one of registry.repositories").meta({ examples: ["coinestate-api"] }),
    port: range(1, 65_535, "port that the container listens on").meta({ examples: [3000] }),
    cpu: z
      .union(Object.keys(fargateSizes).map((units) => z.literal(Number(units))))
      .default(256)
      .describe("CPU units of a task, 1024 is one core")
      .meta({ examples: [512] }),
    memory: range(512, 122_880, "memory of a task, MiB, one of the sizes that Fargate offers with the CPU")
      .default(512)
      .meta({ examples: [1024] }),
    architecture: z.enum(["ARM64", "X86_64"]).default("ARM64").describe("processor that the image is built for"),
    user: z
      .string()
      .regex(/^[1-9]\d{0,9}(?::[1-9]\d{0,9})?$/, { error: "user" })
      .default("1000:1000")
      .describe("numeric user and group in the container, never root"),
    writablePaths: distinct(z.string().regex(/^\/[\w./-]+$/, { error: "path" }))
      .max(8)
      .default(["/tmp"])
      .describe(
        "paths that the container may write; everything else is read-only. On ECS the image has to declare each as a VOLUME that belongs to user, or root owns it (docs/components/service.md)",
      ),
    command: z
      .array(z.string())
      .optional()
      .describe("command in place of the image's own")
      .meta({ examples: [["node", "server.js"]] }),
    livenessCommand: z
      .array(z.string())
      .min(2)
      .refine(([kind]) => kind === "CMD" || kind === "CMD-SHELL", { error: "liveness command" })
      .optional()
      .describe("command that fails when the container has to be replaced; the first word is CMD or CMD-SHELL")
      .meta({ examples: [["CMD-SHELL", "wget -qO- http://localhost:3000/health/live"]] }),
    route,
    healthCheck,
    drainSeconds: weightedTargets.shape.drainSeconds,
    scaling,
    environment: z
      .record(variableName, z.string())
      .default({})
      .describe("environment variables, no secrets")
      .meta({ examples: [{ NODE_ENV: "production" }] }),
    secrets: z
      .record(variableName, secretReference)
      .default({})
      .describe("environment variables read from SSM or Secrets Manager at start")
      .meta({ examples: [{ JWT_SECRET: "/coinestate/prod/jwt/secret" }] }),
    egress: z
      .record(
        keyName(20, "egress rule name"),
        z.strictObject({ port: range(1, 65_535, "TCP port").meta({ examples: [443] }), cidr: cidrBlock.meta({ examples: ["0.0.0.0/0"] }) }),
      )
      .default({ https: { port: 443, cidr: "0.0.0.0/0" } })
      .describe(
        "where tasks may connect to, by rule name: the whole list, so that on ECS a rule for 443 to public addresses stays in it for image, secrets and logs",
      ),
    connects,
    release,
  })
  .describe("one service, on ECS Fargate or on Kubernetes");

export const services = z
  .record(keyName(serviceNameLimit, "service name"), service)
  .refine((all) => Object.keys(all).length > 0, { error: "not empty" })
  .describe("services by name");

export type ServiceConfig = z.output<typeof service>;

function steps(first: number, last: number, step: number): number[] {
  return Array.from({ length: (last - first) / step + 1 }, (_, index) => first + index * step);
}
