/** `pulumi stack rm` deletes the stack file with the state. In the sandbox it stays: it is the config of the real stack too, and committed. */

/** The pulumi command, with the stack file kept where the command removes a stack and does not say what becomes of it. */
export function keepingStackFile(command: readonly string[]): readonly string[] {
  const words = command.filter((word) => !word.startsWith("-"));
  const verb = words[words.indexOf("stack") + 1] ?? "";
  const removes = words.includes("stack") && ["rm", "remove"].includes(verb);
  return removes && !command.some((word) => word.startsWith("--preserve-config")) ? [...command, "--preserve-config"] : command;
}
