"""An AWS API server on loopback: moto, with the calls of the current AWS provider that moto does not answer.

Usage: aws_server.py PORT [--while-stdin-open]          needs moto[server] and cbor2 (see requirements.txt)

Prints its address once it answers; port 0 takes a free one. With --while-stdin-open it ends when its standard input does,
so that it never outlives whoever started it, however that ended.

It holds any number of accounts: an access key belongs to the account whose 12 digits it ends with. A DNS zone that stacks
expect to find in their account is made by PUT /zones/ACCOUNT/ZONE-ID/NAME.

An image is pushed by PUT /images/ACCOUNT/REGION/DIGEST/FATE/REPOSITORY; FATE is runs, or dies for one whose tasks exit when they start.

Tasks of a service that is scaled run after so many seconds: PUT /pace/SECONDS; at once until then.

What was called, by whom and when: GET /journal; DELETE /journal forgets it.

A service answers late, each call by so many seconds: PUT /late/SERVICE/SECONDS, where SERVICE is the name that requests are signed for.

A fault on demand: POST /hold/ModifyRule keeps back the answer of the next ModifyRule call, whose effect is there all the
same; GET /hold tells {"held": true} once it waits; DELETE /hold lets it go.

What is added, and why:
- CloudWatch: the Go SDK speaks Smithy RPC v2 with CBOR bodies, moto speaks JSON; bodies are translated both ways.
- AWS Backup: tags are asked for without the slash at the end that moto's route demands.
- S3: tags sent along with CreateBucket are lost by moto; they are put by a call of their own.
- Slack channels of alarms: chat_channels.
- What moto itself gets wrong is put right in moto_mends.
"""

import base64
import datetime
import io
import json
import os
import re
import sys
import threading
import time

import botocore.session
import cbor2
import moto_mends  # mends moto as it is imported
from chat_channels import ChatChannels
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.route53.models import route53_backends
from werkzeug.serving import make_server

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


class Accounts:
    """Tells moto the account of a request, which the access key names."""

    key = re.compile(r"Credential=[A-Z]+(\d{12})/")

    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start):
        found = self.key.search(environ.get("HTTP_AUTHORIZATION", ""))
        if found:
            environ = dict(environ, HTTP_X_MOTO_ACCOUNT_ID=found[1])
        return self.app(environ, start)


class Put:
    """Answers PUT of a path in the API's place: what a test sets up, and the API has no call for."""

    path: re.Pattern

    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start):
        found = self.path.match(environ.get("PATH_INFO", "")) if environ["REQUEST_METHOD"] == "PUT" else None
        if not found:
            return self.app(environ, start)
        self.put(*found.groups())
        start("204 No Content", [])
        return []


class Zones(Put):
    """Makes public DNS zones with an id of the caller's choice, which the API has no call for."""

    path = re.compile(r"^/zones/(\d{12})/(\w+)/([\w.-]+)$")

    def put(self, account, zone_id, name):
        backend = route53_backends[account]["aws"]
        if zone_id not in backend.zones:
            zone = backend.create_hosted_zone(name=f"{name}.", private_zone=False)
            del backend.zones[zone.resource_id]
            zone.resource_id = zone_id
            backend.zones[zone_id] = zone


class Images(Put):
    """Pushes images, whose layers the API would ask for."""

    path = re.compile(r"^/images/(\d{12})/([a-z0-9-]+)/(sha256:[0-9a-f]{64})/(runs|dies)/(.+)$")

    def put(self, account, region, digest, fate, repository):
        moto_mends.ecr.push(account, region, repository, digest, fate)


class Pace(Put):
    """Says how many seconds tasks take until they run, where a service is scaled."""

    path = re.compile(r"^/pace/([\d.]+)$")

    def put(self, seconds):
        moto_mends.ecs.pace["seconds"] = float(seconds)


class Hold:
    """Keeps back one answer, long enough for the caller to be killed meanwhile."""

    longest = 120

    def __init__(self, app):
        self.app = app
        self.operation = None
        self.held = False
        self.released = threading.Event()

    def __call__(self, environ, start):
        path = environ.get("PATH_INFO", "")
        if path == "/hold" or path.startswith("/hold/"):
            return self.control(environ["REQUEST_METHOD"], path[len("/hold/") :], start)
        if self.operation is None:
            return self.app(environ, start)
        body = read_body(environ)
        asked = environ.get("HTTP_X_AMZ_TARGET", "").split(".")[-1] == self.operation
        mine = asked or re.search(rb"(?:^|&)Action=" + self.operation.encode() + rb"(?:&|$)", body)
        status, headers, answer = call(self.app, with_body(environ, body))
        if mine and status.startswith("200"):
            self.operation, self.held = None, True
            self.released.wait(self.longest)
            self.held = False
        start(status, headers)
        return [answer]

    def control(self, method, operation, start):
        if method == "POST":
            self.operation = operation
            self.released.clear()
        elif method == "DELETE":
            self.operation = None
            self.released.set()
        start("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"held": self.held}).encode()]


class Journal:
    """Notes each call: the service that it is signed for, its operation, who calls, and when it began and ended."""

    signed = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/")

    def __init__(self, app):
        self.app = app
        self.calls = []
        self.late = {}

    def __call__(self, environ, start):
        path = environ.get("PATH_INFO", "")
        method = environ["REQUEST_METHOD"]
        if path == "/journal":
            calls = list(self.calls)
            if method == "DELETE":
                self.calls.clear()
            start("200 OK", [("Content-Type", "application/json")])
            return [json.dumps(calls).encode()]
        if path.startswith("/late/") and method == "PUT":
            _, _, service, seconds = path.split("/")
            self.late[service] = float(seconds)
            start("200 OK", [])
            return [b""]
        found = self.signed.search(environ.get("HTTP_AUTHORIZATION", ""))
        service = found.group(1) if found else ""
        body = read_body(environ)
        noted = {
            "service": service,
            "operation": self.operation(environ, body),
            "agent": environ.get("HTTP_USER_AGENT", ""),
            "began": time.time(),
            "ended": None,
        }
        self.calls.append(noted)
        time.sleep(self.late.get(service, 0))
        status, headers, answer = call(self.app, with_body(environ, body))
        noted["ended"] = time.time()
        start(status, headers)
        return [answer]

    def operation(self, environ, body):
        target = environ.get("HTTP_X_AMZ_TARGET")
        if target:
            return target.split(".")[-1]
        action = re.search(rb"(?:^|&)Action=(\w+)", body)
        if action:
            return action.group(1).decode()
        path = environ.get("PATH_INFO", "")
        return path.split("/")[-1] if path.startswith("/service/") else f"{environ['REQUEST_METHOD']} {path}"


def end_with_stdin():
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    moto = DomainDispatcherApplication(create_backend_app)
    application = Journal(Accounts(Hold(Pace(Images(Zones(CborTranslation(BackupTags(BucketTags(ChatChannels(moto))))))))))
    server = make_server("127.0.0.1", int(sys.argv[1]), application, threaded=True)
    if "--while-stdin-open" in sys.argv[2:]:
        threading.Thread(target=end_with_stdin, daemon=True).start()
    print(f"http://127.0.0.1:{server.port}", flush=True)
    server.serve_forever()
