/** Physical names of databases. */
import { type Input, type Output, output } from "@pulumi/pulumi";

/**
 * A name that is known before the database exists, so that its log groups can be there first, and that stays the same
 * for its whole life: the resource's name and the first digits of its key's id. Another key is another database.
 */
export function identifierOf(name: string, keyArn: Input<string>): Output<string> {
  return output(keyArn).apply((arn) => `${name}-${keyDigits(arn)}`);
}

/** Eight digits that tell a key's resources from those of an earlier key of the same name. Pure. */
export function keyDigits(keyArn: string): string {
  return keyArn.replace(/^.*:key\/(?:mrk-)?/, "").slice(0, 8);
}
