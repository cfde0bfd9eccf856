import { Cluster, Environment, FargateService, LoadBalancer, LogBucket, Network, Registry, WeightedTargets } from "@slipway/components";

const shop = { system: "shop", environment: "prod", region: "eu-west-1", accountId: "123456789012" };
const { place } = new Environment("shop-prod", shop);
const network = place.make(Network, "network", { cidrBlock: "10.20.0.0/16", zones: ["eu-west-1a", "eu-west-1b"] });
const accessLogBucket = place.make(LogBucket, "access-logs", {}).bucket;
const certificateArn = "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-4e5f-6789-abcd-0123456789ab";
const loadBalancer = place.make(LoadBalancer, "alb", { network, certificateArn, accessLogBucket, allowFrom: ["0.0.0.0/0"] });
const cluster = place.make(Cluster, "cluster", {});
const repository = place.make(Registry, "registry", { repositories: { shop: {} } }).repositories.shop;
const route = { priority: 100, hosts: ["shop.example"] };
const targets = place.make(WeightedTargets, "web", { network, loadBalancer, route, port: 3000, healthCheck: { path: "/health" } });
const release = { live: "blue", blue: { image: "sha256:1f3a9c0e5b7d2468ace013579bdf02468ace13579bdf02468ace13579bdf0246" } } as const;
place.make(FargateService, "web", { network, loadBalancer, cluster, targets, repository, port: 3000, release });
export const address = loadBalancer.dnsName;
