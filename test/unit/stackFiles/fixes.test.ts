/** What a fix must not do: delete what was there, or write what is somebody else's. */
import { expect, it } from "vitest";
import { type Edits, errorOf, rawConfig } from "../../harness/config.ts";

const said = (edits: Edits) => errorOf(rawConfig("bench/production", edits)).replaceAll(/\s+/g, " ");

it("case 43a a list that is too long keeps what is in it, and says how many may stay", () => {
  const emails = Array.from({ length: 11 }, (_, index) => `team-${index}@shop.example`);
  const text = said({ "budget.monthly": { usd: 100, emails } });
  expect(text).toContain("at most 10");
  expect(text).not.toMatch(
    /coinestate\.io'? |config rm --stack production( --config-file base\.yaml)? --path 'slipway:budget\.monthly\.emails' /,
  );
});

it("case 43b no fix has a digest that no registry has", () => {
  const text = said({ "services.api.release.blue.image": "latest" });
  expect(text).toContain("slipway:services.api.release.blue.image' VALUE # with a value of yours");
  expect(text).not.toMatch(/sha256:[0-9a-f]{64}/);
});

it("other systems 5.3 a tag in place of a digest leads to the commands that find its digest", () => {
  const text = said({ "services.api.release.blue.image": "ghcr.io/shop/api:1.4" });
  expect(text).not.toMatch(/sha256:[0-9a-f]{64}/);
  expect(text).toContain("docker buildx imagetools inspect");
});

it("case 09a the fix of an account that lost its leading zero does not write eleven digits", () => {
  const text = said({ "aws.accountId": 12345678901 });
  expect(text).not.toContain("12345678901 --type string");
  expect(text).toContain("VALUE");
});
