/** The AWS of a stack: the real one or the simulated one, as the stack's backend says. */

import type { StackConfig } from "../../infra/config/stack.ts";
import type { Answer } from "../../sandbox/aws/simulated.ts";
import { type LiveStore, openLiveStore, timeIn } from "../../sandbox/sandbox.ts";
import { cloudFolder, isReal } from "../engine/backend.ts";
import { cloudOf, type NamedStack } from "../project/stack.ts";
import { Aws, type Patience } from "./aws.ts";

/**
 * @param region that is asked whose the credentials are. @default the stack's own
 * @param patience how long answers are waited for. @default usual
 * @param checked nobody is asked anything before it is known that the credentials are of the stack's account. Without it only what an ARN
 * names may be asked and changed, which AWS refuses to every other account. @default true
 */
export function openAws(
  stack: NamedStack<Pick<StackConfig, "aws"> & Partial<Pick<StackConfig, "dns">>>,
  region: string = stack.config.aws.region,
  patience: Patience = "usual",
  checked = true,
): Aws {
  const { aws, dns } = stack.config;
  const account = aws.accountId;
  const options = { region, patience, cloud: cloudOf(stack), ...(checked ? { account } : {}) };
  if (isReal(stack.backend, "aws")) return new Aws(options);
  let store: LiveStore | undefined;
  const live = () => {
    store ??= openLiveStore(cloudFolder(stack.backend));
    return store;
  };
  let opened: Promise<Answer> | undefined;
  const open = async () => {
    const { simulatedAws } = await import("../../sandbox/aws/simulated.ts");
    return simulatedAws(live(), process.env.SLIPWAY_SANDBOX_ACCOUNT ?? account, new Map(dns === undefined ? [] : [[dns.zoneId, dns.zone]]));
  };
  return new Aws({
    ...options,
    clock: () => timeIn(live()),
    answer: async (call) => {
      opened ??= open();
      return (await opened)(call);
    },
  });
}
