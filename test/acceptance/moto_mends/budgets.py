"""Budgets: the subscribers of a notification can be listed, and a budget's tags."""

import json

from moto.budgets.responses import BudgetsResponse


def describe_subscribers_for_notification(self):
    account, name, wanted = self._get_param("AccountId"), self._get_param("BudgetName"), self._get_param("Notification")
    kept = [each for each in self.backend.budgets[account][name].notifications if each.details == wanted]
    return json.dumps({"Subscribers": [subscriber for each in kept for subscriber in each.subscribers]})


def tags_of(self):
    return self.backend.__dict__.setdefault("kept_tags", {}).setdefault(self._get_param("ResourceARN"), {})


def list_tags_for_resource(self):
    return json.dumps({"ResourceTags": [{"Key": key, "Value": value} for key, value in tags_of(self).items()]})


def tag_resource(self):
    tags_of(self).update({each["Key"]: each["Value"] for each in self._get_param("ResourceTags")})
    return "{}"


def untag_resource(self):
    for key in self._get_param("ResourceTagKeys"):
        tags_of(self).pop(key, None)
    return "{}"


def create_with_tags(self, create=BudgetsResponse.create_budget):
    answer = create(self)
    arn = f"arn:aws:budgets::{self._get_param('AccountId')}:budget/{self._get_param('Budget')['BudgetName']}"
    kept = self.backend.__dict__.setdefault("kept_tags", {})
    kept[arn] = {each["Key"]: each["Value"] for each in self._get_param("ResourceTags") or []}
    return answer


for operation in (describe_subscribers_for_notification, list_tags_for_resource, tag_resource, untag_resource):
    setattr(BudgetsResponse, operation.__name__, operation)
BudgetsResponse.create_budget = create_with_tags
