"""Elastic Load Balancing: the running tasks of an ECS service are healthy targets of its groups.

ECS registers the tasks of a service with the target groups that it names (ECS guide, "Use load balancing to distribute Amazon ECS service traffic").
moto registers none.
"""

from moto.ecs.models import ecs_backends
from moto.elbv2.models import ELBv2Backend, FakeHealthStatus


def with_tasks(self, target_group_arn, targets, describe=ELBv2Backend.describe_target_health):
    found = describe(self, target_group_arn, targets)
    if targets:
        return found
    for service in ecs_backends[self.account_id][self.region_name].services.values():
        for balancer in service.load_balancers:
            if balancer.get("targetGroupArn") == target_group_arn:
                port = balancer["containerPort"]
                found += [FakeHealthStatus(f"10.0.0.{number + 4}", port, str(port), "healthy") for number in range(service.running_count)]
    return found


ELBv2Backend.describe_target_health = with_tasks
