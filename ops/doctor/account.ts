/** Credentials and account. */
import type { Aws } from "../aws/aws.ts";
import { UserError } from "../userError.ts";
import type { Line } from "./line.ts";

/** Whose the credentials are: `good` when they are of the stack's account. */
export async function accountLine(aws: Aws, account: string): Promise<Line> {
  const line = { area: "account", what: `credentials of ${account}` } as const;
  try {
    const { arn } = await aws.identity();
    return { ...line, found: arn, verdict: "good" };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (error.exitCode !== 2)
      return { ...line, found: error.message, verdict: "notAsked", fix: "aws sts get-caller-identity   (until it answers)" };
    const fix = `aws sso login, or export AWS_PROFILE=<profile of ${account}>; then: aws sts get-caller-identity`;
    return { ...line, found: error.message, verdict: "missing", fix };
  }
}
