/** Images that an update deploys, and their copies in standby regions. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { releaseTag } from "../../../components/registry/contract.ts";
import { configuredImages } from "../../../infra/config/configuredImages.ts";
import { Aws } from "../../../ops/aws/aws.ts";
import { keepImages } from "../../../ops/release/images.ts";
import { simulatedAws } from "../../../sandbox/aws/simulated.ts";
import { imageIn, pushImage } from "../../../sandbox/cloud/aws/images.ts";
import { advanceClock } from "../../../sandbox/cloud/clock.ts";
import type { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import { openLiveStore } from "../../../sandbox/sandbox.ts";
import { configOf } from "../../harness/config.ts";
import { twoRegions } from "../../harness/failoverStack.ts";
import { onlyApi, unwatched } from "../../harness/smallStacks.ts";

const config = configOf("staging", { ...unwatched, ...onlyApi, ...twoRegions("automatic") });
const images = configuredImages(config);
const home = { account: config.aws.accountId, region: config.aws.region };
const standby = { ...home, region: "eu-west-1" };
let folder: string;
let store: LiveStore;
let said: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-copies-"));
  store = openLiveStore(folder);
  said = [];
  for (const region of [home.region, standby.region])
    for (const { repository } of images)
      store.put({
        type: "aws:ecr/repository:Repository",
        id: repository,
        scope: `${home.account}/${region}`,
        properties: {},
        createdFor: "",
      });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Asks for copies of what is pushed from now on. */
function replicate(): void {
  const destinations = [{ region: standby.region, registryId: home.account }];
  const repositoryFilters = images.map(({ repository }) => ({ filter: repository, filterType: "PREFIX_MATCH" }));
  store.put({
    ...{ type: "aws:ecr/replicationConfiguration:ReplicationConfiguration", id: home.account, createdFor: "" },
    ...{
      scope: `${home.account}/${home.region}`,
      properties: { replicationConfiguration: { rules: [{ destinations, repositoryFilters }] } },
    },
  });
}

const keep = () => {
  const aws = new Aws({ ...home, cloud: "the simulated cloud", answer: simulatedAws(store, home.account) });
  const pause = async (milliseconds: number) => advanceClock(store, milliseconds);
  return keepImages(config, { resources: [], pendingOperations: [] }, aws, (line) => said.push(line), pause);
};
const copies = () => images.map((image) => imageIn(store, standby, image) !== undefined);

test("A5 what a stack has deployed before a standby region was added is copied there by the next update", async () => {
  for (const image of images) pushImage(store, home, image, [releaseTag(image.digest)]);
  replicate();
  await keep();
  expect(copies()).toEqual(images.map(() => true));
});

test("a copy that is on its way is waited for, and said", async () => {
  replicate();
  for (const image of images) pushImage(store, home, image);
  expect(copies()).toEqual(images.map(() => false));
  await keep();
  expect(copies()).toEqual(images.map(() => true));
  expect(said[0]).toContain("is being copied to eu-west-1; waiting for it");
});

test("what no rule copies is said, and holds nothing", async () => {
  for (const image of images) pushImage(store, home, image);
  await keep();
  expect(copies()).toEqual(images.map(() => false));
  expect(said.at(-1)).toContain("is not copied to eu-west-1: see aws ecr describe-registry --region us-east-1");
});
