"""CloudWatch Logs: kept queries. A definition is put, found by the beginning of its name, and deleted by its id."""

import json

from moto.core.utils import unix_time_millis
from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.responses import LogsResponse
from moto.moto_api._internal import mock_random


def kept(self):
    return self.logs_backend.__dict__.setdefault("kept_queries", {})


def put_query_definition(self):
    query_id = self._get_param("queryDefinitionId") or str(mock_random.uuid4())
    members = ("name", "queryString", "queryLanguage", "logGroupNames")
    given = {member: self._get_param(member) for member in members if self._get_param(member) is not None}
    kept(self)[query_id] = {"queryDefinitionId": query_id, "lastModified": int(unix_time_millis()), "queryLanguage": "CWLI", **given}
    return json.dumps({"queryDefinitionId": query_id})


def describe_query_definitions(self):
    prefix = self._get_param("queryDefinitionNamePrefix") or ""
    return json.dumps({"queryDefinitions": [query for query in kept(self).values() if query["name"].startswith(prefix)]})


def delete_query_definition(self):
    query_id = self._get_param("queryDefinitionId")
    if query_id not in kept(self):
        raise ResourceNotFoundException(f"The specified query definition does not exist: {query_id}")
    del kept(self)[query_id]
    return json.dumps({"success": True})


for answer in (put_query_definition, describe_query_definitions, delete_query_definition):
    setattr(LogsResponse, answer.__name__, answer)
