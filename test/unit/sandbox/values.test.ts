/** Marks on values, property paths, and the words that faults are written in. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Faults, InjectedFault, parseFault } from "../../../sandbox/faults/faults.ts";
import { conceal, containsUnknown, formatPath, mapPaths, type Properties, reveal, unknown } from "../../../sandbox/provider/values.ts";

const secret = (value: string): Properties => ({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value });

describe("secret marks", () => {
  const marked = { a: secret("x"), b: [{ c: secret("y") }], d: "z" };
  test("come off with their paths and go back on", () => {
    const { plain, secrets } = reveal(marked);
    expect(plain).toEqual({ a: "x", b: [{ c: "y" }], d: "z" });
    expect(secrets).toEqual([["a"], ["b", 0, "c"]]);
    expect(conceal(plain, secrets)).toEqual(marked);
  });
  test("of values that are gone are forgotten", () => expect(conceal({ d: "z" }, [["a"], ["b", 0, "c"]])).toEqual({ d: "z" }));
  test("can be replaced where they stand", () =>
    expect(
      mapPaths(
        { a: { b: [1, 2] } },
        [
          ["a", "b", 1],
          ["x", "y"],
        ],
        () => "sealed",
      ),
    ).toEqual({ a: { b: [1, "sealed"] } }));
});

test("unknown values are found at any depth", () => {
  expect(containsUnknown({ a: [{ b: unknown }] })).toBe(true);
  expect(containsUnknown({ a: [{ b: "known" }] })).toBe(false);
});

test("paths read as the engine prints them", () => expect(formatPath(["a", 0, "b c", "d"])).toBe('a[0]["b c"].d'));

describe("faults", () => {
  test("are read from words", () => {
    expect(parseFault("kill create aws:ec2/natGateway:NatGateway 2 after")).toEqual({
      action: "kill",
      operation: "create",
      type: "aws:ec2/natGateway:NatGateway",
      nth: 2,
      when: "after",
      milliseconds: 1000,
    });
    expect(parseFault("delay update aws:* 5s")).toMatchObject({ nth: 1, when: "before", milliseconds: 5000 });
  });
  test.each([
    ["kil create aws:x", 'the action is "kil"'],
    ["kill make aws:x", 'the operation is "make"'],
    ["kill create", "the type is"],
    ["kill create aws:x sometimes", 'a word after the type is "sometimes"'],
  ])("%s is refused", (words, says) => expect(() => parseFault(words)).toThrow(says));

  test("a delay goes on for as long as its file is there", async () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-fault-"));
    const held = join(folder, "held");
    writeFileSync(held, "");
    let done = false;
    const call = new Faults([parseFault(`delay update aws:* 1ms while=${held}`)], () => {}).around("update", "aws:ec2/vpc:Vpc", () => {
      done = true;
    });
    await setTimeout(150);
    expect(done).toBe(false);
    rmSync(folder, { recursive: true });
    await call;
    expect(done).toBe(true);
  });

  test("strike at the n-th call of their kind, before or after", async () => {
    let calls = 0;
    const faults = new Faults([parseFault("fail create aws:ec2/* 2 after"), parseFault("fail update aws:ec2/vpc:Vpc")], () => {});
    const call = (operation: "create" | "update", type: string) => faults.around(operation, type, () => ++calls);
    expect(await call("create", "aws:ec2/vpc:Vpc")).toBe(1);
    expect(await call("create", "aws:lb/listener:Listener")).toBe(2);
    await expect(call("create", "aws:ec2/subnet:Subnet")).rejects.toThrow(InjectedFault);
    expect(calls).toBe(3);
    await expect(call("update", "aws:ec2/vpc:Vpc")).rejects.toThrow(InjectedFault);
    expect(calls).toBe(3);
    expect(await call("create", "aws:ec2/subnet:Subnet")).toBe(4);
  });
});
