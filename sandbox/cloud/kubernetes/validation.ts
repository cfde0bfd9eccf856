/**
 * Values that the API server refuses in pods, routes and network policies.
 * Source: API server 1.36.3 (`pkg/apis/core/validation`, `pkg/apis/networking/validation`) and the CEL rules of Gateway API 1.6.3's HTTPRoute.
 */
import { BlockList, isIPv6 } from "node:net";
import { isObject, listOf, type Properties, valueAt } from "../../provider/values.ts";
import { invalid, label, text } from "./names.ts";

/** @throws CloudError when the object is refused */
export type Check = (object: Properties) => void;

/** What a pod template may not say. */
export const podChecks: readonly Check[] = [goodVolumeNames, goodIds];

function goodVolumeNames({ spec, metadata }: Properties): void {
  for (const [index, volume] of listOf(valueAt(spec, ["template", "spec", "volumes"])).entries())
    if (!label.test(text(volume, "name")))
      throw invalid(
        "Deployment",
        text(metadata, "name"),
        `spec.template.spec.volumes[${index}].name: Invalid value: "${text(volume, "name")}": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character`,
      );
}

function goodIds({ spec, metadata }: Properties): void {
  const pod = valueAt(spec, ["template", "spec"]);
  const contexts = [pod, ...listOf(valueAt(pod, ["containers"]))].map((holder) => valueAt(holder, ["securityContext"]));
  for (const [key, id] of contexts.flatMap((context) => Object.entries(isObject(context) ? context : {})))
    if (/^(?:runAsUser|runAsGroup|fsGroup)$/.test(key) && !(Number(id) >= 0 && Number(id) < 2 ** 31))
      throw invalid(
        "Deployment",
        text(metadata, "name"),
        `spec.template.spec.securityContext.${key}: Invalid value: ${String(id)}: must be between 0 and 2147483647, inclusive`,
      );
}

/** Parts of a path that are not taken, and where. */
const badParts: readonly (readonly [RegExp, string])[] = [
  [/\/\//, "must not contain '//'"],
  [/\/\.\//, "must not contain '/./'"],
  [/\/\.\.\//, "must not contain '/../'"],
  [/\/\.\.$/, "must not end with '/..'"],
  [/\/\.$/, "must not end with '/.'"],
];

/** An HTTPRoute's paths are taken as they are: nothing resolves dots in them. */
export function goodPaths({ spec, metadata }: Properties): void {
  for (const [index, rule] of listOf(valueAt(spec, ["rules"])).entries())
    for (const [place, match] of listOf(valueAt(rule, ["matches"])).entries()) {
      const path = text(valueAt(match, ["path"]), "value");
      const bad = badParts.find(([pattern]) => pattern.test(path));
      if (bad !== undefined)
        throw invalid("HTTPRoute", text(metadata, "name"), `spec.rules[${index}].matches[${place}].path: Invalid value: ${bad[1]}`);
    }
}

/** Blocks of a policy begin at their network address, and what is excepted is a part of the block. */
export function goodBlocks({ spec, metadata }: Properties): void {
  const refused = (problem: string) => invalid("NetworkPolicy", text(metadata, "name"), problem);
  for (const [index, rule] of listOf(valueAt(spec, ["egress"])).entries())
    for (const peer of listOf(valueAt(rule, ["to"]))) {
      const block = valueAt(peer, ["ipBlock"]);
      const cidr = text(block, "cidr");
      if (cidr === "") continue;
      if (hasHostBits(cidr))
        throw refused(`spec.egress[${index}].to.ipBlock.cidr: Invalid value: "${cidr}": must not have bits set beyond the prefix length`);
      for (const except of listOf(valueAt(block, ["except"])).map(String))
        if (!strictlyWithin(except, cidr))
          throw refused(`spec.egress[${index}].to.ipBlock.except: Invalid value: "${except}": must be a strict subset of \`cidr\``);
    }
}

function parts(block: string): { address: string; bits: number; family: "ipv4" | "ipv6" } {
  const [address = "", bits = ""] = block.split("/");
  return { address, bits: Number(bits), family: isIPv6(address) ? "ipv6" : "ipv4" };
}

function strictlyWithin(inner: string, outer: string): boolean {
  const [small, big] = [parts(inner), parts(outer)];
  return small.bits > big.bits && listed(big).check(small.address, small.family);
}

function hasHostBits(block: string): boolean {
  const { address, bits, family } = parts(block);
  const most = family === "ipv6" ? 128 : 32;
  return (numberOf(address, family) & ((1n << BigInt(most - bits)) - 1n)) !== 0n;
}

function numberOf(address: string, family: "ipv4" | "ipv6"): bigint {
  if (family === "ipv4") return address.split(".").reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);
  // The URL standard writes every IPv6 address in one form.
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const groups = (text: string) => text.split(":").filter((group) => group !== "");
  const [front, back] = [groups(head), groups(tail ?? "")];
  const zeros = Array<string>(8 - front.length - back.length).fill("0");
  return [...front, ...zeros, ...back].reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

function listed({ address, bits, family }: ReturnType<typeof parts>): BlockList {
  const list = new BlockList();
  list.addSubnet(address, bits, family);
  return list;
}
