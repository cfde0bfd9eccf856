/** What an account needs before its first stack, once. */
import { OpenIdConnectProvider } from "@pulumi/aws/iam/openIdConnectProvider.js";
import { Provider } from "@pulumi/aws/provider.js";
import { Config, type Output, RunError } from "@pulumi/pulumi";
import { githubTokens } from "../components/access/githubTrust.ts";
import type { Accepted } from "../components/contract/accepted.ts";
import { account } from "./contract.ts";
import { OnCallRole } from "./onCall.ts";
import { StateStore } from "./stateStore.ts";

/** What the next steps name. */
export interface BootstrapOutputs {
  /** `export PULUMI_BACKEND_URL=<this>` */
  readonly backendUrl: Output<string>;
  /** The same, while the first region is lost. */
  readonly replicaBackendUrl: Output<string>;
  /** `pulumi stack init <stack> --secrets-provider <this>` */
  readonly secretsProvider: string;
  /** Key that `slipway:access.state.keyArn` names. */
  readonly keyArn: Output<string>;
  /** Role of people on call, by stack. */
  readonly onCallRoles: Readonly<Record<string, Output<string>>>;
}

/** Reads `bootstrap:account`. @throws RunError with every problem, before anything is registered */
export function program(): BootstrapOutputs {
  const { success, data, error } = account.safeParse(new Config("bootstrap").requireObject("account"));
  if (success) return declare(data);
  const lines = error.issues.map(({ path, message }) => `  bootstrap:account.${path.join(".")}: ${message}`);
  throw new RunError(["The account cannot be prepared from its config (bootstrap/contract.ts has every key):", ...lines].join("\n"));
}

/** Declares everything. */
export function declare(given: Accepted<typeof account>): BootstrapOutputs {
  const { accountId, region, replicaRegion, bucket, keyAlias, versionDays, github, stacks, operators } = given;
  const provider = new Provider("aws", { region, allowedAccountIds: [accountId] });
  const opts = { providers: [provider] };
  const tags = { ManagedBy: "pulumi", System: "bootstrap" };
  const store = new StateStore("state", { accountId, region, replicaRegion, bucket, keyAlias, versionDays, tags }, opts);
  if (github)
    new OpenIdConnectProvider("github", { url: `https://${githubTokens}`, clientIdLists: ["sts.amazonaws.com"], tags }, { provider });
  const state = { bucket };
  const roles = Object.entries(stacks).map(([name, stack]) => {
    const role = new OnCallRole(`on-call-${name}`, { scope: { ...stack, accountId, state }, operators, tags }, opts);
    return [name, role.arn] as const;
  });
  return {
    backendUrl: store.bucket.apply((made) => `s3://${made}?region=${region}`),
    replicaBackendUrl: store.replicaBucket.apply((made) => `s3://${made}?region=${replicaRegion}`),
    secretsProvider: `awskms://${keyAlias}?region=${region}&awssdk=v2`,
    keyArn: store.keyArn,
    onCallRoles: Object.fromEntries(roles),
  };
}
