/** Who may do what: IAM policies, trust, policies of buckets and keys, compared statement by statement. */
import type { Change } from "../change.ts";
import { code, type Phrase, phrase } from "../phrase.ts";
import {
  canonicalText,
  isJsonObject,
  isList,
  type Json,
  type JsonObject,
  jsonIn,
  shortText,
  unknownValue,
  valueAt,
} from "../propertyValue.ts";
import { type Story, storyOf, type Teller } from "../story.ts";
import { codeList } from "./tasks.ts";

/** Properties that hold a policy document, by type. */
const documents: Readonly<Record<string, string>> = {
  "aws:iam/policy:Policy": "policy",
  "aws:iam/role:Role": "assumeRolePolicy",
  "aws:iam/rolePolicy:RolePolicy": "policy",
  "aws:iam/userPolicy:UserPolicy": "policy",
  "aws:iam/groupPolicy:GroupPolicy": "policy",
  "aws:ecr/repositoryPolicy:RepositoryPolicy": "policy",
  "aws:efs/fileSystemPolicy:FileSystemPolicy": "policy",
  "aws:kms/key:Key": "policy",
  "aws:s3/bucketPolicy:BucketPolicy": "policy",
  "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
  "aws:sns/topicPolicy:TopicPolicy": "policy",
  "aws:sqs/queuePolicy:QueuePolicy": "policy",
  "aws:backup/vaultPolicy:VaultPolicy": "policy",
};

/** One action on one resource for one principal. */
interface Grant {
  readonly effect: string;
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly condition: string;
}

/** What is allowed now and was not, and what is refused no more. */
export const identityStories: Teller = {
  name: "identity",
  judges: [
    ...Object.entries(documents).map(([type, property]) => ({
      type: new RegExp(`^${type}$`),
      path: new RegExp(`^${property}\\b`),
      silence: true as const,
    })),
    { type: /^aws:lambda\/permission:/, path: /^(action|principal|function|source\w+)$/ },
  ],
  tell: (change) => [...grantingStories(change), ...documentStories(change)],
};

/** Rights that are no documents. */
function grantingStories(change: Change): Story[] {
  if (change.op !== "create" && change.op !== "replace") return [];
  const { action, principal, function: called, sourceArn, sourceAccount, user } = change.after;
  if (change.type === "aws:iam/accessKey:AccessKey")
    return [storyOf(change, "exposure", phrase`user ${code(shortText(user))} gets an access key, which does not end by itself`)];
  if (change.type === "aws:iam/openIdConnectProvider:OpenIdConnectProvider")
    return [storyOf(change, "exposure", phrase`roles may trust whom ${code(shortText(change.after.url))} vouches for`)];
  if (change.type !== "aws:lambda/permission:Permission") return [];
  const everybody = principal === "*" && sourceArn === undefined && sourceAccount === undefined;
  return [
    storyOf(change, everybody ? "exposure" : "routine", [
      ...(everybody ? ["anybody"] : [code(shortText(principal))]),
      ...phrase` may ${shortText(action)} ${code(shortText(called, 80))}`,
    ]),
  ];
}

function documentStories(change: Change): readonly Story[] {
  if (change.type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment" && change.op === "create")
    return [
      storyOf(change, "exposure", phrase`a role gets a policy: ${code(change.name)}`, phrase`${code(shortText(change.after.policyArn))}`),
    ];
  const property = documents[change.type];
  if (property === undefined) return [];
  const [before, after] = [change.before[property], change.after[property]];
  if (change.op === "create") return wideStories(change, grantsIn(after));
  if (change.op !== "update" && change.op !== "replace") return [];
  if (!change.differences.some(({ path, note }) => path.startsWith(property) && note !== "order")) return [];
  if (after === unknownValue)
    return [
      storyOf(
        change,
        "exposure",
        phrase`what ${code(change.name)} allows is known only after the update`,
        phrase`nobody can judge it before`,
      ),
    ];
  return differenceStories(change, grantsIn(before), grantsIn(after));
}

function differenceStories(change: Change, before: readonly Grant[], after: readonly Grant[]): Story[] {
  const added = after.filter((grant) => !before.some((one) => same(one, grant)));
  const removed = before.filter((grant) => !after.some((one) => same(one, grant)));
  const by = (grants: readonly Grant[], effect: string) => grants.filter((grant) => grant.effect === effect);
  return [
    ...grantStories(change, by(added, "Allow"), "exposure", "may now"),
    ...grantStories(change, by(removed, "Deny"), "exposure", "is no longer refused"),
    ...grantStories(change, by(removed, "Allow"), "guard", "may no longer"),
    ...grantStories(change, by(added, "Deny").filter(isForAll), "guard", "is refused from now on"),
    ...grantStories(
      change,
      by(added, "Deny").filter((grant) => !isForAll(grant)),
      "routine",
      "is now refused",
    ),
  ];
}

/** One line for all actions on the same resource. */
function grantStories(change: Change, grants: readonly Grant[], risk: "exposure" | "guard" | "routine", verb: string): Story[] {
  // What is taken away is told in one line; what is given, by what it is given on.
  const groups = Map.groupBy(grants, ({ principal, resource, condition }) =>
    JSON.stringify(risk !== "exposure" ? [principal] : [principal, resource, condition]),
  );
  return [...groups.values()].map((some) => {
    const [{ principal, condition } = { principal: "", condition: "" }] = some;
    const actions = [...new Set(some.map(({ action }) => action))].sort();
    const shown = actions.slice(0, 6);
    const rest = actions.length - shown.length;
    const who: Phrase = principal === "" ? phrase`${code(change.name)}` : principal === "*" ? ["anybody"] : phrase`${code(principal)}`;
    const on = resourcesIn(some);
    const where: Phrase = principal === "" ? [] : phrase`in ${code(change.name)}`;
    const bound: Phrase = condition === "" ? [] : [principal === "" ? "" : ", ", ...boundBy(condition)];
    const headline = [...who, ` ${verb} `, ...codeList(shown), ...(rest > 0 ? [` and ${rest} more`] : []), ...on];
    return storyOf(change, risk, headline, where.length + bound.length === 0 ? undefined : [...where, ...bound]);
  });
}

/** Resources that one line names. */
const mostResources = 3;

function resourcesIn(grants: readonly Grant[]): Phrase {
  const all = [...new Set(grants.map(({ resource }) => resource))].filter((resource) => resource !== "");
  if (all.length === 0) return [];
  const more = all.length > mostResources ? ` and ${all.length - mostResources} more` : "";
  return [" on ", ...codeList(all.slice(0, mostResources).map((resource) => shortText(resource, 100))), more];
}

/** Conditions with their values: `where StringEquals sub repo:o/r`. */
function boundBy(condition: string): Phrase {
  const tests = jsonIn(condition);
  const found = isJsonObject(tests)
    ? Object.entries(tests).flatMap(([test, keys]) =>
        isJsonObject(keys) ? Object.entries(keys).map(([key, value]) => `${test} ${key} ${listed(value).join(", ")}`) : [],
      )
    : [];
  return found.length === 0 ? ["under conditions"] : ["where ", ...codeList(found.map((one) => shortText(one, 120)))];
}

/** A new document is routine unless it allows everything, or everybody. */
function wideStories(change: Change, grants: readonly Grant[]): Story[] {
  const wide = grants.filter(
    ({ effect, action, principal, condition }) =>
      effect === "Allow" &&
      !/^arn:aws:iam::\d{12}:root$/.test(principal) && // the account itself, which every key policy names
      (action === "*" || /^[a-z0-9-]+:\*$/.test(action) || (principal === "*" && condition === "")),
  );
  const shut = grants.filter((grant) => grant.effect === "Deny" && isForAll(grant));
  return [...grantStories(change, wide, "exposure", "may"), ...grantStories(change, shut, "guard", "is refused from now on")];
}

/** Everybody, whatever the circumstances: of a refusal, who set it up as well. */
function isForAll({ principal, condition }: Grant): boolean {
  return principal === "*" && condition === "";
}

function same(a: Grant, b: Grant): boolean {
  return (
    a.effect === b.effect &&
    a.principal === b.principal &&
    a.action === b.action &&
    a.resource === b.resource &&
    a.condition === b.condition
  );
}

/** Every combination that the document's statements stand for. */
function grantsIn(document: Json | undefined): Grant[] {
  const parsed = jsonIn(document) ?? document;
  const statements = valueAt(parsed, ["Statement"]);
  return (isList(statements) ? statements : [statements]).filter(isJsonObject).flatMap(grantsOf);
}

function grantsOf(statement: JsonObject): Grant[] {
  const texts = (key: string, not: string) => {
    const [value, inverse] = [statement[key], statement[not]];
    return inverse === undefined ? listed(value) : listed(inverse).map((one) => `all but ${one}`);
  };
  const condition = statement.Condition === undefined ? "" : canonicalText(statement.Condition);
  const principals = orNothing(principalsIn(statement.Principal ?? statement.NotPrincipal));
  return principals.flatMap((principal) =>
    orNothing(texts("Action", "NotAction")).flatMap((action) =>
      orNothing(texts("Resource", "NotResource")).map((resource) => ({
        effect: shortText(statement.Effect),
        principal,
        action,
        resource,
        condition,
      })),
    ),
  );
}

function orNothing(texts: readonly string[]): readonly string[] {
  return texts.length === 0 ? [""] : texts;
}

function principalsIn(value: Json | undefined): string[] {
  if (isJsonObject(value)) return Object.values(value).flatMap((one) => listed(one));
  return listed(value);
}

function listed(value: Json | undefined): string[] {
  if (value === undefined) return [];
  return (isList(value) ? value : [value]).map((one) => shortText(one, 200));
}
