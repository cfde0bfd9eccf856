/** What a service is made with: one container in two colours, and how many of it there are. */
import { colours } from "../colours.ts";
import { cidrBlock, distinct, keyName, logRetentionDays, mapByName, matching, range, tcpPort } from "../contract/fields.ts";
import { type BrokenRule, broken, holds } from "../contract/rule.ts";
import { z } from "../contract/zod.ts";
import { healthCheck, weightedTargets } from "../loadBalancer/contract.ts";
import { isPrivate } from "../network/ipv4.ts";
import { release, taskCount } from "../release/contract.ts";
import { type Compute, volumesApart } from "../volumeNames.ts";
import { environmentFits, environmentRules } from "./environmentContract.ts";

/** CPU units and the memory sizes that Fargate offers with them, MiB. */
const fargateSizes: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: steps(1024, 4096, 1024),
  1024: steps(2048, 8192, 1024),
  2048: steps(4096, 16_384, 1024),
  4096: steps(8192, 30_720, 1024),
  8192: steps(16_384, 61_440, 4096),
  16384: steps(32_768, 122_880, 8192),
};

function steps(first: number, last: number, step: number): number[] {
  return Array.from({ length: (last - first) / step + 1 }, (_, index) => first + index * step);
}

export const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, { error: "variable name" });

const graceSeconds = range(0, 3600, "seconds after a task's start in which failed checks do not count").default(60);

/** How a task's readiness is told, from its start on. */
export const taskHealth = healthCheck.safeExtend({ graceSeconds });

export const scaling = z
  .strictObject({
    minimum: taskCount("tasks of a colour at full capacity, at least").meta({ examples: [2] }),
    maximum: taskCount("tasks of a colour, at most").meta({ examples: [10] }),
    cpuPercent: range(10, 95, "average CPU use that scaling aims at, percent").default(70),
    memoryPercent: range(10, 95, "average memory use that scaling aims at, percent").default(80),
    requestsPerMinutePerTask: range(1, 1_000_000, "requests per minute and task that scaling aims at")
      .optional()
      .meta({ examples: [6000] }),
  })
  .superRefine(
    holds(({ minimum, maximum }) => {
      const path = ["maximum"];
      if (maximum >= minimum) return [];
      return broken({
        path,
        found: `is ${maximum}, below the minimum ${minimum}`,
        allowed: `an integer from ${minimum}`,
        fix: { path, value: minimum },
      });
    }),
  )
  .describe("number of tasks");

/** What a service is made with wherever it runs. */
export const serviceFields = {
  port: weightedTargets.shape.port,
  architecture: z.enum(["ARM64", "X86_64"]).default("ARM64").describe("processor that the image is built for"),
  // 31 bits is what Kubernetes takes, and Linux more.
  user: matching(/^[1-9]\d{0,9}(?::[1-9]\d{0,9})?$/, "user", "numeric user and group in the container, never root, 2147483647 at most")
    .refine((ids) => ids.split(":").every((id) => Number(id) < 2 ** 31), { error: "user" })
    .default("1000:1000"),
  writablePaths: distinct(
    matching(
      /^\/(?!(?:dev|proc|sys)(?:\/|$))(?!(?:bin|boot|etc|lib|lib64|sbin|usr)\/*$)(?!(?:.*\/)?\.{1,2}(?:\/|$))[\w./-]+$/,
      "path",
      "path in the container, without . and .., that is none of the system's",
    ),
  )
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
  environment: mapByName("environment variables, no secrets", variableName, z.string(), { NODE_ENV: "production" }),
  egress: z
    .record(
      keyName(20, "egress rule name"),
      z.strictObject({ port: tcpPort("TCP port").meta({ examples: [443] }), cidr: cidrBlock.meta({ examples: ["0.0.0.0/0"] }) }),
    )
    .default({ https: { port: 443, cidr: "0.0.0.0/0" } })
    .describe(
      "where tasks may connect to, by rule name: the whole list, so that on ECS a rule for 443 to public addresses stays in it for image, secrets and logs",
    ),
  scaling,
  release,
};

/** Sizes of a task on Fargate. */
export const fargateSize = {
  cpu: z
    .union(Object.keys(fargateSizes).map((units) => z.literal(Number(units))))
    .default(256)
    .describe("CPU units of a task, 1024 is one core")
    .meta({ examples: [512] }),
  memory: range(512, 122_880, "memory of a task, MiB, one of the sizes that Fargate offers with the CPU")
    .default(512)
    .meta({ examples: [1024] }),
};

/** Answers requests, in two colours. */
const web = z
  .strictObject({
    kind: z.literal("web").optional().default("web").describe("web: answers requests, in two colours"),
    ...fargateSize,
    ...serviceFields,
    scaling: scaling.prefault({ minimum: 2, maximum: 10 }),
    graceSeconds,
    logRetentionDays,
  })
  .superRefine(holds(serviceRules));

/** What the component is made with, by kind. */
export const service = z.discriminatedUnion("kind", [web]);

type Fields = z.output<z.ZodObject<typeof serviceFields>> & z.output<z.ZodObject<typeof fargateSize>>;

/** Rules between a service's fields. */
export function serviceRules({
  compute = "ecs",
  ...given
}: Fields & { readonly compute?: Compute; readonly secrets?: Readonly<Record<string, string>> }): BrokenRule[] {
  return [
    ...sizeOffered(given),
    ...environmentRules(given.environment, given.secrets),
    ...(compute === "ecs" ? environmentFits(given.environment) : []),
    ...volumesApart(compute, given.writablePaths),
    ...reserveWithinScaling(given),
    ...(compute === "ecs" ? egressToImages(given) : []),
  ];
}

/**
 * Rules that somebody names are the whole list: the default one goes, and with it what a task needs before it starts. Image
 * layers come from S3, which has public addresses behind a gateway endpoint as well. On Kubernetes the node pulls images.
 */
function egressToImages({ egress }: Pick<Fields, "egress">): BrokenRule[] {
  if (Object.values(egress).some(({ port, cidr }) => port === 443 && !cidr.includes(":") && !isPrivate(cidr))) return [];
  const path = ["egress"];
  const free = ["https", "images", "aws", "public"].find((rule) => !Object.hasOwn(egress, rule));
  return broken({
    path,
    found: "has no rule for port 443 to public addresses",
    reason: "tasks could not start: image, secrets and logs come over 443, image layers from public addresses of S3",
    allowed: "the list is whole, so beside other rules one such as https: {port: 443, cidr: 0.0.0.0/0}",
    fix:
      free === undefined
        ? []
        : [
            { path: [...path, free, "port"], value: 443 },
            { path: [...path, free, "cidr"], choose: "0.0.0.0/0, or a smaller public block" },
          ],
  });
}

function sizeOffered({ cpu, memory }: Pick<Fields, "cpu" | "memory">): BrokenRule[] {
  const sizes = fargateSizes[cpu] ?? [];
  if (sizes.includes(memory)) return [];
  const path = ["memory"];
  return broken({
    path,
    found: `is ${memory} with cpu ${cpu}`,
    allowed: `${sizes.slice(0, 8).join(", ")}${sizes.length > 8 ? ` … ${sizes.at(-1)}` : ""} (MiB, what Fargate offers with ${cpu} CPU units)`,
    fix: { path, value: sizes.reduce((a, b) => (Math.abs(b - memory) < Math.abs(a - memory) ? b : a)) },
  });
}

/** What a colour keeps in reserve is within the service's bounds. */
export function reserveWithinScaling({ scaling: { minimum, maximum }, release }: Pick<Fields, "scaling" | "release">): BrokenRule[] {
  return colours.flatMap((colour) => {
    const { minimumTasks: tasks = minimum } = release[colour];
    if (maximum < minimum || (tasks >= minimum && tasks <= maximum)) return [];
    const path = ["release", colour, "minimumTasks"];
    return broken({
      path,
      found: `is ${tasks}, outside the service's ${minimum} to ${maximum} tasks`,
      allowed: `an integer from ${minimum} to ${maximum}`,
      fix: { path, value: minimum },
    });
  });
}
