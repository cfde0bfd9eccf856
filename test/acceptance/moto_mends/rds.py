"""RDS and DocumentDB: what an instance was given is what is answered.

- Performance Insights of an instance. AWS keeps seven days unless told otherwise.
- The certificate authority of an instance that names none is the one that AWS takes today.
- DocumentDB, whose API is that of RDS at the same address, with `docdb` as the engine. moto knows Neptune and Aurora in the
  same way; what differs by engine is the version, the port, and that storage grows by itself. Its storage type is answered
  only when it is the I/O-optimised one.
"""

from moto.rds.models import DBCluster, DBInstance
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


DBCluster.__init__ = create_cluster
DBInstance.__init__ = create_instance
