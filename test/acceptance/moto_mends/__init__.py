"""Puts right what moto answers differently from AWS, and adds what it lacks, where the current AWS provider notices.

Importing it is enough. One module for each service; what its AWS counterpart answers stands in each docstring. What is
missing here and in moto stands in ../lacks.ts: no update makes it.
"""

from . import awslambda, backup, budgets, cloudfront, cloudwatch, ec2, ecr, ecs, efs, elasticache, elbv2, kms, logs, rds, s3, scaling, sqs, unanswered  # noqa: F401  each mends moto
