/** STS: the credentials of the simulated cloud are those of whoever sits at the machine. */
import { userInfo } from "node:os";
import type { STS } from "@aws-sdk/client-sts";
import type { OperationsOf } from "./operation.ts";

export const identity = {
  GetCallerIdentity: (_, { place: { account } }) => {
    const { username } = userInfo();
    return { Account: account, Arn: `arn:aws:iam::${account}:user/${username}`, UserId: username };
  },
} satisfies OperationsOf<STS>;
