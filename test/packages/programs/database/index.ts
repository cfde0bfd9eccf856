import { BackupPlan, BackupRole, BackupVault, EncryptionKey, Environment, Network, Postgres } from "@slipway/components";

const shop = { system: "shop", environment: "prod", region: "eu-west-1", accountId: "123456789012", protect: true };
const { place } = new Environment("shop-prod", shop);
const network = place.make(Network, "network", { cidrBlock: "10.20.0.0/16", zones: ["eu-west-1a", "eu-west-1b"] }).isolated;
const keyArn = place.make(EncryptionKey, "data-key", { description: "database and backups", users: ["logs"] }).arn;
const size = { instanceClass: "db.t4g.medium", multiAz: true };
const users = { databaseName: "shop", applicationUser: "shop_app" };
const { access } = place.make(Postgres, "main", { network, keyArn, ...size, ...users });
const { vaultName } = place.make(BackupVault, "backups", { keyArn });
const roleArn = place.make(BackupRole, "backups", { types: ["RDS"] }).arn;
place.make(BackupPlan, "backups", { vaultName, roleArn, stores: { main: { type: "RDS", arn: access.arn } } });
export const host = access.host;
