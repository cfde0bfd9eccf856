/** What must hold for every data store, read off the graph of a stack with one of each. */
import { beforeAll, describe, expect, test } from "vitest";
import { factsOf } from "../../../sandbox/facts/facts.ts";
import { configOf } from "../../harness/config.ts";
import { dataStores } from "../../harness/dataStack.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";
import type { Registered } from "../../harness/graph.ts";

describe.each([
  ["protected", true],
  ["unprotected", false],
])("a %s stack", (_, protect) => {
  let resources: readonly Registered[] = [];
  beforeAll(async () => {
    resources = await declaredGraph(configOf("bench/production", { ...dataStores, protect }));
  });
  const ofType = (type: string) => {
    const found = resources.filter((resource) => resource.type === type);
    expect(found.length, type).toBeGreaterThan(0);
    return found;
  };
  const databases = () => ofType("aws:rds/instance:Instance").filter(({ inputs }) => inputs.replicateSourceDb === undefined);

  test("everything that holds data is encrypted with a customer key, one a store", () => {
    const keys = [
      ...databases().map(({ inputs }) => [inputs.storageEncrypted, inputs.kmsKeyId]),
      ...ofType("aws:docdb/cluster:Cluster").map(({ inputs }) => [inputs.storageEncrypted, inputs.kmsKeyId]),
      ...ofType("aws:dynamodb/table:Table").map(({ inputs }) => {
        const { enabled, kmsKeyArn } = inputs.serverSideEncryption as { enabled: boolean; kmsKeyArn: string };
        return [enabled, kmsKeyArn];
      }),
      ...ofType("aws:elasticache/replicationGroup:ReplicationGroup").map(({ inputs }) => [inputs.atRestEncryptionEnabled, inputs.kmsKeyId]),
      ...ofType("aws:efs/fileSystem:FileSystem").map(({ inputs }) => [inputs.encrypted, inputs.kmsKeyId]),
      ...ofType("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration")
        .filter(({ name }) => name.includes("-bucket-"))
        .map(({ inputs }) => {
          const [rule] = inputs.rules as { applyServerSideEncryptionByDefault: { sseAlgorithm: string; kmsMasterKeyId: string } }[];
          return [
            rule!.applyServerSideEncryptionByDefault.sseAlgorithm === "aws:kms",
            rule!.applyServerSideEncryptionByDefault.kmsMasterKeyId,
          ];
        }),
    ];
    expect(keys.length).toBe(2 + 1 + 2 + 2 + 1 + 4); // two tables: the release records have one in each region
    for (const [encrypted, key] of keys) {
      expect(encrypted).toBe(true);
      expect(String(key)).toMatch(/^arn:aws:kms:us-(east-1|west-2):123456789012:key\//);
    }
    expect(new Set(keys.map(([, key]) => key)).size).toBe(keys.length);
  });

  test("TLS only, everywhere", () => {
    for (const { inputs } of ofType("aws:rds/parameterGroup:ParameterGroup"))
      expect(inputs.parameters).toContainEqual({ name: "rds.force_ssl", value: "1", applyMethod: "immediate" });
    for (const { inputs } of ofType("aws:docdb/clusterParameterGroup:ClusterParameterGroup"))
      expect(inputs.parameters).toContainEqual({ name: "tls", value: "enabled", applyMethod: "pending-reboot" });
    for (const { inputs } of ofType("aws:elasticache/replicationGroup:ReplicationGroup"))
      expect(inputs.transitEncryptionEnabled).toBe(true);
    for (const type of ["aws:efs/fileSystemPolicy:FileSystemPolicy", "aws:s3/bucketPolicy:BucketPolicy"])
      for (const { inputs } of ofType(type)) expect(String(inputs.policy)).toContain('"aws:SecureTransport":"false"');
    for (const volume of volumes()) expect(volume).toMatchObject({ transitEncryption: "ENABLED", authorizationConfig: { iam: "ENABLED" } });
  });

  const volumes = () =>
    ofType("aws:ecs/taskDefinition:TaskDefinition")
      .filter(({ name }) => name.includes("-api-"))
      .flatMap(({ inputs }) => inputs.volumes as { efsVolumeConfiguration?: object }[])
      .flatMap(({ efsVolumeConfiguration }) => efsVolumeConfiguration ?? []);

  test("nothing is public, and only security groups are let in", () => {
    for (const { inputs } of ofType("aws:rds/instance:Instance")) expect(inputs.publiclyAccessible).toBe(false);
    const groups = ofType("aws:ec2/securityGroup:SecurityGroup").filter(
      ({ name }) => /-(db|cache|files)-/.test(name) && !name.endsWith("-init"),
    );
    expect(groups.length).toBe(6);
    const rules = ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").filter(({ name }) =>
      /-to-(db|cache|files)-/.test(name),
    );
    expect(rules.map(({ name, inputs }) => [name, inputs.fromPort]).sort()).toEqual([
      ["coinestate-prod-use1-api-to-cache-queue", 6379],
      ["coinestate-prod-use1-api-to-cache-sessions", 6379],
      ["coinestate-prod-use1-api-to-db-ledger", 5432],
      ["coinestate-prod-use1-api-to-db-main", 5432],
      ["coinestate-prod-use1-api-to-db-olympiad", 27_017],
      ["coinestate-prod-use1-api-to-files-uploads", 2049],
    ]);
    for (const { name, inputs } of rules) {
      expect([inputs.cidrIpv4, inputs.cidrIpv6, inputs.prefixListId]).toEqual([undefined, undefined, undefined]);
      expect(inputs.referencedSecurityGroupId).toMatch(/^sg-/);
      const out = ofType("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule").find((rule) => rule.name === name);
      expect([out!.inputs.securityGroupId, out!.inputs.referencedSecurityGroupId]).toEqual([
        inputs.referencedSecurityGroupId,
        inputs.securityGroupId,
      ]);
    }
  });

  test("each bucket is closed, versioned and owned by its account", () => {
    const buckets = ofType("aws:s3/bucket:Bucket").filter(({ name }) => name.includes("-bucket-"));
    expect(buckets.map(({ name }) => name).sort()).toEqual([
      "coinestate-prod-use1-bucket-kyc",
      "coinestate-prod-use1-bucket-kyc-usw2",
      "coinestate-prod-use1-bucket-media",
      "coinestate-prod-use1-bucket-metadata",
    ]);
    for (const { name, inputs } of buckets) {
      expect(inputs.forceDestroy ?? false).toBe(false);
      const beside = (type: string) => resources.find((resource) => resource.name === name && resource.type === type)?.inputs;
      expect(beside("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")).toMatchObject({
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      expect(beside("aws:s3/bucketVersioning:BucketVersioning")).toMatchObject({ versioningConfiguration: { status: "Enabled" } });
      expect(beside("aws:s3/bucketOwnershipControls:BucketOwnershipControls")).toMatchObject({
        rule: { objectOwnership: "BucketOwnerEnforced" },
      });
    }
  });

  test("no password is in the graph in clear, and none in a task's environment", () => {
    expect(JSON.stringify(resources)).not.toMatch(/"password":"[\w-]{20,}"/);
    const [main, ledger] = ["coinestate-prod-use1-db-main", "coinestate-prod-use1-db-ledger"].map(
      (name) => databases().find((database) => database.name === name)!.inputs,
    );
    expect(main).toMatchObject({ manageMasterUserPassword: true, masterUserSecretKmsKeyId: main!.kmsKeyId });
    expect(main!.password).toBeUndefined();
    // RDS refuses a managed password with replicas.
    expect(ledger!.manageMasterUserPassword).toBeUndefined();
    expect(isSecret(ledger!.password)).toBe(true);
    for (const { inputs } of ofType("aws:secretsmanager/secretVersion:SecretVersion")) expect(isSecret(inputs.secretString)).toBe(true);
    const users = ofType("aws:elasticache/user:User").filter(({ inputs }) => inputs.passwords !== undefined);
    expect(users.length).toBe(2);
    for (const { inputs } of users) expect(isSecret(inputs.passwords) || isSecret((inputs.passwords as unknown[])[0])).toBe(true);
    for (const [container] of containers()) {
      expect(container!.secrets.map(({ name }) => name)).toEqual(
        expect.arrayContaining(["LEDGER_PASSWORD", "MAIN_PASSWORD", "OLYMPIAD_PASSWORD", "QUEUE_PASSWORD", "SESSIONS_PASSWORD"]),
      );
      for (const { name, valueFrom } of container!.secrets.filter(({ name }) => name.endsWith("_PASSWORD")))
        expect(valueFrom, name).toMatch(
          /^arn:aws:secretsmanager:us-east-1:123456789012:secret:coinestate-prod-use1-(db|cache)-.*:password::$/,
        );
      for (const { name } of container!.environment) expect(name).not.toMatch(/PASSWORD/);
    }
  });

  const containers = () =>
    ofType("aws:ecs/taskDefinition:TaskDefinition")
      .filter(({ name }) => name.includes("-api-"))
      .map(
        ({ inputs }) =>
          JSON.parse(String(inputs.containerDefinitions)) as {
            environment: { name: string; value: string }[];
            secrets: { name: string; valueFrom: string }[];
            mountPoints: { sourceVolume: string; containerPath: string }[];
          }[],
      );

  test("the tasks are told where everything is", () => {
    for (const [container] of containers()) {
      const told = Object.fromEntries(container!.environment.map(({ name, value }) => [name, value]));
      expect(told).toMatchObject({
        MAIN_PORT: "5432",
        MAIN_DATABASE: "deedpro_production",
        MAIN_USERNAME: "deedpro_app",
        OLYMPIAD_PORT: "27017",
        SESSIONS_PORT: "6379",
        UPLOADS_PATH: "/app/uploads",
      });
      expect(told.MAIN_HOST).toMatch(/\.rds\.amazonaws\.com$/);
      expect(told.LEDGER_READ_HOST).toMatch(/^coinestate-prod-use1-db-ledger-reports-/);
      expect(told.KYC_BUCKET).toMatch(/^coinestate-prod-use1-bucket-kyc-[0-9a-f]{7}$/);
      expect(told.CONTRACTS_TABLE).toMatch(/^coinestate-prod-use1-db-contracts-/);
      expect(container!.mountPoints).toContainEqual({ sourceVolume: "files-uploads", containerPath: "/app/uploads", readOnly: false });
    }
  });

  test("roles may do what config says, on exact ARNs", () => {
    const policies = ofType("aws:iam/rolePolicy:RolePolicy").filter(({ name }) => /-api-.*-connections$/.test(name));
    expect(policies.map(({ name }) => name).sort()).toEqual([
      "coinestate-prod-use1-api-execution-connections",
      "coinestate-prod-use1-api-task-connections",
    ]);
    const statements = policies.flatMap(
      ({ inputs }) =>
        (JSON.parse(String(inputs.policy)) as { Statement: { Sid: string; Action: string[]; Resource: string[] }[] }).Statement,
    );
    expect(new Set(statements.map(({ Sid }) => Sid)).size).toBe(statements.length);
    for (const { Sid, Action, Resource } of statements) {
      expect(Sid).toMatch(/^[A-Za-z0-9]+$/);
      for (const action of Action) expect(action).not.toContain("*");
      for (const resource of Resource) expect(resource).toMatch(/^arn:aws:[a-z0-9-]+:[^*]+(\/\*)?$/);
    }
    const metadata = statements.filter(({ Sid }) => Sid.endsWith("bucketmetadata")).flatMap(({ Action }) => Action);
    expect(metadata).not.toContain("s3:PutObject");
    expect(statements.filter(({ Sid }) => Sid.endsWith("bucketkyc")).flatMap(({ Action }) => Action)).toContain("s3:PutObject");
  });

  test("stateful resources are protected in the engine and at AWS, exactly where the stack is", () => {
    const stateful =
      /^aws:(rds\/instance|docdb\/cluster|dynamodb\/table|elasticache\/replicationGroup|efs\/fileSystem|secretsmanager\/secret|kms\/key|s3\/bucket):\w+$/;
    // A replica is made again, as a drawn secret is drawn again, and the key of notifications guards nothing that is kept.
    const stores = resources.filter(
      ({ type, name, inputs }) =>
        stateful.test(type) && inputs.replicateSourceDb === undefined && !/-notify-key$|-candidate-\w+$/.test(name),
    );
    expect(stores.length).toBeGreaterThan(25);
    for (const { urn, protect: kept } of stores) expect(kept, urn).toBe(protect);
    for (const { inputs } of [...databases(), ...ofType("aws:docdb/cluster:Cluster")]) {
      expect(inputs).toMatchObject({ deletionProtection: protect, skipFinalSnapshot: !protect });
      expect(inputs.finalSnapshotIdentifier !== undefined).toBe(protect);
    }
    for (const { inputs } of ofType("aws:dynamodb/table:Table")) expect(inputs.deletionProtectionEnabled).toBe(protect);
  });

  test("what is lost can be brought back", () => {
    for (const { inputs } of databases()) expect(Number(inputs.backupRetentionPeriod)).toBeGreaterThanOrEqual(7);
    for (const { inputs } of ofType("aws:docdb/cluster:Cluster")) expect(Number(inputs.backupRetentionPeriod)).toBeGreaterThanOrEqual(7);
    for (const { inputs } of ofType("aws:dynamodb/table:Table"))
      expect(inputs.pointInTimeRecovery).toEqual({ enabled: true, recoveryPeriodInDays: 35 });
    // A backup plan takes it (test/unit/backup/twice.test.ts).
    for (const { inputs } of ofType("aws:efs/backupPolicy:BackupPolicy")) expect(inputs.backupPolicy).toEqual({ status: "DISABLED" });
    const locks = ofType("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration");
    expect(locks.map(({ name }) => name).sort()).toEqual(["coinestate-prod-use1-bucket-kyc", "coinestate-prod-use1-bucket-kyc-usw2"]);
  });

  test("the copy of a bucket is in the other region, under that region's key", () => {
    const copies = resources.filter(
      ({ name, custom, type }) => custom && name.startsWith("coinestate-prod-use1-bucket-kyc-usw2") && type !== "aws:iam/role:Role",
    );
    for (const { inputs, urn } of copies) expect(inputs.region, urn).toBe("us-west-2");
    expect(copies.length).toBeGreaterThan(6);
  });

  test("logs of databases and caches are kept for the stack's time, with the store's key", () => {
    const logs = ofType("aws:cloudwatch/logGroup:LogGroup").filter(({ name }) => /-(db|cache)-/.test(name));
    expect(logs.length).toBe(2 + 2 + 2 + 2 + 4 + 2); // two tasks that make application users, with the region's key
    for (const { inputs } of logs) expect(inputs).toMatchObject({ retentionInDays: 90, kmsKeyId: expect.stringMatching(/^arn:aws:kms:/) });
  });

  test("every resource that can carry tags carries the stack's", () => {
    for (const { urn, type, custom, inputs } of resources)
      if (custom && type.startsWith("aws:") && factsOf(type)?.properties.tags?.optional === true)
        expect(inputs.tags, urn).toMatchObject({ System: "coinestate", ManagedBy: "slipway" });
  });
});

/** The engine's own mark of a secret value. */
function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && "4dabf18193072939515e22adb298388d" in value;
}
