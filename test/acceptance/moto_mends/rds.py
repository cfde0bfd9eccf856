"""RDS and DocumentDB: what an instance was given is what is answered.

- Performance Insights of an instance. AWS keeps seven days unless told otherwise.
- The certificate authority of an instance that names none is the one that AWS takes today.
- DocumentDB, whose API is that of RDS at the same address, with `docdb` as the engine. moto knows Neptune and Aurora in the
  same way; what differs by engine is the version, the port, and that storage grows by itself. Its storage type is answered
  only when it is the I/O-optimised one.
- What RDS refuses: a database's name that PostgreSQL has no room for, storage that shrinks, a major version without the word for it (RDS API,
  CreateDBInstance and ModifyDBInstance), and a replica by ARN beside its source in a network of its own: an ARN is for a source in another
  region, and none of its subnets are taken then (CreateDBInstanceReadReplica).
- A replica of a source in another region: it is of its own region before its subnets are looked for there, it stands in a zone of that region,
  and its source forgets it when it goes.
"""

import re

from moto.rds.exceptions import InvalidParameterCombination, InvalidParameterValue
from moto.rds.models import DBCluster, DBInstance, RDSBackend
from moto.rds.utils import ClusterEngine, DbInstanceEngine

engine = "docdb"


def known_too(owner, name, value):
    """Lets a static table of the class answer for DocumentDB as well."""
    known = getattr(owner, name)

    def answer(*args, **kwargs):
        return value if engine in (*args, *kwargs.values()) else known(*args, **kwargs)

    setattr(owner, name, staticmethod(answer))


def listed_too(owner, name):
    known = getattr(owner, name)
    setattr(owner, name, classmethod(lambda cls: sorted([*known(), engine])))


known_too(DBCluster, "default_engine_version", "5.0.0")
known_too(DBCluster, "default_port", 27017)
known_too(DBCluster, "default_allocated_storage", 1)
known_too(DBInstance, "default_port", 27017)
listed_too(ClusterEngine, "list_cluster_engines")
listed_too(DbInstanceEngine, "valid_db_instance_engine")


def create_cluster(self, *args, made=DBCluster.__init__, **settings):
    made(self, *args, **settings)
    if self.engine == engine and self.storage_type != "iopt1":
        self.storage_type = None


def create_instance(self, *args, made=DBInstance.__init__, **settings):
    made(self, *args, **{"ca_certificate_identifier": "rds-ca-rsa2048-g1", **settings})
    self.performance_insights_enabled = settings.get("enable_performance_insights") or False
    if self.performance_insights_enabled:
        self.performance_insights_kms_key_id = settings.get("performance_insights_kms_key_id")
        self.performance_insights_retention_period = settings.get("performance_insights_retention_period") or 7


def create_named(self, db_kwargs, create=RDSBackend.create_db_instance):
    name = db_kwargs.get("db_name")
    if db_kwargs.get("engine") == "postgres" and name and not re.fullmatch(r"[a-zA-Z]\w{0,62}", name):
        raise InvalidParameterValue("DBName must begin with a letter and contain only alphanumeric characters.")
    return create(self, db_kwargs)


def refuse_major(known, wanted, word):
    if not wanted or not known.engine_version:
        return
    numbers = 2 if known.engine in ("mysql", "mariadb") else 1
    was, to = ([int(part) for part in re.findall(r"\d+", version)[:numbers]] for version in (known.engine_version, wanted))
    if to < was:
        raise InvalidParameterCombination(f"Cannot upgrade {known.engine} from {known.engine_version} to {wanted}")
    if to > was and not word:
        raise InvalidParameterCombination("The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.")


def modify_within(self, db_instance_identifier, db_kwargs, modify=RDSBackend.modify_db_instance):
    known = self.describe_db_instances(db_instance_identifier)[0]
    if db_kwargs.get("allocated_storage") and int(db_kwargs["allocated_storage"]) < int(known.allocated_storage):
        raise InvalidParameterCombination("Requested storage must not be less than the current storage size.")
    refuse_major(known, db_kwargs.get("engine_version"), db_kwargs.get("allow_major_version_upgrade"))
    return modify(self, db_instance_identifier, db_kwargs)


def modify_cluster(self, kwargs, modify=RDSBackend.modify_db_cluster):
    known = self.clusters.get(kwargs["db_cluster_identifier"])
    if known:
        refuse_major(known, kwargs.get("engine_version"), kwargs.get("allow_major_version_upgrade"))
    return modify(self, kwargs)


def replicate(self, db_kwargs, create=RDSBackend.create_db_instance_read_replica):
    source = db_kwargs["source_db_instance_identifier"].split(":")
    beside = source[0] == "arn" and source[3] == self.region_name and not db_kwargs.get("db_subnet_group_name")
    if beside and db_kwargs.get("vpc_security_group_ids"):
        raise InvalidParameterCombination("The DB instance and EC2 security group are in different VPCs. The DB instance is in the default VPC.")
    if source[0] != "arn":
        return create(self, db_kwargs)
    replica = create(self, {"backend": self, "availability_zone": f"{self.region_name}a", **db_kwargs})
    replica.manage_master_user_password = False
    return replica


def forget_replica(self, replica):
    self.replicas.remove(replica.db_instance_identifier if replica.region == self.region else replica.db_instance_arn)


RDSBackend.create_db_instance = create_named
RDSBackend.modify_db_instance = modify_within
RDSBackend.modify_db_cluster = modify_cluster
RDSBackend.create_db_instance_read_replica = replicate
DBCluster.__init__ = create_cluster
DBInstance.__init__ = create_instance
DBInstance.remove_replica = forget_replica
