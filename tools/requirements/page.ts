/** docs/requirements.md, made from the catalogue. */
import { type Catalogue, type Requirement, referenceOf, sectionOf, stateOf, states } from "./requirement.ts";

/** The whole page. */
export function requirementsPage({ sections, requirements, contradictions }: Catalogue): string {
  const all = Object.entries(requirements);
  const parts = Object.entries(sections).map(([prefix, heading]) => ({
    prefix,
    heading,
    entries: all.filter(([id]) => sectionOf(id) === prefix),
  }));
  return [
    "# Requirements",
    "",
    "What the five systems ask for, where Slipway has it and what proves it. Made from `docs/requirements.yaml` by `npm run schema`; do",
    "not edit. `test/golden/requirements.test.ts` checks that every file, config key and test named here exists.",
    "",
    "- **met**: what meets it, and its tests.",
    "- **partly**: the same, and what is lacking.",
    "- **outside**: it belongs to the application or to people; what Slipway has for it.",
    "- **planned**: what it waits for.",
    "",
    `| Section | Ids | ${states.join(" | ")} |`,
    `|---|${"--:|".repeat(states.length + 1)}`,
    ...parts.map(({ prefix, heading, entries }) => countRow(`[${prefix}](#${prefix.toLowerCase()}) ${heading}`, entries)),
    countRow("**all**", all),
    "",
    ...parts.flatMap(({ prefix, heading, entries }) => [
      `## ${prefix}`,
      "",
      `${heading}.`,
      "",
      "| Id | What is asked | State | Where, and what proves it |",
      "|---|---|---|---|",
      ...entries.map(([id, requirement]) => row(id, requirement)),
      "",
    ]),
    "## X",
    "",
    "Where a deployment guide says two things, or two guides differ. The pages in `examples/` tell what that is in each system.",
    "",
    "| Id | About | What is said | What it is here |",
    "|---|---|---|---|",
    ...Object.entries(contradictions).map(([id, { topic, said, becomes }]) => `| ${[id, topic, said, becomes].map(cell).join(" | ")} |`),
    "",
  ].join("\n");
}

function countRow(name: string, entries: readonly (readonly [string, Requirement])[]): string {
  const counts = states.map((state) => entries.filter(([, requirement]) => stateOf(requirement) === state).length);
  return `| ${[name, entries.length, ...counts.map((count) => (count === 0 ? "" : count))].join(" | ")} |`;
}

function row(id: string, requirement: Requirement): string {
  return `| ${[id, cell(requirement.title), stateOf(requirement), cell(sentences(requirement).join("<br>"))].join(" | ")} |`;
}

function sentences(requirement: Requirement): string[] {
  const note = requirement.note === undefined ? [] : [`Note: ${requirement.note}`];
  if ("planned" in requirement) return [`Waits for: ${requirement.planned}`, ...note];
  if ("outside" in requirement) return [`Why: ${requirement.outside}`, `Offered: ${requirement.offers}`, ...note];
  const lacks = requirement.lacks === undefined ? [] : [`**Lacks:** ${requirement.lacks}`];
  return [`By: ${requirement.by.map(link).join(", ")}`, `Tests: ${requirement.test.map(link).join(", ")}`, ...lacks, ...note];
}

/** A file as a link from docs/, with the text that is meant in it; a config key as code. */
function link(text: string): string {
  const reference = referenceOf(text);
  if (reference.kind === "key") return `\`${reference.path}\``;
  const { file, contains } = reference;
  return `[${file}](../${file})${contains === undefined ? "" : ` “${contains}”`}`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ").trim();
}
