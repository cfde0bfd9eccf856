"""Puts right what moto answers differently from AWS, where the current AWS provider notices. Importing it is enough.

- ECS: settings of a new service that moto keeps only from its second call on.
- ECS: tasks, which moto never starts, run as soon as they are wanted; service deployments, which the provider watches
  until a service is steady, succeed at once.
- ECS: a deleted cluster is no longer listed.
- Application Auto Scaling: ARNs and tags of scalable targets.
- EC2: a security group rule that names another group keeps its description.
"""

import hashlib
import json

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.core.utils import camelcase_to_underscores
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ecs.models import EC2ContainerServiceBackend, Service
from moto.ecs.responses import EC2ContainerServiceResponse


def list_service_deployments(self):
    cluster = self._get_param("cluster") or "default"
    service = self.ecs_backend.describe_services(cluster, [self._get_param("service")])[0][0]
    revisions = [deployment["id"].split("/")[-1] for deployment in service.deployments]
    base = service.arn.replace(":service/", ":service-deployment/")
    deployments = [
        {
            "serviceDeploymentArn": f"{base}/{revision}",
            "serviceArn": service.arn,
            "targetServiceRevisionArn": f"{service.arn.replace(':service/', ':service-revision/')}/{revision}",
            "status": "SUCCESSFUL",
        }
        for revision in revisions
    ]
    return json.dumps({"serviceDeployments": deployments})


def describe_service_deployments(self):
    arns = self._get_param("serviceDeploymentArns")
    return json.dumps({"serviceDeployments": [{"serviceDeploymentArn": arn, "status": "SUCCESSFUL"} for arn in arns], "failures": []})


def create_with_settings(self, create=EC2ContainerServiceResponse.create_service):
    answer = create(self)
    cluster, name = self._get_param("cluster") or "default", self._get_param("serviceName")
    service = self.ecs_backend.describe_services(cluster, [name])[0][0]
    for key in ("availabilityZoneRebalancing", "enableECSManagedTags", "enableExecuteCommand", "healthCheckGracePeriodSeconds", "deploymentConfiguration"):
        if self._get_param(key) is not None:
            setattr(service, camelcase_to_underscores(key), self._get_param(key))
    return answer


EC2ContainerServiceResponse.create_service = create_with_settings
Service.running_count = property(lambda self: self.desired_count, lambda self, value: None)
Service.pending_count = property(lambda self: 0, lambda self, value: None)
EC2ContainerServiceResponse.list_service_deployments = list_service_deployments
EC2ContainerServiceResponse.describe_service_deployments = describe_service_deployments

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


def description_of_rule(self):
    for peer in (self.ip_range, self.source_group, self.prefix_list_id):
        if (peer or {}).get("Description") is not None:
            return peer["Description"]
    return None


SecurityGroupRule.description = property(description_of_rule)


def list_active_clusters(self):
    return [cluster.arn for cluster in self.clusters.values() if cluster.status != "INACTIVE"]


EC2ContainerServiceBackend.list_clusters = list_active_clusters
