/** What `npm run acceptance -- --only kubernetes` needs, and says where it is not there. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { findBinaries } from "../../acceptance/kubernetes/binaries.ts";
import { gateway, givenObjects } from "../../acceptance/kubernetes/givenObjects.ts";
import { timetable } from "../../acceptance/kubernetes/timetable.ts";
import { needsAws, selectionOf } from "../../acceptance/selection.ts";

describe("the part", () => {
  test("is asked for by name, and then nothing speaks to AWS", () => {
    const asked = selectionOf(["--only", "kubernetes"], {});
    expect(asked).toMatchObject({ kubernetes: true, own: false, everything: false, examples: [] });
    expect(needsAws(asked)).toBe(false);
    expect(needsAws(selectionOf(["--only", "kubernetes", "--only", "state"], {}))).toBe(true);
    expect(needsAws(selectionOf(["--only", "examples/coinestate"], {}))).toBe(true);
    expect(needsAws(selectionOf(["--account"], {}))).toBe(true);
  });

  test("belongs to everything where the programs of a cluster are here", () => {
    expect(selectionOf([], {})).toMatchObject({ kubernetes: false, everything: true });
    expect(selectionOf([], { SLIPWAY_K8S_BIN: "" }).kubernetes).toBe(false);
    expect(selectionOf([], { SLIPWAY_K8S_BIN: "/opt/kubernetes" })).toMatchObject({ kubernetes: true, everything: true });
  });
});

describe("the programs", () => {
  let root: string;
  let folder: string;
  const there = (...names: readonly string[]) => {
    for (const name of names) writeFileSync(join(folder, name), "");
    return () => findBinaries({ SLIPWAY_K8S_BIN: folder });
  };
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "slipway-binaries-"));
  });
  beforeEach(() => {
    folder = mkdtempSync(join(root, "bin-"));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test("are missing where no folder is named, or one that is not there", () => {
    expect(() => findBinaries({})).toThrow("SLIPWAY_K8S_BIN is not set; allowed: the folder of these programs.");
    expect(() => findBinaries({ SLIPWAY_K8S_BIN: "/nowhere" })).toThrow("SLIPWAY_K8S_BIN is /nowhere, which does not exist");
    expect(() => findBinaries({})).toThrow("Then: SLIPWAY_K8S_BIN=<folder> npm run acceptance -- --only kubernetes");
  });

  test("are told by name where they are missing, all at once, with where they are had", () => {
    const some = there("etcd", "kube-apiserver");
    expect(some).toThrow("there is no kube-controller-manager, no kube-scheduler, no kwok, no pulumi-resource-kubernetes.");
    expect(some).toThrow("https://github.com/kubernetes-sigs/kwok/releases");
  });

  test("stand each by its own name", () => {
    const names = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok", "pulumi-resource-kubernetes"] as const;
    const found = there(...names)();
    expect(found.controlPlane.etcd).toEqual([join(folder, "etcd")]);
    expect(found.nodes).toEqual([join(folder, "kwok")]);
    expect(found.plugin).toBe(join(folder, "pulumi-resource-kubernetes"));
  });

  test("of the control plane may be one program that takes the name as its first word", () => {
    const { controlPlane, nodes } = there("cluster", "nodes", "pulumi-resource-kubernetes")();
    expect(controlPlane["kube-scheduler"]).toEqual([join(folder, "cluster"), "kube-scheduler"]);
    expect(nodes).toEqual([join(folder, "nodes")]);
  });
});

test("the cluster gives the documented rights, the Gateway that config names, and nodes in three zones", () => {
  const objects = givenObjects();
  expect(objects[0]).toMatchObject({ kind: "ClusterRole", metadata: { name: "slipway-deployer" } });
  expect(objects.find(({ kind }) => kind === "ClusterRoleBinding")).toMatchObject({ roleRef: { name: "slipway-deployer" } });
  expect(objects.find(({ kind }) => kind === "Gateway")?.metadata).toMatchObject({ name: gateway.name, namespace: gateway.namespace });
  const zones = objects.flatMap(({ kind, metadata }) => (kind === "Node" ? [metadata?.labels?.["topology.kubernetes.io/zone"]] : []));
  expect(new Set(zones).size).toBe(3);
});

test("the table has one way of switching beside the other, and what failed by that word", () => {
  const ended = [
    { title: "weights: the stack is created", passed: true, seconds: 20.12 },
    { title: "weights: 5 % for green is one update", passed: true, seconds: 8 },
    { title: "weights: the stack is created", passed: true, seconds: 18 },
    { title: "selector: the stack is created", passed: false, seconds: 3 },
  ];
  const lines = timetable(ended).split("\n");
  expect(lines.find((line) => line.includes("created"))).toMatch(/created +│ +20\.1, 18\.0 │ +FAILED │$/);
  expect(lines.find((line) => line.includes("5 %"))).toMatch(/update │ +8\.0 │ +– │$/);
});
