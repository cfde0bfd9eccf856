/** What every component does for its children: where they stand, what they are tagged with, whose they are. */
import { Provider } from "@pulumi/aws/provider.js";
import { Queue, type QueueArgs } from "@pulumi/aws/sqs/queue.js";
import { describe, expect, test } from "vitest";
import { serviceRole } from "../../components/aws/role.ts";
import { Component, type Regional } from "../../components/component.ts";
import { Environment } from "../../components/environment/environment.ts";
import { Place } from "../../components/environment/place.ts";
import { Region } from "../../components/environment/region.ts";
import { graphOf } from "../harness/graph.ts";

interface Args extends Regional {
  readonly queue?: Partial<QueueArgs>;
  readonly broken?: boolean;
}

/** One queue and one role. */
class Inner extends Component {
  constructor(name: string, args: Args, opts?: object) {
    super("slipway:test:Inner", name, args, opts, args.broken === true ? [{ propertyPath: "broken", reason: "is true" }] : []);
    const transform = (wanted: QueueArgs) => ({ args: { delaySeconds: Number(wanted.delaySeconds ?? 0) + 1 } });
    this.child(Queue, `${name}-queue`, { delaySeconds: 4, ...args.queue }, { transform, protect: true });
    serviceRole(this, name, { description: "a test", service: "lambda" });
    this.registerOutputs();
  }
}

class Outer extends Component {
  constructor(name: string, args: Args, opts?: object) {
    super("slipway:test:Outer", name, args, opts);
    this.child(Inner, `${name}-in`, { ...(args.queue === undefined ? {} : { queue: args.queue }) });
    this.registerOutputs();
  }
}

const tags = { Team: "a" };
const roles = { permissionsBoundary: "arn:aws:iam::123456789012:policy/most", path: "/slipway/" };

async function made(args: Partial<Args> = {}) {
  const graph = await graphOf(() => {
    new Outer("x", { region: "eu-west-1", tags, roles, ...args });
  });
  const of = (type: string) => graph.find((resource) => resource.type === type)!;
  return { graph, queue: of("aws:sqs/queue:Queue"), role: of("aws:iam/role:Role") };
}

describe("a child", () => {
  test("stands in the component's region, has its tags and its own name, and belongs to it", async () => {
    const { queue } = await made();
    expect(queue.inputs).toEqual({ region: "eu-west-1", tags: { Team: "a", Name: "x-in-queue" }, delaySeconds: 5 });
    expect(queue.parent).toBe("urn:pulumi:stack::slipway::slipway:test:Outer$slipway:test:Inner::x-in");
    expect(queue.protect).toBe(true);
  });

  test("stands where its own arguments say", async () => {
    const { queue } = await made({ queue: { region: "us-east-1", tags: { Only: "this" } } });
    expect(queue.inputs).toMatchObject({ region: "us-east-1", tags: { Only: "this" } });
  });

  test("that is a role is made within the limits that the component was given, or without any", async () => {
    expect((await made()).role.inputs).toMatchObject(roles);
    expect(Object.keys((await made({ roles: undefined })).role.inputs).sort()).toEqual(["assumeRolePolicy", "description", "tags"]);
  });
});

test("nothing is made of a component whose arguments are refused", async () => {
  const graph = await graphOf(() => {
    const refused = () => new Inner("x", { region: "eu-west-1", broken: true });
    expect(refused).toThrow("x cannot be created:\n  broken is true");
  });
  expect(graph.filter(({ custom }) => custom)).toEqual([]);
});

test("a place hands down region, account, tags, protection and providers, and can be in another region", async () => {
  const here = { system: "shop", environment: "prod", region: "us-east-1", accountId: "123456789012", protect: true, tags };
  const place = new Place(here);
  expect([place.names.code, place.names.stack, place.title("logs"), place.in("eu-west-2").names.code]).toEqual([
    "use1",
    "shop-prod",
    "shop prod: logs",
    "euw2",
  ]);
  const graph = await graphOf(() => {
    place.in("eu-west-2").tagged({ Site: "b" }).make(Inner, "y", {});
  });
  expect(graph.find(({ name }) => name === "y-queue")!.inputs).toMatchObject({
    region: "eu-west-2",
    tags: { Team: "a", Site: "b", Name: "y-queue" },
  });
});

test("an environment holds its regions, and both hand their providers down to what is made at their places", async () => {
  const graph = await graphOf(() => {
    const aws = new Provider("aws", { region: "us-east-1" });
    const here = { system: "shop", environment: "prod", region: "us-east-1", accountId: "123456789012", tags };
    const { place } = new Environment("shop-prod", here, { providers: [aws] });
    place.make(Inner, "whole", {});
    const ireland = place.in("eu-west-1");
    ireland.make(Region, ireland.names.code, { place: ireland }).place.limited(roles).make(Inner, "part", {});
  });
  const of = (name: string) => graph.find((resource) => resource.name === name)!;
  const environment = "urn:pulumi:stack::slipway::slipway:environment:Environment";
  expect(of("euw1").urn).toBe(`${environment}$slipway:environment:Region::euw1`);
  expect(of("whole-queue").urn).toBe(`${environment}$slipway:test:Inner$aws:sqs/queue:Queue::whole-queue`);
  expect(of("part-queue").urn).toBe(`${environment}$slipway:environment:Region$slipway:test:Inner$aws:sqs/queue:Queue::part-queue`);
  for (const name of ["whole-queue", "part-queue"]) expect(of(name).provider).toContain("pulumi:providers:aws::aws::");
  expect(of("part-queue").inputs).toMatchObject({ region: "eu-west-1", tags: { Team: "a", System: "shop", Environment: "prod" } });
  expect(graph.filter(({ type }) => type === "aws:iam/role:Role").map(({ inputs }) => inputs.path)).toEqual([undefined, roles.path]);
});
