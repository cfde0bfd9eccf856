/** Every URN of every shipped stack, as committed files: a moved URN is a replaced resource. Update with `npx vitest -u`. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { baseSchema, stackFileSchema } from "../../ops/config/jsonSchema.ts";
import { showConfig } from "../../ops/config/show.ts";
import { componentPages } from "../../tools/componentReference.ts";
import { configPages, configReference } from "../../tools/configReference.ts";
import { functionCore, functionCoreFile } from "../../tools/functionCore.ts";
import { configOf } from "../harness/config.ts";
import { declaredGraph } from "../harness/declaredGraph.ts";

const root = join(import.meta.dirname, "..", "..");

describe.each(["production", "staging"])("%s", (stack) => {
  test("URNs", async () => {
    const resources = await declaredGraph(configOf(stack));
    const text = resources
      .map(({ urn }) => urn.replace("urn:pulumi:stack::slipway::", ""))
      .sort()
      .join("\n");
    await expect(`${text}\n`).toMatchFileSnapshot(join(import.meta.dirname, `${stack}.urns.txt`));
  });

  test("resolved config", async () => {
    await expect(showConfig(configOf(stack))).toMatchFileSnapshot(join(import.meta.dirname, `${stack}.config.yaml`));
  });

  test("the preview of a creation registers the same, with nothing known that is not", async () => {
    const urns = async (preview: boolean) => (await declaredGraph(configOf(stack), { preview })).map(({ urn }) => urn).sort();
    expect(await urns(true)).toEqual(await urns(false));
  });
});

test("the editor's schema is the one that the config has; `npm run schema` writes it", async () => {
  await expect(`${JSON.stringify(stackFileSchema(), null, 2)}\n`).toMatchFileSnapshot(join(root, "infra", "config", "stack.schema.json"));
  await expect(`${JSON.stringify(baseSchema(), null, 2)}\n`).toMatchFileSnapshot(join(root, "infra", "config", "base.schema.json"));
});

test("the rollback function carries the core as it is; `npm run schema` writes it", async () => {
  await expect(functionCore()).toMatchFileSnapshot(join(root, functionCoreFile));
});

test("the config reference is the one that the schemas give; `npm run schema` writes it", async () => {
  await expect(configReference()).toMatchFileSnapshot(join(root, "docs", "config.md"));
  for (const [area, page] of Object.entries(configPages()))
    await expect(page).toMatchFileSnapshot(join(root, "docs", "config", `${area}.md`));
  expect(configReference().match(/^\| `/gm)?.length).toBeLessThanOrEqual(60);
});

test("the arguments of every component stand on its page, as its contract has them; `npm run schema` writes them", async () => {
  const pages = Object.entries(await componentPages());
  expect(pages.length).toBeGreaterThan(20);
  for (const [file, page] of pages) await expect(page).toMatchFileSnapshot(join(root, "docs", "components", file));
});
