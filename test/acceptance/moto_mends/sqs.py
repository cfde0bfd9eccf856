"""SQS: a queue with a key of KMS is not encrypted with a key of SQS as well; SqsManagedSseEnabled is false for it."""

from moto.sqs.models import Queue


def set_attributes(self, attributes, now=None, setting=Queue._set_attributes):
    setting(self, attributes, now)
    if self.kms_master_key_id and "SqsManagedSseEnabled" in attributes:
        self.sqs_managed_sse_enabled = False


Queue._set_attributes = set_attributes
