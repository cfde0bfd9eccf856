"""Puts right what moto answers differently from AWS, and adds what it lacks, where the current AWS provider notices.

Importing it is enough. One module for each service; what its AWS counterpart answers stands in each docstring. What is
missing here and in moto stands in ../lacks.ts: no update makes it.

What it cannot show, and where it is shown instead: moto asks no policy, so neither whether a role may have RDS make a secret in its name nor that a
new key's tags count only after minutes (test/unit/access/servicesInTheCallersName.test.ts); it evaluates no alarm, so none acts as it is made
(test/unit/alarms/realCloud.test.ts); its tasks run as soon as they are wanted, where real ones take a minute (`slipway sandbox tasks`).
"""

from . import awslambda, backup, budgets, cloudfront, cloudwatch, ec2, ecr, ecs, efs, elasticache, elbv2, kms, logs, rds, rds_backups, route53, s3, scaling, secretsmanager, sqs, unanswered  # noqa: F401  each mends moto
