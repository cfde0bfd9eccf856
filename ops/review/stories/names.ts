/** Where names point: DNS records at Cloudflare and Route 53, and health checks that decide between them. */
import type { Change } from "../change.ts";
import { code, phrase } from "../phrase.ts";
import { isList, type Json, type JsonObject, shortText, valueAt } from "../propertyValue.ts";
import { differenceAt, storyOf, type Teller, type Told } from "../story.ts";

const recordTypes = new Set(["cloudflare:index/dnsRecord:DnsRecord", "aws:route53/record:Record"]);

/** Records that appear, go, or point elsewhere. */
export const nameStories: Teller = {
  name: "names",
  judges: [
    { type: /^aws:route53\/record:/, path: /^(records|aliases|ttl)\b/ },
    { type: /^cloudflare:index\/dnsRecord:/, path: /^(content|ttl|proxied)$/ },
  ],
  tell: recordStories,
};

function recordStories(change: Change): readonly Told[] {
  if (!recordTypes.has(change.type)) return [];
  const name = code(shortText(change.after.name ?? change.before.name, 120));
  const kind = shortText(change.after.type ?? change.before.type, 10);
  switch (change.op) {
    case "create":
    case "import":
      return [storyOf(change, "traffic", phrase`DNS: ${name} (${kind}) points at ${code(target(change.after))}`)];
    case "delete":
      return [storyOf(change, "outage", phrase`DNS: ${name} (${kind}) goes`, phrase`it pointed at ${code(target(change.before))}`)];
    case "replace":
      return [
        storyOf(
          change,
          "outage",
          phrase`DNS: ${name} (${kind}) is deleted and made again`,
          phrase`${code(target(change.before))} → ${code(target(change.after))}`,
        ),
      ];
    case "update":
      return updateStories(change);
    default:
      return [];
  }
}

function updateStories(change: Change): Told[] {
  const name = code(shortText(change.after.name, 120));
  const [from, to] = [target(change.before), target(change.after)];
  const ttl = differenceAt(change, "ttl");
  const proxied = differenceAt(change, "proxied");
  return [
    ...(from === to ? [] : [storyOf(change, "traffic", phrase`DNS: ${name} ${code(from)} → ${code(to)}`)]),
    ttl && storyOf(change, "traffic", phrase`DNS: ${name} is kept by resolvers ${shortText(ttl.before)} → ${shortText(ttl.after)} s`),
    proxied &&
      storyOf(
        change,
        proxied.after === true ? "traffic" : "exposure",
        phrase`DNS: ${name} ${proxied.after === true ? "goes through the proxy now" : "bypasses the proxy and its rules"}`,
      ),
  ];
}

function target(record: JsonObject): string {
  const found: readonly (Json | undefined)[] = [
    record.content,
    valueAt(record, ["aliases", 0, "name"]),
    isList(record.records) ? record.records.map((one) => shortText(one)).join(", ") : undefined,
  ];
  return shortText(
    found.find((one) => one !== undefined),
    120,
  );
}
