/** Values that runbooks name, in one table: each with how it is found for what is at hand, and the command that finds it otherwise. Pure. */
import { failoverDomain, regionRoles } from "../../components/environment/contract/failover.ts";
import { namedTypes } from "../../infra/config/physicalNames.ts";
import { otherColour } from "../../infra/config/release.ts";
import { slipwayCommand } from "../project/nextCommand.ts";
import { namedIn } from "../verify/places.ts";
import {
  type AtHand,
  clusterOf,
  coloured,
  contextOf,
  endpointOf,
  found,
  inRegion,
  inStandby,
  loadBalancerOf,
  rowOf,
  serviceOf,
  store,
  tagged,
  textOf,
  traffic,
  types,
} from "./atHand.ts";
import type { Part } from "./subject.ts";
import { alarmPrefix, watchedAlarms } from "./watchedAlarm.ts";

/** One value. */
export interface Placeholder {
  /** What it is, for messages. */
  readonly about: string;
  /** Part of the stack that has to be known first. @default none */
  readonly of?: Part;
  /** @returns undefined when neither state nor config has it */
  readonly find: (at: AtHand) => string | undefined;
  /** The command that finds it where the state does not have it. */
  readonly elsewhere: (at: AtHand) => string;
}

/** The command that prints what things of config are called. */
export const show = ({ flags }: AtHand) => slipwayCommand("config show", flags, "--names");
const ask = (words: string) => (at: AtHand) => `aws ${words} --region ${at.subject.region}`;

/** Every value by its name in pages: `{{cluster}}`. */
export const placeholders = {
  alarm: {
    about: "full name of the alarm",
    find: ({ alarm }) => alarm?.name,
    elsewhere: ({ flags }) => slipwayCommand("runbook", flags),
  },
  alarmRegion: {
    about: "region that has the alarm",
    find: ({ alarm }) => alarm?.region,
    elsewhere: ({ flags }) => slipwayCommand("runbook", flags),
  },
  alarmPrefix: {
    about: "beginning of the names of the region's alarms",
    find: ({ config, subject }) => alarmPrefix(config, subject.region),
    elsewhere: show,
  },
  region: { about: "AWS region", find: ({ subject }) => subject.region, elsewhere: show },
  primaryRegion: { about: "the stack's own region", find: ({ config }) => config.aws.region, elsewhere: show },
  standbyRegion: {
    about: "region that takes over",
    find: (at) => inStandby(at)?.subject.region,
    elsewhere: ({ flags }) => slipwayCommand("status", flags),
  },
  failoverDomain: {
    about: "name that leads to the region that answers",
    find: ({ config }) => (regionRoles(config).length > 1 ? failoverDomain(config) : undefined),
    elsewhere: ({ flags }) => slipwayCommand("status", flags),
  },
  service: { about: "service in the config", of: "service", find: ({ subject }) => subject.named.service, elsewhere: show },
  liveColour: {
    about: "colour that is live",
    of: "service",
    find: (at) => serviceOf(at, ({ release }) => release.live),
    elsewhere: show,
  },
  idleColour: {
    about: "colour that is not live",
    of: "service",
    find: (at) => serviceOf(at, ({ release }) => otherColour(release.live)),
    elsewhere: show,
  },
  cluster: {
    about: "ECS cluster",
    find: clusterOf,
    elsewhere: ask("ecs list-clusters"),
  },
  ecsService: {
    about: "ECS service of the colour",
    of: "service",
    find: (at) => at.alarm?.dimensions.ServiceName ?? textOf(coloured(at, namedTypes.service), "name"),
    elsewhere: (at) => `${ask("ecs list-services")(at)} --cluster ${clusterOf(at) ?? "default"}`,
  },
  targetGroup: {
    about: "ARN of the colour's target group",
    of: "service",
    find: (at) => coloured(at, namedTypes.targetGroup)?.id,
    elsewhere: ask("elbv2 describe-target-groups"),
  },
  rollbackAlarm: {
    about: "alarm that sends the service's traffic back",
    of: "service",
    find: ({ config, state, subject }) =>
      watchedAlarms(state, config).find(
        ({ key, region }) => region === subject.region && key.startsWith(`${subject.named.service}-rollback-`),
      )?.name,
    elsewhere: ({ flags }) => slipwayCommand("status", flags),
  },
  loadBalancer: {
    about: "ARN of the load balancer",
    find: (at) => loadBalancerOf(at)?.id,
    elsewhere: ask("elbv2 describe-load-balancers"),
  },
  loadBalancerName: {
    about: "DNS name of the load balancer",
    find: (at) => textOf(loadBalancerOf(at), "dnsName"),
    elsewhere: ask("elbv2 describe-load-balancers"),
  },
  serviceLog: {
    about: "log group of the service",
    of: "service",
    find: (at) => traffic(at, ({ rule }) => namedIn(at.state, types.logGroup, rule)?.id),
    elsewhere: ask("logs describe-log-groups"),
  },
  namespace: { about: "namespace on the cluster", find: ({ config }) => config.kubernetes.cluster?.namespace, elsewhere: show },
  kubeContext: {
    about: "context of the kubeconfig",
    find: ({ config }) => contextOf(config),
    elsewhere: () => "kubectl config get-contexts",
  },
  deployment: {
    about: "deployment of the colour",
    of: "service",
    find: (at) => rowOf(at, `services.${at.subject.named.service}`, "deployment", `-${at.subject.colour}`)?.name,
    elsewhere: show,
  },
  database: { about: "database in the config", of: "database", find: ({ subject }) => subject.named.database, elsewhere: show },
  databaseIdentifier: {
    about: "identifier of the database, as RDS or DocumentDB know it",
    of: "database",
    find: (at) => at.alarm?.dimensions.DBInstanceIdentifier ?? textOf(store(at, "postgres"), "identifier"),
    elsewhere: ask("rds describe-db-instances"),
  },
  databaseCluster: {
    about: "identifier of the DocumentDB cluster",
    of: "database",
    find: (at) => textOf(store(at, "documentDb"), "clusterIdentifier"),
    elsewhere: ask("docdb describe-db-clusters"),
  },
  table: {
    about: "DynamoDB table",
    of: "database",
    find: (at) => at.alarm?.dimensions.TableName ?? textOf(store(at, "table"), "name"),
    elsewhere: ask("dynamodb list-tables"),
  },
  cache: { about: "cache in the config", of: "cache", find: ({ subject }) => subject.named.cache, elsewhere: show },
  cacheGroup: {
    about: "replication group of the cache",
    of: "cache",
    find: (at) => found(at, rowOf(at, `caches.${at.subject.named.cache}`, "cache"))?.id,
    elsewhere: ask("elasticache describe-replication-groups"),
  },
  certificate: {
    about: "ARN of the certificate",
    find: (at) => at.alarm?.dimensions.CertificateArn ?? inRegion(at, types.certificate)?.id,
    elsewhere: ask("acm list-certificates"),
  },
  natGateway: { about: "NAT gateway", find: ({ alarm }) => alarm?.dimensions.NatGatewayId, elsewhere: ask("ec2 describe-nat-gateways") },
  healthCheck: {
    about: "id of the health check",
    of: "check",
    find: (at) => at.alarm?.dimensions.HealthCheckId,
    elsewhere: () => "aws route53 list-health-checks --region us-east-1",
  },
  host: { about: "host that is asked", of: "check", find: (at) => endpointOf(at)?.host, elsewhere: show },
  path: { about: "path that is asked", of: "check", find: (at) => endpointOf(at)?.path, elsewhere: show },
  siteHost: {
    about: "host of the site",
    of: "site",
    find: ({ config, subject }) => config.sites[subject.named.site ?? ""]?.hosts[0],
    elsewhere: show,
  },
  distribution: {
    about: "CloudFront distribution of the site",
    of: "site",
    find: ({ alarm }) => alarm?.dimensions.DistributionId,
    elsewhere: () => "aws cloudfront list-distributions --region us-east-1",
  },
  metricNamespace: { about: "namespace of the metric", find: ({ alarm }) => alarm?.metric?.namespace, elsewhere: show },
  metric: { about: "name of the metric", find: ({ alarm }) => alarm?.metric?.name, elsewhere: show },
  reachabilityLog: {
    about: "log group of the function that asks from inside",
    find: (at) => tagged(at, types.logGroup, rowOf(at, "uptime.reachability", "function")?.whole)?.id,
    elsewhere: ask("logs describe-log-groups"),
  },
  reachabilityQueue: {
    about: "queue of rounds that were lost",
    find: (at) => tagged(at, types.queue, rowOf(at, "uptime.reachability", "function")?.whole)?.id,
    elsewhere: ask("sqs list-queues"),
  },
  flowLog: {
    about: "log group of the network's flow logs",
    find: (at) => tagged(at, types.logGroup, `${alarmPrefix(at.config, at.subject.region)}network-flow-logs`)?.id,
    elsewhere: ask("logs describe-log-groups"),
  },
  webAclLog: {
    about: "log group of the web ACL",
    find: ({ state }) => state.resources.find(({ type, id }) => type === types.logGroup && id?.startsWith("aws-waf-logs-"))?.id,
    elsewhere: ask("logs describe-log-groups --log-group-name-prefix aws-waf-logs-"),
  },
  backupRole: {
    about: "ARN of the role that restores",
    find: (at) => textOf(tagged(at, types.role, `${alarmPrefix(at.config, at.subject.region)}backup`), "arn"),
    elsewhere: ({ flags }) => slipwayCommand("pulumi", flags, "stack output backup"),
  },
  vault: {
    about: "backup vault",
    find: (at) => at.alarm?.dimensions.BackupVaultName ?? found(at, rowOf(at, "backup", "backupVault"))?.id,
    elsewhere: ask("backup list-backup-vaults"),
  },
} satisfies Readonly<Record<string, Placeholder>>;
