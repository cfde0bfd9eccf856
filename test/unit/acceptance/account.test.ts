/** What `npm run acceptance -- --account` refuses and says before anything is asked of an account. */
import { describe, expect, test } from "vitest";
import { resolvedConfig } from "../../../ops/config/show.ts";
import { costLine } from "../../acceptance/account/cost.ts";
import { accountSettings } from "../../acceptance/account/trialAccount.ts";
import { selectionOf } from "../../acceptance/selection.ts";

const good = {
  SLIPWAY_ACCOUNT_ID: "222222222201",
  SLIPWAY_ACCOUNT_REGION: "eu-west-1",
  SLIPWAY_ACCOUNT_ZONE: "trial.example.com",
  SLIPWAY_ACCOUNT_ZONE_ID: "Z0123456789ABC",
};

describe("an account is tried", () => {
  test("never by default, and never with a part", () => {
    expect(selectionOf([]).account).toBe("server");
    expect(selectionOf(["--account"]).account).toBe("real");
    expect(selectionOf(["--account", "--yes"])).toMatchObject({ account: "real, agreed", own: false, state: false, examples: [] });
    expect(() => selectionOf(["--account", "--only", "stacks"])).toThrow("--account stands alone");
    expect(() => selectionOf(["--yes"])).toThrow("--yes agrees to what --account costs");
  });

  test("where the environment names it, with everything that is missing told at once", () => {
    expect(accountSettings(good)).toEqual({
      accountId: "222222222201",
      region: "eu-west-1",
      zone: "trial.example.com",
      zoneId: "Z0123456789ABC",
    });
    expect(() => accountSettings({ ...good, SLIPWAY_ACCOUNT_ID: "2222", SLIPWAY_ACCOUNT_ZONE: undefined })).toThrow(
      [
        '  SLIPWAY_ACCOUNT_ID is "2222"; allowed: the 12 digits of an account that holds nothing else',
        "  SLIPWAY_ACCOUNT_ZONE is not set; allowed: a domain that is delegated to the account's zone",
      ].join("\n"),
    );
  });

  test("after a line that says what it costs, by the prices of the page", () => {
    const line = costLine(resolvedConfig("test/acceptance/account/stack/Pulumi.trial.yaml"));
    // 0.045 + 0.0225 + 3 x 0.005 + 4 x (0.25 x 0.04048 + 0.5 x 0.004445)
    expect(line).toContain("about $0.13 an hour (1 NAT gateway, 1 load balancer, 3 public addresses, up to 4 tasks on Fargate)");
  });
});
