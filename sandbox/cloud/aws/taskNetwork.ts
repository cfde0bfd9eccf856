/**
 * What a task on Fargate has to reach before its container starts, from its own subnets and security groups: registry, image layers,
 * secrets, logs. Source: Amazon ECS developer guide, "Fargate task networking" and "Amazon ECS interface VPC endpoints"; Amazon ECR guide,
 * "Amazon ECR interface VPC endpoints"; the messages are those of "Stopped tasks error messages".
 */
import { isObject, listOf, objectsIn, type Properties, type Value } from "../../provider/values.ts";
import { isWithin } from "../addresses.ts";
import type { Place } from "../identity.ts";
import type { LiveObject, LiveStore } from "../liveStore.ts";
import { valuesAt } from "../references.ts";

/** Where tasks stand. */
export interface TaskNetwork {
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly assignPublicIp: boolean;
}

/** A service of AWS that a task calls, or `internet` for what is none. */
interface Destination {
  /** As an endpoint names it: `ecr.api`. */
  readonly service: string;
  readonly host: string;
  /** What ECS says of a task that cannot reach it. */
  readonly says: (failure: string) => string;
}

/** As a service or a call has it; undefined where it names none. */
export function networkOf(configuration: Value | undefined): TaskNetwork | undefined {
  const [network] = isObject(configuration) ? [configuration] : objectsIn(configuration);
  if (network === undefined) return undefined;
  const texts = (value: Value | undefined) => listOf(value).map(String);
  return {
    subnets: texts(network.subnets),
    securityGroups: texts(network.securityGroups),
    assignPublicIp: network.assignPublicIp === true,
  };
}

/** Why tasks of these containers cannot start there; undefined when they can. Subnets that the store does not hold are believed. */
export function unreachable(store: LiveStore, network: TaskNetwork, containers: readonly Properties[], place: Place): string | undefined {
  for (const { service, host, says } of containers.flatMap((container) => destinations(container, place)))
    for (const id of network.subnets) {
      const subnet = store.all("aws:ec2/subnet:Subnet").find((one) => one.id === id);
      if (subnet !== undefined && !reaches(store, subnet, network, service))
        return says(`Post "https://${host}/": dial tcp: i/o timeout. Please check your task network configuration.`);
    }
  return undefined;
}

function destinations({ image, secrets, logConfiguration }: Properties, { region }: Place): Destination[] {
  const aws = (service: string, host: string, says: Destination["says"]): Destination => ({
    service,
    host: `${host}.${region}.amazonaws.com`,
    says,
  });
  const beforeStart = (what: string) => (failure: string) =>
    `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ${what}: service call has been retried 3 time(s): RequestError: send request failed caused by: ${failure}`;
  const pulling = (failure: string) => `CannotPullContainerError: pull image manifest has been retried 5 time(s): ${image}: ${failure}`;
  const sources = valuesAt({ secrets: secrets ?? [] }, "secrets[].valueFrom");
  const fromEntries = sources.some((source) => source.includes(":secretsmanager:"));
  const fromParameters = sources.some((source) => !source.includes(":secretsmanager:"));
  const ecr = /^\d{12}\.dkr\.ecr\./.test(String(image));
  return [
    ...(ecr ? [aws("ecr.api", "api.ecr", beforeStart("ecr registry auth"))] : []),
    ...(fromEntries ? [aws("secretsmanager", "secretsmanager", beforeStart("secret from asm"))] : []),
    ...(fromParameters ? [aws("ssm", "ssm", beforeStart("secrets from ssm"))] : []),
    ...(ecr ? [aws("ecr.dkr", "dkr.ecr", pulling), aws("s3", "s3", pulling)] : []),
    ...(ecr ? [] : [{ service: "internet", host: String(image).split("/")[0] ?? "", says: pulling }]),
    ...(isObject(logConfiguration) && logConfiguration.logDriver === "awslogs"
      ? [
          aws(
            "logs",
            "logs",
            (failure) =>
              `ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: RequestError: send request failed caused by: ${failure}`,
          ),
        ]
      : []),
  ];
}

function reaches(store: LiveStore, subnet: LiveObject, network: TaskNetwork, service: string): boolean {
  const endpoints = store
    .all("aws:ec2/vpcEndpoint:VpcEndpoint")
    .map(({ properties }) => properties)
    .filter(({ vpcId, serviceName }) => vpcId === subnet.properties.vpcId && String(serviceName).endsWith(`.${service}`));
  const out = network.securityGroups.flatMap((group) => rulesOf(store, group, "egress"));
  // Private DNS leads to the endpoint, whatever other way there is (VPC guide, "Access an AWS service using an interface VPC endpoint").
  const inside = endpoints.find(({ vpcEndpointType, privateDnsEnabled }) => vpcEndpointType === "Interface" && privateDnsEnabled === true);
  if (inside !== undefined) return meetEndpoint(store, inside, subnet, network, out);
  const table = routeTableOf(store, subnet.id);
  const gateway = endpoints.some(
    ({ vpcEndpointType, routeTableIds }) => vpcEndpointType !== "Interface" && listOf(routeTableIds).includes(table ?? ""),
  );
  if (gateway) return out.some(({ prefixListId, ...rule }) => prefixListId !== undefined || isPublic(rule.block));
  return hasWayOut(store, table, network.assignPublicIp) && out.some(({ block }) => isPublic(block));
}

/** A rule of a security group that lets TCP 443 through. */
interface HttpsRule {
  /** IPv4 addresses. */
  readonly block?: string;
  readonly group?: string;
  readonly prefixListId?: string;
}

function meetEndpoint(
  store: LiveStore,
  endpoint: Properties,
  subnet: LiveObject,
  network: TaskNetwork,
  out: readonly HttpsRule[],
): boolean {
  const groups = listOf(endpoint.securityGroupIds).map(String);
  const stands = store.all("aws:ec2/subnet:Subnet").filter(({ id }) => listOf(endpoint.subnetIds).includes(id));
  const leaves = out.some(
    ({ block, group }) =>
      (group !== undefined && groups.includes(group)) ||
      (block !== undefined && stands.every(({ properties }) => isWithin(String(properties.cidrBlock), block))),
  );
  const enters = groups
    .flatMap((group) => rulesOf(store, group, "ingress"))
    .some(
      ({ block, group }) =>
        (group !== undefined && network.securityGroups.includes(group)) ||
        (block !== undefined && isWithin(String(subnet.properties.cidrBlock), block)),
    );
  return leaves && enters;
}

/** Rules of a group that stand by themselves, and those within it. */
function rulesOf(store: LiveStore, group: string, direction: "egress" | "ingress"): HttpsRule[] {
  const type =
    direction === "egress"
      ? "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
      : "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
  const apart = store
    .all(type)
    .filter(({ properties }) => properties.securityGroupId === group && coversHttps(properties, properties.ipProtocol))
    .map(({ properties: { cidrIpv4, referencedSecurityGroupId, prefixListId } }) =>
      ruleFor(cidrIpv4, referencedSecurityGroupId, prefixListId),
    );
  const own = store.all("aws:ec2/securityGroup:SecurityGroup").find(({ id }) => id === group);
  const within = objectsIn(own?.properties[direction]).filter((rule) => coversHttps(rule, rule.protocol));
  const all = (values: Value | undefined, as: (value: Value) => HttpsRule) => listOf(values).map(as);
  return [
    ...apart,
    ...within.flatMap((rule) => [
      ...all(rule.cidrBlocks, (block) => ruleFor(block)),
      ...all(rule.securityGroups, (other) => ruleFor(undefined, other)),
      ...all(rule.prefixListIds, (list) => ruleFor(undefined, undefined, list)),
    ]),
  ];
}

function ruleFor(block?: Value, group?: Value, prefixListId?: Value): HttpsRule {
  return {
    ...(typeof block === "string" ? { block } : {}),
    ...(typeof group === "string" ? { group } : {}),
    ...(typeof prefixListId === "string" ? { prefixListId } : {}),
  };
}

function coversHttps({ fromPort, toPort }: Properties, protocol: Value | undefined): boolean {
  return protocol === "-1" || (["tcp", "6"].includes(String(protocol)) && Number(fromPort) <= 443 && Number(toPort) >= 443);
}

/** RFC 1918, and what is shared or link-local. */
const privateBlocks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"];

function isPublic(block: string | undefined): boolean {
  return block !== undefined && !privateBlocks.some((whole) => isWithin(block, whole));
}

/** A subnet without a table of its own has the VPC's main one, which leads nowhere (VPC guide, "Route tables"). */
function routeTableOf(store: LiveStore, subnetId: string): string | undefined {
  const [association] = store
    .all("aws:ec2/routeTableAssociation:RouteTableAssociation")
    .filter(({ properties }) => properties.subnetId === subnetId);
  return association === undefined ? undefined : String(association.properties.routeTableId);
}

function hasWayOut(store: LiveStore, table: string | undefined, assignPublicIp: boolean): boolean {
  const apart = store.all("aws:ec2/route:Route").filter(({ properties }) => properties.routeTableId === table);
  const own = store.all("aws:ec2/routeTable:RouteTable").find(({ id }) => id === table);
  const routes = [
    ...apart.map(({ properties }) => ({ ...properties, to: properties.destinationCidrBlock })),
    ...objectsIn(own?.properties.routes).map((route) => ({ ...route, to: route.cidrBlock })),
  ] as (Properties & { readonly to?: Value })[];
  const [out] = routes.filter(({ to }) => to === "0.0.0.0/0");
  if (out === undefined) return false;
  // An internet gateway is a way for public addresses alone.
  return typeof out.gatewayId === "string" && out.gatewayId.startsWith("igw-") ? assignPublicIp : true;
}
