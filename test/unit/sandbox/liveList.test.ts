/** What `slipway sandbox list` prints is read in a terminal. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { sandboxOf } from "../../../ops/engine/backend.ts";
import { listLive } from "../../../rehearsal/sandbox/live.ts";
import { openLiveStore } from "../../../sandbox/sandbox.ts";

const long = `arn:aws:elasticloadbalancing:us-east-1:123456789012:listener-rule/app/${"a".repeat(32)}/0123456789abcdef/0123456789abcdef/0123`;

it("other systems 5.18 the list is as wide as the widest id, which stands alone and whole", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-list-"));
  try {
    const project = { folder, name: "shop", runtimeOptions: {} };
    const store = openLiveStore(sandboxOf(project).folder);
    const of = { scope: "123456789012.us-east-1", properties: {}, createdFor: "" };
    store.put({ ...of, type: "aws:lb/listenerRule:ListenerRule", id: long });
    store.put({ ...of, type: "aws:ec2/vpc:Vpc", id: "vpc-2" });
    store.put({ ...of, type: "aws:ec2/vpc:Vpc", id: "vpc-1" });
    store.put({ ...of, scope: "123456789012.us-west-2", type: "aws:ec2/vpc:Vpc", id: "vpc-3" });
    expect(listLive(project, undefined).split("\n")).toEqual([
      "aws:ec2/vpc:Vpc in 123456789012.us-east-1",
      "  vpc-1",
      "  vpc-2",
      "aws:ec2/vpc:Vpc in 123456789012.us-west-2",
      "  vpc-3",
      "aws:lb/listenerRule:ListenerRule in 123456789012.us-east-1",
      `  ${long}`,
      "4 objects exist in the simulated cloud",
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
