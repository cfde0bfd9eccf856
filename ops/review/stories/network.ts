/** Who reaches what over the network: rules of security groups. */
import type { Change } from "../change.ts";
import { code, type Phrase, phrase } from "../phrase.ts";
import { isJsonObject, isList, type Json, type JsonObject, shortText } from "../propertyValue.ts";
import type { Risk } from "../risk.ts";
import { type Story, type StoryContext, storyOf, type Teller } from "../story.ts";

const anywhere = new Set(["0.0.0.0/0", "::/0"]);

/** What a rule says; a difference in its description opens nothing. */
const meaning = /^(cidrIpv[46]|fromPort|toPort|ipProtocol|prefixListId|referencedSecurityGroupId)$/;

/** Openings and closings of security groups, each rule in words. */
export const networkStories: Teller = {
  name: "network",
  judges: [
    { type: /^aws:vpc\/securityGroupIngressRule:/, path: meaning },
    { type: /^aws:ec2\/securityGroupRule:/, path: /./ },
    { type: /^aws:ec2\/(default)?[sS]ecurityGroup:/, path: /^ingress\b/ },
  ],
  tell: (change, context) => {
    if (change.type === "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule") return ruleStories(change);
    if (change.type === "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule") return egressStories(change, context);
    if (groups.has(change.type)) return groupStories(change);
    if (change.type === "aws:ec2/eip:Eip" && ["delete", "replace"].includes(change.op)) return [otherAddress(change)];
    return [];
  },
};

/** What holds rules as a list. */
const groups: ReadonlySet<string> = new Set([
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  "aws:ec2/securityGroupRule:SecurityGroupRule",
]);

/** Whom others let in by its address is refused by them, though nothing here fails. */
function otherAddress(change: Change): Story {
  return storyOf(
    change,
    "outage",
    phrase`${code(change.name)}: the address from which the system calls others goes; who lets it in has to know the new one first`,
  );
}

/** A way out to the world. Of a group that is new itself it is part of what is new; one that was there gets out further than before. */
function egressStories(change: Change, { changes }: StoryContext): Story[] {
  const { cidrIpv4, cidrIpv6 } = change.after;
  const group = change.sources.securityGroupId?.[0] ?? change.name;
  const isOpen = [cidrIpv4, cidrIpv6].some((cidr) => typeof cidr === "string" && anywhere.has(cidr));
  const wasOpen = [change.before.cidrIpv4, change.before.cidrIpv6].some((cidr) => typeof cidr === "string" && anywhere.has(cidr));
  if (change.op === "delete" || !isOpen || (wasOpen && !change.differences.some(({ path }) => meaning.test(path)))) return [];
  const isNew = changes.some(({ op, name, type }) => op === "create" && name === group && groups.has(type));
  const what = phrase`security group ${code(group)} lets out ${ports(change.after)} to the world`;
  return [storyOf(change, isNew ? "traffic" : "exposure", what, described(change.after))];
}

function ruleStories(change: Change): Story[] {
  const group = change.sources.securityGroupId?.[0] ?? change.name;
  switch (change.op) {
    case "create":
    case "import":
      return [opens(change, group, change.after)];
    case "delete":
      return [closes(change, group, change.before)];
    case "update":
    case "replace":
      return change.differences.some(({ path }) => meaning.test(path))
        ? [opens(change, group, change.after), closes(change, group, change.before)]
        : [];
    default:
      return [];
  }
}

/** Rules that stand inside of the group. */
function groupStories(change: Change): Story[] {
  const [before, after] = [inlineRules(change.before), inlineRules(change.after)];
  const text = (rule: JsonObject) => JSON.stringify(rule);
  return [
    ...after.filter((rule) => !before.some((one) => text(one) === text(rule))).map((rule) => opens(change, change.name, rule)),
    ...before.filter((rule) => !after.some((one) => text(one) === text(rule))).map((rule) => closes(change, change.name, rule)),
  ];
}

function inlineRules(inputs: JsonObject): JsonObject[] {
  const { ingress, type } = inputs;
  const rules = type === "ingress" ? [inputs] : isList(ingress) ? ingress.filter(isJsonObject) : [];
  return rules.flatMap(({ fromPort = null, toPort = null, protocol = null, cidrBlocks, ipv6CidrBlocks }) =>
    [cidrBlocks, ipv6CidrBlocks]
      .flatMap((blocks) => (isList(blocks) ? blocks : []))
      .map((cidrIpv4): JsonObject => ({ fromPort, toPort, ipProtocol: protocol, cidrIpv4 })),
  );
}

function opens(change: Change, group: string, rule: JsonObject): Story {
  const [risk, who] = peer(rule);
  return storyOf(change, risk, phrase`security group ${code(group)} opens ${ports(rule)} to ${who}`, described(rule));
}

function closes(change: Change, group: string, rule: JsonObject): Story {
  const [, who] = peer(rule);
  return storyOf(change, "traffic", phrase`security group ${code(group)} closes ${ports(rule)} to ${who}`, described(rule));
}

function described({ description }: JsonObject): Phrase | undefined {
  return typeof description === "string" ? phrase`“${description}”` : undefined;
}

function peer(rule: JsonObject): readonly [Risk, string] {
  const cidr = rule.cidrIpv4 ?? rule.cidrIpv6;
  if (typeof cidr === "string") return ["exposure", anywhere.has(cidr) ? "the world" : cidr];
  if (rule.prefixListId !== undefined) return ["exposure", `the addresses of list ${text(rule.prefixListId)}`];
  return ["routine", "another security group"];
}

function ports({ fromPort, toPort, ipProtocol }: JsonObject): string {
  if (text(ipProtocol) === "-1" || fromPort == null) return "every port";
  const range = fromPort === toPort ? text(fromPort) : `${text(fromPort)}–${text(toPort)}`;
  return text(ipProtocol) === "tcp" ? range : `${range}/${text(ipProtocol)}`;
}

function text(value: Json | undefined): string {
  return shortText(value, 60);
}
