/** Whom Cloudflare answers for has a certificate there: the universal one of a zone covers its name and one level below. */
import { expect, test } from "vitest";
import { recordedHosts } from "../../../components/environment/contract/hostRecords.ts";
import { examine } from "../../../infra/config/parse.ts";
import { formatConfigPath } from "../../../infra/config/problem.ts";
import { configOf, type Edits, exampleStacks, rawConfig } from "../../harness/config.ts";
import { behindCloudflare } from "../../harness/edge/declared.ts";

const deep = "api.eu.coinestate.io";
const refused = (edits: Edits) =>
  examine(
    rawConfig("bench/production", {
      ...{ ...behindCloudflare, uptime: undefined, "services.api.route.hosts": ["api.coinestate.io", deep] },
      ...{ "loadBalancer.certificate.alternativeNames": ["*.coinestate.io", "*.eu.coinestate.io"], ...edits },
    }),
  ).problems.map(({ path, found }) => `${formatConfigPath(path)} ${found}`);

test("C1 a proxied host two levels below the zone is refused, unless a certificate with its name is declared", () => {
  expect(refused({})).toEqual([`services.api.route.hosts[1] is "${deep}", and Cloudflare has no certificate for it`]);
  expect(refused({ "edge.certificateNames": ["*.eu.coinestate.io"] })).toEqual([]);
  expect(refused({ "edge.certificateNames": [deep] })).toEqual([]);
  expect(refused({ "edge.records": false })).toEqual([]);
});

test("A8 no host of an example is proxied that Cloudflare's universal certificate does not cover", () => {
  const uncovered = exampleStacks.flatMap((stack) => {
    const config = configOf(stack);
    if (config.edge.provider !== "cloudflare") return [];
    const { loadBalancer, gateway } = recordedHosts(config);
    return [...loadBalancer, ...gateway].filter(
      (host) => host !== config.dns.zone && host.split(".").slice(1).join(".") !== config.dns.zone,
    );
  });
  expect(uncovered).toEqual([]);
});
