/** Refusals of AWS that neither schema facts nor references express. */
import { isObject, objectsIn, type Properties } from "../../provider/values.ts";
import { rangeOf } from "../addresses.ts";
import { CloudError, onBoth, onCreate, onDelete, type Rule } from "../catalogue.ts";
import type { Place } from "../identity.ts";
import type { LiveStore } from "../liveStore.ts";
import { valuesAt } from "../references.ts";
import { imageType } from "./images.ts";
import { forgetTasks, scaleTasks, serviceType } from "./tasks.ts";

const keepsProtection = (property: string, refusal: (object: Properties) => CloudError): Rule => ({
  on: "delete",
  enforce: (object) => {
    if (object[property] === true || object[property] === "true") throw refusal(object);
  },
});

/** What a service of AWS wrote into a bucket; no resource of the engine has this type. */
const delivered = "aws:s3/bucketObject:Delivered";

/** Source: Elastic Load Balancing guide, "Access logs for your Application Load Balancer": a test file is written when they are enabled. */
const deliverTestFile: Rule["enforce"] = ({ accessLogs }, { store, place }) => {
  for (const { bucket, enabled } of objectsIn(isObject(accessLogs) ? [accessLogs] : accessLogs)) {
    const key = `AWSLogs/${place.account}/ELBAccessLogTestFile`;
    if (enabled === true)
      store.put({
        ...{ type: delivered, id: `${String(bucket)}/${key}`, scope: `${place.account}/${place.region}` },
        ...{ properties: { bucket: String(bucket), key }, createdFor: "delivered" },
      });
  }
};

export const rules: Readonly<Record<string, readonly Rule[]>> = {
  "aws:lb/loadBalancer:LoadBalancer": [
    keepsProtection(
      "enableDeletionProtection",
      ({ arn }) =>
        new CloudError("OperationNotPermitted", `Load balancer '${arn}' cannot be deleted because deletion protection is enabled`),
    ),
    ...onCreate(({ subnets, internal }, { store }) => {
      const known = (Array.isArray(subnets) ? subnets : []).map(
        (id) => store.all("aws:ec2/subnet:Subnet").find((subnet) => subnet.id === id)?.properties,
      );
      const zones = known.map((subnet) => subnet?.availabilityZone);
      // Source: ELB API, CreateLoadBalancer, InvalidSubnet: one that faces the internet stands in a VPC with a gateway to it.
      const vpc = known[0]?.vpcId;
      const gateways = store.all("aws:ec2/internetGateway:InternetGateway").map(({ properties }) => properties.vpcId);
      if (internal !== true && vpc !== undefined && !gateways.includes(vpc))
        throw new CloudError("InvalidSubnet", `VPC ${String(vpc)} has no internet gateway`);
      if (new Set(zones).size < 2)
        throw new CloudError("ValidationError", "At least two subnets in two different Availability Zones must be specified");
      if (zones.length !== new Set(zones).size)
        throw new CloudError(
          "InvalidConfigurationRequest",
          "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
        );
    }),
    ...onBoth(deliverTestFile),
  ],
  "aws:ecr/repository:Repository": onDelete(({ name, forceDelete }, { store, before }) => {
    // Source: ECR API, DeleteRepository: a repository that holds images goes by force alone.
    const held = store.all(imageType).filter(({ scope, properties }) => scope === before?.scope && properties.repositoryName === name);
    if (held.length > 0 && forceDelete !== true)
      throw new CloudError(
        "RepositoryNotEmptyException",
        `The repository with name '${name}' in registry with id '${before?.scope.split("/")[0]}' cannot be deleted because it still contains images`,
      );
    for (const image of held) store.delete(image);
  }),
  "aws:lb/listener:Listener": onCreate(({ protocol, certificateArn }, { store }) => {
    if (protocol !== "HTTPS") return;
    if (typeof certificateArn !== "string")
      throw new CloudError("CertificateNotFound", "You must specify at least one certificate for a secure listener");
    const status = store.all("aws:acm/certificate:Certificate").find(({ id }) => id === certificateArn)?.properties.status;
    if (status !== "ISSUED")
      throw new CloudError(
        "UnsupportedCertificate",
        `The certificate '${certificateArn}' must have a fully-qualified domain name, a supported signature, and a supported key size`,
      );
  }),
  [serviceType]: [
    ...onDelete((_, { store, before }) => before !== undefined && forgetTasks(store, before)),
    ...onCreate((service, { store }) => {
      for (const arn of valuesAt(service, "loadBalancers[].targetGroupArn")) {
        const routed = ["aws:lb/listenerRule:ListenerRule", "aws:lb/listener:Listener"]
          .flatMap((type) => store.all(type))
          .some(({ properties }) =>
            ["actions", "defaultActions"].some((key) =>
              [...valuesAt(properties, `${key}[].forward.targetGroups[].arn`), ...valuesAt(properties, `${key}[].targetGroupArn`)].includes(
                arn,
              ),
            ),
          );
        if (!routed)
          throw new CloudError(
            "InvalidParameterException",
            `The target group with targetGroupArn ${arn} does not have an associated load balancer`,
          );
      }
    }),
  ],
  "aws:appautoscaling/target:Target": onBoth(keepWithinBounds),
  "aws:acm/certificateValidation:CertificateValidation": onCreate(({ certificateArn }, { store, unseen }) => {
    const certificate = store.all("aws:acm/certificate:Certificate").find(({ id }) => id === certificateArn);
    if (certificate === undefined) return;
    const options = certificate.properties.domainValidationOptions;
    const missing = objectsIn(options).filter(
      (option) => !hasRecord(store.all(), String(option.resourceRecordName), String(option.resourceRecordValue)),
    );
    const [first] = missing;
    const granted = `the certificate for ${String(first?.domainName)} is issued: its validation record is at Cloudflare, or nowhere`;
    if (first !== undefined && !unseen("cloudflare", granted)) {
      throw new CloudError(
        "PENDING_VALIDATION",
        `certificate for ${first.domainName} is not validated: no CNAME ${first.resourceRecordName} in any zone; the real ACM waits 75 minutes before this error`,
      );
    }
    store.put({ ...certificate, properties: { ...certificate.properties, status: "ISSUED" } });
  }),
  "aws:s3/bucket:Bucket": onDelete(({ bucket, forceDestroy }, { store }) => {
    const objects = ["aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2", delivered]
      .flatMap((type) => store.all(type))
      .filter(({ properties }) => properties.bucket === bucket);
    if (objects.length > 0 && forceDestroy !== true)
      throw new CloudError("BucketNotEmpty", `The bucket you tried to delete is not empty: ${bucket} holds ${objects.length} objects`);
    for (const object of objects) store.delete(object);
  }),
  "aws:ec2/subnet:Subnet": onCreate(({ vpcId, cidrBlock }, { store }) => {
    const vpc = store.all("aws:ec2/vpc:Vpc").find(({ id }) => id === vpcId);
    const wanted = rangeOf(String(cidrBlock));
    const whole = rangeOf(String(vpc?.properties.cidrBlock));
    if (wanted[0] < whole[0] || wanted[1] > whole[1])
      throw new CloudError("InvalidSubnet.Range", `The CIDR '${cidrBlock}' is invalid: it is outside ${vpc?.properties.cidrBlock}`);
    for (const other of store.all("aws:ec2/subnet:Subnet")) {
      const taken = rangeOf(String(other.properties.cidrBlock));
      if (other.properties.vpcId === vpcId && wanted[0] <= taken[1] && taken[0] <= wanted[1]) {
        throw new CloudError("InvalidSubnet.Conflict", `The CIDR '${cidrBlock}' conflicts with another subnet`);
      }
    }
  }),
};

/** Application Auto Scaling moves a service that runs too few or too many tasks into the bounds as soon as they are registered. */
export function keepWithinBounds(target: Properties, { store, place }: { readonly store: LiveStore; readonly place: Place }): void {
  const [kind, cluster = "", name] = String(target.resourceId).split("/");
  if (kind !== "service" || target.scalableDimension !== "ecs:service:DesiredCount") return;
  const service = store
    .all(serviceType)
    .find(({ id, scope }) => scope === `${place.account}/${place.region}` && id.endsWith(`:service/${cluster}/${name}`));
  if (service === undefined) return;
  const desired = Number(service.properties.desiredCount ?? 0);
  const bounded = Math.min(Math.max(desired, Number(target.minCapacity)), Number(target.maxCapacity));
  if (bounded !== desired) scaleTasks(store, service, bounded);
}

function hasRecord(objects: readonly { type: string; properties: Properties }[], name: string, value: string): boolean {
  const bare = (text: string) => text.replace(/\.$/, "").toLowerCase();
  return objects.some(({ type, properties }) => {
    if (type === "cloudflare:index/dnsRecord:DnsRecord")
      return (
        properties.type === "CNAME" && bare(String(properties.name)) === bare(name) && bare(String(properties.content)) === bare(value)
      );
    if (type !== "aws:route53/record:Record") return false;
    return bare(String(properties.name)) === bare(name) && valuesAt(properties, "records[]").some((record) => bare(record) === bare(value));
  });
}
