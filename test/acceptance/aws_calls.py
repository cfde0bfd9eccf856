"""Calls of the AWS API with boto3, for checks that must not go through the engine.

Usage: aws_calls.py [--refusals] < calls.json          AWS_ENDPOINT_URL says where the API is
Reads a list of [service, operation, parameters], prints the list of their answers. All pages of a list are read.
A parameter {"contentOf": file} is the bytes of that file.
With --refusals the answer to a call that is refused is {"Error": {"Code": ...}}; without it, the first refusal ends everything.
"""

import json
import sys

import boto3
from botocore.exceptions import ClientError


def with_contents(value):
    if isinstance(value, dict):
        if list(value) == ["contentOf"]:
            with open(value["contentOf"], "rb") as file:
                return file.read()
        return {key: with_contents(item) for key, item in value.items()}
    return [with_contents(item) for item in value] if isinstance(value, list) else value


def answer(service, operation, parameters):
    client = boto3.client(service)
    parameters = with_contents(parameters)
    if client.can_paginate(operation):
        return client.get_paginator(operation).paginate(**parameters).build_full_result()
    return getattr(client, operation)(**parameters)


def attempted(*call):
    try:
        return answer(*call)
    except ClientError as refusal:
        return refusal.response


asked = attempted if "--refusals" in sys.argv[1:] else answer
json.dump([asked(*call) for call in json.load(sys.stdin)], sys.stdout, default=str)
