"""Elastic Load Balancing: targets, the order of stickiness, what it writes and needs when it is made.

- The running tasks of an ECS service are healthy targets of its groups: ECS registers them (ECS guide, "Use load balancing to distribute Amazon ECS
  service traffic"), moto does not.
- Targets stick only where each rule with several groups does: "You must enable group stickiness on a rule if you enabled target stickiness on one of
  its target groups" (ELB guide, "Edit target group attributes").
- Access logs begin with a test file in their bucket, which is not empty from then on (ELB guide, "Access logs").
- One that faces the internet stands in a VPC with a gateway to it (ELB API, CreateLoadBalancer, InvalidSubnet).
"""

from moto.ecs.models import ecs_backends
from moto.elbv2.exceptions import ELBClientError
from moto.elbv2.models import ELBv2Backend, FakeHealthStatus
from moto.s3.models import s3_backends

LOOSE = "You must enable group stickiness on a rule if you enabled target stickiness on one of its target groups"


def refuse_loose(actions, code, sticks):
    """Of the actions of one rule, as the API takes them. sticks: whether the targets of a group do."""
    for action in actions:
        forward = action.get("ForwardConfig") or {}
        groups = forward.get("TargetGroups") or []
        enabled = str((forward.get("TargetGroupStickinessConfig") or {}).get("Enabled")).lower() == "true"
        if len(groups) > 1 and not enabled and any(sticks(group["TargetGroupArn"]) for group in groups):
            raise ELBClientError(code, LOOSE)


def sticks_in(backend):
    return lambda arn: backend.target_groups[arn].attributes.get("stickiness.enabled") == "true"


def create_rule(self, listener_arn, conditions, priority, actions, tags=None, create=ELBv2Backend.create_rule):
    refuse_loose(actions, "InvalidLoadBalancerAction", sticks_in(self))
    return create(self, listener_arn, conditions, priority, actions, tags)


def modify_rule(self, rule_arn, conditions, actions, modify=ELBv2Backend.modify_rule):
    refuse_loose(actions, "InvalidLoadBalancerAction", sticks_in(self))
    return modify(self, rule_arn, conditions, actions)


def modify_group(self, target_group_arn, attributes, modify=ELBv2Backend.modify_target_group_attributes):
    if attributes.get("stickiness.enabled") == "true":
        for balancer in self.load_balancers.values():
            for listener in balancer.listeners.values():
                for rule in listener.rules.values():
                    refuse_loose([action.data for action in rule.actions], "InvalidConfigurationRequest", lambda arn: arn == target_group_arn)
    return modify(self, target_group_arn, attributes)


def modify_balancer(self, arn, attrs, modify=ELBv2Backend.modify_load_balancer_attributes):
    answer = modify(self, arn, attrs)
    bucket = answer.get("access_logs.s3.bucket")
    store = s3_backends[self.account_id]["aws"]
    if attrs.get("access_logs.s3.enabled") == "true" and bucket in store.buckets:
        store.put_object(bucket, f"AWSLogs/{self.account_id}/ELBAccessLogTestFile", b"")
    return answer


def create_balancer(self, name, security_groups, subnet_ids, *args, create=ELBv2Backend.create_load_balancer, **kwargs):
    made = create(self, name, security_groups, subnet_ids, *args, **kwargs)
    gateways = self.ec2_backend.internet_gateways.values()
    if made.scheme != "internal" and not any(gateway.vpc and gateway.vpc.id == made.vpc_id for gateway in gateways):
        del self.load_balancers[made.arn]
        raise ELBClientError("InvalidSubnet", f"VPC {made.vpc_id} has no internet gateway")
    return made


ELBv2Backend.create_rule = create_rule
ELBv2Backend.modify_rule = modify_rule
ELBv2Backend.modify_target_group_attributes = modify_group
ELBv2Backend.modify_load_balancer_attributes = modify_balancer
ELBv2Backend.create_load_balancer = create_balancer


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
