/** The account that is tried: named by the environment, and none other. */
import { type Caller, callerIn } from "../awsServer.ts";

/** Where the trial runs. */
export interface TrialAccount extends Caller {
  /** 12 digits. */
  readonly accountId: string;
  readonly region: string;
  /** Public zone of Route 53 in the account, delegated to it. */
  readonly zone: string;
  readonly zoneId: string;
  /** Whether there are load balancers behind the API that answer requests: an API server has none. */
  readonly serves: boolean;
}

/** The account cannot be tried. The message says what to set. */
export class NoAccount extends Error {}

const variables = {
  accountId: { name: "SLIPWAY_ACCOUNT_ID", allowed: "the 12 digits of an account that holds nothing else", pattern: /^\d{12}$/ },
  region: { name: "SLIPWAY_ACCOUNT_REGION", allowed: "a region, such as us-east-1", pattern: /^[a-z]{2}(-[a-z]+)+-\d$/ },
  zone: {
    name: "SLIPWAY_ACCOUNT_ZONE",
    allowed: "a domain that is delegated to the account's zone",
    pattern: /^[a-z0-9-]+(\.[a-z0-9-]+)+$/,
  },
  zoneId: { name: "SLIPWAY_ACCOUNT_ZONE_ID", allowed: "the id of that zone in Route 53", pattern: /^Z[A-Z0-9]{5,31}$/ },
} as const;

/**
 * Reads the variables, and asks the credentials of the environment whose they are.
 * @param python with boto3
 * @throws NoAccount with everything that is missing, or when the credentials are of another account: nothing else was asked then
 */
export async function trialAccount(environment: Readonly<Record<string, string | undefined>>, python: string): Promise<TrialAccount> {
  const settings = accountSettings(environment);
  const own = Object.entries(environment).filter(([name]) => !/^(SLIPWAY_(?!CACHE$)|PULUMI_)/.test(name));
  const used = Object.fromEntries([
    ...own.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
    ["AWS_REGION", settings.region],
    ["AWS_DEFAULT_REGION", settings.region],
  ]);
  const caller = callerIn(used, python);
  const [{ Account, Arn }] = await caller
    .call<[{ readonly Account: string; readonly Arn: string }]>(["sts", "get_caller_identity", {}])
    .catch((error: unknown) => {
      throw new NoAccount(`Nobody can tell whose the credentials are; nothing was made. Ask: aws sts get-caller-identity\n${error}`);
    });
  if (Account === settings.accountId) return { ...settings, ...caller, serves: used.AWS_ENDPOINT_URL === undefined };
  throw new NoAccount(
    `The credentials are of account ${Account} (${Arn}), and SLIPWAY_ACCOUNT_ID is ${settings.accountId}. Nothing was made. Choose the account's: export AWS_PROFILE=<profile>`,
  );
}

/** Pure. @throws NoAccount naming every variable that is missing or wrong */
export function accountSettings(environment: Readonly<Record<string, string | undefined>>): Record<keyof typeof variables, string> {
  const values = Object.entries(variables).map(([key, variable]) => ({ key, ...variable, value: environment[variable.name] }));
  const wrong = values.filter(({ value, pattern }) => value === undefined || !pattern.test(value));
  if (wrong.length === 0)
    return Object.fromEntries(values.map(({ key, value = "" }) => [key, value])) as ReturnType<typeof accountSettings>;
  const lines = wrong.map(
    ({ name, value, allowed }) => `  ${name} is ${value === undefined ? "not set" : JSON.stringify(value)}; allowed: ${allowed}`,
  );
  throw new NoAccount(["An account is tried only where the environment names it. Nothing was asked or made.", ...lines].join("\n"));
}
