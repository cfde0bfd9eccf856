"""What a task on Fargate reaches before its container starts: registry, image layers, secrets, logs, over 443 from its subnets and groups.

Source: Amazon ECS developer guide, "Fargate task networking" and "Amazon ECS interface VPC endpoints"; the texts are those of "Stopped tasks
error messages". moto starts nothing and so needs no way to anything. Subnets that moto does not hold are believed.
"""

import ipaddress

from moto.ec2.models import ec2_backends

PRIVATE = [ipaddress.ip_network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16")]
UNREACHED = 'Post "https://{host}/": dial tcp: i/o timeout. Please check your task network configuration.'
BEFORE_START = "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve {what}: service call has been retried 3 time(s): RequestError: send request failed caused by: {failure}"


def destinations(container, region):
    """Service by its endpoint's name, host, and what ECS says of a task that cannot reach it."""

    def aws(service, host, text, what=""):
        host = f"{host}.{region}.amazonaws.com"
        return service, text.format(what=what, failure=UNREACHED.format(host=host))

    image = container.get("image", "")
    pulling = f"CannotPullContainerError: pull image manifest has been retried 5 time(s): {image}: {{failure}}"
    from_ecr = image.split(".")[1:3] == ["dkr", "ecr"]
    if from_ecr:
        yield aws("ecr.api", "api.ecr", BEFORE_START, "ecr registry auth")
    for secret in container.get("secrets", []):
        asm = ":secretsmanager:" in secret["valueFrom"]
        yield aws("secretsmanager" if asm else "ssm", "secretsmanager" if asm else "ssm", BEFORE_START, "secret from asm" if asm else "secrets from ssm")
    if from_ecr:
        yield aws("ecr.dkr", "dkr.ecr", pulling)
        yield aws("s3", "s3", pulling)
    else:
        yield "internet", pulling.format(failure=UNREACHED.format(host=image.split("/")[0]))
    if (container.get("logConfiguration") or {}).get("logDriver") == "awslogs":
        yield aws("logs", "logs", "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: {failure}")


def unreachable(account, region, network, containers):
    """Why tasks cannot start there; None when they can."""
    ec2 = ec2_backends[account][region]
    there = (network or {}).get("awsvpcConfiguration")
    if not there:
        return None
    for subnet_id in there.get("subnets", []):
        subnet = next((zone[subnet_id] for zone in ec2.subnets.values() if subnet_id in zone), None)
        for container in containers if subnet else []:
            for service, says in destinations(container, region):
                if not reaches(ec2, subnet, there, service):
                    return says
    return None


def reaches(ec2, subnet, network, service):
    groups = network.get("securityGroups", [])
    out = [rule for group in groups for rule in https(ec2, group, "egress_rules")]
    endpoints = [one for one in ec2.vpc_end_points.values() if one.vpc_id == subnet.vpc_id and one.service_name.endswith(f".{service}")]
    # Private DNS leads to the endpoint, whatever other way there is.
    inside = next((one for one in endpoints if (one.vpc_endpoint_type or "").lower() == "interface" and one.private_dns_enabled), None)
    if inside:
        doors = inside.security_group_ids or []
        leaves = any(covers(rule, subnet.cidr_block) or named(rule, doors) for rule in out)
        enters = any(covers(rule, subnet.cidr_block) or named(rule, groups) for door in doors for rule in https(ec2, door, "ingress_rules"))
        return leaves and enters
    table = next((one for one in ec2.route_tables.values() if subnet.id in one._associations.values()), None)
    if any(table and table.id in (one.route_table_ids or []) for one in endpoints):
        return any(rule.prefix_list_id or public(rule) for rule in out)
    return has_way_out(table, network.get("assignPublicIp") == "ENABLED") and any(public(rule) for rule in out)


def has_way_out(table, public_address):
    """A subnet without a table of its own has the VPC's main one, which leads nowhere; an internet gateway is for public addresses."""
    route = next((one for one in table.routes if one.destination_cidr_block == "0.0.0.0/0"), None) if table else None
    if route is None:
        return False
    return public_address if (route.gateway_id or "").startswith("igw-") else True


def https(ec2, group_id, direction):
    group = ec2.get_security_group_from_id(group_id)
    for rule in getattr(group, direction) if group else []:
        if rule.ip_protocol == "-1" or (rule.ip_protocol == "tcp" and rule.from_port <= 443 <= rule.to_port):
            yield rule


def block_of(rule):
    return ipaddress.ip_network(rule.ip_range["CidrIp"]) if rule.ip_range.get("CidrIp") else None


def covers(rule, block):
    return block_of(rule) is not None and ipaddress.ip_network(block).subnet_of(block_of(rule))


def named(rule, groups):
    return rule.source_group.get("GroupId") in groups


def public(rule):
    return block_of(rule) is not None and not any(block_of(rule).subnet_of(private) for private in PRIVATE)
