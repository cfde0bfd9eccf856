"""Calls of the AWS API with boto3, for checks that must not go through the engine.

Usage: aws_calls.py < calls.json          AWS_ENDPOINT_URL says where the API is
Reads a list of [service, operation, parameters], prints the list of their answers. All pages of a list are read.
"""

import json
import sys

import boto3


def answer(service, operation, parameters):
    client = boto3.client(service)
    if client.can_paginate(operation):
        return client.get_paginator(operation).paginate(**parameters).build_full_result()
    return getattr(client, operation)(**parameters)


json.dump([answer(*call) for call in json.load(sys.stdin)], sys.stdout, default=str)
