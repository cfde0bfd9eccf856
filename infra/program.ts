/** The program: config in, components wired, outputs out. No resource details here. */
import { Provider as AwsProvider } from "@pulumi/aws/provider.js";
import { Provider as CloudflareProvider } from "@pulumi/cloudflare/provider.js";
import { type Output, type ProviderResource, RunError } from "@pulumi/pulumi";
import { ConfigError } from "./config/problem.ts";
import type { StackConfig } from "./config/stack.ts";
import { type DeployedRelease, readDeployedRelease, releaseRecord, unsafeReleaseChanges } from "./deployedRelease.ts";
import { problemSource, readEngineConfig } from "./engineConfig.ts";
import { Region } from "./region.ts";

/** Outputs of a stack. */
export interface StackOutputs {
  /** Weights, images and capacity by service and colour, as this update leaves them. */
  readonly release: DeployedRelease;
  /** Name that the stack's host names point at. */
  readonly loadBalancerDnsName: Output<string>;
  /** Rule whose weights move, by service. */
  readonly trafficRules: Readonly<Record<string, Output<string>>>;
}

/**
 * Reads the config, refuses what must not happen, declares everything.
 * @throws RunError with every problem, before anything is registered
 */
export async function program(): Promise<StackOutputs> {
  const config = readEngineConfig();
  refuseUnsafeRelease(config, await readDeployedRelease());
  return declare(config);
}

/** Declares everything that a stack holds. */
export function declare(config: StackConfig): StackOutputs {
  const { region, accountId } = config.aws;
  const providers: ProviderResource[] = [new AwsProvider("aws", { region, allowedAccountIds: [accountId] })];
  if (config.dns.provider === "cloudflare") providers.push(new CloudflareProvider("cloudflare"));
  const tags = { ...config.tags, System: config.system, Environment: config.environment, ManagedBy: "slipway" };
  const primary = new Region({ config, region, tags, providers });
  return {
    release: releaseRecord(config.services),
    loadBalancerDnsName: primary.loadBalancer.dnsName,
    trafficRules: Object.fromEntries(Object.entries(primary.targets).map(([name, { rule }]) => [name, rule.arn])),
  };
}

function refuseUnsafeRelease(config: StackConfig, deployed: DeployedRelease): void {
  const problems = unsafeReleaseChanges(config.services, deployed);
  if (problems.length > 0) throw new RunError(new ConfigError(problems, problemSource()).message);
}
