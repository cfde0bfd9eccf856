"""RDS: automated backups of an instance that are copied to another region, by the API reference.

StartDBInstanceAutomatedBackupsReplication is asked in the region that keeps the copy; an instance that keeps no backups is refused, and
so is a second copy in the same region. DescribeDBInstanceAutomatedBackups finds it by its ARN as long as it is not stopped.
"""

from moto.core.responses import ActionResult
from moto.rds.exceptions import InvalidDBInstanceStateFault, RDSClientError
from moto.rds.responses import RDSResponse

#: Copies by backend (account and region that keep them), then by ARN of the copy.
kept = {}


def copies(self):
    return kept.setdefault((self.current_account, self.region), {})


def start(self):
    source = self.params["SourceDBInstanceArn"]
    instance = self.backend.find_db_from_id(source)
    if not instance.backup_retention_period:
        raise InvalidDBInstanceStateFault(f"{source} keeps no automated backups.")
    if any(copy["DBInstanceArn"] == source for copy in copies(self).values()):
        raise InvalidDBInstanceStateFault(f"{source} is copied to {self.region} already.")
    arn = f"arn:aws:rds:{self.region}:{self.current_account}:auto-backup:ab-{instance.db_instance_identifier}"
    copies(self)[arn] = {
        "DBInstanceAutomatedBackupsArn": arn,
        "DBInstanceArn": source,
        "DBInstanceIdentifier": instance.db_instance_identifier,
        "Region": instance.region,
        "Status": "replicating",
        "KmsKeyId": self.params.get("KmsKeyId"),
        "BackupRetentionPeriod": int(self.params.get("BackupRetentionPeriod") or 7),
        "Engine": instance.engine,
        "Encrypted": True,
    }
    return ActionResult({"DBInstanceAutomatedBackup": copies(self)[arn]})


def stop(self):
    found = [arn for arn, copy in copies(self).items() if copy["DBInstanceArn"] == self.params["SourceDBInstanceArn"]]
    if not found:
        raise RDSClientError("DBInstanceNotFound", f"{self.params['SourceDBInstanceArn']} is not copied to {self.region}.")
    return ActionResult({"DBInstanceAutomatedBackup": copies(self).pop(found[0])})


def describe(self, known=RDSResponse.describe_db_instance_automated_backups):
    arn = self.params.get("DBInstanceAutomatedBackupsArn")
    if not arn:
        return known(self)
    found = copies(self).get(arn)
    if not found:
        raise RDSClientError("DBInstanceAutomatedBackupNotFound", f"Automated backup {arn} not found.")
    return ActionResult({"DBInstanceAutomatedBackups": [found]})


RDSResponse.start_db_instance_automated_backups_replication = start
RDSResponse.stop_db_instance_automated_backups_replication = stop
RDSResponse.describe_db_instance_automated_backups = describe
