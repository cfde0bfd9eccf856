"""An AWS API server on loopback: moto, with the calls of the current AWS provider that moto does not answer.

Usage: aws_server.py PORT          needs moto[server] and cbor2 (see requirements.txt)

What is added, and why:
- CloudWatch: the Go SDK speaks Smithy RPC v2 with CBOR bodies, moto speaks JSON; bodies are translated both ways.
- AWS Backup: tags are asked for without the slash at the end that moto's route demands.
- S3: tags sent along with CreateBucket are lost by moto; they are put by a call of their own.
- ECS: settings of a new service that moto keeps only from its second call on.
- ECS: tasks, which moto never starts, run as soon as they are wanted; service deployments, which the provider watches
  until a service is steady, succeed at once.
- Application Auto Scaling: tags of scalable targets.
"""

import base64
import datetime
import io
import json
import re
import sys

import botocore.session
import cbor2
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.core.utils import camelcase_to_underscores
from moto.ecs.models import Service
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

CLOUDWATCH = "GraniteServiceVersion20100801"


def read_body(environ):
    return environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))


def with_body(environ, body, **changes):
    changed = dict(environ, CONTENT_LENGTH=str(len(body)), **changes)
    changed["wsgi.input"] = io.BytesIO(body)
    return changed


def with_path(environ, path, query=None):
    changed = dict(environ, PATH_INFO=path)
    raw = path if not query else f"{path}?{query}"
    for key in ("RAW_URI", "REQUEST_URI"):
        changed[key] = raw
    if query is not None:
        changed["QUERY_STRING"] = query
    return changed


def call(app, environ):
    """Runs one request to its end: status, headers, body."""
    answer = {}

    def start(status, headers, exc_info=None):
        answer["status"], answer["headers"] = status, headers

    body = b"".join(app(environ, start))
    return answer["status"], answer["headers"], body


class CborTranslation:
    """CloudWatch's CBOR protocol in front of moto's JSON one. Types come from botocore's model of the service."""

    path = re.compile(r"^/service/(\w+)/operation/(\w+)$")

    def __init__(self, app):
        self.app = app
        self.model = botocore.session.get_session().get_service_model("cloudwatch")

    def __call__(self, environ, start):
        found = self.path.match(environ.get("PATH_INFO", ""))
        if not found or found[1] != CLOUDWATCH:
            return self.app(environ, start)
        operation = found[2]
        raw = read_body(environ)
        request = json.dumps(self.plain(cbor2.loads(raw) if raw else {})).encode()
        target = f"{CLOUDWATCH}.{operation}"
        inner = with_body(
            with_path(environ, "/"), request, REQUEST_METHOD="POST", CONTENT_TYPE="application/x-amz-json-1.0", HTTP_X_AMZ_TARGET=target, HTTP_ACCEPT="application/json"
        )
        inner.pop("HTTP_SMITHY_PROTOCOL", None)
        status, _, body = call(self.app, inner)
        try:
            result = json.loads(body) if body.strip() else {}
        except ValueError:
            status, result = "500 Internal Server Error", {"__type": "InternalFailure", "message": body.decode(errors="replace")[:400]}
        if status.startswith("2"):
            result = self.typed(result, self.model.operation_model(operation).output_shape)
        else:
            result = {"__type": result.get("__type", "Error"), "message": result.get("message") or result.get("Message", "")}
        encoded = cbor2.dumps(result or {})
        start(status, [("Content-Type", "application/cbor"), ("Smithy-Protocol", "rpc-v2-cbor"), ("Content-Length", str(len(encoded)))])
        return [encoded]

    def plain(self, value):
        if isinstance(value, datetime.datetime):
            return value.timestamp()
        if isinstance(value, bytes):
            return base64.b64encode(value).decode()
        if isinstance(value, dict):
            return {key: self.plain(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.plain(item) for item in value]
        return value

    def typed(self, value, shape):
        if value is None or shape is None:
            return value
        kind = shape.type_name
        if kind == "structure" and isinstance(value, dict):
            return {key: self.typed(item, shape.members.get(key)) for key, item in value.items() if item is not None}
        if kind == "list" and isinstance(value, list):
            return [self.typed(item, shape.member) for item in value]
        if kind == "map" and isinstance(value, dict):
            return {key: self.typed(item, shape.value) for key, item in value.items()}
        if kind == "timestamp":
            seconds = datetime.datetime.fromisoformat(value).timestamp() if isinstance(value, str) and "T" in value else float(value)
            return cbor2.CBORTag(1, seconds)
        if kind in ("double", "float"):
            return float(value)
        if kind in ("integer", "long"):
            return int(value)
        if kind == "boolean" and isinstance(value, str):
            return value.lower() == "true"
        return value


class BackupTags:
    """Adds the slash at the end of AWS Backup's list-tags path."""

    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start):
        path = environ.get("PATH_INFO", "")
        signed_for = environ.get("HTTP_AUTHORIZATION", "")
        if "/backup/aws4_request" in signed_for and environ["REQUEST_METHOD"] == "GET" and path.startswith("/tags/") and not path.endswith("/"):
            environ = with_path(environ, f"{path}/")
        return self.app(environ, start)


class BucketTags:
    """Puts the tags of a CreateBucket call once the bucket exists."""

    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start):
        path = environ.get("PATH_INFO", "")
        signed_for = environ.get("HTTP_AUTHORIZATION", "")
        creates = environ["REQUEST_METHOD"] == "PUT" and re.fullmatch(r"/[^/]+", path) and not environ.get("QUERY_STRING")
        if not creates or "/s3/aws4_request" not in signed_for:
            return self.app(environ, start)
        body = read_body(environ)
        status, headers, answer = call(self.app, with_body(environ, body))
        tags = b"".join(re.findall(rb"<Tag>.*?</Tag>", body, re.S))
        if tags and status.startswith("200"):
            document = b"<Tagging><TagSet>" + tags + b"</TagSet></Tagging>"
            second = with_body(with_path(environ, path, "tagging="), document)
            for key in [key for key in second if key.startswith("HTTP_X_AMZ_CHECKSUM") or key in ("HTTP_CONTENT_MD5", "HTTP_X_AMZ_CONTENT_SHA256")]:
                del second[key]
            call(self.app, second)
        start(status, headers)
        return [answer]


def list_service_deployments(self):
    cluster = self._get_param("cluster") or "default"
    service = self.ecs_backend.describe_services(cluster, [self._get_param("service")])[0][0]
    revisions = [deployment["id"].split("/")[-1] for deployment in service.deployments]
    base = service.arn.replace(":service/", ":service-deployment/")
    deployments = [
        {
            "serviceDeploymentArn": f"{base}/{revision}",
            "serviceArn": service.arn,
            "targetServiceRevisionArn": f"{service.arn.replace(':service/', ':service-revision/')}/{revision}",
            "status": "SUCCESSFUL",
        }
        for revision in revisions
    ]
    return json.dumps({"serviceDeployments": deployments})


def describe_service_deployments(self):
    arns = self._get_param("serviceDeploymentArns")
    return json.dumps({"serviceDeployments": [{"serviceDeploymentArn": arn, "status": "SUCCESSFUL"} for arn in arns], "failures": []})


def create_with_settings(self, create=EC2ContainerServiceResponse.create_service):
    answer = create(self)
    cluster, name = self._get_param("cluster") or "default", self._get_param("serviceName")
    service = self.ecs_backend.describe_services(cluster, [name])[0][0]
    for key in ("availabilityZoneRebalancing", "enableECSManagedTags", "enableExecuteCommand", "healthCheckGracePeriodSeconds", "deploymentConfiguration"):
        if self._get_param(key) is not None:
            setattr(service, camelcase_to_underscores(key), self._get_param(key))
    return answer


EC2ContainerServiceResponse.create_service = create_with_settings
Service.running_count = property(lambda self: self.desired_count, lambda self, value: None)
Service.pending_count = property(lambda self: 0, lambda self, value: None)
EC2ContainerServiceResponse.list_service_deployments = list_service_deployments
EC2ContainerServiceResponse.describe_service_deployments = describe_service_deployments

scaling_tags = {}


def register_with_tags(self, register=ApplicationAutoScalingResponse.register_scalable_target):
    answer = json.loads(register(self) or "{}")
    target = ":".join([self.region, self.current_account, self._get_param("ResourceId"), self._get_param("ScalableDimension")])
    arn = f"arn:aws:application-autoscaling:{self.region}:{self.current_account}:scalable-target/{target.encode().hex()[-36:]}"
    scaling_tags.setdefault(arn, {}).update(self._get_param("Tags") or {})
    return json.dumps({**answer, "ScalableTargetARN": arn})


def describe_with_arns(self, describe=ApplicationAutoScalingResponse.describe_scalable_targets):
    answer = json.loads(describe(self))
    for target in answer["ScalableTargets"]:
        key = ":".join([self.region, self.current_account, target["ResourceId"], target["ScalableDimension"]])
        target["ScalableTargetARN"] = f"arn:aws:application-autoscaling:{self.region}:{self.current_account}:scalable-target/{key.encode().hex()[-36:]}"
    return json.dumps(answer)


def list_scaling_tags(self):
    return json.dumps({"Tags": scaling_tags.get(self._get_param("ResourceARN"), {})})


def tag_scaling(self):
    scaling_tags.setdefault(self._get_param("ResourceARN"), {}).update(self._get_param("Tags") or {})
    return "{}"


def untag_scaling(self):
    for key in self._get_param("TagKeys") or []:
        scaling_tags.get(self._get_param("ResourceARN"), {}).pop(key, None)
    return "{}"


ApplicationAutoScalingResponse.register_scalable_target = register_with_tags
ApplicationAutoScalingResponse.describe_scalable_targets = describe_with_arns
ApplicationAutoScalingResponse.list_tags_for_resource = list_scaling_tags
ApplicationAutoScalingResponse.tag_resource = tag_scaling
ApplicationAutoScalingResponse.untag_resource = untag_scaling

if __name__ == "__main__":
    server = CborTranslation(BackupTags(BucketTags(DomainDispatcherApplication(create_backend_app))))
    run_simple("127.0.0.1", int(sys.argv[1]), server, threaded=True)
