/** What the gate makes of each end that one of its parts can come to. */
import { expect, test } from "vitest";
import { runPart } from "../../gate/part.ts";

/** Runs a shell script as a part. */
async function part(script: string, limitSeconds?: number) {
  const printed: string[] = [];
  const result = await runPart({ name: "part", command: "sh", args: ["-c", script] }, (line) => printed.push(line), limitSeconds);
  return { ...result, printed };
}

test("a part counts what its closing line says", async () => {
  expect(await part("echo a test; echo 12 passed, 0 failed")).toMatchObject({ passed: 12, failed: 0 });
  expect(await part("echo 12 passed, 2 failed, 7 skipped for 3 written reasons; exit 1")).toMatchObject({ passed: 12, failed: 2 });
  expect((await part("echo 1 passed, 0 failed")).problem).toBeUndefined();
});

test("a part without a closing line has failed, whatever it printed before", async () => {
  expect(await part("true")).toMatchObject({ passed: 0, failed: 1, problem: "ended with 0 and without a closing line" });
  expect(await part("echo 12 passed, 0 failed; echo and then it broke")).toMatchObject({ failed: 1 });
  expect(await part("echo 12 passed, 0 failed of what ran")).toMatchObject({ failed: 1 });
  expect(await part("echo 12 passed, 0 failed >&2")).toMatchObject({ failed: 1 });
});

test("a part that ends badly has failed, as a scan without one of its scanners", async () => {
  expect(await part("echo 12 passed, 0 failed; exit 3")).toMatchObject({ passed: 12, failed: 1, problem: "ended with 3" });
  expect(await part("kill -9 $$")).toMatchObject({ failed: 1, problem: "ended with SIGKILL and without a closing line" });
});

test("a part that cannot be started has failed", async () => {
  const result = await runPart({ name: "part", command: "/nowhere/at/all", args: [] }, () => {});
  expect(result).toMatchObject({ passed: 0, failed: 1 });
  expect(result.problem).toContain("ENOENT");
});

test("a part that does not end is ended, with what it started", async () => {
  const { failed, problem, seconds } = await part("sleep 60 & echo 1 passed, 0 failed; wait", 0.5);
  expect({ failed, problem }).toEqual({ failed: 1, problem: "took more than 0.5 s" });
  expect(seconds).toBeLessThan(20);
});

test("no line of a part can be taken for the gate's closing line", async () => {
  const { printed } = await part("echo 12 passed, 0 failed; echo 3 passed, 0 failed >&2; printf '1 passed, 0 failed'");
  expect(printed.toSorted()).toEqual(["part │ 1 passed, 0 failed", "part │ 12 passed, 0 failed", "part │ 3 passed, 0 failed"]);
});

test("a part that says itself what it used is believed: the system loses what outlives its parent", async () => {
  const { processor } = await part(
    "echo '  unit                60.1  of   70'; echo '  all                529.2  of  540'; echo 1 passed, 0 failed",
  );
  expect(processor).toBe(529.2);
});

test.runIf(process.platform === "linux")("a part's processor time is that of all that it started", async () => {
  const { processor } = await part("sh -c 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done'; echo 1 passed, 0 failed");
  expect(processor).toBeGreaterThan(0.05);
});
