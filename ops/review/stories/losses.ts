/** What goes or is made anew: data first, then what users hang on. */
import type { Change } from "../change.ts";
import { code, type Phrase, phrase } from "../phrase.ts";
import { type Story, shortType, storyOf, type Teller } from "../story.ts";

/** Users are cut off while one of these is missing. */
const carrying =
  /^(aws:(lb\/(loadBalancer|listener|targetGroup)|ecs\/(service|cluster)|cloudfront\/distribution|ec2\/(subnet|internetGateway|natGateway|routeTable|route|eip)|acm\/certificateValidation|apigateway|lambda\/function|elasticache\/(userGroup|subnetGroup))|kubernetes:(core\/v1:(Service|Namespace)|apps\/v1:Deployment|gateway)):?/;

/** Replacements that are how the thing changes: another revision, another version. */
const revisions =
  /^aws:(ecs\/taskDefinition|iam\/(rolePolicyAttachment|rolePolicy|policyAttachment)|secretsmanager\/secretVersion|vpc\/securityGroup(Ingress|Egress)Rule|lambda\/permission|acm\/certificate|ec2\/routeTableAssociation)/;

/** Deletions and replacements of what holds data or carries traffic. */
export const lossStories: Teller = (change) => {
  if (change.op !== "delete" && change.op !== "replace") return [];
  const guard = change.protect.before ? phrase`the engine's protection refuses it` : phrase`nothing in the engine stops it`;
  if (change.stateful)
    return [
      change.op === "delete"
        ? storyOf(
            change,
            "data-loss",
            phrase`${shortType(change.type)} ${code(change.name)} is deleted ${change.type === "aws:kms/key:Key" ? "and what it encrypted is lost" : "with what it holds"}`,
            guard,
          )
        : storyOf(
            change,
            "data-loss",
            phrase`${shortType(change.type)} ${code(change.name)} is replaced: a new one, empty; the old one is deleted`,
            why(change),
          ),
    ];
  if (!carrying.test(change.type)) return [];
  return change.op === "delete"
    ? [storyOf(change, "outage", phrase`${shortType(change.type)} ${code(change.name)} goes`)]
    : replacement(change);
};

function replacement(change: Change): Story[] {
  if (revisions.test(change.type)) return [];
  const first = change.order === "createFirst";
  return [
    storyOf(
      change,
      first ? "traffic" : "outage",
      phrase`${shortType(change.type)} ${code(change.name)} is replaced, ${first ? "the new one first" : "the old one goes first"}`,
      why(change),
    ),
  ];
}

function why({ differences }: Change): Phrase | undefined {
  const paths = differences.filter(({ replaces }) => replaces).map(({ path }) => path);
  const [first] = paths;
  if (first === undefined) return undefined;
  return phrase`because ${code(first)} cannot change in place${paths.length > 1 ? `, nor ${paths.length - 1} more` : ""}`;
}

/** Whether a replacement is only how the thing changes. */
export function isRevision({ type }: Change): boolean {
  return revisions.test(type);
}
