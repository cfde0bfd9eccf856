/** The engine asks a person before it changes anything; in a pipe or a pipeline there is none. */
import { UserError } from "../userError.ts";

/** Flags that answer beforehand, or ask for nothing but words. */
const answered = /^(?:--(?:yes|skip-preview|preview-only|help)(?:=true)?|-(?!-)\w*[yfh]\w*)$/;

/**
 * Refuses a command that nobody can be asked about, before anything starts.
 * @param stack words that name the stack
 * @throws UserError with the commands that look, and that go ahead
 */
export function refuseUnanswered(command: string, stack: string, flags: readonly string[]): void {
  const asks = process.stdin.isTTY && process.stdout.isTTY && !flags.some((flag) => /^--non-interactive(?:=true)?$/.test(flag));
  if (asks || flags.some((flag) => answered.test(flag)) || /^(?:1|true)$/i.test(process.env.PULUMI_SKIP_CONFIRMATIONS ?? "")) return;
  throw new UserError(
    [
      `${command} asks before it changes anything, and nobody can answer here: input and output are not both a terminal's. Nothing was done.`,
      ...(command === "up" ? [`  to see what it would change:   slipway preview ${stack}`] : []),
      `  to go ahead without a question:   slipway ${command} ${stack} --yes`,
    ].join("\n"),
    2,
  );
}
