/** What a disk, its owner or an editor says no to: one sentence and exit code 2, no report of a fault in Slipway. */
import { mkdirSync, rmSync } from "node:fs";
import { expect, it } from "vitest";
import { systemError } from "../../ops/systemError.ts";
import { slipway } from "../harness/host/commandProcess.ts";
import { ProjectFolder } from "../harness/projectFolder.ts";

type Broken = [about: string, breakIt: (project: ProjectFolder) => void, args: readonly string[], says: RegExp];

const object = ".slipway/live/aws/123456789012.us-east-1/ec2.Vpc/vpc-1.json";
const show = ["config", "show", "staging"];
const list = ["sandbox", "list"];

const broken: readonly Broken[] = [
  [
    "a stack file that is a folder",
    (project) => {
      rmSync(project.file("Pulumi.staging.yaml"));
      mkdirSync(project.file("Pulumi.staging.yaml"));
    },
    show,
    /^\S+Pulumi\.staging\.yaml is a folder; a file is needed there\.$/,
  ],
  [
    "Pulumi.yaml that is a folder",
    (project) => {
      rmSync(project.file("Pulumi.yaml"));
      mkdirSync(project.file("Pulumi.yaml"));
    },
    show,
    /^\S+Pulumi\.yaml is a folder; a file is needed there\.$/,
  ],
  [
    "a name that is a list",
    (project) => project.write("Pulumi.yaml", "name: [a]\nruntime: nodejs\n"),
    show,
    /Pulumi\.yaml cannot be used:\n +name is \["a"\]\n.*allowed: /,
  ],
  [
    "options and an address that are no map and no text",
    (project) => project.write("Pulumi.yaml", "name: shop\nruntime: {name: nodejs, options: [1]}\nbackend: {url: [b]}\n"),
    show,
    /runtime\.options is \[1\][\s\S]*backend\.url is \["b"\]/,
  ],
  [
    "an object of the simulated cloud that was cut off",
    (project) => project.write(object, "{"),
    list,
    /vpc-1\.json is damaged: .*\n.*\n {2}rm '\S*vpc-1\.json'$/,
  ],
  [
    "one that is JSON and no object",
    (project) => project.write(object, "[]"),
    list,
    /vpc-1\.json is damaged: .*\n.*\n {2}rm '\S*vpc-1\.json'$/,
  ],
  [
    "a file where a folder is needed",
    (project) => project.write(".slipway", ""),
    list,
    /\.slipway\S* leads through a file; a folder is needed there\.$/,
  ],
];

it.each(broken)("case 41 %s is told in a sentence", async (_, breakIt, args, says) => {
  using project = new ProjectFolder({ "Pulumi.staging.yaml": "config:\n  slipway:system: shop\n" });
  breakIt(project);
  const { exitCode, stderr } = await slipway(args, project.path);
  expect(stderr).toMatch(says);
  expect(stderr).not.toMatch(/\n\s+at |Please report/);
  expect(exitCode).toBe(2);
});

const failed = (code: string, syscall: string, path?: string) => Object.assign(new Error(`${code}: no`), { code, syscall, path });

it.each([
  [failed("EACCES", "open", "Pulumi.yaml"), "Pulumi.yaml may not be read or changed by this user. See who may: ls -ld Pulumi.yaml"],
  [failed("EROFS", "mkdir", "/repo/.slipway"), "/repo/.slipway is on a file system that can only be read. Work in a copy of the project"],
  [failed("ENOSPC", "write"), "What Slipway asked the system for (write) has no room: the disk is full. See: df -h"],
])("%s is a sentence", (error, says) => {
  expect(systemError(error)).toContain(says);
});

it.each([
  ["a fault of ours", new TypeError("x is not a function")],
  ["no error of a file", failed("ECONNREFUSED", "connect")],
  ["no error at all", "ENOSPC"],
])("%s is none: it is reported", (_, error) => {
  expect(systemError(error)).toBeUndefined();
});
