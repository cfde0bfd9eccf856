/** CloudFront and the delivery of its logs. A distribution is disabled before it is deleted; the real provider does both. */
import { isObject, type Properties } from "../../provider/values.ts";
import { CloudError, onBoth, onCreate, onDelete, type Rule, type ServiceTables } from "../catalogue.ts";
import { randomHex } from "../randomness.ts";
import { valuesAt } from "../references.ts";

const distribution = "aws:cloudfront/distribution:Distribution";
const edgeFunction = "aws:cloudfront/function:Function";
const accessControl = "aws:cloudfront/originAccessControl:OriginAccessControl";
const cachePolicy = "aws:cloudfront/cachePolicy:CachePolicy";
const delivery = "aws:cloudwatch/logDelivery:LogDelivery";
const deliverySource = "aws:cloudwatch/logDeliverySource:LogDeliverySource";
const certificate = "aws:acm/certificate:Certificate";

/** Ids such as `E1A2B3C4D5E6F7`. */
const entityId = () => `E${randomHex(13).toUpperCase()}`;

const behaviours = ["defaultCacheBehavior", "orderedCacheBehaviors[]"];

/** Refuses a viewer certificate that CloudFront cannot use, and hosts that another distribution has. */
const enforceDistribution: Rule["enforce"] = (wanted, { store, before }) => {
  const viewer = wanted.viewerCertificate;
  const certificateArn = isObject(viewer) ? viewer.acmCertificateArn : undefined;
  const invalid = (reason: string) =>
    new CloudError(
      "InvalidViewerCertificate",
      `The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain (${reason})`,
    );
  if (typeof certificateArn === "string") {
    if (certificateArn.split(":")[3] !== "us-east-1") throw invalid(`it is in ${certificateArn.split(":")[3]}`);
    const found = store.all(certificate).find(({ id }) => id === certificateArn);
    if (found?.properties.status !== "ISSUED") throw invalid(found === undefined ? "there is none" : `it is ${found.properties.status}`);
    const names = [String(found.properties.domainName), ...valuesAt(found.properties, "subjectAlternativeNames[]")];
    const covered = (host: string) => names.includes(host) || names.includes(`*.${host.split(".").slice(1).join(".")}`);
    const bare = valuesAt(wanted, "aliases[]").find((host) => !covered(host));
    if (bare !== undefined)
      throw new CloudError("InvalidViewerCertificate", `The certificate that is attached doesn't cover the alternate domain name ${bare}`);
  } else if (valuesAt(wanted, "aliases[]").length > 0) throw invalid("alternate domain names need one");
  for (const host of valuesAt(wanted, "aliases[]")) {
    const other = store
      .all(distribution)
      .find(({ id, properties }) => id !== before?.id && valuesAt(properties, "aliases[]").includes(host));
    if (other !== undefined)
      throw new CloudError(
        "CNAMEAlreadyExists",
        `One or more of the CNAMEs you provided are already associated with a different resource: ${host}`,
      );
  }
  const origins = new Set([...valuesAt(wanted, "origins[].originId"), ...valuesAt(wanted, "originGroups[].originId")]);
  for (const at of behaviours) {
    for (const origin of valuesAt(wanted, `${at}.targetOriginId`))
      if (!origins.has(origin))
        throw new CloudError("NoSuchOrigin", `One or more of your origins or origin groups do not exist: ${origin}`);
  }
};

/** Cache policies of AWS's own exist without being made, so only their deletion is looked at. */
const keepsCachePolicy: Rule["enforce"] = (_, { store, before }) => {
  const inUse = store
    .all(distribution)
    .some(({ properties }) => behaviours.some((at) => valuesAt(properties, `${at}.cachePolicyId`).includes(before?.id ?? "")));
  if (inUse)
    throw new CloudError("CachePolicyInUse", "The cache policy cannot be deleted because it's attached to one or more cache behaviors");
};

const refuseLongCode: Rule["enforce"] = ({ code }) => {
  if (String(code).length > 10_240) throw new CloudError("FunctionSizeLimitExceeded", "The function is too large");
};

export const cloudFront: ServiceTables = {
  identities: {
    [distribution]: {
      id: entityId,
    },
    [accessControl]: { id: entityId },
    [delivery]: {
      compute: (_, { account }) => ({
        s3DeliveryConfigurations: [{ enableHiveCompatiblePath: false, suffixPath: `AWSLogs/${account}/CloudFront/` }],
      }),
    },
  },
  rules: {
    [distribution]: onBoth(enforceDistribution),
    [edgeFunction]: onBoth(refuseLongCode),
    [cachePolicy]: onDelete(keepsCachePolicy),
    [deliverySource]: onCreate(onlyInUsEast1),
  },
};

/** Everything about CloudFront's logs is arranged in one region. */
function onlyInUsEast1(source: Properties, { place }: Parameters<Rule["enforce"]>[1]): void {
  if (place.region !== "us-east-1" && String(source.resourceArn).startsWith("arn:aws:cloudfront:"))
    throw new CloudError("ValidationException", `Resource ${source.resourceArn} must be configured in us-east-1, not ${place.region}`);
}
