/** What it means that a resource of a type goes or is made, where nobody has more to say of it. */
import type { Change } from "../change.ts";
import { code, phrase } from "../phrase.ts";
import type { Risk } from "../risk.ts";
import { statefulTypes } from "../statefulTypes.ts";
import { type Story, shortType, storyOf } from "../story.ts";

/** Types of which one is missed when it goes. */
interface Missed {
  readonly types: RegExp;
  readonly risk: Risk;
  /** After the resource's name. */
  readonly loss: string;
}

const missed: readonly Missed[] = [
  { types: /^cloudwatch\.(metric|composite)Alarm$/, risk: "guard", loss: "it tells nobody any more" },
  { types: /^wafv2\.webAclAssociation$/, risk: "guard", loss: "no firewall stands before it any more" },
  { types: /^(wafv2\.webAcl|ruleset)$/, risk: "guard", loss: "its rules stop nobody any more" },
  { types: /^(wafv2\.webAclLogging|ec2\.flowLog|cloudwatch\.logDelivery)/, risk: "guard", loss: "what it saw is written down no more" },
  { types: /^cloudwatch\.logMetricFilter$/, risk: "guard", loss: "what it counted is counted no more" },
  { types: /^backup\.plan$/, risk: "guard", loss: "its backups are made no more" },
  { types: /^backup\.selection$/, risk: "guard", loss: "what it named is backed up no more" },
  { types: /^backup\.vaultLockConfiguration$/, risk: "guard", loss: "without its lock backups in it may be deleted" },
  { types: /^backup\.vaultPolicy$/, risk: "guard", loss: "backups in it may be deleted" },
  { types: /^backup\.(restoreTesting\w+|regionSettings)$/, risk: "guard", loss: "nobody tries whether backups can be restored" },
  { types: /^rds\.instanceAutomatedBackupsReplication$/, risk: "guard", loss: "there is no second copy of its backups" },
  { types: /^efs\.backupPolicy$/, risk: "guard", loss: "it is backed up no more" },
  {
    types: /^s3\.(bucketReplicationConfig|bucketReplicationConfiguration)$/,
    risk: "guard",
    loss: "there is no second copy of what is written",
  },
  { types: /^s3\.(bucketVersioning|bucketObjectLockConfiguration)$/, risk: "guard", loss: "what is overwritten is lost" },
  { types: /^s3\.bucketPublicAccessBlock$/, risk: "exposure", loss: "a policy may make it public" },
  {
    types: /^(s3\.bucketPolicy|(sns|sqs)\.\w+Policy|secretsmanager\.secretPolicy|efs\.fileSystemPolicy|ecr\.repositoryPolicy)$/,
    risk: "guard",
    loss: "what it refused is refused no more, and what it allowed is refused",
  },
  {
    types: /^s3\.(bucketServerSideEncryptionConfiguration|bucketOwnershipControls|bucketLifecycleConfiguration)$/,
    risk: "guard",
    loss: "what it asked of objects holds no more",
  },
  { types: /^ecr\.replicationConfiguration$/, risk: "guard", loss: "images are copied nowhere any more" },
  { types: /^route53\.healthCheck$/, risk: "guard", loss: "nobody asks any more whether it answers" },
  {
    types: /^(appautoscaling\.(policy|target)|HorizontalPodAutoscaler)$/,
    risk: "guard",
    loss: "its number of tasks no longer scales by itself",
  },
  { types: /^(PodDisruptionBudget)$/, risk: "guard", loss: "all its pods may be away at once" },
  { types: /^(NetworkPolicy|ec2\.defaultSecurityGroup)$/, risk: "exposure", loss: "what it kept out is kept out no more" },
  { types: /^(cloudwatch\.event(Rule|Target)|scheduler\.schedule)$/, risk: "guard", loss: "what it started is started no more" },
  { types: /^(sns\.topic|chatbot\.|backup\.vaultNotifications|budgets\.budget)/, risk: "guard", loss: "nobody is told by it any more" },
  { types: /^lambda\.functionEventInvokeConfig$/, risk: "guard", loss: "calls that fail are repeated as AWS does by default" },
  { types: /^sqs\.queue$/, risk: "guard", loss: "messages in it are lost" },
  {
    types: /^cloudfront\.(function|responseHeadersPolicy|originAccessControl|cachePolicy)$/,
    risk: "traffic",
    loss: "requests are answered without it",
  },
  { types: /^zoneSetting$/, risk: "guard", loss: "the zone has Cloudflare's default" },
  {
    types: /^(efs\.(mountTarget|accessPoint)|elasticache\.user|docdb\.clusterInstance|ec2\.vpcEndpoint)$/,
    risk: "outage",
    loss: "who uses it is cut off",
  },
  { types: /^(ssm\.parameter|secretsmanager\.secretVersion)$/, risk: "guard", loss: "who reads its value finds none" },
  {
    types: /^iam\.(role|rolePolicy|rolePolicyAttachment|policy|openIdConnectProvider)$/,
    risk: "guard",
    loss: "what acted by it is refused",
  },
  { types: /^lambda\.permission$/, risk: "guard", loss: "what called by it is refused" },
  { types: /^vpc\.securityGroupEgressRule$/, risk: "traffic", loss: "connections by it are refused" },
  { types: /^ec2\.(securityGroup|managedPrefixList|routeTableAssociation)$/, risk: "traffic", loss: "what went by it is refused" },
];

/** Types that nothing hangs on which others would not tell of. */
const idle =
  /^(kms\.alias|cloudwatch\.(dashboard|queryDefinition)|ecs\.taskDefinition|(rds|docdb|elasticache)\.(subnetGroup|\w*[pP]arameterGroup)|ecr\.lifecyclePolicy|acm\.certificate|ServiceAccount|providers\.\w+)$/;

/** Users are cut off while one of these is missing. */
const carrying =
  /^(lb\.(loadBalancer|listener|listenerRule|targetGroup)|ecs\.(service|cluster)|cloudfront\.distribution|route53\.zone|ec2\.(subnet|internetGateway|natGateway|routeTable|route|eip)|acm\.certificateValidation|apigateway\.\w+|lambda\.function|elasticache\.(userGroup|subnetGroup)|Service|Namespace|Deployment|HTTPRoute|Gateway)$/;

/** Whether users are cut off while it is missing. */
export function isCarrying(type: string): boolean {
  return carrying.test(shortType(type));
}

/** What is nothing without another: when that goes, it says all. */
const companions: readonly (readonly [types: RegExp, owner: RegExp])[] = [
  [/^s3\.bucket\w+$/, /^s3\.bucket$/],
  [/^iam\.rolePolicy(Attachment)?$/, /^iam\.role$/],
  [/^iam\.role$/, /^(lambda\.function|ecs\.taskDefinition|backup\.selection|scheduler\.schedule|ec2\.flowLog)$/],
  [/^(sns\.topicPolicy|backup\.vaultNotifications)$/, /^sns\.topic$/],
  [/^sqs\.queuePolicy$/, /^sqs\.queue$/],
  [/^sqs\.queue$/, /^(lambda\.function|cloudwatch\.eventTarget)$/],
  [/^cloudwatch\.event(Target|Rule)$/, /^(cloudwatch\.eventRule|lambda\.function)$/],
  [/^lambda\.(permission|functionEventInvokeConfig)$/, /^lambda\.function$/],
  [/^ssm\.parameter$/, /^lambda\.function$/],
  [/^backup\.vault\w+$/, /^backup\.vault$/],
  [/^backup\.selection$/, /^backup\.plan$/],
  [/^(secretsmanager\.secretVersion)$/, /^secretsmanager\.secret$/],
  [/^efs\.\w+$/, /^efs\.fileSystem$/],
  [/^ecr\.\w+Policy$/, /^ecr\.repository$/],
  [/^appautoscaling\.(policy|target)$/, /^ecs\.service$/],
  [/^appautoscaling\.policy$/, /^appautoscaling\.target$/],
  [/^vpc\.securityGroup\w+Rule$/, /^ec2\.securityGroup$/],
  [/^(HorizontalPodAutoscaler|PodDisruptionBudget|NetworkPolicy|ServiceAccount)$/, /^(Deployment|Namespace)$/],
];

/** Whether it belongs to the other: it takes a value of it, or has its name. */
function isOwn({ name, sources }: Change, owner: string): boolean {
  return name === owner || Object.values(sources).flat().includes(owner);
}

/** What follows when it goes; undefined where nothing here knows. */
export function lossOf(change: Change, changes: readonly Change[]): Story | "harmless" | undefined {
  const type = shortType(change.type);
  const owners = companions.filter(([types]) => types.test(type)).map(([, owner]) => owner);
  const goesWith = ({ op, urn, type: other, name }: Change) =>
    op === "delete" && urn !== change.urn && owners.some((owner) => owner.test(shortType(other))) && isOwn(change, name);
  if (changes.some(goesWith)) return "harmless";
  const found = missed.find(({ types }) => types.test(type));
  if (found !== undefined) return storyOf(change, found.risk, phrase`${type} ${code(change.name)} goes: ${found.loss}`);
  return idle.test(type) ? "harmless" : undefined;
}

/** Whether it is known what its making and its replacement mean. */
export function isKnown(type: string): boolean {
  const short = shortType(type);
  return idle.test(short) || missed.some(({ types }) => types.test(short)) || carrying.test(short) || statefulTypes.has(type);
}
