"""Tells how the Terraform of a project is laid out for one environment, and reads the settings files."""

from __future__ import annotations

from collections.abc import Iterator

from bbws_readiness.errors import DiagnosticSeverity
from bbws_readiness.model.layouts import Layout
from bbws_readiness.parsers.root import EvaluatedRoot
from bbws_readiness.project import Project


def describe_layout(project: Project, environment: str, evaluated: EvaluatedRoot | None) -> Layout | None:
    """What was assessed and why, or None for a project without Terraform."""
    if not project.terraform_roots:
        return None
    choice = project.choice(environment)
    root = choice.root
    problem = choice.problem
    named = {one.environment: one.directory for one in project.terraform_roots if one.environment and not one.aside}
    return Layout(
        root=(root.directory or ".") if root else None,
        why=choice.why,
        at=choice.at,
        others=tuple(other.directory or "." for other in choice.others),
        var_files=evaluated.applied if evaluated else (),
        passed=tuple((name, fact.at) for name, fact in sorted(evaluated.passed.items())) if evaluated else (),
        workspace=evaluated.workspace if evaluated else None,
        own_root=bool(root and root.environment == environment),
        own_roots=tuple((name, named[name]) for name in project.environments if name in named),
        problem=problem if problem and problem.severity is DiagnosticSeverity.ERROR else None,
    )


def settings_files(project: Project, environment: str, evaluated: EvaluatedRoot | None) -> Iterator[tuple[str, str]]:
    """Environment and path of every settings file, in the order of promotion.

    For the assessed environment it is the file that its workflow passes, where that is another one than the file
    named for it.
    """
    root = project.terraform_root(environment)
    if root is None:
        return
    files = {name: paths[0] for name, paths in root.environment_files.items()}
    for other in project.terraform_roots:
        if other.environment and not other.aside and (own := other.environment_file(other.environment)):
            files.setdefault(other.environment, own)
    applied = evaluated.applied if evaluated else ()
    passed = [file.path for file in applied if file.at]
    if passed and files.get(environment) not in [file.path for file in applied]:
        files[environment] = passed[-1]
    # The assessed environment may be one that only a closer reading of the plan names.
    order = (*project.environments, environment)
    for name in sorted(files, key=order.index):
        yield name, files[name]
