"""Describes AWS Backup as the configuration declares it: vaults, plans, selections, and which tables they cover."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.backups import Backup
from bbws_readiness.model.tables import BackupTerms, Table
from bbws_readiness.parsers.terraform.facts import stated, text, whole_number
from bbws_readiness.parsers.terraform.tables import provider_region
from bbws_readiness.patterns import regex
from bbws_readiness.terraform import Block, Body, Evaluation, ResourceInstance, Value
from bbws_readiness.terraform.accessors import computed

_VAULTS = ("aws_backup_vault", "aws_backup_logically_air_gapped_vault")
_PLAN = "aws_backup_plan"
_SELECTION = "aws_backup_selection"

_RATE = regex(r"rate\(([0-9]{1,4}) (minute|hour|day)s?\)")
_CRON = regex(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)")
_TABLE_ARN = regex(r"arn:[^:]*:dynamodb:[^:]*:[^:]*:(?P<name>.*)")
_HOURS = {"minute": 1 / 60, "hour": 1, "day": 24}
_WORDS = {1: "hourly", 24: "daily", 168: "weekly"}


def describe_backup(evaluation: Evaluation, tables: Sequence[Table]) -> Backup:
    """The backup resources taken together; empty when the configuration declares none."""
    managed = [found for found in evaluation.resources if found.mode == "managed"]
    plans = [found for found in managed if found.type == _PLAN]
    selections = [found for found in managed if found.type == _SELECTION]
    covered: set[str] = set()
    reasons: list[str] = []
    for selection in selections:
        for table in tables:
            answer = _Selection(selection).covers(table)
            if answer is True:
                covered.add(table.name)
            elif isinstance(answer, Unknown):
                reasons.append(answer.reason)
    open_question = len(covered) < len({table.name for table in tables})
    return Backup(
        vaults=tuple(found.at for found in managed if found.type in _VAULTS),
        plans=tuple(found.at for found in plans),
        selections=tuple(found.at for found in selections),
        roles=tuple(role.at for found in selections if (role := stated(found.body, "iam_role_arn"))),
        covered=frozenset(covered),
        coverage_unknown=reasons[0] if reasons and open_question else "",
        terms=tuple(_terms(evaluation, plan, rule) for plan in plans for rule in plan.body.blocks_of("rule")),
    )


def normalised_frequency(expression: str) -> str:
    """`hourly`, `daily`, `weekly` or `monthly` for a schedule that means it; any other schedule as written."""
    if match := _RATE.fullmatch(expression):
        return _WORDS.get(int(match[1]) * _HOURS[match[2]], expression)  # type: ignore[call-overload, no-any-return]
    match = _CRON.fullmatch(expression)
    if match is None:
        return expression
    minute, hour, day, month, weekday, year = match.groups()
    if not minute.isdigit() or month != "*" or year != "*":
        return expression
    every_day = day in "*?" and weekday in "*?"
    if every_day and hour in ("*", "0/1", "*/1"):
        return "hourly"
    if not hour.isdigit():
        return expression
    if every_day:
        return "daily"
    if day in "*?" and re.fullmatch(r"[1-7]|[A-Z]{3}", weekday):
        return "weekly"
    return "monthly" if day.isdigit() and weekday in "*?" else expression


def _terms(evaluation: Evaluation, plan: ResourceInstance, rule: Block) -> BackupTerms:
    if rule.unknown:
        unknown = Unknown("the block rule comes from a dynamic block over unknowns")
        return BackupTerms(rule.at, Fact(unknown, rule.at), Fact(unknown, rule.at), Fact(unknown, rule.at))
    schedule = text(rule.body, "schedule")
    retention = [whole_number(block.body, "delete_after") for block in rule.blocks_of("lifecycle")]
    return BackupTerms(
        at=rule.at,
        # Without a schedule AWS Backup works by cron(0 5 ? * * *).
        frequency=schedule.map(normalised_frequency) if schedule else Fact("daily", rule.at),
        retention_days=next((days for days in retention if days), None),
        cross_region=_cross_region(evaluation, plan, rule),
    )


def _cross_region(evaluation: Evaluation, plan: ResourceInstance, rule: Block) -> Fact[bool]:
    """Whether a copy goes to a vault in another region than the plan's."""
    home = provider_region(plan.provider, evaluation.providers, plan.at).or_none()
    answer: Fact[bool] = Fact(False, rule.at)
    for copy in rule.blocks_of("copy_action"):
        target = _vault_region(evaluation, copy.body)
        if target is None or home is None:
            answer = Fact(Unknown("the region of the copy's vault is not known"), copy.at)
        elif target != home:
            return Fact(True, copy.at)
    return answer


def _vault_region(evaluation: Evaluation, copy: Body) -> str | None:
    destination = stated(copy, "destination_vault_arn")
    if destination is None:
        return None
    if destination.value.known:
        parts = str(destination.value.raw).split(":")
        return parts[3] if len(parts) > 3 and parts[3] else None
    for found in evaluation.resources:
        if found.type in _VAULTS and destination.value.reason == computed(found.address, "arn"):
            return provider_region(found.provider, evaluation.providers, found.at).or_none()
    return None


class _Selection:
    """One `aws_backup_selection`: resources and tag lists add up, conditions narrow, `not_resources` take away."""

    def __init__(self, selection: ResourceInstance) -> None:
        self._body = selection.body

    def covers(self, table: Table) -> bool | Unknown:
        """Whether the selection takes `table` in, or why that cannot be told."""
        chosen = _any([*self._by_resources(table, "resources"), *self._by_tag_lists(table)])
        excluded = _any(self._by_resources(table, "not_resources"))
        return _all([chosen, *self._by_conditions(table), _not(excluded)])

    def _by_resources(self, table: Table, argument: str) -> Iterator[bool | Unknown]:
        attribute = stated(self._body, argument)
        if attribute is None:
            return
        if not attribute.value.known:
            yield Unknown(attribute.value.reason)
        for _, value in attribute.value.elements():
            yield _names(value, table)

    def _by_tag_lists(self, table: Table) -> Iterator[bool | Unknown]:
        for block in self._body.blocks_of("selection_tag"):
            yield _unknown_block(block) if block.unknown else _has_tag(block.body, table, _equal)

    def _by_conditions(self, table: Table) -> Iterator[bool | Unknown]:
        for condition in self._body.blocks_of("condition"):
            if condition.unknown:
                yield _unknown_block(condition)
            for block in condition.body.blocks:
                compare, wanted = _COMPARISONS.get(block.type, (_equal, True))
                answer = _has_tag(block.body, table, compare)
                yield answer if wanted else _not(answer)


def _names(value: Value, table: Table) -> bool | Unknown:
    """Whether one entry of `resources` names the table: by reference to its ARN, by a literal ARN, by a wildcard."""
    if value.is_null or value.sensitive:
        return Unknown("sensitive value") if value.sensitive else False
    if not value.known:
        # The address proves the table even where its name is unknown; any other unknown may be any ARN.
        if table.address and value.reason == computed(table.address, "arn"):
            return True
        return False if value.reason.endswith(computed("", "arn")) else Unknown(value.reason)
    pattern = str(value.raw)
    if pattern == "*":
        return True
    match = _TABLE_ARN.fullmatch(pattern)
    if match is None:
        return False
    name = table.full_name.or_none()
    if name is None:
        return match["name"] in ("*", "table/*") or Unknown(f"the name of {table.address} is not known")
    return fnmatchcase(f"table/{name}", match["name"].replace("[", "[[]"))


def _has_tag(body: Body, table: Table, compare: Callable[[str, str], bool]) -> bool | Unknown:
    key, value = text(body, "key"), text(body, "value")
    if key is None or value is None:
        return False
    for part in (key, value):
        if isinstance(part.value, Unknown):
            return part.value
    name = key.get().removeprefix("aws:ResourceTag/")
    tag = (table.tags or {}).get(name)
    if tag is None:
        return Unknown(table.tags_unknown) if table.tags_unknown else False
    return tag.value if isinstance(tag.value, Unknown) else compare(tag.value, value.get())


def _equal(actual: str, expected: str) -> bool:
    return actual == expected


def _like(actual: str, expected: str) -> bool:
    return fnmatchcase(actual, expected.replace("[", "[[]"))


_COMPARISONS: Mapping[str, tuple[Callable[[str, str], bool], bool]] = {
    "string_equals": (_equal, True),
    "string_like": (_like, True),
    "string_not_equals": (_equal, False),
    "string_not_like": (_like, False),
}


def _any(answers: Sequence[bool | Unknown] | Iterator[bool | Unknown]) -> bool | Unknown:
    listed = list(answers)
    return True if True in listed else next((one for one in listed if isinstance(one, Unknown)), False)


def _all(answers: Sequence[bool | Unknown]) -> bool | Unknown:
    return False if False in answers else next((one for one in answers if isinstance(one, Unknown)), True)


def _not(answer: bool | Unknown) -> bool | Unknown:
    return answer if isinstance(answer, Unknown) else not answer


def _unknown_block(block: Block) -> Unknown:
    return Unknown(f"the block {block.type} comes from a dynamic block over unknowns")
