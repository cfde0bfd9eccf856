/** What stands in a region by the hour, whether or not anybody is served there. */
import { expect, it } from "vitest";
import { standbys } from "../../../components/environment/contract/failover.ts";
import { standbyConfig } from "../../../infra/config/standby.ts";
import { configOf } from "../../harness/config.ts";
import { threeRegions } from "../../harness/failoverStack.ts";

it("A33 a standby region pays for the private ways that its tasks need without NAT, and records what is refused", () => {
  const networks = (edits: object) => {
    const config = configOf("coinestate/production", { ...threeRegions, ...edits });
    return standbys(config).map((standby) => standbyConfig(config, standby).network);
  };
  const plain = networks({});
  expect(plain.map(({ natGateways, interfaceEndpoints }) => [natGateways, interfaceEndpoints])).toEqual([
    ["single", []],
    ["single", []],
  ]);
  expect(plain.map(({ flowLogs }) => flowLogs.traffic)).toEqual(["REJECT", "REJECT"]);
  const [secondary, tertiary] = networks({ "failover.secondary.natGateways": "none" });
  expect(secondary?.interfaceEndpoints).toEqual(["ecr.api", "ecr.dkr", "logs", "ssm", "secretsmanager"]);
  expect(tertiary?.interfaceEndpoints).toEqual([]);
});
