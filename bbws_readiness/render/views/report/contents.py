"""Tells what each file of the project declares, from the places of the facts that were read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.model.model import Model
from bbws_readiness.render.encode.markdown import Markdown, codes, joined, say
from bbws_readiness.render.wording import counted
from bbws_readiness.source import Location

MAX_NAMES = 12
"""More names than this are counted."""


class Contents:
    """What was read from the files of one project, asked for by path."""

    def __init__(self, assessment: Assessment) -> None:
        self._by_path: dict[str, dict[str, dict[str, None]]] = {}
        for at, noun, name in _statements(assessment.model):
            self._by_path.setdefault(at.path, {}).setdefault(noun, {})[name] = None

    def of(self, path: str) -> Markdown:
        """`3 resources: a, b, c; 1 output: d`; empty for a file from which nothing was read."""
        return joined((_told(noun, names) for noun, names in self._by_path.get(path, {}).items()), "; ")


def _told(noun: str, names: Iterable[str]) -> Markdown:
    named = [name for name in names if name]
    if not named:
        return Markdown(noun)
    shown = codes(named[:MAX_NAMES])
    more = f" and {len(named) - MAX_NAMES} more" if len(named) > MAX_NAMES else ""
    return say("{}: {}{}", counted(len(named), noun), shown, Markdown(more))


def _statements(model: Model) -> Iterator[tuple[Location, str, str]]:
    """Place, noun and name of everything that was read; a noun without a name is printed as it is."""
    yield from _terraform(model)
    for file in model.environment_files:
        for setting in file.settings:
            yield setting.value.at, "setting", setting.name
    for table in model.schemas.tables if model.schemas else ():
        yield table.at, "schema", table.name
        for index in table.indexes or ():
            yield index.at, "index", index.name.or_none() or ""
    for workflow in model.workflows or ():
        yield from ((job.at, "job", job.id) for job in workflow.jobs)
    for script in model.scripts:
        yield from ((table.at, "expected table", table.name) for table in script.tables)
        yield from ((fact.at, "verification", fact.or_none() or "") for fact in script.verifies)
    yield from ((one.name.at, "handler", one.name.or_none() or "") for one in model.handlers if one.takes_event)
    yield from ((rule.at, "ignored pattern", rule.text) for rule in model.ignores.rules)
    for document in model.access.documents:
        kind = "statement of a trust" if document.trust else "statement on permissions"
        yield from ((one.at, kind, "") for one in document.statements if not document.declared)
    yield from _elsewhere(model)
    yield from _documents(model)


def _terraform(model: Model) -> Iterator[tuple[Location, str, str]]:
    configuration = model.configuration
    if configuration is None:
        return
    yield from ((one.at, "resource", one.address) for one in configuration.resources)
    yield from ((one.at, "data source", one.address) for one in configuration.data_sources)
    yield from ((one.at, "variable", one.name) for one in configuration.variables)
    yield from ((fact.at, "output", name) for name, fact in configuration.outputs.items())
    if configuration.backend:
        yield configuration.backend.at, "backend", configuration.backend.type
    if configuration.required_version:
        yield configuration.required_version.at, "Terraform version constraint", ""
    yield from ((fact.at, "provider constraint", name) for name, fact in configuration.required_providers.items())
    if configuration.provider_region:
        yield configuration.provider_region.at, "provider region", ""
    yield from ((fact.at, "allowed account", "") for fact in configuration.allowed_accounts)
    if configuration.lock_file:
        yield configuration.lock_file, "dependency lock", ""


def _elsewhere(model: Model) -> Iterator[tuple[Location, str, str]]:
    """What was read of an earlier version, and of the projects beside this one."""
    if model.earlier:
        yield from ((model.earlier.at, "earlier resource", one.address) for one in model.earlier.resources)
    for other in model.neighbours.others if model.neighbours else ():
        yield from ((claim.at, "claimed name", claim.name.or_none() or claim.address) for claim in other.claims)
        yield from ((need.name.at, "needed name", need.name.or_none() or need.how) for need in other.needs)
        yield from ((place.key.at, "state", place.key.or_none() or "") for place in other.states)
        yield other.at, "plan of another project", ""


def _documents(model: Model) -> Iterator[tuple[Location, str, str]]:
    if plan := model.plan:
        yield from _listed(plan.at, "table", (table.name for table in plan.tables))
        yield from ((count.number.at, "stated count", count.noun) for count in plan.counts)
        yield from ((section.at, "checklist", section.title) for section in plan.checklists)
        yield from ((step.at, "step", step.title) for step in plan.steps)
        yield from ((fact.at, "approver", fact.or_none() or "") for fact in plan.approvers)
        yield from ((contact.at, "contact", contact.role) for contact in plan.contacts)
    if readme := model.readme:
        yield from _listed(readme.at, "table", (table.name for table in readme.tables))
        yield from ((count.number.at, "stated count", count.noun) for count in readme.counts)
        yield from ((one.at, "environment", one.name) for one in readme.environments)
        yield from ((fact.at, "feature", fact.or_none() or "") for fact in readme.features)


def _listed(at: Location, noun: str, names: Iterable[str]) -> Iterator[tuple[Location, str, str]]:
    return ((at, noun, name) for name in names)
