/** Commands that a command for the person on call names, and the one line in which it says what to run next. */
import { type StackFlags, stackWords } from "./stack.ts";

/**
 * A command of Slipway as it can be pasted: `npx slipway rollback acknowledge --stack production --service api`.
 * @param words the command itself: `rollback acknowledge`
 * @param flags the stack that it names, and the side that it asks
 * @param rest what follows, quoted as a shell wants it
 */
export function slipwayCommand(words: string, flags: StackFlags, rest = ""): string {
  return ["npx slipway", words, stackWords(flags), rest].filter((part) => part !== "").join(" ");
}

/**
 * The last line of what a command for the person on call prints. Read by people, and by the tests that walk an incident by nothing else.
 * @param command what to run; undefined where nothing is left to do
 */
export function nextLine(command: string | undefined): string {
  return `Next: ${command ?? "nothing to do"}`;
}
