/** AWS behind the one door, answering from a table, and everything that it was asked. */
import { Aws } from "../../ops/aws/aws.ts";
import { type Call, serviceError } from "../../sandbox/aws/simulated.ts";

/** Answers of an operation, one after the other; the last one stays. An error is thrown. */
export type Answers = Readonly<Record<string, object | readonly (object | Error)[] | Error>>;

/** The account that the commands are meant for. */
export const account = "123456789012";

/**
 * @param answers by client and operation: `SSM.GetParameter`; whatever is not in it is refused
 * @param owner account of the credentials; null where any account will do. @default the stack's
 */
export function stubbedAws(answers: Answers, owner: string | null = account): { readonly aws: Aws; readonly calls: Call[] } {
  const calls: Call[] = [];
  const all: Answers = { "STS.GetCallerIdentity": { Account: owner, Arn: `arn:aws:iam::${owner}:user/jo` }, ...answers };
  const left = new Map(Object.entries(all).map(([name, answer]) => [name, Array.isArray(answer) ? [...answer] : [answer]]));
  const answer = (call: Call): object => {
    calls.push(call);
    const queue = left.get(`${call.client}.${call.operation}`) ?? [serviceError("AccessDeniedException", "not allowed")];
    const next = (queue.length > 1 ? queue.shift() : queue[0]) as object | Error;
    if (next instanceof Error) throw next;
    return next;
  };
  return { aws: new Aws({ ...(owner === null ? {} : { account }), region: "us-east-1", cloud: "the simulated cloud", answer }), calls };
}

/** What was asked: `SSM.GetParameter`. */
export function asked(calls: readonly Call[]): string[] {
  return calls.map(({ client, operation }) => `${client}.${operation}`);
}
