"""ECS: tasks that run as soon as they are wanted, service deployments that succeed at once, settings that stay.

- Settings of a new service that moto keeps only from its second call on.
- Tasks, which moto never starts, run as soon as they are wanted; service deployments, which the provider watches until a
  service is steady, succeed at once.
- A deleted cluster is no longer listed.
"""

import json

from moto.core.utils import camelcase_to_underscores
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


def list_active_clusters(self):
    return [cluster.arn for cluster in self.clusters.values() if cluster.status != "INACTIVE"]


EC2ContainerServiceBackend.list_clusters = list_active_clusters
