"""Which resources the plan names and which are declared or present, by name and not by number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from bbws_readiness.checks.resources.deployed import flat, gap_of, of_type
from bbws_readiness.checks.statements import Opinion, votes
from bbws_readiness.checks.unknown import NO_TERRAFORM, plan_in_question, undetermined
from bbws_readiness.checks.wording import joined, listed
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Side, Vote
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.model.plans import Plan
from bbws_readiness.model.resources import Resource
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location, SourceKind

TYPES: Mapping[str, tuple[str, ...]] = {
    "bucket": ("aws_s3_bucket", "aws_s3_directory_bucket"),
    "function": ("aws_lambda_function", "aws_cloudfront_function"),
    "handler": ("aws_lambda_function",),
    "queue": ("aws_sqs_queue",),
    "topic": ("aws_sns_topic",),
    "alarm": ("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"),
    "dashboard": ("aws_cloudwatch_dashboard",),
    "distribution": ("aws_cloudfront_distribution",),
    "table": ("aws_dynamodb_table",),
}
"""What Terraform declares a kind of the plan as; a kind that is not listed may be a resource of any type."""

FILES = frozenset({"template", "file"})
"""Kinds that are files of the project, or objects that Terraform uploads."""

_EVERYWHERE = frozenset({"", "app", "handler", "index", "lambda_function", "lambda_handler", "main"})
"""Names of files and functions that tell nothing about what a handler is for."""

_BREAK = regex(r"[-_./ ]+")


class Planned(Struct, frozen=True):
    """One name of the plan."""

    kind: str
    name: str
    logical: str
    environment: str
    at: Location
    consumed: bool = False

    @property
    def subject(self) -> str:
        return f"{self.kind} {self.logical}"

    @property
    def in_full(self) -> bool:
        """Whether it is the name in an environment, and no short form of it."""
        return self.logical != self.name or self.kind in ("dashboard", "file")

    @property
    def is_name(self) -> bool:
        """Whether it is a name at all: `High error rate` describes an alarm."""
        return " " not in self.name and bool(re.search("[-_.]", self.name) or self.kind != "alarm")


class Declared(Struct, frozen=True):
    """One name under which something is declared or present."""

    name: str
    at: Location
    owner: str
    """What it is the name of: two names of one resource are no two candidates."""


def missing_resources(question: Question) -> CheckResult:
    """RES001: every resource and file that the plan names is declared in Terraform or lies in the project."""
    plan = plan_in_question(question)
    if isinstance(plan, CheckResult):
        return plan
    model = question.model
    if model.configuration is None:
        return question.not_applicable(NO_TERRAFORM)
    planned = _planned(plan, model)
    observations = [_answer(model, item, planned) for item in planned if item.is_name]
    observations += _described_alarms(model, [item for item in planned if not item.is_name])
    observations += _open_lists(plan, planned)
    if not observations:
        return question.not_applicable("the plan names no resource besides tables")
    failed = [seen for seen in observations if seen.outcome is Outcome.FAIL]
    kinds = {seen.values["kind"] for seen in failed}
    missing = ", ".join(seen.values["missing"] for seen in failed)
    summary = {"missing": missing or "none", "kinds": joined([f"{kind}s" for kind in sorted(kinds)]) or "none"}
    return CheckResult(tuple(observations), _votes(model, planned, kinds), summary)


def _planned(plan: Plan, model: Model) -> list[Planned]:
    """Every name once, in the order of the plan; a list for the assessed environment puts the others out of force."""
    named = [(item.kind, item.name, item.environment, item.consumed) for item in plan.resources]
    named += [("alarm", fact, "", False) for fact in plan.alarms]
    named += [("dashboard", fact, "", False) for fact in plan.dashboards]
    named += [("file", fact, "", False) for group in plan.file_groups for fact in group.names]
    named += [("table", table.full_name, "", True) for table in plan.consumed_tables]
    own = {kind for kind, _, environment, _ in named if environment in ("", model.environment)}
    found: dict[tuple[str, str], Planned] = {}
    for kind, fact, environment, consumed in named:
        name = fact.or_none()
        if name is None or (environment not in ("", model.environment) and kind in own):
            continue
        logical = _logical(name, model.environments)
        found.setdefault((kind, logical), Planned(kind, name, logical, environment, fact.at, consumed))
    return list(found.values())


def _logical(name: str, environments: Sequence[str]) -> str:
    """The name without the environment at its end, or within it where it stands there once."""
    stem, dash, last = name.rpartition("-")
    if dash and stem and last in environments:
        return stem
    parts = name.split("-")
    inside = [part for part in parts[1:] if part in environments]
    return "-".join(part for part in parts if part != inside[0]) if len(inside) == 1 else name


def _answer(model: Model, item: Planned, planned: Sequence[Planned]) -> Observation:
    candidates = _candidates(model, item)
    if candidates:
        names = sorted({one.name for one in candidates})
        if len({one.owner for one in candidates}) == 1 or item.kind in FILES:
            at = min(one.at for one in candidates)
            side = Side(SourceKind.PLAN, says=True, text=item.name, at=(item.at,))
            return Observation(Outcome.PASS, item.subject, at, {"found": names[0]}, sides=(side,))
        reason = f"it may mean {joined(names, last='or')}"
        return Observation(Outcome.UNDETERMINED, item.subject, item.at, {"reason": reason})
    if item.consumed:
        reason = f"{item.subject}: consumed; produced elsewhere"
        return Observation(Outcome.NOT_APPLICABLE, item.subject, item.at, {"reason": reason})
    if doubt := _doubt(model, item, planned):
        return undetermined(item.subject, doubt)
    return _missing(model, item)


def _missing(model: Model, item: Planned) -> Observation:
    declared = _declared(model, item.kind)
    if item.kind in FILES:
        absence = "no such file in the project"
    elif item.kind in TYPES:
        absence = f"not declared ({item.kind}s: {listed({one.name for one in declared})})"
    else:
        absence = "not declared under any type"
    code = tuple(sorted({one.at for one in declared})) if item.kind in TYPES else ()
    return Observation(
        Outcome.FAIL,
        item.subject,
        item.at,
        {"planned": f"plan ({item.at})", "absence": absence, "kind": item.kind, "missing": item.subject},
        expected=f"{item.name} (plan)",
        actual=f"{absence} (terraform)",
        sides=(
            Side(SourceKind.PLAN, says=True, text=item.name, at=(item.at,)),
            Side(SourceKind.TERRAFORM, says=False, text=absence, at=code or (_root(model),)),
        ),
    )


def _candidates(model: Model, item: Planned) -> list[Declared]:
    """What may be meant: the name itself, else for a short name whatever contains it word by word."""
    if item.kind in FILES:
        return _files(model, item.name)
    wanted = _words(item.logical)
    for declared in (_declared(model, item.kind), _code(model) if item.kind == "handler" else []):
        exact = [one for one in declared if _words(_logical(one.name, model.environments)) == wanted]
        found = exact[:1] or [one for one in declared if not item.in_full and _contains(_words(one.name), wanted)]
        if found:
            return found
    return []


def _declared(model: Model, kind: str) -> list[Declared]:
    """Every known name of the kind."""
    found = []
    for resource in _resources(model, kind):
        names = [resource.logical_name] if resource.logical_name and resource.key_known else []
        if kind == "distribution":
            aliases = resource.attributes.get("aliases")
            names += flat(aliases.or_none() or ()) if aliases else ()
            names.append(resource.address.rpartition(".")[2].partition("[")[0])
        if kind == "handler" and (handler := resource.attributes.get("handler")):
            module, _, function = str(handler.or_none() or "").rpartition("/")[2].rpartition(".")
            names += [word for word in (module, function) if word not in _EVERYWHERE]
        found += [Declared(name, resource.at, resource.address) for name in names]
    return found


def _code(model: Model) -> list[Declared]:
    """The handlers in the code, by the names of their files and functions."""
    found = []
    for handler in model.handlers:
        module = handler.path.rpartition("/")[2].partition(".")[0]
        names = [word for word in (module, handler.name.or_none() or "") if word not in _EVERYWHERE]
        found += [Declared(name, handler.name.at, handler.reference) for name in names]
    return found


def _resources(model: Model, kind: str) -> tuple[Resource, ...]:
    if kind in TYPES:
        return of_type(model, *TYPES[kind])
    return model.configuration.resources if model.configuration else ()


def _files(model: Model, name: str) -> list[Declared]:
    """The files of that name, wherever they lie, and what Terraform uploads; without an ending it means any."""
    base = name.rpartition("/")[2]
    paths = [(path, Location(path, 0)) for path in model.files]
    uploads = of_type(model, "aws_s3_object", "aws_ses_template", "aws_sesv2_email_template")
    paths += [(upload.name.or_none() or "", upload.at) for upload in uploads]
    return [
        Declared(file, at, path)
        for path, at in paths
        if base in ((file := path.rpartition("/")[2]), file.partition(".")[0])
    ]


def _doubt(model: Model, item: Planned, planned: Sequence[Planned]) -> Undetermined | None:
    """Why it cannot be said that the resource is not declared: a resource of unknown name may be the one."""
    if item.kind in FILES:
        return None
    names = {other.logical for other in planned if other.kind == item.kind}
    for resource in _resources(model, item.kind):
        if item.kind not in TYPES or (resource.logical_name and resource.key_known):
            continue
        label = _words(resource.address.partition("[")[0].rpartition(".")[2])
        likely = {name for name in names if _contains(_words(name), label)}
        if item.logical in likely or not likely:
            what = "under which name" if resource.key_known else "how often"
            return Undetermined(f"{what} {resource.address} is declared is not known", resource.at)
    return gap_of(model)


def _described_alarms(model: Model, described: Sequence[Planned]) -> Iterator[Observation]:
    """Alarms that the plan describes in words: too few can be told, which ones cannot."""
    if not described:
        return
    declared = of_type(model, *TYPES["alarm"])
    figures = f"{len(described)} planned, {len(declared)} declared"
    at = described[0].at
    unsure = next((one for one in declared if not one.key_known), None)
    doubt = Undetermined(f"how often {unsure.address} is declared is not known", unsure.at) if unsure else None
    doubt = doubt or gap_of(model)
    if doubt and len(declared) < len(described):
        yield undetermined("alarms", doubt)
    elif len(declared) < len(described):
        yield Observation(
            Outcome.FAIL,
            "alarms",
            at,
            {"planned": f"plan ({at})", "absence": figures, "kind": "alarm", "missing": f"alarms ({figures})"},
            expected=f"{len(described)} alarms (plan)",
            actual=f"{len(declared)} declared (terraform)",
            sides=(
                Side(
                    SourceKind.PLAN, len(described), f"{len(described)} described", tuple(one.at for one in described)
                ),
                Side(
                    SourceKind.TERRAFORM,
                    len(declared),
                    f"{len(declared)} declared",
                    tuple(one.at for one in declared) or (_root(model),),
                ),
            ),
        )
    else:
        reason = f"the plan describes them in words; {figures}"
        yield Observation(Outcome.UNDETERMINED, "alarms", at, {"reason": reason})


def _open_lists(plan: Plan, planned: Sequence[Planned]) -> Iterator[Observation]:
    """What an open list leaves out, unless the plan names as many elsewhere as the list is said to have."""
    for entry in plan.overview.values():
        noun = entry.key.casefold()
        kind = noun.rpartition(" ")[2].removesuffix("s")
        named = sum(1 for one in planned if one.kind == kind)
        if entry.open_list and kind not in ("table", "gsi") and not (entry.count and entry.count <= named):
            stated = f"{entry.count} are stated, {len(entry.names)} named" if entry.count else "it ends in etc."
            reason = f"the list is open: {stated}"
            yield Observation(Outcome.UNDETERMINED, f"further {noun}", entry.text.at, {"reason": reason})


def _votes(model: Model, planned: Sequence[Planned], kinds: set[str]) -> tuple[Vote, ...]:
    """What plan and Terraform name of the kinds in question."""
    said: dict[SourceKind, list[tuple[str, list[Declared]]]] = {SourceKind.PLAN: [], SourceKind.TERRAFORM: []}
    for kind in sorted(kinds):
        own = [Declared(one.logical, one.at, "") for one in planned if one.kind == kind and not one.consumed]
        said[SourceKind.PLAN].append((kind, own))
        said[SourceKind.TERRAFORM].append((kind, _declared(model, kind) if kind in TYPES else _present(model, own)))
    names = {source: [frozenset(one.name for one in named) for _, named in parts] for source, parts in said.items()}
    common = [plan & declared for plan, declared in zip(*names.values(), strict=True)]
    return votes(
        Opinion(
            source,
            tuple(names[source]),
            "; ".join(
                f"{kind}s: {_besides(mine, both)}"
                for (kind, _), mine, both in zip(parts, names[source], common, strict=True)
            ),
            min((one.at for _, named in parts for one in named), default=_root(model)),
        )
        for source, parts in said.items()
        if parts
    )


def _besides(names: frozenset[str], both: frozenset[str]) -> str:
    """The names that one source gives alone, and how many it shares."""
    shared = f"{len(both)} that both name"
    own = ", ".join(sorted(names - both))
    return f"{own}, and {shared}" if own and both else own or (shared if both else "none")


def _present(model: Model, named: Sequence[Declared]) -> list[Declared]:
    """Those of the files and components named that are there."""
    return [one for one in named if _files(model, one.name)]


def _root(model: Model) -> Location:
    """The place of a configuration that says nothing."""
    return Location(model.configuration.directory or "." if model.configuration else ".", 0)


def _words(name: str) -> tuple[str, ...]:
    return tuple(_singular(word) for word in _BREAK.split(name.casefold()) if word)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _contains(words: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return any(words[start : start + len(wanted)] == wanted for start in range(len(words)))
