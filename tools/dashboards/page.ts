/** The page of the dashboards, with a picture of each. */
import { join } from "node:path";
import { regionCode } from "../../components/environment/regionCode.ts";
import { parseConfig } from "../../infra/config/parse.ts";
import { readStackFile } from "../../infra/config/stackFile.ts";
import { dashboardPicture } from "./picture.ts";
import { plannedDashboards } from "./planned.ts";

/** Stacks that are shown: one with PostgreSQL, Cloudflare and a cluster, one with DocumentDB, shared files and panels by path. */
const shown = [
  { system: "CoinEstate", stack: "coinestate/production", about: "PostgreSQL, a front end on Kubernetes, Cloudflare before everything" },
  { system: "Olympiad", stack: "olympiad/production", about: "DocumentDB, shared files, CloudFront, panels for single paths" },
] as const;

/** What each kind answers, in the order in which one opens them. */
const kinds = {
  region: "Is the region well, and if not, where to look? The one to open first.",
  service: "What do users of a service notice, and why?",
  release: "Is the candidate as good as what it replaces? Blue at the left, green at the right, each in its colour.",
  data: "Can the stores be reached, are they quick, have they room?",
  edge: "Do the public names answer, what is refused, and by whom?",
} as const;

/** Markdown of the page, and its pictures by file name. */
interface DashboardPage {
  readonly page: string;
  readonly pictures: Readonly<Record<string, string>>;
}

/** Draws the page. @param root folder of the project */
export async function dashboardPage(root: string): Promise<DashboardPage> {
  const pictures: Record<string, string> = {};
  const sections: string[] = [];
  for (const { system, stack, about } of shown) {
    const [folder = "", name = ""] = stack.split("/");
    const file = readStackFile(join(root, "examples", folder, `Pulumi.${name}.yaml`));
    const config = parseConfig(file.raw, file);
    const documents = await plannedDashboards(config);
    sections.push(`## ${system}, ${name}`, `${about}.`);
    for (const [kind, question] of Object.entries(kinds)) {
      // Where the stack lives; a standby region has dashboards of its own.
      const found = Object.entries(documents).find(([dashboard]) => dashboard.endsWith(`-${regionCode(config.aws.region)}-${kind}`));
      if (found === undefined) continue;
      const picture = `${folder}-${name}-${kind}.svg`;
      pictures[picture] = dashboardPicture(`${system} ${name}: ${kind}`, found[1]);
      sections.push(`### ${kind}`, question, `![Dashboard ${found[0]}](dashboards/${picture})`);
    }
  }
  const page = [
    "# Dashboards",
    "Drawn from the code by `npm run dashboards`: every widget is where CloudWatch puts it, with the metrics, colours and thresholds that an update writes. The shapes of the lines and the numbers are made up. What can be set: [observability](components/observability.md).",
    ...sections,
  ];
  return { page: `${page.join("\n\n")}\n`, pictures };
}
