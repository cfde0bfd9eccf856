"""ECS: tasks that start as soon as they are wanted where they can, deployments that the circuit breaker ends, settings that stay.

- Settings of a new service that moto keeps only from its second call on.
- Tasks, which moto never starts, run at once where they reach what they need (network.py); those of an image that is not in the registry do not start, those of a dying one die.
- A deployment whose tasks do not start goes back to the last that completed; a first one stalls (ECS guide, "Deployment circuit breaker").
  The provider reads that off the service deployment of the primary task set (terraform-provider-aws, `statusServiceWaitForStable`).
- A deleted cluster is no longer listed.
"""

import json
import time

from moto.core.utils import camelcase_to_underscores, utcnow
from moto.ecs.models import EC2ContainerServiceBackend, Service
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.moto_api._internal import mock_random

from .ecr import fate_of
from .network import unreachable


# Seconds from the call that asks a service for more tasks until they run; who waits for a deployment has waited.
pace = {"seconds": 0.0}


def trouble_of(service):
    definition = service._backend.describe_task_definition(service.task_definition)
    backend = service._backend
    cut = unreachable(backend.account_id, backend.region_name, service.network_configuration, definition.container_definitions)
    if cut:
        return cut
    for container in definition.container_definitions:
        fate = fate_of(container["image"])
        if fate == "absent":
            return f"CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref {container['image']}: not found"
        if fate == "dies":
            return "Essential container in task exited"
    return None


def running(service):
    deployment = service.deployment
    trouble = trouble_of(service)
    if trouble and "exited" in trouble:
        return 0
    if trouble or deployment["status"] == "STOPPED":
        return min(deployment["started"], service.desired_count)
    if service.desired_count > deployment["started"] and pace["seconds"] > 0:
        asked = deployment.get("asked")
        if asked is None or asked[0] != service.desired_count:
            asked = deployment["asked"] = (service.desired_count, time.monotonic())
        if time.monotonic() - asked[1] < pace["seconds"]:
            return deployment["started"]
    deployment["started"] = service.desired_count
    deployment["asked"] = None
    return service.desired_count


def pending(service):
    """Tasks on their way; none of a service whose tasks cannot start."""
    return service.desired_count - running(service) if service.deployment.get("asked") and not trouble_of(service) else 0


def deploy(service):
    before = getattr(service, "deployment", {"started": 0, "completed": None, "revision": None})
    wanted = service.task_definition
    trouble = trouble_of(service) if service.desired_count else None
    if not trouble:
        service.deployment = {"status": "SUCCESSFUL", "reason": "", "started": service.desired_count, "completed": wanted, "revision": wanted}
        return
    reason = f"ECS deployment circuit breaker: tasks failed to start. {trouble}"
    if before["completed"] in (None, wanted):
        started = before["started"] if before["revision"] == wanted else 0
        service.deployment = {**before, "status": "STOPPED", "reason": reason, "started": started, "revision": wanted}
    else:
        service.task_definition = before["completed"]
        service.deployment = {**before, "status": "ROLLBACK_SUCCESSFUL", "reason": reason, "revision": before["completed"]}


def create_and_deploy(self, *args, create=EC2ContainerServiceBackend.create_service, **kwargs):
    service = create(self, *args, **kwargs)
    deploy(service)
    return service


def update_and_deploy(self, properties, update=EC2ContainerServiceBackend.update_service):
    forced = properties.get("force_new_deployment")
    name = properties["service"].split("/")[-1]
    before = self._get_service(properties.get("cluster", "default"), name).task_definition
    service = update(self, properties)
    if forced or service.task_definition != before:
        now = utcnow()
        service.task_sets_of_ecs[0].update(id=f"ecs-svc/{mock_random.randint(0, 32**12)}", createdAt=now, updatedAt=now)
        deploy(service)
    return service


def deployments_now(self):
    """The one deployment of a service, as it is now."""
    sets = self.__dict__.get("task_sets_of_ecs", [])
    if sets and hasattr(self, "deployment"):
        failed = self.deployment["status"] == "STOPPED"
        counts = {"desiredCount": self.desired_count, "runningCount": running(self), "pendingCount": pending(self)}
        state = {"rolloutState": "FAILED" if failed else "COMPLETED", "rolloutStateReason": self.deployment["reason"]}
        sets[0].update(taskDefinition=self.task_definition, **counts, **state)
    return sets


def service_deployment(service):
    revision = service.deployments[0]["id"].split("/")[-1]
    return {
        "serviceDeploymentArn": f"{service.arn.replace(':service/', ':service-deployment/')}/{revision}",
        "serviceArn": service.arn,
        "targetServiceRevisionArn": f"{service.arn.replace(':service/', ':service-revision/')}/{revision}",
        "status": service.deployment["status"],
        "statusReason": service.deployment["reason"],
    }


def list_service_deployments(self):
    cluster = self._get_param("cluster") or "default"
    service = self.ecs_backend.describe_services(cluster, [self._get_param("service")])[0][0]
    return json.dumps({"serviceDeployments": [service_deployment(service)]})


def describe_service_deployments(self):
    arns = self._get_param("serviceDeploymentArns")
    known = {deployment["serviceDeploymentArn"]: deployment for deployment in map(service_deployment, self.ecs_backend.services.values())}
    return json.dumps({"serviceDeployments": [known[arn] for arn in arns if arn in known], "failures": []})


def create_with_settings(self, create=EC2ContainerServiceResponse.create_service):
    answer = create(self)
    cluster, name = self._get_param("cluster") or "default", self._get_param("serviceName")
    service = self.ecs_backend.describe_services(cluster, [name])[0][0]
    for key in ("availabilityZoneRebalancing", "enableECSManagedTags", "enableExecuteCommand", "healthCheckGracePeriodSeconds", "deploymentConfiguration"):
        if self._get_param(key) is not None:
            setattr(service, camelcase_to_underscores(key), self._get_param(key))
    return answer


EC2ContainerServiceResponse.create_service = create_with_settings
EC2ContainerServiceBackend.create_service = create_and_deploy
EC2ContainerServiceBackend.update_service = update_and_deploy
Service.deployments = property(deployments_now, lambda self, value: self.__dict__.update(task_sets_of_ecs=value))
Service.running_count = property(lambda self: running(self) if hasattr(self, "deployment") else 0, lambda self, value: None)
Service.pending_count = property(lambda self: pending(self) if hasattr(self, "deployment") else 0, lambda self, value: None)
EC2ContainerServiceResponse.list_service_deployments = list_service_deployments
EC2ContainerServiceResponse.describe_service_deployments = describe_service_deployments


def list_active_clusters(self):
    return [cluster.arn for cluster in self.clusters.values() if cluster.status != "INACTIVE"]


EC2ContainerServiceBackend.list_clusters = list_active_clusters
