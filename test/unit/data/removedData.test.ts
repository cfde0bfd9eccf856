/** What holds data and leaves the config of a protected stack is refused before the engine begins, in the words of the config. */
import { describe, expect, it } from "vitest";
import { formatConfigPath } from "../../../infra/config/problem.ts";
import { deployedData, replacingDataChanges } from "../../../infra/release/deployedData.ts";
import { configOf, type Edits } from "../../harness/config.ts";

const isProtected = { protect: true };
const secret = { store: "secretsManager" };

/** Places of the problems that an update of one stack to another has. */
function refused(before: Edits, after: Edits): string[] {
  const [was, is] = [before, after].map((edits) => configOf("shop/production", { ...isProtected, ...edits }));
  return replacingDataChanges(is!, deployedData(was!)).map(({ path }) => formatConfigPath(path));
}

describe("a protected stack", () => {
  it("V16 refuses a secret under another name, whose value would be lost with the old one", () => {
    const renamed = { "secrets./shop/prod/partner/key": undefined, "secrets./shop/prod/partner/api-key": secret };
    expect(refused({}, renamed)).toEqual(["secrets./shop/prod/partner/key"]);
  });

  it("V16 refuses to lose a read replica, which services read from", () => {
    expect(refused({}, { "databases.main.readReplicas": {} })).toEqual(["databases.main.readReplicas.reports"]);
  });

  it("V16 refuses another region, where everything would be made anew", () => {
    const there = { "aws.region": "us-east-1", "network.zones": ["us-east-1a", "us-east-1b"], "backup.copyRegion": "us-west-2" };
    expect(refused({}, there)).toEqual(["aws.region"]);
  });

  it("refuses to lose a store, whatever it is called from then on", () => {
    const files = { "buckets.files": { purpose: "private" } };
    expect(refused({}, files)).toEqual([]);
    expect(refused(files, {})).toEqual(["buckets.files"]);
  });

  it("takes what comes beside the old, and loses what it must once it is protected no more", () => {
    expect(refused({}, { "secrets./shop/prod/partner/api-key": secret })).toEqual([]);
    expect(refused({}, { protect: false, "databases.main.readReplicas": {} })).toEqual([]);
  });
});
