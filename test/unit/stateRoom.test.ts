/** A full disk: asked for before an update, and what is left of a state that was cut off. */
import fs, { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { dirname } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { inNotedProject, inProject, leave, own, preview, starts, stateFile, up } from "../harness/notedEngine.ts";

/** Says how many bytes are free where the state is, to whoever asks. */
function free(bytes: number): void {
  vi.spyOn(fs, "statfsSync").mockReturnValue({ bavail: bytes / 512, bsize: 512 } as never);
  syncBuiltinESMExports();
}
afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

inNotedProject();

test("case 42 an update is refused where its state has no room, before the engine is started; a preview is not", async () => {
  free(1_200_000);
  await preview();
  expect(starts()).toContain("preview");
  await expect(up()).rejects.toThrow(/1\.2 MB free in .*state.* 16\.0 MB .*nothing was changed/is);
  expect(starts()).toEqual([]);
  rmSync(inProject(".slipway", "state"), { recursive: true });
  await expect(up()).rejects.toThrow("1.2 MB free in");
  leave({ resources: Array.from({ length: 20_000 }, () => own) });
  free(20_000_000);
  await expect(up()).rejects.toThrow(/20\.0 MB free/);
  free(1_000_000_000);
  await up();
  expect(starts()).toContain("up");
});

describe("a state that was cut off", () => {
  const backup = (name: string) => inProject(".slipway", "state", ".pulumi", "backups", "slipway", "staging", `staging.${name}.json`);
  const cut = (file: string) => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, readFileSync(stateFile()));
    truncateSync(file, 60);
  };
  const said = () => preview().then(String, String);

  test("case 42 only what is whole is advised: the version before, else the newest whole one from the end of an update", async () => {
    const whole = readFileSync(stateFile());
    cut(backup("1796057973340792156"));
    mkdirSync(dirname(backup("1")), { recursive: true });
    for (const name of ["1796057973340792155", "1796057973340792154"]) writeFileSync(backup(name), whole);
    writeFileSync(`${stateFile()}.bak`, whole);
    truncateSync(stateFile(), 60);
    expect(await said()).toContain(`cp '${stateFile()}.bak' '${stateFile()}'`);
    truncateSync(`${stateFile()}.bak`, 60);
    expect(await said()).toContain(`cp '${backup("1796057973340792155")}' '${stateFile()}'`);
    expect(await said()).not.toContain(".bak'");
  });

  test("case 42 where none is whole, it says what can be taken in again", async () => {
    cut(`${stateFile()}.bak`);
    truncateSync(stateFile(), 60);
    const text = await said();
    expect(text).toContain("No copy of it is whole");
    expect(text).toContain("slipway sandbox list");
    expect(text).toContain("pulumi import --stack staging");
    expect(text).not.toContain("staging.json.bak'");
  });
});
