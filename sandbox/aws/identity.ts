/** STS: the credentials of the simulated cloud are those of whoever sits at the machine. */
import { userInfo } from "node:os";
import type { GetCallerIdentityRequest, GetCallerIdentityResponse } from "@aws-sdk/client-sts";
import type { Operation, Operations } from "./operation.ts";

const getCallerIdentity: Operation<GetCallerIdentityRequest, GetCallerIdentityResponse> = (_, { place: { account } }) => {
  const { username } = userInfo();
  return { Account: account, Arn: `arn:aws:iam::${account}:user/${username}`, UserId: username };
};

export const identity: Operations = { GetCallerIdentity: getCallerIdentity };
