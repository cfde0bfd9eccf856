/** Which node type a cache grows to. Pure. */
import { cacheNodeType } from "../../components/cache/contract.ts";

/** Sizes of a family, smallest first (ElastiCache guide, "Supported node types"). */
const named = ["micro", "small", "medium", "large", "xlarge"];

/**
 * The next larger type: of the same family, else the smallest of the newest general-purpose family.
 * @param nodeType what the nodes are, such as `cache.t4g.small`
 * @param larger what ElastiCache would scale them up to, in any order
 * @returns undefined where there is none that config would take
 */
export function nextLarger(nodeType: string, larger: readonly string[]): string | undefined {
  const allowed = larger.filter((one) => cacheNodeType.safeParse(one).success).sort((a, b) => sizeOf(a) - sizeOf(b));
  const same = allowed.find((one) => familyOf(one) === familyOf(nodeType) && sizeOf(one) > sizeOf(nodeType));
  const general = allowed.filter((one) => /^m\d+g$/.test(familyOf(one)));
  const newest = Math.max(...general.map(generationOf));
  return same ?? general.find((one) => generationOf(one) === newest);
}

function familyOf(nodeType: string): string {
  return nodeType.split(".")[1] ?? "";
}

function generationOf(nodeType: string): number {
  return Number(/\d+/.exec(familyOf(nodeType))?.[0]);
}

/** Rank of its size; larger ones of `xlarge` by their number. */
function sizeOf(nodeType: string): number {
  const size = nodeType.split(".")[2] ?? "";
  const many = /^(\d+)xlarge$/.exec(size)?.[1];
  return many === undefined ? named.indexOf(size) : named.length + Number(many);
}
