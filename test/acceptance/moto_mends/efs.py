"""EFS: the backup policy can be put, not only read, and the file system policy can go.

EFS answers a new backup status at once (ENABLING, then ENABLED). A file system whose policy is deleted has the default one,
for which DescribeFileSystemPolicy answers PolicyNotFound.
"""

import json

from moto.efs.models import FileSystem
from moto.efs.responses import EFSResponse


def put_backup_policy(self):
    status = self._get_param("BackupPolicy")["Status"]
    self.efs_backend.file_systems_by_id[self._get_param("FileSystemId")].__dict__["_put_status"] = status
    return json.dumps({"BackupPolicy": {"Status": status}}), {"Content-Type": "application/json"}


def delete_file_system_policy(self):
    self.efs_backend.file_systems_by_id[self._get_param("FileSystemId")].file_system_policy = None
    return "{}", {"Content-Type": "application/json"}


def backup_policy(self, created_with=FileSystem.backup_policy.fget):
    status = self.__dict__.get("_put_status")
    return created_with(self) if status is None else {"Status": status}


EFSResponse.put_backup_policy = put_backup_policy
EFSResponse.delete_file_system_policy = delete_file_system_policy
FileSystem.backup_policy = property(backup_policy)
