"""EC2: a security group rule that names another group keeps its description; all prefix lists that AWS manages."""

from moto.ec2.models.managed_prefixes import ManagedPrefixListBackend
from moto.ec2.models.security_groups import SecurityGroupRule


def description_of_rule(self):
    for peer in (self.ip_range, self.source_group, self.prefix_list_id):
        if (peer or {}).get("Description") is not None:
            return peer["Description"]
    return None


SecurityGroupRule.description = property(description_of_rule)


def create_with_health_checks(self, create=ManagedPrefixListBackend.create_default_pls):
    """AWS has two more since Route 53 publishes the addresses of its health checkers as prefix lists."""
    create(self)
    for family, name, addresses in (("IPv4", "route53-healthchecks", "15.177.0.0/18"), ("IPv6", "ipv6.route53-healthchecks", "2600:1f1c:7ff::/48")):
        self._create_aws_managed_prefix_list(
            name=f"com.amazonaws.{self.region_name}.{name}", address_family=family, entries=[{"Cidr": addresses, "Description": "default"}]
        )


ManagedPrefixListBackend.create_default_pls = create_with_health_checks
