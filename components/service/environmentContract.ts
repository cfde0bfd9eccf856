/** A container's environment: plain text that whoever may describe a task reads, and that the container gets as it is written. Pure. */
import { type BrokenRule, broken } from "../contract/rule.ts";

type Variables = Readonly<Record<string, string>>;

/** The SDKs take these before the task's role. */
const credentials = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/** What a secret looks like by itself: keys of AWS, Stripe, GitHub, Slack, Google and of PEM files, and an address with its password. */
const secretValue =
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\b[rs]k_live_\w{10,}|\bgh[opsu]_\w{36}|\bxox[abpr]-[\w-]{10,}|\bAIza[\w-]{35}|-----BEGIN [A-Z ]*PRIVATE KEY-----|:\/\/[^\s/:@]*:[^\s/@$]+@/;

/** What a secret is called. */
const secretName = /(?:^|_)(?:PASSWORD|PASSWD|SECRET|SECRET_KEY|SECRET_ACCESS_KEY|PRIVATE_KEY|ACCESS_TOKEN|AUTH_TOKEN)$/;

/** A task definition is 64 KiB at most, with all else in it. */
const mostBytes = 60_000;

/** Rules of a service's variables. @param secrets names that it is given besides. @default none */
export function environmentRules(environment: Variables, secrets: Variables = {}): BrokenRule[] {
  return Object.entries(environment).flatMap(([name, value]): BrokenRule[] => {
    const path = ["environment", name];
    if (credentials.includes(name))
      return broken({
        path,
        found: "has credentials, which go before the role of the task",
        allowed: "none: what a task may do in AWS is its role's",
        fix: { path },
      });
    if (value !== "" && !Object.hasOwn(secrets, name) && (secretValue.test(value) || secretName.test(name)))
      return broken({
        path,
        found: "is a secret in plain text",
        reason: "whoever may describe a task reads its environment, and so does everybody with the repository",
        allowed: "the name of a secret, under secrets; `slipway secrets set` takes the value",
      });
    const [named] = [...value.matchAll(/\$\{(\w+)\}/g)].filter(([, other = ""]) => Object.hasOwn({ ...environment, ...secrets }, other));
    if (named === undefined) return [];
    return broken({
      path,
      found: `has ${named[0]}, which is passed to the container as it is written`,
      reason: "nothing puts another variable's value there",
      allowed: `text without ${named[0]}: the application composes what it needs of ${named[1]}`,
    });
  });
}

/** Whether a task definition takes them. */
export function environmentFits(environment: Variables): BrokenRule[] {
  const bytes = Buffer.byteLength(JSON.stringify(Object.entries(environment).map(([name, value]) => ({ name, value }))));
  if (bytes <= mostBytes) return [];
  return broken({
    path: ["environment"],
    found: `has ${bytes} bytes`,
    allowed: `${mostBytes} bytes at most: a task definition takes 64 KiB, with all else in it`,
  });
}
