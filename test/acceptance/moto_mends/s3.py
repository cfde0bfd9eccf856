"""S3: a lifecycle rule keeps the number of newer versions, and a replication rule what becomes of delete markers (API reference,
NoncurrentVersionExpiration, DeleteMarkerReplication). moto loses the one, and says that the other is disabled.
"""

from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response

EXPIRATION, NEWER, MARKERS = "NoncurrentVersionExpiration", "NewerNoncurrentVersions", "DeleteMarkerReplication"


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


def get_with_markers(self, get=S3Response.get_bucket_replication):
    def change(result):
        for kept, told in zip(self.backend.get_bucket_replication(self.bucket_name)["Rule"], result["ReplicationConfiguration"]["Rules"]):
            if MARKERS in kept:
                told[MARKERS] = kept[MARKERS]

    changing(self, change)
    return get(self)


FakeBucket.set_lifecycle = set_with_newer
S3Response.get_bucket_lifecycle = get_with_newer
S3Response.get_bucket_replication = get_with_markers
