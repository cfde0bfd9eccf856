"""EC2: a security group rule that names another group keeps its description; one that is gone is refused by its id; all prefix lists that AWS manages."""

from moto.ec2.exceptions import InvalidSecurityGroupRuleIdNotFoundError
from moto.ec2.models.managed_prefixes import ManagedPrefixListBackend
from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule


def description_of_rule(self):
    for peer in (self.ip_range, self.source_group, self.prefix_list_id):
        if (peer or {}).get("Description") is not None:
            return peer["Description"]
    return None


SecurityGroupRule.description = property(description_of_rule)


def by_known_id(revoke):
    """A rule by its id that is not there has a code of its own ("Error codes for the Amazon EC2 API"), which the provider takes for one that
    is deleted, as a call that the SDK sends again meets it."""

    def revoke_known(self, group_name_or_id, *args, security_rule_ids=None, vpc_id=None, **kwargs):
        group = self.get_security_group_by_name_or_id(group_name_or_id, vpc_id)
        for rule_id in security_rule_ids or []:
            if group is not None and group.get_rule(rule_id) is None:
                raise InvalidSecurityGroupRuleIdNotFoundError(rule_id)
        return revoke(self, group_name_or_id, *args, security_rule_ids=security_rule_ids, vpc_id=vpc_id, **kwargs)

    return revoke_known


SecurityGroupBackend.revoke_security_group_egress = by_known_id(SecurityGroupBackend.revoke_security_group_egress)
SecurityGroupBackend.revoke_security_group_ingress = by_known_id(SecurityGroupBackend.revoke_security_group_ingress)


def create_with_health_checks(self, create=ManagedPrefixListBackend.create_default_pls):
    """AWS has two more since Route 53 publishes the addresses of its health checkers as prefix lists."""
    create(self)
    for family, name, addresses in (("IPv4", "route53-healthchecks", "15.177.0.0/18"), ("IPv6", "ipv6.route53-healthchecks", "2600:1f1c:7ff::/48")):
        self._create_aws_managed_prefix_list(
            name=f"com.amazonaws.{self.region_name}.{name}", address_family=family, entries=[{"Cidr": addresses, "Description": "default"}]
        )


ManagedPrefixListBackend.create_default_pls = create_with_health_checks
