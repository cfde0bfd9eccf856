/** How the limited user of a PostgreSQL server is made from inside its network: a connection and a command for a `Task`. Pure but for values of other resources. */
import { interpolate } from "@pulumi/pulumi";
import type { Connection } from "../service/connections.ts";
import type { NetworkDatabase } from "./access.ts";

/**
 * Makes user and grants, or brings both to what they should be, and logs in as the user. `\password` sends what SCRAM keeps of a password, made
 * in the client: neither the server's log nor a command line has the password. The container writes no file, so Amazon's certificates come
 * by a descriptor: those of the image where it has some, for networks without a way to the internet.
 */
const script = `set -eu
export PGSSLMODE=verify-full PGSSLROOTCERT=/dev/fd/3
CERTIFICATES=$(cat /etc/ssl/certs/rds.pem 2>/dev/null || wget -qO- "$CERTIFICATES")
client() { { printf '%s\\n' "$CERTIFICATES" | psql -qXAtv ON_ERROR_STOP=1 "$@" 3<&0 <&4; } 4<&0; }
client <<'SQL'
\\getenv user APPLICATION_USER
\\getenv iam APPLICATION_IAM
SELECT format('CREATE ROLE %I LOGIN', :'user') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'user') \\gexec
GRANT CONNECT ON DATABASE :"DBNAME" TO :"user";
GRANT USAGE, CREATE ON SCHEMA public TO :"user";
\\if :iam
GRANT rds_iam TO :"user";
\\endif
SQL
printf '%s\\n%s\\n' "$APPLICATION_PASSWORD" "$APPLICATION_PASSWORD" | client -c "\\password $APPLICATION_USER"
[ "$APPLICATION_IAM" = true ] || PGUSER=$APPLICATION_USER PGPASSWORD=$APPLICATION_PASSWORD client -c 'SELECT 1' >/dev/null
echo "$APPLICATION_USER may log in to $PGDATABASE"`;

/** Command of the container; its image has a POSIX shell, `wget` and `psql` 14 or newer. */
export const applicationUserCommand: readonly string[] = ["sh", "-c", script];

/** What the task needs of a database: the way to it, and both secrets. @param region AWS region of the database */
export function applicationUserConnection(database: NetworkDatabase, region: string): Connection {
  const { host, port, databaseName, username, securityGroupId, secretArn, masterSecretArn, keyArn, iamUserArn } = database;
  return {
    network: { securityGroupId, port },
    environment: {
      PGHOST: host,
      PGPORT: String(port),
      PGDATABASE: databaseName,
      APPLICATION_USER: username,
      APPLICATION_IAM: String(iamUserArn !== undefined),
      CERTIFICATES: interpolate`https://truststore.pki.rds.amazonaws.com/${region}/${region}-bundle.pem`,
    },
    secrets: {
      PGUSER: { secretArn: masterSecretArn, field: "username" },
      PGPASSWORD: { secretArn: masterSecretArn, field: "password" },
      APPLICATION_PASSWORD: { secretArn, field: "password" },
    },
    secretsKeyArn: keyArn,
  };
}
