/** The reference of the config, as Markdown, made from the same schemas that check the values: what matters first, and a page an area. */
import { type AreaName, areaNames } from "../components/environment/contract.ts";
import { shapeOfArea } from "../infra/config/areaShape.ts";
import { fieldTable, type Row, rowsOf } from "./fieldTable.ts";

/** How stacks share what they have in common. */
const base = [
  "## A base",
  "",
  "What stacks share stands once, in a base: a YAML file beside the stack files and in their shape, which `slipway:base` names.",
  "",
  "```yaml",
  "# base.yaml",
  "config:",
  "  slipway:network:",
  "    natGateways: single",
  "    interfaceEndpoints: [logs, kms]",
  "    flowLogs: {retentionDays: 30}",
  "",
  "# Pulumi.production.yaml",
  "config:",
  "  slipway:base: base.yaml # or a list of files, the later over the earlier",
  "  slipway:network:",
  "    natGateways: perZone # in place of single",
  "    interfaceEndpoints: [] # a list takes the place of the base's, whole",
  "    flowLogs: null # takes the base's away",
  "```",
  "",
  "- The stack's values lie over the base's by JSON Merge Patch (RFC 7386): maps merge, lists and values replace, `null` takes away. For a",
  '  whole area, `slipway:budget: ""` does the same and the engine does not warn of it.',
  "- Every message says in which file and line a value stands, and its command changes that file: `--config-file base.yaml` for a base,",
  "  with the stacks that share it. An element of a base's list is set there, or the whole list in the stack file: `pulumi config set --path",
  "  'slipway:network.zones[0]' …` on a stack file without that list would leave a list of one. `slipway pulumi config set` refuses it;",
  "  of plain `pulumi`, `config show` tells where a list takes the place of another.",
  "- A base holds plain values of Slipway: nothing encrypted (`pulumi config set --secret` on the stack), no key of another provider, no",
  "  anchors, no base of its own. It is in the folder of the stack file or below it.",
  "- The program reads the base beside its project's `Pulumi.yaml`, also under plain `pulumi up`, and with `--config-file` of another",
  "  folder, unless `SLIPWAY_STACK_FILE` names that file. What the engine itself puts together (the stack file, environments of Pulumi ESC,",
  "  `config` in `Pulumi.yaml`) lies over the base. Declare no key of Slipway in `Pulumi.yaml`: a default there goes before a base, and a key",
  "  without one is asked of the stack file itself. `config show` warns of both, and of environments, which it cannot read.",
];

/** What a first stack is made of, in the order in which one comes to it. The rest is on the areas' pages. */
const first: Readonly<Record<string, readonly string[]>> = {
  "Whose it is, and where": ["system", "environment", "protect", "aws.accountId", "aws.region"],
  "The way in": [
    "network.cidr",
    "network.zones",
    "network.natGateways",
    "dns.provider",
    "dns.zone",
    "loadBalancer.certificate.domain",
    "loadBalancer.certificate.alternativeNames",
    "loadBalancer.allowFrom",
    "edge.provider",
    "edge.rules",
    "edge.rules.<name>.mode",
  ],
  "What runs": [
    "registry.repositories",
    "services",
    "services.<name>.repository",
    "services.<name>.port",
    "services.<name>.route.hosts",
    "services.<name>.route.priority",
    "services.<name>.healthCheck.path",
    "services.<name>.scaling.minimum",
    "services.<name>.scaling.maximum",
    "services.<name>.environment",
    "services.<name>.secrets",
    "services.<name>.connects",
    "services.<name>.egress",
  ],
  "Its releases": [
    "services.<name>.release.live",
    "services.<name>.release.candidateWeight",
    "services.<name>.release.blue.image",
    "services.<name>.release.blue.capacity",
    "rollout.strategy",
    "rollout.steps",
    "autoRollback",
  ],
  "What it keeps": [
    "databases",
    "databases.<name>.engine",
    "databases.<name>.recoveryClass",
    "caches",
    "buckets",
    "buckets.<name>.purpose",
    "secrets",
    "backup.plans",
    "backup.plans.<name>.rules.<name>.schedule",
    "backup.plans.<name>.rules.<name>.deleteAfterDays",
    "backup.copyRegion",
    "backup.restoreTesting",
  ],
  "Who hears of it": [
    "notifications.emails",
    "notifications.slack",
    "notifications.pagerDuty",
    "alarms.requests.errorRatePercent",
    "alarms.requests.latencyMilliseconds",
    "slos",
    "uptime.endpoints",
    "dashboards.enabled",
    "budget.monthly",
  ],
  "A second region": ["failover.secondary.region", "failover.secondary.cidr", "failover.primary.policy"],
};

const areaRows = new Map<AreaName, readonly Row[]>();

function rowsOfArea(name: AreaName): readonly Row[] {
  const known = areaRows.get(name);
  if (known !== undefined) return known;
  const shape = shapeOfArea(name);
  const rows = rowsOf(name, shape, !("default" in shape));
  areaRows.set(name, rows);
  return rows;
}

/** The page that a first reader meets. @throws Error for a key that is among the first and that no area has */
export function configReference(): string {
  const every = new Map(areaNames.flatMap((name) => rowsOfArea(name).map((row) => [row.path, row] as const)));
  const sections = Object.entries(first).map(([title, paths]) => {
    const rows = paths.map((path) => {
      const row = every.get(path);
      if (row === undefined) throw new Error(`the config has no key ${path}, which tools/configReference.ts shows first`);
      return row;
    });
    return `### ${title}\n\n${fieldTable(rows, "Key")}`;
  });
  const areas = areaNames.map((name) => {
    const rows = rowsOfArea(name);
    return `| [\`${name}\`](config/${name}.md) | ${rows.length} | ${rows[0]?.shape.description ?? ""} |`;
  });
  return [
    "# Config of a stack",
    "",
    "The keys of `Pulumi.<stack>.yaml`, below `config:` with `slipway:` in front. `<name>` stands for a name of your choice, `[]` for",
    "every element of a list. Made from the contracts by `npm run schema`; do not edit.",
    "",
    "- See what a stack's files come to after defaults, each value with the file and line that it is from: `npx slipway config show staging`;",
    "  what its resources are called in the cloud: `npx slipway config show staging --names`.",
    "- See how two stacks differ: `npx slipway config diff staging production`.",
    "- Set a value: `pulumi config set --path 'slipway:services.api.release.candidateWeight' 5`, or edit the file; an editor with the",
    "  YAML language server completes keys and marks mistakes.",
    "- A mistake is refused before anything is changed, with the line, the value, what is allowed and the command that fixes it.",
    "",
    "## What matters first",
    "",
    "These are enough for a stack as those in this folder. All else has a default that holds in production; [every key](#every-key) by area.",
    "",
    sections.join("\n\n"),
    "",
    ...base,
    "",
    "## Every key",
    "",
    "| Area | Keys | What it is |",
    "|---|---|---|",
    ...areas,
    "",
  ].join("\n");
}

/** The page of each area, by the area's name. */
export function configPages(): Readonly<Record<AreaName, string>> {
  const page = (name: AreaName) =>
    [
      `# Config: ${name}`,
      "",
      "Every key of the area, as [the config](../config.md) writes them. Made from the contract by `npm run schema`; do not edit.",
      "",
      fieldTable(rowsOfArea(name), "Key"),
      "",
    ].join("\n");
  return Object.fromEntries(areaNames.map((name) => [name, page(name)])) as Record<AreaName, string>;
}
