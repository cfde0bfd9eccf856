/** The simulated registry, as the SDK's client and the provider's function see it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Aws } from "../../../ops/aws/aws.ts";
import { pushConfigured, setFate } from "../../../rehearsal/sandbox/images.ts";
import { simulatedAws } from "../../../sandbox/aws/simulated.ts";
import { aws as catalogue } from "../../../sandbox/cloud/aws/catalogue.ts";
import { imageIn, pushImage } from "../../../sandbox/cloud/aws/images.ts";
import { advanceClock } from "../../../sandbox/cloud/clock.ts";
import { Cloud } from "../../../sandbox/cloud/cloud.ts";
import type { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import { openLiveStore } from "../../../sandbox/sandbox.ts";
import { configOf } from "../../harness/config.ts";

const place = { account: "123456789012", region: "us-east-1" };
const digest = `sha256:${"a".repeat(64)}`;
const image = { repository: "api", digest };
let folder: string;
let store: LiveStore;
let cloud: Cloud;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-images-"));
  store = openLiveStore(folder);
  cloud = new Cloud(catalogue, store);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const create = (type: string, inputs: Parameters<Cloud["create"]>[0]["inputs"]) =>
  cloud.create({ type, urn: type, inputs, secrets: [] }, place);
const ecr = () =>
  new Aws({ ...place, cloud: "the simulated cloud", answer: simulatedAws(store, place.account) }).client("ecr", place.region);

describe("ECR", () => {
  test("tells images by digest and by tag, and names those that it has not", async () => {
    create("aws:ecr/repository:Repository", { name: "api" });
    pushImage(store, place, image, ["v1"]);
    const client = await ecr();
    const { imageDetails } = await client.describeImages({ repositoryName: "api", imageIds: [{ imageTag: "v1" }] });
    expect(imageDetails).toEqual([{ registryId: place.account, repositoryName: "api", imageDigest: digest, imageTags: ["v1"] }]);
    const absent = { imageDigest: `sha256:${"b".repeat(64)}` };
    const { images, failures } = await client.batchGetImage({ repositoryName: "api", imageIds: [{ imageDigest: digest }, absent] });
    expect(images?.map(({ imageId }) => imageId)).toEqual([{ imageDigest: digest }]);
    expect(failures).toEqual([{ imageId: absent, failureCode: "ImageNotFound", failureReason: "Requested image not found" }]);
    await expect(client.describeImages({ repositoryName: "api", imageIds: [absent] })).rejects.toMatchObject({
      name: "ImageNotFoundException",
    });
  });

  test("has no images of a repository that is not there", async () => {
    pushImage(store, place, image);
    const asked = (await ecr()).batchGetImage({ repositoryName: "api", imageIds: [{ imageDigest: digest }] });
    await expect(asked).rejects.toMatchObject({ name: "RepositoryNotFoundException" });
  });

  test("gives an image another tag, and a tag to one image only", async () => {
    create("aws:ecr/repository:Repository", { name: "api" });
    pushImage(store, place, image, ["v1"]);
    pushImage(store, place, { ...image, digest: `sha256:${"b".repeat(64)}` }, ["v2"]);
    const client = await ecr();
    const { images } = await client.batchGetImage({ repositoryName: "api", imageIds: [{ imageDigest: digest }] });
    const imageManifest = images?.[0]?.imageManifest;
    await client.putImage({ repositoryName: "api", imageManifest, imageTag: "release-1" });
    const { imageDetails } = await client.describeImages({ repositoryName: "api", imageIds: [{ imageDigest: digest }] });
    expect(imageDetails?.[0]?.imageTags).toEqual(["v1", "release-1"]);
    const again = (imageTag: string) => client.putImage({ repositoryName: "api", imageManifest, imageTag });
    await expect(again("release-1")).rejects.toMatchObject({ name: "ImageAlreadyExistsException" });
    await expect(again("v2")).rejects.toMatchObject({ name: "ImageTagAlreadyExistsException" });
  });

  test("copies what is pushed once replication is there, and nothing from before unless it gets a tag", () => {
    pushImage(store, place, image);
    const rules = [
      {
        destinations: [{ region: "eu-west-1", registryId: place.account }],
        repositoryFilters: [{ filter: "api", filterType: "PREFIX_MATCH" }],
      },
    ];
    create("aws:ecr/replicationConfiguration:ReplicationConfiguration", { replicationConfiguration: { rules } });
    expect(pushImage(store, place, image)).toEqual([]);
    expect(imageIn(store, { ...place, region: "eu-west-1" }, image)).toBeUndefined();
    expect(pushImage(store, place, image, ["again"])).toEqual(["us-east-1", "eu-west-1"]);
    expect(imageIn(store, { ...place, region: "eu-west-1" }, image)).toBeUndefined();
    advanceClock(store, 60_000);
    expect(imageIn(store, { ...place, region: "eu-west-1" }, image)?.properties.imageTags).toEqual(["again"]);
    expect(pushImage(store, place, { ...image, repository: "web" })).toEqual(["us-east-1"]);
  });

  test("is read by the provider's function", () => {
    const read = catalogue.invokes["aws:ecr/getImage:getImage"]!;
    const asked = { repositoryName: "api", imageDigest: digest };
    expect(() => read(asked, { store, place })).toThrow("ImageNotFoundException: The image with imageId");
    pushImage(store, { ...place, account: "210987654321" }, image);
    expect(() => read(asked, { store, place })).toThrow("ImageNotFoundException");
    expect(read({ ...asked, registryId: "210987654321" }, { store, place })).toMatchObject({
      imageDigest: digest,
      imageUri: `210987654321.dkr.ecr.us-east-1.amazonaws.com/api@${digest}`,
    });
  });
});

test("another account may ask what the repository's policy lets it; the provider asks for image and repository", () => {
  const other = "210987654321";
  const read = catalogue.invokes["aws:ecr/getImage:getImage"]!;
  const asked = () =>
    read({ repositoryName: "api", imageDigest: digest, registryId: place.account }, { store, place: { ...place, account: other } });
  create("aws:ecr/repository:Repository", { name: "api" });
  pushImage(store, place, image);
  expect(asked).toThrow("not authorized to perform: ecr:DescribeImages");
  const policy = (...Action: string[]) =>
    JSON.stringify({ Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${other}:root` }, Action }] });
  create("aws:ecr/repositoryPolicy:RepositoryPolicy", { repository: "api", policy: policy("ecr:DescribeImages") });
  expect(asked).toThrow("not authorized to perform: ecr:DescribeRepositories");
  const [made] = store.all("aws:ecr/repositoryPolicy:RepositoryPolicy");
  store.put({ ...made!, properties: { repository: "api", policy: policy("ecr:DescribeImages", "ecr:DescribeRepositories") } });
  expect(asked()).toMatchObject({ imageDigest: digest });
});

describe("slipway sandbox images", () => {
  test("pushes what a config names to every region that runs it, once", () => {
    const config = configOf("coinestate/production");
    const pushed = pushConfigured(folder, config);
    const { image: live } = config.services.api!.release.blue;
    expect(pushed).toContain(`coinestate-api@${live}: pushed to us-east-1, eu-west-1, ap-southeast-1`);
    expect(pushConfigured(folder, config).every((line) => line.endsWith(": there already"))).toBe(true);
  });

  test("says what becomes of an image's tasks", () => {
    const project = { folder: join(folder, "..") } as Parameters<typeof setFate>[0];
    expect(() => setFate(project, digest, "dies")).toThrow("slipway sandbox images push --stack <stack>");
  });
});
