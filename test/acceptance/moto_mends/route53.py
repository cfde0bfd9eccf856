"""Route 53: what moto takes or loses.

- A name with a CNAME has no other record (developer guide, "CNAME record type"; RFC 1034 3.6.2), in the order of the calls.
- A health check that follows an alarm has the alarm and what it is without data, and none of an endpoint's port and intervals (API reference,
  HealthCheckConfig).
"""

from moto.route53.exceptions import Route53ClientError
from moto.route53.models import HealthCheck, Route53Backend
from moto.route53.responses import Route53


def change(self, zoneid, change_list, known=Route53Backend.change_resource_record_sets):
    zone = self.get_hosted_zone(zoneid)
    kinds = {(record.name.rstrip("."), record.type) for record in zone.get_record_sets("", "")}
    for one in change_list:
        wanted = one["ResourceRecordSet"]
        name, kind = wanted["Name"].rstrip("."), wanted["Type"]
        if one["Action"] == "DELETE":
            kinds.discard((name, kind))
            continue
        rival = next((other for at, other in kinds if at == name and other != kind and "CNAME" in (other, kind)), None)
        if rival:
            raise Route53ClientError(
                "InvalidChangeBatch",
                f"[RRSet of type {kind} with DNS name {name}. is not permitted because a conflicting RRSet of type {rival} with the same DNS name already exists in zone {zone.name}]",
            )
        kinds.add((name, kind))
    return known(self, zoneid, change_list)


Route53Backend.change_resource_record_sets = change

ALARM = "AlarmIdentifier", "InsufficientDataHealthStatus"


def sent(self):
    return self._get_param("HealthCheckConfig") or {}


def create_check(self, create=Route53.create_health_check):
    answer = create(self)
    answer.result["HealthCheck"].of_alarm = {key: value for key, value in sent(self).items() if key in ALARM}
    return answer


def update_check(self, update=Route53.update_health_check):
    answer = update(self)
    changed = {key: self._get_param(key) for key in ALARM if self._get_param(key)}
    answer.result["HealthCheck"].of_alarm = {**getattr(answer.result["HealthCheck"], "of_alarm", {}), **changed}
    return answer


def config_of(self, known=HealthCheck.health_check_config.fget):
    config = known(self)
    if self.type_ != "CLOUDWATCH_METRIC":
        return config
    return {"Type": self.type_, "Inverted": self.inverted, "Disabled": self.disabled, **self.of_alarm}


Route53.create_health_check = create_check
Route53.update_health_check = update_check
HealthCheck.health_check_config = property(config_of)
