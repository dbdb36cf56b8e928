"""Says who approves, who is to be reached, and who waits for this project."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bbws_readiness.assess.assessment import Action, Approver, ContactEntry, Downstream
from bbws_readiness.config import Config
from bbws_readiness.fact import Fact
from bbws_readiness.model.model import Model
from bbws_readiness.source import Location

UNSTATED = Location("readiness.yaml", 0)


def approvers(model: Model, config: Config) -> tuple[Approver, ...]:
    """The configured approvers of the environment, else those of the plan's footer, in their order."""
    if configured := config.approvals.get(model.environment):
        at = config.at(f"approvals.{model.environment}") or UNSTATED
        return tuple(Approver(role, at, config.approves.get(role, "")) for role in configured)
    stated = model.plan.approvers if model.plan else ()
    return tuple(
        Approver(role, fact.at, config.approves.get(role, ""))
        for fact in stated
        if (role := fact.or_none()) is not None
    )


def contacts(
    model: Model, config: Config, actions: Sequence[Action], approving: Sequence[Approver]
) -> tuple[ContactEntry, ...]:
    """Every role that owns an action, approves, or stands in the plan's contact table, each once."""
    planned = {contact.role: contact for contact in model.plan.contacts} if model.plan else {}
    roles = [role for action in actions for role in action.owners]
    roles += [approver.role for approver in approving] + list(planned)
    entries = []
    for role in dict.fromkeys(roles):
        configured = config.contacts.get(role)
        stated = planned.get(role)
        contact = stated.contact if stated else None
        if configured and configured.contact:
            contact = Fact(configured.contact, config.at(f"contacts.{role}") or UNSTATED)
        responsibility = (configured.responsibility if configured else "") or (stated.responsibility if stated else "")
        open_actions = tuple(action.number for action in actions if role in action.owners)
        entries.append(ContactEntry(role, contact, responsibility, open_actions))
    return tuple(entries)


def downstream(model: Model) -> Iterator[Downstream]:
    """The projects that the plan says wait for this one, each with the table that its name speaks of."""
    known = sorted({comparison.name for comparison in model.compared_tables()})
    declared = {table.name for table in model.terraform_tables or ()}
    whole = model.configuration is not None and model.configuration.complete
    for project in model.plan.blocks if model.plan else ():
        needs = next((table for table in known if _speaks_of(project.name, table)), "")
        here = needs in declared if needs and (whole or needs in declared) else None
        yield Downstream(project.name, project.remark, project.at, needs, here)


def _speaks_of(project: str, table: str) -> bool:
    """Whether one word of the project's name is the table's, in singular or plural: `order_lambda`, `orders`."""
    words = project.casefold().replace("-", "_").split("_")
    return any(word and (word == table or f"{word}s" == table or word == f"{table}s") for word in words)
