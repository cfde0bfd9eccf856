/** What a database does later is no drift; whatever else differs is. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Aws } from "../../../ops/aws/aws.ts";
import { pendingIn, withoutPending } from "../../../ops/ci/pending.ts";
import { reviewPreview } from "../../../ops/review/stackReview.ts";
import { answered } from "../../../sandbox/aws/simulated.ts";
import { aws as catalogue } from "../../../sandbox/cloud/aws/catalogue.ts";
import { Cloud } from "../../../sandbox/cloud/cloud.ts";
import { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import type { Properties } from "../../../sandbox/provider/values.ts";

const urn = "urn:pulumi:s::p::slipway:database:Postgres$aws:rds/instance:Instance::main";
const state = (inputs: object) => ({ type: "aws:rds/instance:Instance", custom: true, inputs });
const live = (before: object, after: object) =>
  reviewPreview({
    ...{ project: "p", stack: "s", exitCode: 0, stderr: "" },
    stdout: JSON.stringify({
      steps: [{ op: "update", urn, oldState: state(before), newState: state(after) }],
      changeSummary: { update: 1 },
    }),
  });
const waits = [{ urn, properties: ["instanceClass"], lines: [] }];

test("a class that waits is taken out; one that nobody waits with, or beside another difference, stays", () => {
  const waiting = live({ instanceClass: "b" }, { instanceClass: "a" });
  expect(waiting).toMatchObject({ status: "changes", changes: [{ name: "main" }] });
  expect(withoutPending(waiting, waits)).toMatchObject({ status: "same", changes: [], stories: [] });
  expect(withoutPending(waiting, [{ ...waits[0]!, properties: ["multiAz"] }])).toEqual(waiting);
  expect(withoutPending(waiting, [{ ...waits[0]!, urn: urn.replace("::main", "::other") }])).toEqual(waiting);
  const more = live({ instanceClass: "b", publiclyAccessible: false }, { instanceClass: "a", publiclyAccessible: true });
  expect(withoutPending(more, waits)).toEqual(more);
});

test("A22 a parameter of a DocumentDB cluster that waits for a reboot is said, with the command for each instance", async () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-pending-"));
  try {
    const place = { account: "123456789012", region: "us-east-1" };
    const store = new LiveStore(folder);
    const cloud = new Cloud(catalogue, store);
    const create = (type: string, inputs: Properties) => cloud.create({ type, urn: `urn::${type}`, inputs, secrets: [] }, place);
    const group = "aws:docdb/clusterParameterGroup:ClusterParameterGroup";
    const threshold = (value: string) => ({
      ...{ name: "docs", family: "docdb5.0" },
      parameters: [{ name: "profiler_threshold_ms", value, applyMethod: "pending-reboot" }],
    });
    const { id, properties } = create(group, threshold("100"));
    const made = [
      [
        "aws:docdb/cluster:Cluster",
        {
          ...{ clusterIdentifier: "docs", engine: "docdb", dbClusterParameterGroupName: "docs" },
          manageMasterUserPassword: true,
          skipFinalSnapshot: true,
        },
      ],
      ...["docs-a", "docs-b"].map((identifier) => [
        "aws:docdb/clusterInstance:ClusterInstance",
        { identifier, clusterIdentifier: "docs", instanceClass: "db.t4g.medium" },
      ]),
    ] as [string, Properties][];
    const resources = made.map(([type, inputs]) => ({ type, urn: `urn::${type}`, inputs, outputs: create(type, inputs).properties }));
    const answer = ({ client, operation, input }: { client: string; operation: string; input: object }) =>
      answered(client, operation, input, { store, place });
    const aws = new Aws({ ...place, cloud: "the simulated cloud", answer });
    const lines = async () =>
      (await pendingIn({ resources, pendingOperations: [] }, aws, place.region)).flatMap((pending) => pending.lines);
    expect(await lines()).toEqual([]);
    cloud.update(id, properties, { type: group, urn: "u", inputs: threshold("200"), secrets: [] }, place);
    expect(await lines()).toEqual(
      ["docs-a", "docs-b"].map(
        (server) =>
          `${server}: parameters of docs, until it is rebooted; no window does that: aws docdb reboot-db-instance --region us-east-1 --db-instance-identifier ${server}`,
      ),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
