/** Which AWS a command asks. */
import { join } from "node:path";
import type { Answer } from "../../sandbox/aws/simulated.ts";
import type { PackageName } from "../../sandbox/sandbox.ts";
import type { Project } from "../project/project.ts";
import { Aws } from "./aws.ts";

/** The account and region of a stack. */
export interface AwsPlace {
  readonly accountId: string;
  readonly region: string;
}

/** @param real providers whose real side is used */
export function openAws(project: Project, { accountId: account, region }: AwsPlace, real: readonly PackageName[]): Aws {
  if (real.includes("aws")) return new Aws({ account, region });
  let opened: Promise<Answer> | undefined;
  const open = async () => (await import("../../sandbox/aws/simulated.ts")).simulatedAws(join(project.folder, ".slipway"), account);
  return new Aws({
    account,
    region,
    answer: async (call) => {
      opened ??= open();
      return (await opened)(call);
    },
  });
}
