/** Tasks that cannot reach what they need before their container starts, in the words of ECS. */
import { expect, test } from "vitest";
import { taskNetwork } from "../../harness/taskNetwork.ts";

/** Interface endpoints for all that a task calls, and the gateway to image layers. */
function withEndpoints({ create, endpoint, vpc, inside, table, https }: ReturnType<typeof taskNetwork>, left = "") {
  const doors = create("aws:ec2/securityGroup:SecurityGroup", { vpcId: vpc.id, name: "endpoints" });
  create("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", { ...https, securityGroupId: doors.id, cidrIpv4: "10.30.0.0/16" });
  const private_ = { vpcEndpointType: "Interface", privateDnsEnabled: true, subnetIds: [inside.id], securityGroupIds: [doors.id] };
  for (const service of ["ecr.api", "ecr.dkr", "secretsmanager", "ssm", "logs"]) if (service !== left) endpoint(service, private_);
  if (left !== "s3") endpoint("s3", { vpcEndpointType: "Gateway", routeTableIds: [table.id] });
}

test("through a NAT gateway, with 443 let out, everything is reached", () => {
  const { out, trouble } = taskNetwork();
  out("0.0.0.0/0");
  expect(trouble()).toBeUndefined();
});

test("without a rule for 443 there is no registry", () => {
  const { out, trouble, create, https } = taskNetwork();
  out("10.40.0.0/16");
  create("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", { ...https, fromPort: 587, toPort: 587, cidrIpv4: "0.0.0.0/0" });
  expect(trouble()).toBe(
    'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed caused by: Post "https://api.ecr.us-east-1.amazonaws.com/": dial tcp: i/o timeout. Please check your task network configuration.',
  );
});

test("without a route there is no registry, nor from a public subnet without a public address", () => {
  const { out, trouble, remove, route, create, vpc, table } = taskNetwork();
  out("0.0.0.0/0");
  remove("aws:ec2/route:Route", route);
  expect(trouble()).toContain("unable to retrieve ecr registry auth");
  const internet = create("aws:ec2/internetGateway:InternetGateway", { vpcId: vpc.id });
  create("aws:ec2/route:Route", { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: internet.id });
  expect(trouble()).toContain("unable to retrieve ecr registry auth");
  expect(trouble({ assignPublicIp: true })).toBeUndefined();
});

test("endpoints do in place of a NAT gateway", () => {
  const all = taskNetwork();
  all.remove("aws:ec2/route:Route", all.route);
  all.out("0.0.0.0/0");
  withEndpoints(all);
  expect(all.trouble()).toBeUndefined();
});

test.each([
  ["ecr.api", "unable to retrieve ecr registry auth"],
  ["ecr.dkr", "CannotPullContainerError"],
  ["s3", "CannotPullContainerError"],
  ["secretsmanager", "unable to retrieve secret from asm"],
  ["ssm", "unable to retrieve secrets from ssm"],
  ["logs", "failed to validate logger args"],
])("without an endpoint for %s and without a NAT gateway: %s", (left, says) => {
  const all = taskNetwork();
  all.remove("aws:ec2/route:Route", all.route);
  all.out("0.0.0.0/0");
  withEndpoints(all, left);
  expect(all.trouble()).toContain(says);
});

test("private DNS leads to the endpoint, also where its group does not let the tasks in", () => {
  const all = taskNetwork();
  all.out("0.0.0.0/0");
  const closed = all.create("aws:ec2/securityGroup:SecurityGroup", { vpcId: all.vpc.id, name: "closed" });
  const at = { vpcEndpointType: "Interface", privateDnsEnabled: true, subnetIds: [all.inside.id], securityGroupIds: [closed.id] };
  all.endpoint("logs", at);
  expect(all.trouble()).toContain("failed to validate logger args");
});

test("a rule to private addresses does for endpoints and not for image layers", () => {
  const all = taskNetwork();
  all.out("10.30.0.0/16");
  withEndpoints(all);
  expect(all.trouble()).toContain("https://s3.us-east-1.amazonaws.com/");
});

test("an image of another registry comes over the internet; subnets of somebody else are believed", () => {
  const all = taskNetwork();
  all.out("0.0.0.0/0");
  const foreign = [{ name: "app", image: "public.ecr.aws/docker/library/postgres:17" }];
  expect(all.trouble({}, foreign)).toBeUndefined();
  all.remove("aws:ec2/route:Route", all.route);
  expect(all.trouble({}, foreign)).toContain("CannotPullContainerError");
  expect(all.trouble({ subnets: ["subnet-0123456789abcdef0"] })).toBeUndefined();
});
