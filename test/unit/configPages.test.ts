/** The pages of the config: a key that only one shape of a choice has says so. */
import { expect, test } from "vitest";
import { configPages } from "../../tools/configReference.ts";

/** Rows of a key. */
const rows = (area: "edge" | "databases", key: string) =>
  configPages()
    [area].split("\n")
    .filter((line) => line.startsWith(`| \`${key}\` |`));

test("other systems 5.9 a key of one provider or engine says whose it is, one that all have does not", () => {
  for (const key of ["edge.redirects", "edge.headers", "edge.cache"])
    expect(rows("edge", key)).toEqual([expect.stringMatching(/\(only with `provider: cloudflare`\) \|$/)]);
  expect(rows("databases", "databases.<name>.version")).toEqual([
    expect.stringContaining("(only with `engine: postgres`)"),
    expect.stringContaining("(only with `engine: documentdb`)"),
  ]);
  expect(rows("edge", "edge.rules").join()).toContain("(only with `provider: cloudflare` or `provider: awsWaf`)");
  expect(rows("databases", "databases.<name>.recoveryClass").join()).not.toContain("only with");
});

test("other systems 5.9 what decides is listed with all its values", () => {
  expect(rows("edge", "edge.provider")).toEqual(["| `edge.provider` | `none`, `cloudflare`, `awsWaf` | **required** |  |"]);
});
