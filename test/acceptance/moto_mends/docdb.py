"""DocumentDB: its clusters and instances. Its API is that of RDS, at the same address, with `docdb` as the engine.

moto knows Neptune and Aurora in the same way; what differs by engine is the version, the port and that storage grows by
itself. A cluster takes the subnets and the security groups of RDS and a user with a password, managed or not.
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
