/** What `verify` says of the images that are deployed. */
import { expect, test } from "vitest";
import { configuredImages } from "../../../infra/config/configuredImages.ts";
import { wantedImages } from "../../../ops/release/heldImages.ts";
import { UserError } from "../../../ops/userError.ts";
import { imageChecks } from "../../../ops/verify/images.ts";
import { configOf } from "../../harness/config.ts";
import { twoRegions } from "../../harness/failoverStack.ts";
import { onlyApi, unwatched } from "../../harness/smallStacks.ts";

const config = configOf("staging", { ...unwatched, ...onlyApi, ...twoRegions("automatic") });
const digests = configuredImages(config).map(({ digest }) => digest);

test("A9 an image that is deployed and that the registry has no more fails, in each region by itself", async () => {
  const held = async ({ region }: { readonly region: string }) => ({ digests: region === "us-east-1" ? digests : digests.slice(1) });
  const checks = await imageChecks(wantedImages(config), held);
  expect(checks.map(({ what, verdict, found }) => [what, verdict, found])).toEqual([
    ["2 images of coinestate-staging-api in us-east-1", "good", "all there"],
    ["2 images of coinestate-staging-api in eu-west-1", "failed", `not there: ${digests[0]}`],
  ]);
});

test("A9 a registry that does not answer is not verified, and one without the repository has nothing", async () => {
  const refused = await imageChecks(wantedImages(config).slice(0, 1), () => Promise.reject(new UserError("AccessDenied")));
  expect(refused.map(({ verdict, found }) => [verdict, found])).toEqual([["failed", "AccessDenied"]]);
  const absent = await imageChecks(wantedImages(config).slice(0, 1), async () => ({ repository: "absent" }));
  expect(absent[0]).toMatchObject({ verdict: "failed", found: `not there: ${digests.join(", ")}` });
});
