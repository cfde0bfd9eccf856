/** What is held on the API server before an account is ever tried: it refuses another account, and its search finds what nobody destroys. */
import { type Checks, expect } from "../checks.ts";
import { remains, system } from "./remains.ts";
import { NoAccount, type TrialAccount, trialAccount } from "./trialAccount.ts";

/** Each thing is made beside a stack, found, and removed. @param environment that the account was read from */
export async function heldChecks(
  checks: Checks,
  account: TrialAccount,
  environment: Readonly<Record<string, string>>,
  python: string,
): Promise<void> {
  await checks.check("an account: credentials of another one are refused", async () => {
    const refusal = await trialAccount({ ...environment, SLIPWAY_ACCOUNT_ID: "999999999999" }, python).catch((error: unknown) => error);
    expect(refusal instanceof NoAccount && refusal.message.includes(`of account ${account.accountId}`), String(refusal));
    return "";
  });
  await checks.check("an account: the search finds what is left by tag, and what has none by name", async () => {
    const name = `${system}-orphan`;
    const Tags = [{ Key: "System", Value: system }];
    const trust = JSON.stringify({ Version: "2012-10-17", Statement: [] });
    const [{ TopicArn }, , { KeyMetadata: key }] = await account.call<Orphans>(
      ["sns", "create_topic", { Name: name, Tags }],
      ["iam", "create_role", { RoleName: name, AssumeRolePolicyDocument: trust }],
      ["kms", "create_key", { Tags: [{ TagKey: "System", TagValue: system }] }],
      ["sns", "create_topic", { Name: `${name}-of-another`, Tags: [{ Key: "System", Value: "another" }] }],
    );
    const found = await remains(account);
    await account.call(["kms", "schedule_key_deletion", { KeyId: key.KeyId, PendingWindowInDays: 7 }]);
    const later = await remains(account);
    await account.call(
      ["sns", "delete_topic", { TopicArn }],
      ["sns", "delete_topic", { TopicArn: `${TopicArn}-of-another` }],
      ["iam", "delete_role", { RoleName: name }],
    );
    const lasting = [TopicArn, `iam Roles: ${name}`];
    expect(String(found) === String([key.Arn, ...lasting].sort()), `it found:\n${found.join("\n")}`);
    expect(String(later) === String(lasting.sort()), `with the key on its way out it found:\n${later.join("\n")}`);
    return `${found.length} things`;
  });
}

type Orphans = [
  { readonly TopicArn: string },
  unknown,
  { readonly KeyMetadata: { readonly KeyId: string; readonly Arn: string } },
  unknown,
];
