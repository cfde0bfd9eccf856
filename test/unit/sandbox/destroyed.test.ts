/** What is not protected goes with what it holds: AWS writes into buckets, and people push images. */
import { expect, it } from "vitest";
import { Registry } from "../../../components/registry/registry.ts";
import { LogBucket } from "../../../components/storage/logBucket.ts";
import { pushImage } from "../../../sandbox/cloud/aws/images.ts";
import { emptyCloud, place } from "../../harness/emptyCloud.ts";
import { graphOf } from "../../harness/graph.ts";

const region = place.region;
const balancer = "aws:lb/loadBalancer:LoadBalancer";

/** Declares a bucket for logs and a repository, fills both, deletes them. */
async function filledAndDeleted(protect: boolean): Promise<readonly (() => void)[]> {
  const graph = await graphOf(() => {
    new LogBucket("logs", { region, accountId: place.account, protect });
    new Registry("images", { region, repositories: { api: {} }, protect });
  });
  const declared = (type: string) => graph.find((resource) => resource.type === type)!.checked;
  const { cloud, create, remove } = emptyCloud();
  const bucket = create("aws:s3/bucket:Bucket", declared("aws:s3/bucket:Bucket"));
  const repository = create("aws:ecr/repository:Repository", declared("aws:ecr/repository:Repository"));
  const vpc = create("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }).id;
  create("aws:ec2/internetGateway:InternetGateway", { vpcId: vpc });
  const subnets = ["a", "b"].map((zone, part) => {
    const inputs = { vpcId: vpc, cidrBlock: `10.0.${part}.0/24`, availabilityZone: `${region}${zone}` };
    return create("aws:ec2/subnet:Subnet", inputs, zone).id;
  });
  remove(balancer, create(balancer, { name: "alb", subnets, accessLogs: { bucket: bucket.properties.bucket!, enabled: true } }));
  pushImage(cloud.store, place, { repository: "api", digest: `sha256:${"1".repeat(64)}` });
  return [() => remove("aws:s3/bucket:Bucket", bucket), () => remove("aws:ecr/repository:Repository", repository)];
}

it("A30 logs and images of a stack that is not protected do not stop its destroy", async () => {
  const refused = (await filledAndDeleted(false)).flatMap((remove) => {
    try {
      remove();
      return [];
    } catch (error) {
      return [String(error)];
    }
  });
  expect(refused).toEqual([]);
});

it("logs and images of a protected stack are not deleted with what holds them", async () => {
  const [bucket, repository] = await filledAndDeleted(true);
  expect(bucket!).toThrow("BucketNotEmpty");
  expect(repository!).toThrow("RepositoryNotEmptyException");
});
