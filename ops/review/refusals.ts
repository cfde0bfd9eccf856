/** What the engine refuses because it is protected. */
import { resourceName } from "../../infra/config/resourceName.ts";
import { shortType } from "./story.ts";

/**
 * How the engine says it, with the command that would lose the data as its advice: pkg/resource/deploy, step.go and step_generator.go.
 * Both words for it are of v3.230.0; the older one is that of deletions before. A preview puts words of its own before them.
 */
const protection =
  /(?:unable to (?:replace|delete) resource|(?:^|preview failed: |update failed: )resource) "([^"]+)"[\s\S]*?(?:is currently marked for protection|because it is protected)/i;

/** How a config that is refused begins: the stack's file, and how many problems it has. */
const badConfig = /^(?:error: )?(Pulumi\.\S+\.yaml has \d+ problems?):\s*\n/;

/** The first words of a refused config without the error's own, and what comes after them; undefined for any other error. */
export function readBadConfig(message: string): { readonly amount: string; readonly problems: string } | undefined {
  const [start, amount] = badConfig.exec(message) ?? [];
  return start === undefined || amount === undefined
    ? undefined
    : { amount, problems: message.slice(start.length).replace(/^\n+|\s+$/g, "") };
}

/** A protected resource that an update would delete or replace. */
export interface Refusal {
  readonly type: string;
  readonly name: string;
}

/** Errors of a run: what its protections refuse apart from the others, and without the engine's last word that it failed. */
export function readErrors(messages: readonly string[]): { readonly refused: readonly Refusal[]; readonly errors: readonly string[] } {
  const plain = messages.map((message) => message.replaceAll(/<\{%\w+%\}>/g, "").trim()).filter((message) => message !== "");
  const urns = [...new Set(plain.flatMap((message) => protection.exec(message)?.[1] ?? []))];
  const rest = plain.filter((message) => !protection.test(message));
  const telling = rest.filter((message) => !/^(error: )?(preview|update) failed$/.test(message));
  return {
    refused: urns.map((urn) => ({ type: shortType(urn.split("::").at(-2)?.split("$").at(-1) ?? ""), name: resourceName(urn) })),
    errors: [...new Set(telling.length + urns.length > 0 ? telling : rest)],
  };
}

/** `10 protected things would be deleted or replaced`. */
export function refusedText({ length }: readonly Refusal[]): string {
  return `${length} protected thing${length === 1 ? "" : "s"} would be deleted or replaced`;
}

/** What to do about it so that the data stays. */
export const refusedMend =
  "Nothing is changed. Take back what removes them from the config; where data is to move, docs/decisions/0007-data-and-config-changes.md has the way that keeps it.";
