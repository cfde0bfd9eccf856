"""Secrets Manager: a replica keeps the key that it was given (API reference, ReplicaRegionType); moto says that it is AWS's own."""

from moto.secretsmanager.models import FakeSecret


def create_replicas(self, replica_regions, force_overwrite, create=FakeSecret.create_replicas):
    replicas = create(self, replica_regions, force_overwrite)
    for replica, given in zip(replicas, replica_regions):
        if given.get("KmsKeyId"):
            replica.config["KmsKeyId"] = given["KmsKeyId"]
    return replicas


FakeSecret.create_replicas = create_replicas
