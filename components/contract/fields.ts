/** Small values that several config areas share. Every field says what it is, its unit and an example that works. */
import { isNetworkAddress } from "../network/ipv4.ts";
import { Secret } from "./secret.ts";
import { z } from "./zod.ts";

/** Whole number within bounds; the unit is part of the description. Made in one step: each method of zod makes a schema of its own. */
export function range(least: number, most: number, description: string) {
  return z.int().check(z.gte(least), z.lte(most)).register(z.globalRegistry, { description });
}

/** Port of TCP. */
export function tcpPort(description: string) {
  return range(1, 65_535, description);
}

/** True or false. @param usual what it is when nobody says */
export function flag(usual: boolean, description: string) {
  return z.boolean().default(usual).describe(description);
}

/** Values by name, none when nobody names one. @param example some that would do */
export function mapByName<Name extends z.core.$ZodRecordKey, Value extends z.ZodType>(
  description: string,
  name: Name,
  value: Value,
  example: Readonly<Record<string, unknown>>,
) {
  // An empty map is one of any names and values, which the types of zod cannot tell where both are unknown.
  const none = {} as never;
  return z
    .record(name, value)
    .default(none)
    .describe(description)
    .meta({ examples: [example] });
}

/** Text of one form. @param what what it is called where it is refused */
export function matching(pattern: RegExp, what: string, description: string) {
  return z.string().regex(pattern, { error: what }).describe(description);
}

/** Account of AWS. */
export function accountId(description: string) {
  return matching(/^\d{12}$/, "account id", `${description}, 12 digits in quotes`);
}

/** Fields that belong together. A key that is none of them is refused. */
export function group<Fields extends z.core.$ZodLooseShape>(description: string, fields: Fields) {
  return z.strictObject(fields).describe(description);
}

/** Fields that belong together and all have a default, so that nobody has to say anything. */
export function settings<Fields extends z.core.$ZodLooseShape>(
  description: string,
  fields: Fields & (object extends z.input<z.ZodObject<Fields>> ? unknown : "every field needs a default"),
) {
  const object = z.strictObject<Fields>(fields);
  return object.prefault({} as z.input<typeof object>).describe(description);
}

/** Text of any form, of so many characters. */
export function text(least: number, most: number, description: string) {
  return z.string().min(least).max(most).describe(description);
}

/** Text that is encrypted in the stack file, and comes out of it as a secret. */
export function secretText(description: string) {
  return z
    .string()
    .min(1)
    .describe(`${description}, set with \`pulumi config set --secret --path\``)
    .meta({ examples: ["(pulumi config set --secret)"], secret: true })
    .transform((value) => new Secret(value));
}

/** Days that logs are kept; the values that CloudWatch Logs accepts. */
export const retentionDays = z
  .union(
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653].map((days) =>
      z.literal(days),
    ),
  )
  .describe("days that the log is kept, one of CloudWatch's own steps");

/** Days that a log is kept where nobody says otherwise. */
export const logRetentionDays = retentionDays.default(90);

/** Fully qualified host name; a leading `*.` is allowed where `wildcard` says so. */
export function hostName(description: string, wildcard = false) {
  const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  const pattern = new RegExp(`^${wildcard ? "(?:\\*\\.)?" : ""}(?:${label}\\.)+[a-z]{2,63}$`);
  return z.string().max(253).regex(pattern, { error: "host name" }).describe(description);
}

/** IPv4 or IPv6 block in CIDR notation. */
export const cidrBlock = z
  .union([z.cidrv4(), z.cidrv6()])
  .describe("address block in CIDR notation, such as 203.0.113.0/24 or 2001:db8::/32");

/** IPv4 block of addresses that may connect. */
export const ipv4Block = z
  .cidrv4()
  .refine(isNetworkAddress, { error: "network address" })
  .describe("IPv4 block in CIDR notation that starts at its network address, such as 203.0.113.0/24")
  .meta({ examples: ["203.0.113.0/24"], choose: true });

/** Name of a thing that becomes part of resource names. */
export function keyName(longest: number, what: string) {
  return z.string().regex(new RegExp(`^[a-z](?:[a-z0-9-]{0,${longest - 2}}[a-z0-9])?$`), {
    error: `${what}: lower-case letters, digits and hyphens, at most ${longest} characters`,
  });
}

/**
 * Longest name of a service, a store or a backup plan. AWS's own limits cut what is called by them (`physicalName.ts`); this one leaves
 * the shortest that are not cut room behind it: a DNS label of Kubernetes, 63 characters, and a name of a backup selection, 50,
 * which begins with the store's area.
 */
const longestName = 40;

/** Name of a database, cache, bucket, file system or backup plan. */
export const storeName = (what: string) => keyName(longestName, what);

/** Name of a service, as resources and other areas call it. */
export const serviceName = keyName(longestName, "service name");

/** List whose elements mean something by themselves, so that none may be there twice. */
export function distinct<T extends z.ZodType>(element: T) {
  return z.array(element).superRefine((items, context) => {
    for (const [index, item] of items.entries())
      if (items.indexOf(item) < index) context.addIssue({ code: "custom", path: [index], params: { twice: true }, message: "given twice" });
  });
}

/** Name of a request header of the stack's own: none that proxies write, whose value is theirs. */
export function ownHeader(description: string) {
  return matching(/^x-(?!forwarded|real-ip$|request-id$|amz|cache$)[a-z0-9-]{1,38}$/, "header name", description);
}

/** Namespace of metrics that are not AWS's own. */
export function ownNamespace(description: string) {
  return matching(/^(?!AWS\/)[\w./#:-]{1,255}$/, "namespace", description);
}

/** What a metric of the application's own is called, and how it is summed up. */
export function ownMetric(examples: { readonly metric: string; readonly statistic: string }, dimensions: string) {
  return {
    metric: text(1, 255, "name of the metric").meta({ examples: [examples.metric] }),
    statistic: z
      .string()
      .regex(/^(?:SampleCount|Average|Sum|Minimum|Maximum|p\d{1,2}(?:\.\d{1,2})?)$/, { error: "statistic" })
      .default("Average")
      .describe("Average, Sum, Minimum, Maximum, SampleCount or a percentile such as p95")
      .meta({ examples: [examples.statistic] }),
    dimensions: z
      .record(z.string().min(1).max(255), z.string().min(1).max(1024))
      .default({})
      .describe(dimensions)
      .meta({ examples: [{ Environment: "production" }] }),
  };
}

/** An image by what is in it: with a tag alone, another one may run tomorrow. */
export const pinnedImage = matching(
  /^[a-z0-9][a-z0-9.-]*(?::\d+)?\/[a-z0-9._/-]+@sha256:[0-9a-f]{64}$/,
  "image",
  "image by registry, repository and digest",
).meta({ examples: [`123456789012.dkr.ecr.us-east-1.amazonaws.com/psql@sha256:${"0a".repeat(32)}`] });
