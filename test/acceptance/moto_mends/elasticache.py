"""ElastiCache: parameter groups, user groups, the clusters of a replication group, and the ends of users and subnet groups.

- Parameter groups keep the values that were set; ElastiCache lists them as source `user` among the family's own.
- User groups know their users; a group that a replication group still uses is not deleted.
- Each member of a replication group is a cache cluster with the group's settings, and goes with it.
"""

from moto.core.responses import ActionResult, EmptyResult
from moto.elasticache.exceptions import ElastiCacheException
from moto.elasticache.models import CacheSubnetGroup, ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse


def kept(self, what):
    return self.elasticache_backend.__dict__.setdefault(f"kept_{what}", {})


def found(things, name, code, message):
    if name not in things:
        raise ElastiCacheException(code, message)
    return things[name]


def parameter_group(self):
    name = self._get_param("CacheParameterGroupName")
    return found(kept(self, "parameter_groups"), name, "CacheParameterGroupNotFound", f"CacheParameterGroup {name} not found.")


def arn(self, kind, name):
    return f"arn:aws:elasticache:{self.region}:{self.current_account}:{kind}:{name}"


def create_cache_parameter_group(self):
    name, groups = self._get_param("CacheParameterGroupName"), kept(self, "parameter_groups")
    if name in groups:
        raise ElastiCacheException("CacheParameterGroupAlreadyExists", f"Cache parameter group {name} already exists")
    groups[name] = {
        "CacheParameterGroupName": name,
        "CacheParameterGroupFamily": self._get_param("CacheParameterGroupFamily"),
        "Description": self._get_param("Description"),
        "IsGlobal": False,
        "ARN": arn(self, "parametergroup", name),
        "values": {},
    }
    tag(self, groups[name]["ARN"], self._get_param("Tags", []))
    return ActionResult({"CacheParameterGroup": groups[name]})


def describe_cache_parameter_groups(self):
    groups = [parameter_group(self)] if self._get_param("CacheParameterGroupName") else list(kept(self, "parameter_groups").values())
    return ActionResult({"CacheParameterGroups": groups})


def describe_cache_parameters(self):
    values = parameter_group(self)["values"]
    listed = [{"ParameterName": name, "ParameterValue": value, "Source": "user", "DataType": "string", "IsModifiable": True} for name, value in values.items()]
    return ActionResult({"Parameters": listed})


def modify_cache_parameter_group(self):
    group = parameter_group(self)
    for parameter in self._get_param("ParameterNameValues", []):
        group["values"][parameter["ParameterName"]] = parameter["ParameterValue"]
    return ActionResult({"CacheParameterGroupName": group["CacheParameterGroupName"]})


def reset_cache_parameter_group(self):
    group = parameter_group(self)
    for parameter in self._get_param("ParameterNameValues", []):
        group["values"].pop(parameter["ParameterName"], None)
    return ActionResult({"CacheParameterGroupName": group["CacheParameterGroupName"]})


def delete_cache_parameter_group(self):
    name = parameter_group(self)["CacheParameterGroupName"]
    if any(group.cache_parameter_group_name == name for group in self.elasticache_backend.replication_groups.values()):
        raise ElastiCacheException("InvalidCacheParameterGroupState", "One or more cache clusters are still members of this parameter group.")
    del kept(self, "parameter_groups")[name]
    return EmptyResult()


def user_group(self):
    name = self._get_param("UserGroupId")
    return found(kept(self, "user_groups"), name, "UserGroupNotFound", f"User group {name} not found.")


def groups_with(self, user_group_id):
    return [name for name, group in self.elasticache_backend.replication_groups.items() if user_group_id in group.user_group_ids]


def described(self, group):
    return {**group, "ReplicationGroups": groups_with(self, group["UserGroupId"])}


def create_user_group(self):
    name, groups = self._get_param("UserGroupId"), kept(self, "user_groups")
    if name in groups:
        raise ElastiCacheException("UserGroupAlreadyExists", f"User Group {name} already exists.")
    users = self._get_param("UserIds", [])
    for user in users:
        self.elasticache_backend.describe_users(user_id=user)
    groups[name] = {
        "UserGroupId": name,
        "Status": "active",
        "Engine": self._get_param("Engine"),
        "UserIds": users,
        "MinimumEngineVersion": "7.2",
        "ARN": arn(self, "usergroup", name),
    }
    tag(self, groups[name]["ARN"], self._get_param("Tags", []))
    return ActionResult(described(self, groups[name]))


def describe_user_groups(self):
    groups = [user_group(self)] if self._get_param("UserGroupId") else list(kept(self, "user_groups").values())
    return ActionResult({"UserGroups": [described(self, group) for group in groups]})


def modify_user_group(self):
    group, less = user_group(self), self._get_param("UserIdsToRemove", [])
    group["UserIds"] = [user for user in [*group["UserIds"], *self._get_param("UserIdsToAdd", [])] if user not in less]
    return ActionResult(described(self, group))


def delete_user_group(self):
    group = user_group(self)
    if groups_with(self, group["UserGroupId"]):
        raise ElastiCacheException("InvalidUserGroupState", f"User group {group['UserGroupId']} is in use.")
    del kept(self, "user_groups")[group["UserGroupId"]]
    return ActionResult({**described(self, group), "Status": "deleting"})


def modify_user(self):
    user = self.elasticache_backend.describe_users(user_id=self._get_param("UserId"))[0]
    user.access_string = self._get_param("AccessString") or user.access_string
    mode = self._get_param("AuthenticationMode") or {}
    user.passwords = self._get_param("Passwords") or mode.get("Passwords") or user.passwords
    user.authentication_type = mode.get("Type") or user.authentication_type
    return ActionResult(user)


def subnet_group(self):
    name = self._get_param("CacheSubnetGroupName")
    return self.elasticache_backend.describe_cache_subnet_groups(cache_subnet_group_name=name)[0]


def modify_cache_subnet_group(self):
    old = subnet_group(self)
    new = CacheSubnetGroup(
        self.current_account,
        self.region,
        old.cache_subnet_group_name,
        self._get_param("CacheSubnetGroupDescription") or old.cache_subnet_group_description,
        self._get_param("SubnetIds") or old.subnet_ids,
        old.tags,
    )
    self.elasticache_backend.cache_subnet_groups[old.cache_subnet_group_name] = new
    return ActionResult({"CacheSubnetGroup": new})


def delete_cache_subnet_group(self):
    name = subnet_group(self).cache_subnet_group_name
    if any(group.cache_subnet_group_name == name for group in self.elasticache_backend.replication_groups.values()):
        raise ElastiCacheException("CacheSubnetGroupInUse", f"Cache subnet group {name} is currently in use by a cache cluster.")
    del self.elasticache_backend.cache_subnet_groups[name]
    return EmptyResult()


class Member(dict):
    """A cache cluster of a replication group, as DescribeCacheClusters answers it."""

    def __init__(self, group, name, settings):
        version = settings["engine_version"] or "7.1"
        super().__init__(
            CacheClusterId=name,
            CacheClusterStatus="available",
            CacheNodeType=group.cache_node_type,
            Engine=group.engine,
            EngineVersion=version if version.count(".") > 1 else f"{version}.1",
            NumCacheNodes=1,
            ReplicationGroupId=group.replication_group_id,
            CacheSubnetGroupName=group.cache_subnet_group_name,
            CacheParameterGroup={"CacheParameterGroupName": group.cache_parameter_group_name, "ParameterApplyStatus": "in-sync"},
            SecurityGroups=[{"SecurityGroupId": each, "Status": "active"} for each in group.security_group_ids or []],
            PreferredMaintenanceWindow=group.preferred_maintenance_window or "sun:05:00-sun:06:00",
            AutoMinorVersionUpgrade=group.auto_minor_version_upgrade is not False,
            AtRestEncryptionEnabled=group.at_rest_encryption_enabled,
            TransitEncryptionEnabled=group.transit_encryption_enabled,
            TransitEncryptionMode=group.transit_encryption_mode or ("required" if group.transit_encryption_enabled else None),
            AuthTokenEnabled=group.auth_token_enabled,
            ARN=group.arn.replace(f"replicationgroup:{group.replication_group_id}", f"cluster:{name}"),
        )


def create_replication_group(self, create=ElastiCacheBackend.create_replication_group, **settings):
    if settings["num_cache_clusters"] and not settings["replicas_per_node_group"]:
        settings["replicas_per_node_group"] = settings["num_cache_clusters"] - 1
    group = create(self, **settings)
    for node_group in group.node_groups:
        node_group["reader_endpoint"] = {"address": node_group["reader_endpoint_address"], "port": group.port}
    for name in group.member_clusters:
        self.cache_clusters[name] = Member(group, name, settings)
    return group


def delete_replication_group(self, delete=ElastiCacheBackend.delete_replication_group, **settings):
    group = delete(self, **settings)
    for name in group.member_clusters:
        self.cache_clusters.pop(name, None)
    return self.replication_groups.pop(group.replication_group_id)


ElastiCacheBackend.create_replication_group = create_replication_group
ElastiCacheBackend.delete_replication_group = delete_replication_group


def tag(self, name, tags):
    kept(self, "tags")[name] = {each["Key"]: each["Value"] for each in tags}


def tags_of(self):
    return kept(self, "tags").get(self._get_param("ResourceName"))


def list_tags_for_resource(self, listed=ElastiCacheResponse.list_tags_for_resource):
    tags = tags_of(self)
    return listed(self) if tags is None else ActionResult({"TagList": [{"Key": key, "Value": value} for key, value in tags.items()]})


def add_tags_to_resource(self, add=ElastiCacheResponse.add_tags_to_resource):
    tags = tags_of(self)
    if tags is None:
        return add(self)
    tags.update({each["Key"]: each["Value"] for each in self._get_param("Tags", [])})
    return list_tags_for_resource(self)


def remove_tags_from_resource(self, remove=ElastiCacheResponse.remove_tags_from_resource):
    tags = tags_of(self)
    if tags is None:
        return remove(self)
    for key in self._get_param("TagKeys", []):
        tags.pop(key, None)
    return list_tags_for_resource(self)


for operation in (
    create_cache_parameter_group,
    describe_cache_parameter_groups,
    describe_cache_parameters,
    modify_cache_parameter_group,
    reset_cache_parameter_group,
    delete_cache_parameter_group,
    create_user_group,
    describe_user_groups,
    modify_user_group,
    delete_user_group,
    modify_user,
    modify_cache_subnet_group,
    delete_cache_subnet_group,
    list_tags_for_resource,
    add_tags_to_resource,
    remove_tags_from_resource,
):
    setattr(ElastiCacheResponse, operation.__name__, operation)
