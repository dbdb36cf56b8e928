"""Who holds the key that tables are encrypted with, against what is asked."""

from __future__ import annotations

from collections.abc import Iterator

from bbws_readiness.checks.tables.declared import tables_in_question
from bbws_readiness.checks.unknown import nothing_said, undetermined
from bbws_readiness.checks.wording import listed, related, sources_in_words
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Side
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.tables import Table
from bbws_readiness.source import SourceKind

KEYS = {
    "aws-owned": "no encryption block: a key owned by AWS, which the account cannot see",
    "aws-managed": "the AWS-managed KMS key of the account",
    "customer-managed": "a KMS key of the project",
}
"""What each value of `Table.encryption` means, in words."""


def key_as_asked(question: Question) -> CheckResult:
    """ENC001: where KMS encryption is asked for, each declared table has a KMS key.

    Parameters: `asked`, true when the organisation asks for KMS whatever the documents say.
    """
    declared = tables_in_question(question)
    if isinstance(declared, CheckResult):
        return declared
    observations = []
    for table in declared.all:
        asking = tuple(_asking(question, table))
        if not asking:
            continue
        try:
            observations.append(_satisfied(table, asking))
        except Undetermined as unknown:
            observations.append(undetermined(table.name, unknown))
    if not observations:
        return nothing_said(question, [SourceKind.PLAN, SourceKind.SCHEMAS], "nobody asks for KMS encryption")
    failed = [seen.subject for seen in observations if seen.outcome is Outcome.FAIL]
    return CheckResult(tuple(observations), summary={"unencrypted": listed(failed)})


def _asking(question: Question, table: Table) -> Iterator[Side]:
    for requirement in question.model.requirements:
        if requirement.flag == "encryption-kms" and requirement.demanded:
            yield Side(SourceKind.PLAN, says="kms", text="KMS", at=(requirement.at,))
            break
    schema = question.model.named_tables.get(SourceKind.SCHEMAS, {}).get(table.name)
    if schema and schema.encryption and schema.encryption.or_none() in ("kms", "aws-managed", "customer-managed"):
        yield Side(SourceKind.SCHEMAS, says="kms", text="KMS", at=(schema.encryption.at,))
    if question.parameters.get("asked"):
        yield Side(SourceKind.CONFIGURATION, says="kms", text="KMS", at=(question.parameter_at("asked"),))


def _satisfied(table: Table, asking: tuple[Side, ...]) -> Observation:
    fact = table.encryption
    kind = fact.get() if fact else "aws-owned"
    at = fact.at if fact else table.at
    values = {
        "key": KEYS.get(kind, kind),
        "asked": ", ".join(f"{side.source} ({side.at[0]})" for side in asking),
    }
    if kind != "aws-owned":
        return Observation(Outcome.PASS, table.name, at, values, related=related(asking, besides=at))
    return Observation(
        Outcome.FAIL,
        table.name,
        at,
        values,
        expected=f"a KMS key ({sources_in_words(side.source for side in asking)})",
        actual="a key owned by AWS (terraform)",
        sides=asking,
        related=related(asking, besides=at),
    )
