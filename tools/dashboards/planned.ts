/** Documents of a stack's dashboards as an update would write them, without an engine: the program runs against mocks. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runtime } from "@pulumi/pulumi";
import type { StackConfig } from "../../infra/config/stack.ts";
import { declare } from "../../infra/program.ts";
import { aws } from "../../sandbox/cloud/aws/catalogue.ts";
import { Cloud } from "../../sandbox/cloud/cloud.ts";
import { cloudflare } from "../../sandbox/cloud/cloudflare/catalogue.ts";
import { identify, namesFromPrefixes } from "../../sandbox/cloud/identity.ts";
import { kubernetes } from "../../sandbox/cloud/kubernetes/catalogue.ts";
import { LiveStore } from "../../sandbox/cloud/liveStore.ts";
import { Resources } from "../../sandbox/provider/resources.ts";
import { type Properties, reveal } from "../../sandbox/provider/values.ts";
import { type DashboardDocument, documentOf } from "./document.ts";

const catalogues = { aws, cloudflare, kubernetes };
const dashboardType = "aws:cloudwatch/dashboard:Dashboard";

/** Every dashboard of a stack by its name in the account. */
export async function plannedDashboards(config: StackConfig): Promise<Record<string, DashboardDocument>> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-dashboards-"));
  const store = new LiveStore(folder);
  const place = { account: config.aws.accountId, region: config.aws.region };
  const documents: Record<string, DashboardDocument> = {};
  const cloudOf = (type: string) => {
    const [name = ""] = type.split(":");
    const catalogue = Object.entries(catalogues).find(([packageName]) => packageName === name)?.[1];
    return catalogue === undefined ? undefined : new Cloud(catalogue, store);
  };
  try {
    await runtime.setMocks(
      {
        call: ({ token, inputs }) => cloudOf(token)?.catalogue.invokes[token]?.(inputs, { store, place }) ?? {},
        newResource: ({ type, name, inputs, custom }) => {
          const cloud = cloudOf(type);
          if (custom !== true || cloud === undefined) return { id: `${name}-id`, state: inputs };
          if (type === dashboardType) documents[String(inputs.dashboardName)] = documentOf(String(inputs.dashboardBody));
          const checked = new Resources(cloud).check(`urn:pulumi:stack::slipway::${type}::${name}`, {}, inputs, new Uint8Array(), place);
          const plain: Properties = reveal(checked.inputs).plain;
          const made = identify(cloud.identity(type), { ...namesFromPrefixes(plain), ...cloud.planned(type, plain) }, place, store);
          return { id: made.id, state: made.properties };
        },
      },
      "slipway",
      "dashboards",
      false,
      "organization",
    );
    await runtime.runInPulumiStack(async () => declare(config));
    await runtime.disconnect();
    return documents;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
