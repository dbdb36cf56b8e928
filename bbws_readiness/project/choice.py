"""Chooses the Terraform root that is assessed for an environment, and says why; two equally good ones are no choice."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.project.terraform_roots import TerraformRoot
from bbws_readiness.source import Location

WAY_OUT = "name the one that is meant as sources.terraform in readiness.yaml"


class Choice(Struct, frozen=True):
    """The root for one environment, or why there is none."""

    root: TerraformRoot | None
    why: str = ""
    """The end of a sentence that begins with the root: `readiness.yaml names it`."""
    at: Location | None = None
    """The line that decided, where there is one."""
    others: tuple[TerraformRoot, ...] = ()
    """The other folders with Terraform files that are neither called as a module nor lie aside, ordered."""
    problem: Diagnostic | None = None
    """An error when there is Terraform and none of it is chosen, a warning when the choice is a makeshift."""


def choose(
    roots: Sequence[TerraformRoot], environment: str, *, configured: str | None = None, at: Location | None = None
) -> Choice:
    """The choice among `roots`; `configured` is the folder that readiness.yaml names at `at`, if it names one."""
    if not roots:
        return Choice(None)
    if configured is not None:
        return _configured(roots, configured, at)
    candidates = [root for root in roots if not root.aside] or list(roots)
    fitting = [root for root in candidates if _serves(root, environment)]
    if not fitting:
        return Choice(None, others=_others(roots, None), problem=_none_for(candidates, environment))
    best = min(_rank(root, environment) for root in fitting)
    equal = [root for root in fitting if _rank(root, environment) == best]
    if len(equal) > 1:
        return Choice(None, others=_others(roots, None), problem=_several(equal, environment))
    (root,) = equal
    why, place = _reason(root, fitting, roots, environment)
    return Choice(root, why, place, _others(roots, root), _makeshift(root) if root.aside else None)


def _configured(roots: Sequence[TerraformRoot], configured: str, at: Location | None) -> Choice:
    named = [root for root in roots if root.directory == configured]
    # The name of an environment stands for its folder in capitals too.
    root = next(iter(named or [root for root in roots if root.directory.lower() == configured.lower()]), None)
    if root is None:
        missing = Diagnostic(
            DiagnosticSeverity.ERROR,
            f'"{configured}" holds no Terraform files; no Terraform is assessed',
            at or Location(configured, 0),
            "correct the folder in readiness.yaml",
            code=Code.CONFIGURED_SOURCE,
        )
        return Choice(None, others=_others(roots, None), problem=missing)
    return Choice(root, "readiness.yaml names it", at, _others(roots, root))


def _serves(root: TerraformRoot, environment: str) -> bool:
    """Whether the folder may be meant: not when it is named for another environment and nothing else speaks for it."""
    named_for_another = root.environment not in ("", environment)
    return not named_for_another or environment in root.environment_files or root.work_for(environment) is not None


def _rank(root: TerraformRoot, environment: str) -> tuple[bool, ...]:
    """Smaller is likelier."""
    return (
        root.work_for(environment) is None,
        environment not in root.environment_files and root.environment != environment,
        not root.used_by_workflow,
        not root.environment_files,
        not root.marked,
    )


def _reason(
    root: TerraformRoot, fitting: Sequence[TerraformRoot], roots: Sequence[TerraformRoot], environment: str
) -> tuple[str, Location | None]:
    """Why it is likelier than every other one that fits, with the line that says so."""
    rivals = [other for other in fitting if other is not root]
    if not rivals:
        if len(roots) == 1:
            return "it is the only folder with Terraform files", None
        if root.environment == environment:
            return f"the folder is named for {environment}", None
        return "it is the only folder with Terraform files that is no module, example or test", None
    mine = _rank(root, environment)
    nearest = min(_rank(other, environment) for other in rivals)
    decisive = next(number for number, (own, other) in enumerate(zip(mine, nearest, strict=True)) if own != other)
    if decisive == 0 and (work := root.work_for(environment)):
        return f"the workflow for {environment} works in it", work.at
    if decisive == 1:
        if file := root.environment_file(environment):
            return f"it has settings for {environment}", Location(file, 0)
        return f"the folder is named for {environment}", None
    if decisive == 2:
        return "a workflow works in it", root.works[0].at
    if decisive == 3:
        return "it alone has settings for environments", None
    return "it alone declares a backend or a provider", None


def _others(roots: Sequence[TerraformRoot], chosen: TerraformRoot | None) -> tuple[TerraformRoot, ...]:
    found = [root for root in roots if not root.aside and root is not chosen]
    return tuple(sorted(found, key=lambda root: root.directory))


def _several(equal: Sequence[TerraformRoot], environment: str) -> Diagnostic:
    names = ", ".join(sorted(root.directory or "." for root in equal))
    return Diagnostic(
        DiagnosticSeverity.ERROR,
        f"{len(equal)} folders could be the Terraform root for {environment}: {names}; none of them is assessed",
        Location(min(root.files[0] for root in equal), 0),
        WAY_OUT,
        code=Code.SEVERAL_ROOTS,
    )


def _none_for(candidates: Sequence[TerraformRoot], environment: str) -> Diagnostic:
    names = ", ".join(sorted({root.environment for root in candidates}))
    return Diagnostic(
        DiagnosticSeverity.ERROR,
        f"no folder with Terraform files is meant for {environment}: there are folders for {names}",
        Location(min(root.files[0] for root in candidates), 0),
        WAY_OUT,
        code=Code.NO_ROOT,
    )


def _makeshift(root: TerraformRoot) -> Diagnostic:
    return Diagnostic(
        DiagnosticSeverity.WARNING,
        f"{root.directory or '.'} is a module, example or test, and assessed because there is no other Terraform",
        Location(root.files[0], 0),
        "assess the project that calls it, or " + WAY_OUT,
        code=Code.NO_ROOT,
    )
