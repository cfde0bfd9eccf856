"""CloudFront: cache policies, response headers policies, the publishing of functions, and all that a distribution was given.

Policies are kept as they come: CloudFront answers with the configuration it was given, an id and an ETag. Deleting a policy
that a distribution uses is refused, as CloudFront does. A published function has a second stage, LIVE, with an ETag and a
configuration of its own until the next publishing. Of a distribution, CloudFront answers the functions and policies of its
behaviours, the access control of its origins, and no legacy settings (forwarded values, the default certificate) beside those
that replaced them.
"""

import copy

from moto.cloudfront.exceptions import CloudFrontException
from moto.cloudfront.models import DefaultCacheBehaviour, Origin, ViewerCertificate, random_id
from moto.cloudfront.responses import CloudFrontResponse
from moto.cloudfront.urls import url_paths
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow

base = "{0}/2020-05-31"


def dashed(kind):
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in kind).lstrip("-")


def policy_operations(kind):
    """Create, get, update and delete of one kind of policy, such as CachePolicy."""

    def kept(self):
        policies = self.backend.__dict__.setdefault(f"kept_{kind}", {})
        wanted = self._get_param("Id")
        if wanted is not None and wanted not in policies:
            raise CloudFrontException(f"NoSuch{kind}", f"The {dashed(kind).replace('-', ' ')} does not exist.")
        return policies

    def answer(policy):
        return ActionResult({kind: {"Id": policy["id"], "LastModifiedTime": policy["time"], f"{kind}Config": policy["config"]}, "ETag": policy["etag"]})

    def put(self, policies, policy_id):
        policies[policy_id] = {"id": policy_id, "config": self._get_param(f"{kind}Config"), "etag": random_id(), "time": utcnow()}
        return answer(policies[policy_id])

    def create(self):
        policies, name = kept(self), self._get_param(f"{kind}Config")["Name"]
        if any(policy["config"]["Name"] == name for policy in policies.values()):
            raise CloudFrontException(f"{kind}AlreadyExists", f"A {dashed(kind).replace('-', ' ')} with the name {name} already exists.")
        return put(self, policies, random_id())

    def get(self):
        return answer(kept(self)[self._get_param("Id")])

    def update(self):
        return put(self, kept(self), self._get_param("Id"))

    def delete(self):
        policies, policy_id = kept(self), self._get_param("Id")
        if any(policy_id in str(vars(behaviour)) for behaviour in behaviours(self.backend)):
            raise CloudFrontException(f"{kind}InUse", "Cannot delete the policy because it is attached to one or more cache behaviors.")
        del policies[policy_id]
        return EmptyResult()

    snake = dashed(kind).replace("-", "_")
    for verb, operation in (("create", create), ("get", get), ("update", update), ("delete", delete)):
        setattr(CloudFrontResponse, f"{verb}_{snake}", operation)
    url_paths[f"{base}/{dashed(kind)}$"] = CloudFrontResponse.dispatch
    url_paths[f"{base}/{dashed(kind)}/(?P<policy_id>[^/]+)$"] = CloudFrontResponse.dispatch


def behaviours(backend):
    for distribution in backend.distributions.values():
        config = vars(distribution.distribution_config)
        yield config["DefaultCacheBehavior"]
        yield from config["CacheBehaviors"].get("Items", [])


for policy in ("CachePolicy", "ResponseHeadersPolicy"):
    policy_operations(policy)


def live_stage(function):
    """The stage that distributions run, as it was when the function was published last."""
    return function.__dict__.get("live")


def publish_function(self):
    function = self.backend.describe_function(name=self._get_param("Name"))
    function.status = "UNASSOCIATED"
    live = copy.copy(function)
    live.__dict__.pop("live", None)
    live.stage, live.etag = "LIVE", random_id()
    function.live = live
    return ActionResult({"FunctionSummary": live.function_summary})


def update_function(self):
    function = self.backend.describe_function(name=self._get_param("Name"))
    function.config, function.code = self._get_param("FunctionConfig"), self._get_param("FunctionCode")
    function.etag, function.last_modified_time, function.status = random_id(), utcnow(), "UNPUBLISHED"
    return ActionResult({"FunctionSummary": function.function_summary, "ETag": function.etag})


def staged(operation):
    """Answers for the stage that is asked for; there is no LIVE stage before the first publishing."""

    def answer(self):
        find = self.backend.describe_function
        if self._get_param("Stage") != "LIVE":
            return operation(self)
        live = live_stage(find(name=self._get_param("Name")))
        if live is None:
            raise CloudFrontException("NoSuchFunctionExists", "The specified function does not exist.")
        if operation.__name__ == "get_function":
            return ActionResult({"FunctionCode": live.code, "ETag": live.etag, "ContentType": "application/octet-stream"})
        return ActionResult({"FunctionSummary": live.function_summary, "ETag": live.etag})

    return answer


CloudFrontResponse.publish_function = publish_function
CloudFrontResponse.update_function = update_function
CloudFrontResponse.describe_function = staged(CloudFrontResponse.describe_function)
CloudFrontResponse.get_function = staged(CloudFrontResponse.get_function)
url_paths[f"{base}/function/(?P<function_name>[^/]+)/publish$"] = CloudFrontResponse.dispatch


def also(owner, put):
    """Runs `put(self, config)` once moto has made the object from its configuration."""
    made = owner.__init__

    def initialise(self, config):
        given = copy.deepcopy(config)
        made(self, config)
        put(self, given)

    owner.__init__ = initialise


def put_behaviour(self, config):
    self.function_associations = config.get("FunctionAssociations") or {"Quantity": 0}
    if config.get("CachePolicyId"):
        self.forwarded_values = self.min_ttl = self.default_ttl = self.max_ttl = None


def put_origin(self, config):
    self.origin_access_control_id = config.get("OriginAccessControlId") or ""
    self.response_completion_timeout = config.get("ResponseCompletionTimeout")


def put_certificate(self, config):
    if config.get("ACMCertificateArn"):
        self.cloud_front_default_certificate = False


also(DefaultCacheBehaviour, put_behaviour)
also(Origin, put_origin)
also(ViewerCertificate, put_certificate)
