"""KMS: a replica of a multi-Region key has policy, description, tags and aliases of its own (API reference, ReplicateKey: "not shared properties").

moto gives it those of the primary, and makes the primary a replica as soon as somebody looks at the other.
"""

from copy import deepcopy

from moto.kms.models import kms_backends
from moto.kms.responses import KmsResponse


def replicate_with_own(self, replicate=KmsResponse.replicate_key):
    answer = replicate(self)
    primary = self.kms_backend.keys[self._get_param("KeyId").split("/")[-1]]
    backend = kms_backends[primary.account_id][self._get_param("ReplicaRegion")]
    replica = backend.keys[primary.id]
    replica.multi_region_configuration = {**deepcopy(primary.multi_region_configuration), "MultiRegionKeyType": "REPLICA"}
    replica.policy = self._get_param("Policy") or replica.generate_default_policy()
    replica.description = self._get_param("Description") or ""
    replica.aliases, replica.grants = {}, {}
    backend.tagger.tag_resource(replica.id, self._get_param("Tags") or [])
    return answer


KmsResponse.replicate_key = replicate_with_own
