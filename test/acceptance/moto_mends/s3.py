"""S3: a lifecycle rule keeps the number of newer versions, and a replication rule what becomes of delete markers and which objects it takes
(API reference, NoncurrentVersionExpiration, DeleteMarkerReplication, SourceSelectionCriteria). moto loses them, and says that markers are not copied.
"""

from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response

EXPIRATION, NEWER = "NoncurrentVersionExpiration", "NewerNoncurrentVersions"
REPLICATION = "DeleteMarkerReplication", "SourceSelectionCriteria"


def set_with_newer(self, rules, put=FakeBucket.set_lifecycle):
    put(self, rules)
    for kept, given in zip(self.rules, rules):
        kept.newer_versions = (given.get(EXPIRATION) or {}).get(NEWER)


def changing(self, change):
    """What this response answers is changed before it becomes text; a refusal is not."""

    def serialized(answer):
        if isinstance(answer.result, dict):
            change(answer.result)
        return S3Response.serialized(self, answer)

    self.serialized = serialized


def get_with_newer(self, get=S3Response.get_bucket_lifecycle):
    def change(result):
        for kept, told in zip(self.backend.get_bucket_lifecycle(self.bucket_name), result["Rules"]):
            if EXPIRATION in told and getattr(kept, "newer_versions", None) is not None:
                told[EXPIRATION][NEWER] = kept.newer_versions

    changing(self, change)
    return get(self)


def get_whole(self, get=S3Response.get_bucket_replication):
    def change(result):
        for kept, told in zip(self.backend.get_bucket_replication(self.bucket_name)["Rule"], result["ReplicationConfiguration"]["Rules"]):
            told.update({key: kept[key] for key in REPLICATION if key in kept})

    changing(self, change)
    return get(self)


FakeBucket.set_lifecycle = set_with_newer
S3Response.get_bucket_lifecycle = get_with_newer
S3Response.get_bucket_replication = get_whole
