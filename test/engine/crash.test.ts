/** An update that is killed at any engine call, followed by a plain `up`, ends where an uninterrupted one ends. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiOnCluster } from "../harness/cluster.ts";
import { onlyApi, unwatched } from "../harness/smallStacks.ts";
import { canonical, StackUnderTest } from "../harness/stack.ts";

const small = { ...unwatched, ...onlyApi };

/** Faults of one stack, one after the other: what the later one waits for is made after what the one before it kills. */
const creations = [
  ["kill create aws:ec2/vpc:Vpc 1 after", "kill create aws:ec2/natGateway:NatGateway 1 before"],
  ["kill create aws:kms/key:Key 1 after"],
  ["kill create aws:s3/bucket:Bucket 1 after"],
  ["kill create aws:lb/loadBalancer:LoadBalancer 1 after", "kill create aws:ecs/service:Service 2 before"],
  ["kill create aws:ecs/taskDefinition:TaskDefinition 2 after"],
  ["kill create cloudflare:index/dnsRecord:DnsRecord 1 after"],
  ["kill create aws:ec2/route:Route 2 after"],
].map((faults): [string, string[]] => [faults.join(", then "), faults]);

describe("a first update that is killed", () => {
  const undisturbed = new StackUnderTest("staging", small);
  let expected: string[] = [];

  beforeAll(async () => {
    await undisturbed.prepare();
    expected = canonical(undisturbed.live());
  });
  afterAll(() => undisturbed.remove());

  test.each(creations)("%s", async (_, faults) => {
    const stack = new StackUnderTest("staging", small);
    try {
      for (const fault of faults) {
        const killed = await stack.up("--fault", fault);
        expect(killed.exitCode, fault).toBe(137);
        expect(stack.live().length).toBeLessThan(expected.length);
      }
      const { exitCode, stdout, stderr } = await stack.up();
      expect(exitCode, stdout + stderr).toBe(0);
      expect(canonical(stack.live())).toEqual(expected);
      const again = await stack.preview();
      expect(again.changes).toEqual([]);
    } finally {
      stack.remove();
    }
  });
});

describe("an update that makes objects on a cluster and is killed", () => {
  test.each(["before", "after"])("K8 %s a Deployment is there: the next one settles it by its name", async (when) => {
    const stack = new StackUnderTest("staging", { ...small, ...apiOnCluster });
    try {
      expect((await stack.up("--fault", `kill create kubernetes:apps/v1:Deployment 1 ${when}`)).exitCode).toBe(137);
      const { exitCode, stdout, stderr } = await stack.up();
      expect(exitCode, stdout + stderr).toBe(0);
      expect(stack.live("kubernetes:apps/v1:Deployment").map(({ id }) => id)).toEqual(["coinestate/api-blue", "coinestate/api-green"]);
      expect((await stack.preview()).changes).toEqual([]);
    } finally {
      stack.remove();
    }
  });
});

describe("an update of a running stack that is killed", () => {
  const stack = new StackUnderTest("staging", unwatched);

  beforeAll(() => stack.prepare());
  afterAll(() => stack.remove());

  test("after the weight was written: state says 0, live says 25, and a rollback `up` to 0 brings it back", async () => {
    stack.set({ "services.api.release.candidateWeight": 25 });
    expect((await stack.up("--fault", "kill update aws:lb/listenerRule:ListenerRule 1 after")).exitCode).toBe(137);
    expect(stack.liveWeights("api")).toEqual([75, 25]);
    stack.set({ "services.api.release.candidateWeight": 0 });
    expect((await stack.preview()).changes.map(({ op, name }) => `${op} ${name}`)).toEqual(["update coinestate-staging-use1-api"]);
    const { exitCode, stderr } = await stack.up();
    expect(exitCode, stderr).toBe(0);
    expect(stack.liveWeights("api")).toEqual([100, 0]);
    expect((await stack.preview()).changes).toEqual([]);
  });

  test("with a creation pending besides: the rule alone can be put back, though the state says that it never moved", async () => {
    const mail = { https: { port: 443, cidr: "0.0.0.0/0" }, smtp: { port: 587, cidr: "0.0.0.0/0" } };
    stack.set({ "services.api.release.candidateWeight": 25, "services.web.egress": mail });
    const slow = "delay create aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule 1 before 30s";
    expect((await stack.up("--fault", slow, "--fault", "kill update aws:lb/listenerRule:ListenerRule 1 after")).exitCode).toBe(137);
    expect(stack.liveWeights("api")).toEqual([75, 25]);
    stack.set({ "services.api.release.candidateWeight": 0 });
    const { exitCode, stdout, stderr } = await stack.up("--target", "**ListenerRule::*-api");
    expect(exitCode, stdout + stderr).toBe(0);
    expect(stderr).toContain("creating aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule");
    expect(stderr).toContain("the state said 100/0, live is 75/25");
    expect(stack.liveWeights("api")).toEqual([100, 0]);
    expect((await stack.up()).exitCode).toBe(0);
    expect((await stack.preview()).changes).toEqual([]);
  });

  test("before the weight was written: nothing moved, and a plain `up` moves it", async () => {
    stack.set({ "services.api.release.candidateWeight": 25 });
    expect((await stack.up("--fault", "kill update aws:lb/listenerRule:ListenerRule 1 before")).exitCode).toBe(137);
    expect(stack.liveWeights("api")).toEqual([100, 0]);
    expect((await stack.up()).exitCode).toBe(0);
    expect(stack.liveWeights("api")).toEqual([75, 25]);
  });

  test("in the middle of a replacement: the new one is taken in, the old one goes", async () => {
    stack.set({ "loadBalancer.certificate.alternativeNames": ["*.staging.coinestate.io", "extra.staging.coinestate.io"] });
    expect((await stack.up("--fault", "kill create aws:acm/certificate:Certificate 1 after")).exitCode).toBe(137);
    expect(stack.live("aws:acm/certificate:Certificate")).toHaveLength(2);
    const { exitCode, stdout, stderr } = await stack.up();
    expect(exitCode, stdout + stderr).toBe(0);
    expect(stack.live("aws:acm/certificate:Certificate")).toHaveLength(1);
    expect((await stack.preview()).changes).toEqual([]);
  });

  test("while a service's tasks are being replaced: the next up finishes it, and no traffic has moved", async () => {
    stack.set({ "services.api.release.candidateWeight": 0 });
    expect((await stack.up()).exitCode).toBe(0);
    stack.set({ "services.api.release.green.image": `sha256:${"6".repeat(64)}` });
    expect((await stack.up("--fault", "kill update aws:ecs/service:Service 1 after")).exitCode).toBe(137);
    stack.set({ "services.api.release.candidateWeight": 25 });
    const refused = await stack.up();
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stdout).toContain("not deployed yet");
    expect(stack.liveWeights("api")).toEqual([100, 0]);
    stack.set({ "services.api.release.candidateWeight": 0 });
    expect((await stack.up()).exitCode).toBe(0);
    expect((await stack.preview()).changes).toEqual([]);
  });

  test("between two deletions of egress rules: nothing stateful is lost, the rest goes", async () => {
    const before = stack.live().filter(({ type }) => /kms\/key|s3\/bucket:|ecr\/repository:/.test(type));
    stack.set({ "services.web.egress": { https: { port: 443, cidr: "0.0.0.0/0" }, smtp: { port: 587, cidr: "0.0.0.0/0" } } });
    expect((await stack.up()).exitCode).toBe(0);
    stack.set({ "services.web.egress": { https: { port: 443, cidr: "0.0.0.0/0" } } });
    expect((await stack.up("--fault", "kill delete aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule 1 after")).exitCode).toBe(137);
    expect((await stack.up()).exitCode).toBe(0);
    expect((await stack.preview()).changes).toEqual([]);
    expect(stack.live().filter(({ type }) => /kms\/key|s3\/bucket:|ecr\/repository:/.test(type))).toEqual(before);
  });
});
