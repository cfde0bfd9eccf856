/** Where pods may connect to, and never: the address that hands out the node's credentials. */
import { BlockList, isIPv6 } from "node:net";
import { expect, test } from "vitest";
import { trafficPolicy } from "../../../components/kubernetes/trafficPolicy.ts";
import { volumeName } from "../../../components/volumeNames.ts";

const metadata = ["169.254.169.254", "fd00:ec2::254"];
const subnet = (block: string) => {
  const list = new BlockList();
  const [address = "", bits] = block.split("/");
  list.addSubnet(address, Number(bits), isIPv6(address) ? "ipv6" : "ipv4");
  return list;
};
/** Blocks of one version have no addresses of the other, which Node's lists see as mapped. */
const holds = (block: string, address: string) =>
  isIPv6(address) === block.includes(":") && subnet(block).check(address, isIPv6(address) ? "ipv6" : "ipv4");

interface Peer {
  readonly ipBlock: { readonly cidr: string; readonly except?: readonly string[] };
}

/** Blocks that a service with one named destination may reach. */
function blockOf(cidr: string): Peer["ipBlock"] {
  const policy = trafficPolicy({ service: "api", port: 3000, gatewayNamespace: "gateway", egress: { out: { port: 443, cidr } } });
  const [, named] = policy.egress as unknown as { to: Peer[] }[];
  return named!.to[0]!.ipBlock;
}

test.each(["::0/0", "0:0::/0", "128.0.0.0/1", "169.254.0.0/16", "fd00::/8", "fc00::/7"])(
  "K13 %s is not the way to instance metadata",
  (cidr) => {
    const { except = [] } = blockOf(cidr);
    for (const address of metadata.filter((one) => holds(cidr, one)))
      expect(
        except.some((one) => holds(one, address)),
        address,
      ).toBe(true);
  },
);

test.each(["0.0.0.0/0", "::/0"])("%s leaves instance metadata out", (cidr) => expect(blockOf(cidr).except).toHaveLength(1));

test.each(["10.0.0.0/8", "2001:db8::/32", "0.0.0.0/1"])("%s needs no exception", (cidr) => expect(blockOf(cidr)).toEqual({ cidr }));

test("K12 the name of a volume ends with a letter or digit wherever it is cut", () => {
  for (let length = 40; length < 70; length++)
    expect(volumeName("kubernetes", `/${"a".repeat(length)}/bcd`)).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
});
