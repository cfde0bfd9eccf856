/** IAM: which policies a role has, written into it and attached to it. */
import type { IAM } from "@aws-sdk/client-iam";
import { CloudError } from "../cloud/catalogue.ts";
import { type Asked, type OperationsOf, pageOf } from "./operation.ts";

const types = {
  role: "aws:iam/role:Role",
  inline: "aws:iam/rolePolicy:RolePolicy",
  attached: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
} as const;

export const rolePolicies = {
  ListRolePolicies: ({ RoleName = "", Marker, MaxItems = 100 }, asked) => {
    const own = policiesOf(types.inline, RoleName, asked).map(({ properties }) => String(properties.name));
    return { PolicyNames: [...pageOf(own, Marker, MaxItems).items], ...more(own, Marker, MaxItems) };
  },

  ListAttachedRolePolicies: ({ RoleName = "", Marker, MaxItems = 100 }, asked) => {
    const own = policiesOf(types.attached, RoleName, asked).map(({ properties }) => {
      const PolicyArn = String(properties.policyArn);
      return { PolicyArn, PolicyName: PolicyArn.split("/").at(-1) ?? "" };
    });
    return { AttachedPolicies: [...pageOf(own, Marker, MaxItems).items], ...more(own, Marker, MaxItems) };
  },
} satisfies OperationsOf<IAM>;

function policiesOf(type: string, role: string, { store, place: { account } }: Asked) {
  const mine = ({ scope }: { readonly scope: string }) => scope.split("/")[0] === account;
  if (!store.all(types.role).some((one) => mine(one) && one.properties.name === role))
    throw new CloudError("NoSuchEntity", `The role with name ${role} cannot be found.`);
  return store.all(type).filter((one) => mine(one) && one.properties.role === role);
}

function more(all: readonly unknown[], marker: string | undefined, most: number) {
  const { next } = pageOf(all, marker, most);
  return next === undefined ? { IsTruncated: false } : { IsTruncated: true, Marker: next };
}
