/** Stacks by the names that the engine takes for them where states are files: with the organization, and with the project. */
import { expect, it } from "vitest";
import { findProject, stackFilePath } from "../../ops/project/project.ts";
import { sandboxStack } from "../../ops/project/stack.ts";

it.each(["organization/staging", "organization/slipway/staging"])("case 29 %s is staging", (given) => {
  expect(sandboxStack(given)).toMatchObject({ name: "staging", file: stackFilePath(findProject(), "staging") });
});

it.each([
  ["organization/shop/staging", "shop is another project than slipway, which this folder has. Give --stack staging."],
  ["acme/staging", "acme is no organization that Slipway knows: leave it out. Give --stack staging."],
])("case 29 %s is refused with the name that would do", (given, says) => {
  expect(() => sandboxStack(given)).toThrow(says);
});
