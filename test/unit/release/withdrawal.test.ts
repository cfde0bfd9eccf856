/** How long clients may stay with a colour that lost its traffic, and what a rule forwards to when one colour gets everything. */
import { expect, test } from "vitest";
import { clientsMayStay, everythingTo } from "../../../components/release/withdrawal.ts";

const gone = "2027-01-01T00:00:00.000Z";
const after = (seconds: number) => new Date(Date.parse(gone) + seconds * 1000);

test.each([
  ["clients stay with none", { share: 50, servedUntil: gone }, 0, false],
  ["it has traffic", { stickinessSeconds: 600, share: 1, servedUntil: "" }, 0, true],
  ["it has had its traffic taken a moment ago", { stickinessSeconds: 600, share: 0, servedUntil: gone }, 599.999, true],
  ["the last cookie has just ended", { stickinessSeconds: 600, share: 0, servedUntil: gone }, 600, false],
  ["it never had any", { stickinessSeconds: 600, share: 0, servedUntil: "" }, 0, false],
])("clients may stay where %s", (_, former, seconds, may) => {
  expect(clientsMayStay(former, after(seconds))).toBe(may);
});

test("everything goes to one colour; the other stays in the rule unless clients stick to it", () => {
  expect(everythingTo("green", false)).toEqual([
    { colour: "green", weight: 100 },
    { colour: "blue", weight: 0 },
  ]);
  expect(everythingTo("blue", true)).toEqual([{ colour: "blue", weight: 100 }]);
});
