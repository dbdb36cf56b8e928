"""Reviews the Terraform configuration: files, backend, variables, versions and what only this machine has."""

from __future__ import annotations

import posixpath

from msgspec import Struct

from bbws_readiness.fact import Fact
from bbws_readiness.model.environments import Variable
from bbws_readiness.model.model import Model
from bbws_readiness.model.repository import Repository
from bbws_readiness.model.resources import Configuration
from bbws_readiness.patterns import regex
from bbws_readiness.render.encode.markdown import Markdown, bullets, code, joined, say, table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views import statuses, workflow
from bbws_readiness.render.views.checks import checks_table
from bbws_readiness.render.views.report import facts
from bbws_readiness.render.views.report.contents import Contents
from bbws_readiness.render.views.report.layout import layout_view
from bbws_readiness.render.wording import NOT_STATED

AREAS_REVIEWED = ("TFC", "ENV", "STA")
NO_TERRAFORM = Markdown("No Terraform configuration found.")

_SHOWN = regex(r"(^|_)(environment|env|region|account(_id)?|project|component|application|stage|domain)$")
"""Variables whose values may be printed as evidence; of all others only that they are set."""


class TerraformView(Struct, frozen=True):
    """The configuration that is evaluated for the environment."""

    layout: Markdown
    files: Markdown
    backend: Markdown
    variables: Markdown
    settings: Markdown
    versions: Markdown
    local_only: Markdown
    checks: Markdown


def terraform_view(frame: Frame) -> TerraformView:
    """All parts; one sentence in each when there is no configuration."""
    model = frame.assessment.model
    checks = checks_table(frame, statuses.findings_of_areas(frame, *AREAS_REVIEWED))
    configuration = model.configuration
    if configuration is None:
        none = NO_TERRAFORM
        return TerraformView(none, none, none, none, none, none, none, checks)
    return TerraformView(
        layout=layout_view(frame, model.layout),
        files=_files(frame, configuration),
        backend=_backend(frame),
        variables=_variables(frame, configuration),
        settings=_settings(frame, configuration),
        versions=_versions(frame, configuration),
        local_only=_local_only(frame, model),
        checks=checks,
    )


def _files(frame: Frame, configuration: Configuration) -> Markdown:
    contents = frame.once(Contents)
    lines = {one.path: one.lines for one in frame.assessment.inputs}
    paths = dict.fromkeys(_project_path(configuration, path, lines) for path in configuration.files)
    paths.update(dict.fromkeys(_project_path(configuration, path, lines) for path in configuration.var_files))
    rows = [
        (frame.path(path), lines.get(path, Markdown("not read")), contents.of(path) or Markdown("nothing of its own"))
        for path in paths
    ]
    return table(("File", "Lines", "Declares"), rows, right=frozenset({1}))


def _project_path(configuration: Configuration, path: str, known: dict[str, int]) -> str:
    """The path from the project's root, whether it was given from there or from the Terraform root."""
    inside = configuration.directory in ("", ".") or path.startswith(f"{configuration.directory}/")
    return path if inside or path in known else posixpath.normpath(posixpath.join(configuration.directory, path))


def _backend(frame: Frame) -> Markdown:
    found = workflow.state(frame)
    others = say("Other workflows use another backend:\n\n{}", bullets(found.others)) if found.others else ""
    return joined([found.table, *([others] if others else [])], "\n\n")


def _variables(frame: Frame, configuration: Configuration) -> Markdown:
    rows = [
        (code(one.name), one.type or NOT_STATED, _effective(one), _origin(frame, one), frame.place(one.at))
        for one in configuration.variables
    ]
    return table(("Variable", "Type", "Effective value", "Comes from", "Declared"), rows)


def _effective(variable: Variable) -> Markdown:
    if variable.missing:
        return Markdown("**unset**: no default and no setting")
    if variable.sensitive:
        return Markdown("set, not shown: marked sensitive")
    problem = say(" - **{}**", variable.problem) if variable.problem else Markdown("")
    found = variable.value.or_none()
    if not variable.value.known:
        return say("not determinable from the files{}", problem)
    printable = isinstance(found, bool | int | float) or (isinstance(found, str) and _SHOWN.search(variable.name))
    return say("{}{}", code(found) if printable else Markdown("set, not shown"), problem)


def _origin(frame: Frame, variable: Variable) -> Markdown:
    if variable.missing:
        return Markdown("nowhere")
    if variable.set_at is None:
        return say("default ({})", frame.place(variable.at))
    overridden = [at for at in variable.value.via if at not in (variable.set_at, variable.at)]
    if overridden:
        return say("setting ({}), overriding {}", frame.place(variable.set_at), frame.places(overridden))
    return say("setting ({})", frame.place(variable.set_at))


def _settings(frame: Frame, configuration: Configuration) -> Markdown:
    undeclared = [
        say("{} ({}): set, declared nowhere{}", code(one.name), frame.place(one.at), _near(one.near))
        for one in configuration.undeclared
    ]
    unset = [
        say("{} ({}): declared, no value", code(one.name), frame.place(one.at))
        for one in configuration.variables
        if one.missing
    ]
    return bullets(undeclared + unset)


def _near(near: str | None) -> Markdown:
    return say(" (near: {})", code(near)) if near else Markdown("")


def _versions(frame: Frame, configuration: Configuration) -> Markdown:
    deploying = frame.assessment.model.workflow
    rows: list[tuple[object, ...]] = [
        _version_row(frame, Markdown("Terraform, required"), configuration.required_version),
        _version_row(frame, Markdown("Terraform, in the workflow"), deploying.terraform_version if deploying else None),
    ]
    rows += [
        _version_row(frame, say("Provider {}", code(name)), fact)
        for name, fact in configuration.required_providers.items()
    ]
    rows.append(("Lock file", *_lock_file(frame, configuration)))
    return table(("What", "Value", "Source"), rows)


def _version_row(frame: Frame, label: Markdown, fact: Fact[str] | None) -> tuple[object, ...]:
    return (label, facts.value(fact), frame.place(fact.at) if fact else "")


def _lock_file(frame: Frame, configuration: Configuration) -> tuple[object, object]:
    at = configuration.lock_file
    if at is None:
        return (Markdown("none"), "")
    repository = frame.assessment.model.repository
    tracked = repository.tracked.or_none() if repository else None
    if tracked is None:
        return (say("present; ⏸️ NOT VERIFIED whether tracked: {}", _untold(repository)), frame.place(at))
    return (Markdown("tracked" if at.path in tracked else "present, **not tracked**"), frame.place(at))


def _untold(repository: Repository | None) -> str:
    return (repository.no_commit if repository else "") or "not a git checkout"


def _local_only(frame: Frame, model: Model) -> Markdown:
    """The files of the Terraform root and its settings that git does not have."""
    tracked = model.tracked_files
    if tracked is None:
        return say("⏸️ NOT VERIFIED - not determinable from the files: {}", _untold(model.repository))
    known = set(tracked)
    paths = [one.path for one in frame.assessment.inputs if one.path not in known and not one.path.startswith("../")]
    return joined((say("- {}: local only, not seen by CI", code(path)) for path in paths), "\n") or Markdown("None.")
