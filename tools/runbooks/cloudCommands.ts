/** Commands of the AWS CLI and of kubectl in a page, taken apart. */
import { commandsIn } from "../../ops/runbook/page.ts";

/** One command of the AWS CLI. */
export interface AwsCommand {
  readonly line: string;
  readonly service: string;
  /** With what it waits for: `wait db-instance-available`. */
  readonly operation: string;
  readonly flags: readonly string[];
}

/** One command of kubectl. */
export interface KubectlCommand {
  readonly line: string;
  readonly verb: string;
  readonly flags: readonly string[];
}

const aws = /\baws ([a-z0-9]+) (wait )?([a-z0-9-]+)((?: [^;|>)]*)?)/g;

/** Every command of the AWS CLI in blocks and sentences of a page. */
export function awsCommandsIn(text: string): AwsCommand[] {
  return [...commandsIn(text), ...spansIn(text)].flatMap((line) =>
    [...unquoted(line).matchAll(aws)].map(([, service = "", wait = "", operation = "", rest = ""]) => ({
      ...{ line, service, operation: `${wait}${operation}`, flags: flagsIn(rest) },
    })),
  );
}

/** Every command of kubectl in a page. */
export function kubectlCommandsIn(text: string): KubectlCommand[] {
  return [...commandsIn(text), ...spansIn(text)].flatMap((line) =>
    [...unquoted(line).matchAll(/\bkubectl ([a-z-]+)((?: [^;|>)]*)?)/g)].map(([, verb = "", rest = ""]) => ({
      line,
      verb,
      flags: flagsIn(rest),
    })),
  );
}

/** Values in quotes, and what another program says in their place, may have anything in them. */
function unquoted(line: string): string {
  return line.replaceAll(/'[^']*'/g, "''").replaceAll(/\$\(date [^)]*\)/g, "");
}

function spansIn(text: string): string[] {
  return [...text.replaceAll(/^```[\s\S]*?^```/gm, "").matchAll(/`((?:aws|kubectl) [^`\n]+)`/g)].map(([, span = ""]) => span);
}

function flagsIn(rest: string): string[] {
  return rest.split(/\s+/).flatMap((word) => /^(--?[a-z][a-z-]*)/.exec(word)?.[1] ?? []);
}
