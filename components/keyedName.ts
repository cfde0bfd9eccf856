/** Physical names that belong to a key. */
import { type Input, type Output, output } from "@pulumi/pulumi";
import { keyDigits, keyedStart, type LimitedType } from "./physicalName.ts";

/**
 * A name that is known before what it is of exists, so that its log groups can be there first, and that stays the same
 * for its whole life: the resource's name and the first digits of its key's id. Another key is another database.
 *
 * @param type token of what is named so
 * @param taken characters that are put behind it. @default 0
 */
export function keyedName(type: LimitedType, name: string, keyArn: Input<string>, taken = 0): Output<string> {
  const start = keyedStart(type, name, taken);
  return output(keyArn).apply((arn) => `${start}${keyDigits(arn)}`);
}
