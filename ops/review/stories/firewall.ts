/** Rules at the edge: what they do with a request, before and after. */
import type { Change } from "../change.ts";
import { code, phrase } from "../phrase.ts";
import { isJsonObject, isList, type Json, type JsonObject, sameValue, secretValue, shortText, valueAt } from "../propertyValue.ts";
import { storyOf, type Teller, type Told } from "../story.ts";
import { codeList } from "./tasks.ts";

/** One rule in words. */
interface EdgeRule {
  readonly name: string;
  /** `block`, `log`, `challenge`, `allow`, … */
  readonly action: string;
  /** Requests of a rate rule. */
  readonly limit: string;
  /** Where it stands among the others; lower is asked first. */
  readonly place: number;
  /** The whole rule, to see whether anything else differs. */
  readonly body: Json;
}

/** Actions that stop a request; leaving them lets through what was stopped. */
const stopping = new Set(["block", "challenge", "js_challenge", "managed_challenge"]);

/** Rules of AWS WAF and of Cloudflare rulesets, by name. */
export const firewallStories: Teller = {
  name: "firewall",
  judges: [
    { type: /^aws:wafv2\/webAcl:/, path: /^(rules|defaultAction)\b/, silence: true },
    { type: /^cloudflare:index\/ruleset:/, path: /^rules\b/, silence: true },
  ],
  tell: (change) => [...ruleListStories(change), ...defaultStories(change)],
};

function defaultStories(change: Change): Told[] {
  const action = ({ defaultAction }: JsonObject) => firstKey(defaultAction);
  const [from, to] = [action(change.before), action(change.after)];
  if (change.op !== "update" || from === to) return [];
  return [
    storyOf(
      change,
      to === "block" ? "traffic" : "guard",
      phrase`firewall ${code(change.name)}: default action ${from ?? "none"} → ${to ?? "none"}`,
      to === "block" ? phrase`what no rule names is stopped` : phrase`what no rule names is let through`,
    ),
  ];
}

function ruleListStories(change: Change): Told[] {
  const read =
    change.type === "aws:wafv2/webAcl:WebAcl" ? awsRules : change.type === "cloudflare:index/ruleset:Ruleset" ? cloudflareRules : undefined;
  if (read === undefined || change.op === "read" || change.op === "same") return [];
  if (change.before.rules === secretValue || change.after.rules === secretValue) return [unseen(change)];
  const [before, after] = [read(change.before), read(change.after)];
  return [
    ...after.flatMap((rule) => {
      const was = before.find(({ name }) => name === rule.name);
      return was === undefined
        ? [storyOf(change, "traffic", phrase`WAF rule ${code(rule.name)} is new: ${rule.action}`)]
        : ruleStories(change, was, rule);
    }),
    ...before
      .filter(({ name }) => !after.some((rule) => rule.name === name))
      .map(({ name, action }) =>
        storyOf(change, stopping.has(action) ? "guard" : "traffic", phrase`WAF rule ${code(name)} (${action}) is removed`),
      ),
    ...orderStories(change, before, after),
  ];
}

/** Rules that are asked after others which were asked after them: the first one that stops or lets through decides. */
function orderStories(change: Change, before: readonly EdgeRule[], after: readonly EdgeRule[]): Told[] {
  const names = (rules: readonly EdgeRule[], others: readonly EdgeRule[]) =>
    rules
      .filter(({ name }) => others.some((other) => other.name === name))
      .sort((a, b) => a.place - b.place)
      .map(({ name }) => name);
  const [was, is] = [names(before, after), names(after, before)];
  return was.flatMap((name, index) => {
    const overtaken = was.slice(index + 1).filter((other) => is.indexOf(other) < is.indexOf(name));
    return overtaken.length === 0
      ? []
      : [storyOf(change, "traffic", [...phrase`WAF rule ${code(name)} is asked after `, ...codeList(overtaken), " now"])];
  });
}

/** A provider makes the whole list secret for the sake of one value in it. */
function unseen(change: Change): Told {
  const told = change.differences.length === 0 || change.differences.some(({ path }) => path.startsWith("rules"));
  return (
    told &&
    storyOf(
      change,
      "traffic",
      phrase`rules of ${code(change.name)} change`,
      phrase`one holds a secret, so nobody sees here which requests they match`,
    )
  );
}

function ruleStories(change: Change, was: EdgeRule, rule: EdgeRule): Told[] {
  const name = code(rule.name);
  const action =
    was.action === rule.action
      ? []
      : [
          storyOf(
            change,
            stopping.has(was.action) && !stopping.has(rule.action) ? "guard" : "traffic",
            phrase`WAF rule ${name} ${was.action} → ${rule.action}`,
            stopping.has(rule.action) ? undefined : phrase`it stops nobody`,
          ),
        ];
  const limit =
    was.limit === rule.limit
      ? []
      : [
          storyOf(
            change,
            Number(rule.limit) > Number(was.limit) ? "guard" : "traffic",
            phrase`WAF rule ${name}: ${was.limit} → ${rule.limit} requests`,
          ),
        ];
  if (action.length + limit.length > 0 || sameValue(was.body, rule.body)) return [...action, ...limit];
  return [storyOf(change, "traffic", phrase`WAF rule ${name} (${rule.action}) matches other requests`)];
}

function rulesIn(inputs: JsonObject): readonly JsonObject[] {
  return isList(inputs.rules) ? inputs.rules.filter(isJsonObject) : [];
}

/** Empty objects carry the meaning here: `action: {block: {}}`. */
function awsRules(inputs: JsonObject): EdgeRule[] {
  return rulesIn(inputs).map((rule) => {
    const action = firstKey(rule.action) ?? (firstKey(rule.overrideAction) === "none" ? "block" : firstKey(rule.overrideAction));
    return {
      name: shortText(rule.name, 80),
      action: action === "count" ? "log" : (action ?? "unknown"),
      limit: shortText(valueAt(rule, ["statement", "rateBasedStatement", "limit"]) ?? "", 20),
      place: Number(rule.priority),
      body: { ...rule, action: null, overrideAction: null, priority: null },
    };
  });
}

function firstKey(value: Json | undefined): string | undefined {
  return isJsonObject(value) ? Object.keys(value).find((key) => value[key] !== null) : undefined;
}

function cloudflareRules(inputs: JsonObject): EdgeRule[] {
  return rulesIn(inputs).map((rule, place) => {
    const { enabled, action, ref, description, expression } = rule;
    const overridden = valueAt(rule, ["actionParameters", "overrides", "action"]);
    const done = action === "execute" ? (typeof overridden === "string" ? overridden : "block") : action;
    return {
      name: shortText(ref ?? description ?? expression, 80),
      action: enabled === false ? "off" : shortText(done, 40),
      limit: shortText(valueAt(rule, ["ratelimit", "requestsPerPeriod"]) ?? "", 20),
      place,
      body: { ...rule, action: null, enabled: null },
    };
  });
}
