"""What the policies that AWS keeps grant, as far as a role with them is judged by it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bbws_readiness.model.access import Attached, Pattern, Statement

GRANTED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "AdministratorAccess": ("*",),
        "IAMFullAccess": ("iam:*",),
        "AmazonDynamoDBFullAccess": ("dynamodb:*",),
        "AmazonDynamoDBFullAccess_v2": ("dynamodb:*",),
        "AmazonS3FullAccess": ("s3:*",),
        "AWSBackupFullAccess": ("backup:*",),
    }
)
"""Policy to what it allows on everything; all but the first allow more, which is not looked into."""
_WHOLE = "AdministratorAccess"
_ALL_BUT = {"PowerUserAccess": ("iam:*", "organizations:*", "account:*")}


def granted_by(attached: Attached) -> tuple[Statement, ...]:
    """Statements for what an attached policy surely allows; none for one that is not known."""
    if not attached.of_aws:
        return ()
    named, excepted = GRANTED.get(attached.name, ()), _ALL_BUT.get(attached.name, ())
    if not named and not excepted:
        return ()
    at = attached.at
    return (
        Statement(
            at,
            allows=True,
            actions=tuple(Pattern(one, one, at) for one in named or excepted),
            all_actions_but=not named,
            resources=(Pattern("*", "*", at),),
        ),
    )


def allows_more(attached: Attached) -> bool:
    """Whether the policy may allow what `granted_by` does not tell."""
    return not (attached.of_aws and attached.name == _WHOLE)
