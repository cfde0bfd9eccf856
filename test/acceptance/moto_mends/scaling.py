"""Application Auto Scaling: ARNs and tags of scalable targets."""

import hashlib
import json

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

scaling_tags = {}


def scaling_arn(self, resource, dimension):
    key = ":".join([self.region, self.current_account, resource, dimension])
    return f"arn:aws:application-autoscaling:{self.region}:{self.current_account}:scalable-target/{hashlib.sha256(key.encode()).hexdigest()[:36]}"


def register_with_tags(self, register=ApplicationAutoScalingResponse.register_scalable_target):
    answer = json.loads(register(self) or "{}")
    arn = scaling_arn(self, self._get_param("ResourceId"), self._get_param("ScalableDimension"))
    scaling_tags.setdefault(arn, {}).update(self._get_param("Tags") or {})
    return json.dumps({**answer, "ScalableTargetARN": arn})


def describe_with_arns(self, describe=ApplicationAutoScalingResponse.describe_scalable_targets):
    answer = json.loads(describe(self))
    for target in answer["ScalableTargets"]:
        target["ScalableTargetARN"] = scaling_arn(self, target["ResourceId"], target["ScalableDimension"])
    return json.dumps(answer)


def list_scaling_tags(self):
    return json.dumps({"Tags": scaling_tags.get(self._get_param("ResourceARN"), {})})


def tag_scaling(self):
    scaling_tags.setdefault(self._get_param("ResourceARN"), {}).update(self._get_param("Tags") or {})
    return "{}"


def untag_scaling(self):
    for key in self._get_param("TagKeys") or []:
        scaling_tags.get(self._get_param("ResourceARN"), {}).pop(key, None)
    return "{}"


ApplicationAutoScalingResponse.register_scalable_target = register_with_tags
ApplicationAutoScalingResponse.describe_scalable_targets = describe_with_arns
ApplicationAutoScalingResponse.list_tags_for_resource = list_scaling_tags
ApplicationAutoScalingResponse.tag_resource = tag_scaling
ApplicationAutoScalingResponse.untag_resource = untag_scaling
