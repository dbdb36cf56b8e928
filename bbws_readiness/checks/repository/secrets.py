"""Whether a key, a token or a password stands in the repository."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from bbws_readiness.checks.parameters import texts
from bbws_readiness.checks.unknown import undetermined
from bbws_readiness.checks.wording import amount, joined
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.leftovers import Ignores, patterns
from bbws_readiness.model.model import Model
from bbws_readiness.model.secrets import Secret
from bbws_readiness.source import Location

MAX_UNREAD = 5
"""Files that are named when they were not read; the rest is counted."""


def committed_secret(question: Question) -> CheckResult:
    """SEC001: one answer per kind of secret in a file, one per file that is one, one for all others together."""
    model = question.model
    left_out = patterns(texts(question, "exclude"), question.rule.at)
    observations = [*_found(model, left_out), *_by_name(model, left_out), *_sample_only(model)]
    broken = {seen.at.path for seen in observations if seen.outcome is Outcome.FAIL}
    searched = [path for path in model.secrets.files if path not in broken and not left_out.rule_for(path)]
    if searched:
        subject = "other files" if broken else "all files"
        values = {"count": amount(len(searched), "file"), "excluded": _excluded(model, left_out)}
        observations.append(Observation(Outcome.PASS, subject, Location(searched[0], 0), values))
    observations.extend(_unread(model, left_out))
    if not observations:
        return question.not_applicable("git tracks no file that could be read")
    return CheckResult(tuple(observations))


def _excluded(model: Model, left_out: Ignores) -> str:
    """How many files the parameter leaves out, so that a pass says what it is about."""
    number = sum(left_out.rule_for(path) is not None for path in model.secrets.files)
    return f"; {amount(number, 'file')} excluded" if number else ""


def _found(model: Model, left_out: Ignores) -> Iterator[Observation]:
    grouped: dict[str, list[Secret]] = {}
    for secret in model.secrets.found:
        if not left_out.rule_for(secret.at.path):
            grouped.setdefault(f"{secret.at.path}: {secret.kind}", []).append(secret)
    for subject, secrets in grouped.items():
        first, *others = secrets
        yield Observation(
            Outcome.FAIL,
            subject,
            first.at,
            {"kind": first.kind},
            expected="no secret",
            actual=first.kind,
            related=tuple(Related(other.at, other.kind) for other in others),
        )


def _by_name(model: Model, left_out: Ignores) -> Iterator[Observation]:
    """Files that are secrets themselves: tracked, or, as far as git does not say, not ignored either."""
    tracked = model.tracked_files
    for secret in model.secrets.by_name:
        path = secret.at.path
        if left_out.rule_for(path):
            continue
        if tracked is not None and path in tracked:
            yield _exposed(secret, "tracked")
            continue
        if rule := model.ignores.rule_for(path):
            yield Observation(Outcome.PASS, path, rule.at, {"rule": rule.text}, wording="ignored")
        elif unclear := _unclear(model, secret.at):
            yield undetermined(path, unclear)
        else:
            yield _exposed(secret, "not-ignored")


def _exposed(secret: Secret, wording: str) -> Observation:
    actual = "tracked" if wording == "tracked" else "would be committed"
    return Observation(
        Outcome.FAIL, secret.at.path, secret.at, {"kind": secret.kind}, "ignored", actual, wording=wording
    )


def _sample_only(model: Model) -> Iterator[Observation]:
    """An environment file that everybody is shown how to write has to be ignored before anybody writes it."""
    known = {secret.at.path for secret in model.secrets.by_name}
    for path in model.secrets.samples:
        meant = posixpath.join(posixpath.dirname(path), ".env")
        if meant in known:
            continue
        known.add(meant)
        if rule := model.ignores.rule_for(meant):
            yield Observation(Outcome.PASS, meant, rule.at, {"rule": rule.text}, wording="ignored")
        elif unclear := _unclear(model, Location(path, 0)):
            yield undetermined(meant, unclear)
        else:
            secret = Secret("environment file", Location(path, 0))
            values = {"kind": secret.kind}
            yield Observation(
                Outcome.FAIL, meant, secret.at, values, "ignored", "would be committed", wording="not-ignored"
            )


def _unclear(model: Model, at: Location) -> Undetermined | None:
    """Why a file that no known line ignores may be ignored all the same."""
    if model.ignores.unread:
        return Undetermined("an ignore file could not be read", model.ignores.unread)
    if model.ignores.more_above:
        reason = "no ignore file of the project covers it, and those of the checkout it lies in are not read"
        return Undetermined(reason, at)
    return None


def _unread(model: Model, left_out: Ignores) -> Iterator[Observation]:
    unread = [file for file in model.secrets.unread if not left_out.rule_for(file.at.path)]
    for file in unread[:MAX_UNREAD]:
        yield undetermined(file.at.path, Undetermined(file.reason, file.at))
    if more := unread[MAX_UNREAD:]:
        folders = sorted({posixpath.dirname(file.at.path) or "." for file in more})
        reason = f"{amount(len(more), 'more file')} in {joined(folders[:3])} not read"
        yield undetermined("further files", Undetermined(reason, more[0].at))
