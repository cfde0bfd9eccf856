"""Route 53: a name with a CNAME has no other record (developer guide, "CNAME record type"; RFC 1034 3.6.2), in the order of the calls."""

from moto.route53.exceptions import Route53ClientError
from moto.route53.models import Route53Backend


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
