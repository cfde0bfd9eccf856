/** Where a state is kept on the API server: a bucket, and a key that its secrets are under. */
import type { AwsAccount } from "./awsServer.ts";

/** One of a name, which is that of the bucket and of the key's alias. */
export class StatePlace {
  readonly bucket: string;
  readonly alias: string;
  readonly #account: AwsAccount;
  readonly #region: string;

  constructor(account: AwsAccount, name: string, region: string) {
    this.#account = account;
    this.#region = region;
    this.bucket = name;
    this.alias = `alias/${name}`;
  }

  /** As `PULUMI_BACKEND_URL` takes it. */
  get address(): string {
    const { AWS_ENDPOINT_URL: endpoint = "" } = this.#account.environment;
    return `s3://${this.bucket}?region=${this.#region}&endpoint=${endpoint}&s3ForcePathStyle=true`;
  }

  /** As `pulumi stack init` takes it. */
  get secretsProvider(): string {
    return `awskms://${this.alias}?region=${this.#region}&awssdk=v2`;
  }

  /** As `bootstrap/` makes it, but for the key's one Region: the server gives a multi-Region key a longer id than its Decrypt reads. */
  async make(): Promise<void> {
    const location = this.#region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: this.#region } };
    await this.#account.call(["s3", "create_bucket", { Bucket: this.bucket, ...location }]);
    const [{ KeyMetadata }] = await this.#account.call<[{ readonly KeyMetadata: { readonly KeyId: string } }]>(["kms", "create_key", {}]);
    await this.#account.call(["kms", "create_alias", { AliasName: this.alias, TargetKeyId: KeyMetadata.KeyId }]);
  }
}
