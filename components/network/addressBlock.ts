/** Blocks of addresses of either version, as they are written. */
import { BlockList, isIPv6 } from "node:net";

/** The address that hands out the credentials of the machine (EC2 User Guide, "Access instance metadata"), of each version. */
const metadataAddresses = ["169.254.169.254", "fd00:ec2::254"] as const;

/** The part of a block that is instance metadata, in CIDR notation; undefined where the block has nothing of it. */
export function instanceMetadataIn(block: string): string | undefined {
  const { address, bits, family } = partsOf(block);
  const list = new BlockList();
  list.addSubnet(address, bits, family);
  const found = metadataAddresses.find((one) => familyOf(one) === family && list.check(one, family));
  return found === undefined ? undefined : `${found}/${lengths[family]}`;
}

/** Whether a block is a single address. */
export function isSingleAddress(block: string): boolean {
  const { bits, family } = partsOf(block);
  return bits === lengths[family];
}

/** The block with the address that it starts at: `10.0.0.0/8` for `10.0.0.1/8`. */
export function fromNetworkAddress(block: string): string {
  const { address, bits, family } = partsOf(block);
  const value = numberOf(address, family);
  const rest = BigInt(lengths[family] - bits);
  const first = (value >> rest) << rest;
  return first === value ? block : `${textOf(first, family)}/${bits}`;
}

type Family = "ipv4" | "ipv6";

const lengths: Readonly<Record<Family, number>> = { ipv4: 32, ipv6: 128 };

function partsOf(block: string): { readonly address: string; readonly bits: number; readonly family: Family } {
  const [address = "", bits = ""] = block.split("/");
  return { address, bits: Number(bits), family: familyOf(address) };
}

function familyOf(address: string): Family {
  return isIPv6(address) ? "ipv6" : "ipv4";
}

function numberOf(address: string, family: Family): bigint {
  if (family === "ipv4") return address.split(".").reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);
  const [front = [], back = []] = oneForm(address)
    .split("::")
    .map((half) => half.split(":").filter((group) => group !== ""));
  const groups = [...front, ...Array<string>(8 - front.length - back.length).fill("0"), ...back];
  return groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

function textOf(value: bigint, family: Family): string {
  const part = (index: number, size: number) => (value >> BigInt(index * size)) & ((1n << BigInt(size)) - 1n);
  if (family === "ipv4") return [3, 2, 1, 0].map((index) => part(index, 8)).join(".");
  return oneForm([7, 6, 5, 4, 3, 2, 1, 0].map((index) => part(index, 16).toString(16)).join(":"));
}

/** The URL standard writes an IPv6 address in one form, without dotted parts. */
function oneForm(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
