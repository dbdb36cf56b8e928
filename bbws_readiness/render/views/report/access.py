"""Tells who may assume the roles of the environment, what their policies grant, and what the resources lack."""

from __future__ import annotations

from collections.abc import Sequence

from bbws_readiness.model.access import Document, Pattern, Statement
from bbws_readiness.render.encode.markdown import Markdown, codes, joined, say, table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views import statuses
from bbws_readiness.render.views.checks import checks_table
from bbws_readiness.render.wording import NOT_STATED

NO_POLICIES = Markdown("No policy files in the repository.")

MAX_STATEMENTS = 60
"""Statements that are told; the rest are counted."""
_SHOWN = 6


def access(frame: Frame) -> Markdown:
    """The policies of the environment, statement by statement, and the checks of the area; one sentence without any."""
    model = frame.assessment.model
    if not model.access.known:
        return NO_POLICIES
    said = [
        (document, statement)
        for document in model.access.documents
        if document.concerns(model.environment)
        for statement in document.statements
    ]
    parts = [checks_table(frame, statuses.findings_of_areas(frame, "IAM"))]
    if said:
        heading = ("Policy", "Kind", "Effect", "Actions", "On, or who", "Conditions on", "Source")
        parts.insert(0, table(heading, [_row(frame, *one) for one in said[:MAX_STATEMENTS]]))
    if (more := len(said) - MAX_STATEMENTS) > 0:
        parts.append(say("{} more statements are not listed.", more))
    return joined(parts, "\n\n")


def _row(frame: Frame, document: Document, statement: Statement) -> tuple[object, ...]:
    kind = "trust" if document.trust else "permissions" if document.permissions else "policy of a resource"
    who = [one.name for one in statement.principals]
    subjects = [value for one in statement.conditions if one.key.endswith(":sub") for value in one.values]
    on = subjects or who or statement.resources
    return (
        frame.path(document.path),
        kind,
        "Allow" if statement.allows else "Deny",
        _patterns(statement.actions, but=statement.all_actions_but),
        _patterns(on, but=statement.all_resources_but and on is statement.resources),
        codes(dict.fromkeys(one.key for one in statement.conditions), nothing=NOT_STATED),
        frame.place(statement.at),
    )


def _patterns(patterns: Sequence[Pattern], *, but: bool) -> Markdown:
    shown = codes([one.written for one in patterns[:_SHOWN]])
    more = f" and {len(patterns) - _SHOWN} more" if len(patterns) > _SHOWN else ""
    if not patterns:
        return Markdown("not read")
    return say("all but {}{}", shown, more) if but else say("{}{}", shown, more)
