/** AWS WAF: web ACLs, what they guard, address sets. */
import { isObject, objectsIn, type Properties, type Value } from "../../provider/values.ts";
import { CloudError, onBoth, onCreate, type Rule, type ServiceTables } from "../catalogue.ts";

const webAcl = "aws:wafv2/webAcl:WebAcl";
const ipSet = "aws:wafv2/ipSet:IpSet";
const place = (properties: Properties) => (properties.scope === "CLOUDFRONT" ? "global" : "regional");
const arnOf =
  (kind: string) =>
  (properties: Properties, { account, region }: { readonly account: string; readonly region: string }): Properties => ({
    arn: `arn:aws:wafv2:${region}:${account}:${place(properties)}/${kind}/${properties.name}/${properties.id}`,
  });

/** Units of AWS's own rule groups. */
const managedCapacity: Readonly<Record<string, number>> = {
  AWSManagedRulesAdminProtectionRuleSet: 100,
  AWSManagedRulesAmazonIpReputationList: 25,
  AWSManagedRulesAnonymousIpList: 50,
  AWSManagedRulesBotControlRuleSet: 50,
  AWSManagedRulesCommonRuleSet: 700,
  AWSManagedRulesKnownBadInputsRuleSet: 200,
  AWSManagedRulesLinuxRuleSet: 200,
  AWSManagedRulesSQLiRuleSet: 200,
};

/** Units that a web ACL may take at all. */
const capacityLimit = 5000;

const leafCapacity: Readonly<Record<string, number>> = {
  byteMatchStatement: 10,
  geoMatchStatement: 1,
  ipSetReferenceStatement: 1,
  labelMatchStatement: 1,
  regexMatchStatement: 3,
  sizeConstraintStatement: 1,
  sqliMatchStatement: 20,
  xssMatchStatement: 40,
};

/** Units of a statement: its kind, ten for each transformation, and what is inside. */
function capacityOf(statement: Value | undefined): number {
  if (!isObject(statement)) return 0;
  let sum = 0;
  for (const [kind, body] of Object.entries(statement)) {
    if (!isObject(body)) continue;
    sum += leafCapacity[kind] ?? (kind === "rateBasedStatement" ? 2 : 0);
    const transformations = Array.isArray(body.textTransformations) ? body.textTransformations : [];
    sum += transformations.filter((each) => isObject(each) && each.type !== "NONE").length * 10;
    if (kind === "managedRuleGroupStatement") sum += managedGroup(String(body.name));
    sum += capacityOf(body.statement) + capacityOf(body.scopeDownStatement);
    for (const inner of Array.isArray(body.statements) ? body.statements : []) sum += capacityOf(inner);
  }
  return sum;
}

function managedGroup(name: string): number {
  const capacity = managedCapacity[name];
  if (capacity === undefined)
    throw new CloudError(
      "WAFNonexistentItemException",
      `AWS WAF couldn't perform the operation because your resource doesn't exist: ${name}`,
    );
  return capacity;
}

function refuseRules(properties: Properties): void {
  const rules = objectsIn(properties.rules);
  for (const key of ["name", "priority"]) {
    const values = rules.map((rule) => rule[key]);
    const twin = values.find((value, index) => values.indexOf(value) !== index);
    if (twin !== undefined)
      throw new CloudError(
        "WAFInvalidParameterException",
        `Error reason: You have used none or multiple values for a field that requires exactly one value, field: RULE, parameter: ${key} ${twin}`,
      );
  }
  for (const rule of rules) {
    const managed = isObject(rule.statement) && isObject(rule.statement.managedRuleGroupStatement);
    if (isObject(rule.action) === isObject(rule.overrideAction) || managed !== isObject(rule.overrideAction))
      throw new CloudError(
        "WAFInvalidParameterException",
        `Error reason: A reference in your rule statement is not valid., field: RULE, parameter: ${rule.name}`,
      );
    const rate = isObject(rule.statement) ? rule.statement.rateBasedStatement : undefined;
    if (isObject(rate) && ![60, 120, 300, 600].includes(Number(rate.evaluationWindowSec ?? 300)))
      throw new CloudError(
        "WAFInvalidParameterException",
        `Error reason: Your request isn't valid, field: EVALUATION_WINDOW_SEC, parameter: ${rate.evaluationWindowSec}`,
      );
  }
  const capacity = rules.reduce((sum, { statement }) => sum + capacityOf(statement), 0);
  if (capacity > capacityLimit)
    throw new CloudError(
      "WAFLimitsExceededException",
      `AWS WAF couldn't perform the operation because you exceeded your resource limit: ${capacity} of ${capacityLimit} WCU`,
    );
}

const checkRules: readonly Rule[] = onBoth(refuseRules);

export const wafv2: ServiceTables = {
  identities: {
    [webAcl]: {
      compute: (properties, at) => ({
        ...arnOf("webacl")(properties, at),
        capacity: objectsIn(properties.rules).reduce((sum, { statement }) => sum + capacityOf(statement), 0),
      }),
    },
    [ipSet]: { compute: arnOf("ipset") },
  },
  rules: {
    [webAcl]: checkRules,
    "aws:wafv2/webAclAssociation:WebAclAssociation": onCreate(({ resourceArn }, { store }) => {
      if (store.all("aws:wafv2/webAclAssociation:WebAclAssociation").some(({ properties }) => properties.resourceArn === resourceArn))
        throw new CloudError("WAFAssociatedItemException", `${resourceArn} has a web ACL already`);
    }),
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": onCreate(({ logDestinationConfigs }) => {
      for (const destination of Array.isArray(logDestinationConfigs) ? logDestinationConfigs : [])
        if (!/:(log-group:|deliverystream\/|:)aws-waf-logs-/.test(String(destination)))
          throw new CloudError(
            "WAFInvalidParameterException",
            `Error reason: The ARN isn't valid. A valid ARN begins with arn: and includes other information separated by colons or slashes., field: LOG_DESTINATION, parameter: ${destination}`,
          );
    }),
  },
};
