/**
 * The one door to AWS: clients of the AWS SDK, each for a region that is named, in an account that was checked. Simulated AWS
 * answers the same clients, so that what is tested is what runs. A service's client is loaded when it is first asked for.
 */
import type { Answer } from "../../sandbox/aws/simulated.ts";
import { UserError } from "../userError.ts";
import { credentialProblem } from "./credentials.ts";

/**
 * How long AWS may take: a region that is lost must not hold a command up. Retries are the SDK's own. `short` is for a command that has
 * something to say without the answer, too, and whose process may not stay for it.
 */
const limits = { usual: limitsOf(3, 5_000, 10_000), short: limitsOf(2, 1_500, 2_500) };

/** Whose answer is waited for how long. */
export type Patience = keyof typeof limits;

function limitsOf(maxAttempts: number, connectionTimeout: number, requestTimeout: number) {
  return { maxAttempts, requestHandler: { connectionTimeout, requestTimeout, throwOnRequestTimeout: true } };
}

type Config = ReturnType<typeof limitsOf> & { readonly region: string; readonly endpoint?: string; readonly forcePathStyle?: boolean };

const makers = {
  applicationAutoScaling: async (config: Config) =>
    new (await import("@aws-sdk/client-application-auto-scaling")).ApplicationAutoScaling(config),
  backup: async (config: Config) => new (await import("@aws-sdk/client-backup")).Backup(config),
  cloudWatch: async (config: Config) => new (await import("@aws-sdk/client-cloudwatch")).CloudWatch(config),
  docdb: async (config: Config) => new (await import("@aws-sdk/client-docdb")).DocDB(config),
  dynamodb: async (config: Config) => new (await import("@aws-sdk/client-dynamodb")).DynamoDB(config),
  ec2: async (config: Config) => new (await import("@aws-sdk/client-ec2")).EC2(config),
  ecr: async (config: Config) => new (await import("@aws-sdk/client-ecr")).ECR(config),
  ecs: async (config: Config) => new (await import("@aws-sdk/client-ecs")).ECS(config),
  elasticache: async (config: Config) => new (await import("@aws-sdk/client-elasticache")).ElastiCache(config),
  elbv2: async (config: Config) => new (await import("@aws-sdk/client-elastic-load-balancing-v2")).ElasticLoadBalancingV2(config),
  iam: async (config: Config) => new (await import("@aws-sdk/client-iam")).IAM(config),
  rds: async (config: Config) => new (await import("@aws-sdk/client-rds")).RDS(config),
  resourceGroupsTagging: async (config: Config) =>
    new (await import("@aws-sdk/client-resource-groups-tagging-api")).ResourceGroupsTaggingAPI(config),
  route53: async (config: Config) => new (await import("@aws-sdk/client-route-53")).Route53(config),
  s3: async (config: Config) => new (await import("@aws-sdk/client-s3")).S3(config),
  scheduler: async (config: Config) => new (await import("@aws-sdk/client-scheduler")).Scheduler(config),
  secretsManager: async (config: Config) => new (await import("@aws-sdk/client-secrets-manager")).SecretsManager(config),
  serviceQuotas: async (config: Config) => new (await import("@aws-sdk/client-service-quotas")).ServiceQuotas(config),
  sns: async (config: Config) => new (await import("@aws-sdk/client-sns")).SNS(config),
  ssm: async (config: Config) => new (await import("@aws-sdk/client-ssm")).SSM(config),
  wafv2: async (config: Config) => new (await import("@aws-sdk/client-wafv2")).WAFV2(config),
  sts: async (config: Config) => new (await import("@aws-sdk/client-sts")).STS(config),
} as const;

/** Services that commands ask. */
export type ServiceName = keyof typeof makers;

/** Client of a service, with a method for each operation and paginator. */
export type Client<Name extends ServiceName> = Awaited<ReturnType<(typeof makers)[Name]>>;

/** What a door is opened with. */
export interface AwsOptions {
  /** The only account that is asked, 12 digits. @default any: for a state's bucket, whose account no config names */
  readonly account?: string;
  /** What is asked, for messages: `AWS account 123456789012`, `the simulated cloud in .slipway`. */
  readonly cloud: string;
  /** Region that is asked whose the credentials are. */
  readonly region: string;
  /** Address that is asked in AWS's place, for stores that speak its protocol. @default AWS's own */
  readonly endpoint?: string;
  /** A bucket's name stands in the path of an address, not in its host. @default false */
  readonly pathStyle?: boolean;
  /** Answers in AWS's place. @default AWS answers */
  readonly answer?: Answer;
  /** @default usual */
  readonly patience?: Patience;
  /** Tells the time in AWS's place. @default this machine's clock */
  readonly clock?: () => Date;
}

/** Whose credentials they are. */
export interface Identity {
  readonly arn: string;
}

/** AWS as one command sees it. */
export class Aws {
  /** What is asked, for messages. */
  readonly cloud: string;
  readonly #account: string | undefined;
  readonly #region: string;
  readonly #address: Pick<Config, "endpoint" | "forcePathStyle">;
  readonly #answer: Answer | undefined;
  readonly #patience: Patience;
  readonly #clock: () => Date;
  readonly #clients = new Map<string, Promise<unknown>>();
  #identity: Promise<Identity> | undefined;

  constructor({ account, cloud, region, endpoint, pathStyle = false, answer, patience = "usual", clock = () => new Date() }: AwsOptions) {
    this.#account = account;
    this.cloud = cloud;
    this.#region = region;
    this.#address = { forcePathStyle: pathStyle, ...(endpoint === undefined ? {} : { endpoint }) };
    this.#answer = answer;
    this.#patience = patience;
    this.#clock = clock;
  }

  /**
   * A service's client in a region.
   * @throws UserError when there are no credentials, or they are of another account: nothing has been asked then
   */
  async client<Name extends ServiceName>(name: Name, region: string): Promise<Client<Name>> {
    if (this.#account !== undefined) await this.identity();
    return this.#client(name, region);
  }

  /** Who asks. @throws UserError as `client` does */
  identity(): Promise<Identity> {
    this.#identity ??= this.#askIdentity();
    return this.#identity;
  }

  /** What time it is in this cloud: by it go stamps, ages and ends of what is kept there. */
  now(): Date {
    return this.#clock();
  }

  /**
   * What to say of an error that a client threw.
   * @param what that could not be done: `The latch /x cannot be read`
   * @returns the error itself when it is none of AWS's
   */
  refusal(error: unknown, what: string): unknown {
    if (!isAwsError(error)) return error;
    return credentialProblem(error, this.cloud) ?? new UserError(`${what} in ${this.cloud}: ${error.name}: ${error.message}`);
  }

  /**
   * What a client answers.
   * @param what is said when it refuses, as `refusal` says it
   */
  told<Result>(what: string, answer: Promise<Result>): Promise<Result> {
    return answer.catch((error: unknown) => {
      throw this.refusal(error, what);
    });
  }

  async #askIdentity(): Promise<Identity> {
    const sts = await this.#client("sts", this.#region);
    const { Account, Arn = "" } = await this.told("Nobody can tell whose the credentials are", sts.getCallerIdentity({}));
    if (this.#account === undefined || Account === this.#account) return { arn: Arn };
    throw new UserError(
      `The credentials are of account ${Account}, and the stack belongs to ${this.#account}. Nothing was read or changed. Choose the stack's: export AWS_PROFILE=<profile>`,
      2,
    );
  }

  #client<Name extends ServiceName>(name: Name, region: string): Promise<Client<Name>> {
    const key = `${name} ${region}`;
    const made = this.#clients.get(key) ?? this.#make(name, region);
    this.#clients.set(key, made);
    return made as Promise<Client<Name>>;
  }

  async #make(name: ServiceName, region: string): Promise<Client<ServiceName>> {
    const client = await makers[name]({ ...limits[this.#patience], ...this.#address, region });
    if (this.#answer !== undefined) intercept(client as unknown as Interceptable, region, this.#answer);
    return client;
  }
}

/** The part of a client's middleware that is needed, which the SDK types by each client's own inputs. */
interface Interceptable {
  readonly middlewareStack: {
    add(
      middleware: (
        next: unknown,
        context: { readonly clientName?: string; readonly commandName?: string },
      ) => (args: { readonly input: object }) => Promise<{ readonly output: object; readonly response: unknown }>,
      options: { readonly step: "initialize"; readonly priority: "high"; readonly name: string },
    ): void;
  };
}

/** Answers before anything is signed or sent. */
function intercept({ middlewareStack }: Interceptable, region: string, answer: Answer): void {
  middlewareStack.add(
    (_, { clientName = "", commandName = "" }) =>
      async ({ input }) => {
        const [client, operation] = [clientName.replace(/Client$/, ""), commandName.replace(/Command$/, "")];
        return { output: { $metadata: {}, ...(await answer({ client, operation, region, input })) }, response: undefined };
      },
    { step: "initialize", priority: "high", name: "simulatedAws" },
  );
}

/** The SDK marks what its clients throw: refusals, time-outs, credentials that are missing. What the system says is about networks and files. */
function isAwsError(error: unknown): error is Error {
  return error instanceof Error && ("$metadata" in error || "tryNextLink" in error || "syscall" in error);
}
