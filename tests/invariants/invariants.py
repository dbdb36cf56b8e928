"""The invariants of the documents: each looks at one run, from outside, and tells what breaks it."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from bbws_readiness.engine.rule import AREAS
from bbws_readiness.source import SourceKind
from tests.invariants.extract import figures_of
from tests.invariants.figures import DAY, HOURS, MOMENT, VERDICTS, Figure, disagreements, minutes, stamped, weekday
from tests.invariants.phrases import field
from tests.invariants.projects import MARKDOWN, TERMINAL, Run, assessed_again
from tests.invariants.reading import Block, blocks
from tests.invariants.working_time import WorkingTime, longest_chain
from tests.test_citations import LINKED, PRINTED

Faults = Iterator[str]
SEVERITIES = ("critical", "high", "medium", "low")
FIRST_LINES = 30
QUOTED = re.compile(r"(\d+) stated \(((?:\[`[^`]+`\]\([^)]+\)(?:, )?)+)(?: and \d+ more)?\)")
"""A bare number that plan or README give, and where."""
QUOTABLE = (SourceKind.PLAN, SourceKind.README, SourceKind.SCRIPT)
TARGET = re.compile(r"\]\((?:\.\./)?(?P<path>[^)#]+)#L(?P<line>\d+)\)")


@lru_cache(maxsize=16)
def figures(run: Run) -> tuple[Figure, ...]:
    """All figures of a run; read once for the invariants that follow each other."""
    return tuple(figures_of(run))


def twin(run: Run) -> Any:
    """The JSON as data."""
    return json.loads(next(text for name, text in run.texts.items() if name.endswith(".json")), parse_float=Decimal)


def one_assessment(run: Run) -> Faults:
    """1. Whatever two of documents, JSON, terminal and exit code state is equal."""
    yield from map(str, disagreements(figures(run)))


def quoted_where_it_stands(run: Run) -> Faults:
    """2. Every place exists; its line holds what it is cited for; a quoted number stands on the line named."""
    lines = {path: text.split("\n") for path, text in run.files.items()}
    for name, text in run.texts.items():
        for found in _places(text):
            for path in _paths(found["path"], lines):
                if not 1 <= int(found["line"]) <= len(lines[path]):
                    yield f"{name}: {found[0]} names no line"
        for found in QUOTED.finditer(text) if name.endswith(".md") else ():
            for at in TARGET.finditer(found[2]):
                line = lines[at["path"]][int(at["line"]) - 1]
                if found[1] not in re.findall(r"\d+", line):
                    yield f"{name}: {found[1]} is not what {at['path']}:{at['line']} says: {line.strip()}"
    for finding in run.assessment.findings:
        for side in finding.sides:
            number = str(side.says)
            for at in side.at if number.isdigit() and side.source in QUOTABLE else ():
                if number not in re.findall(r"\d+", lines[at.path][at.line - 1]):
                    yield f"{finding.rule.code}: {number} is not what {at} says: {lines[at.path][at.line - 1].strip()}"


PLACE = re.compile(r"(?:md|tf|tfvars|json|py|ya?ml):[0-9]|#L[0-9]")
"""What every printed or linked place has: a search for whole ones begins anew at every letter."""


def _places(text: str) -> Iterator[re.Match[str]]:
    """The places that a text tells, line by line."""
    for line in text.split("\n"):
        if PLACE.search(line):
            yield from PRINTED.finditer(line)
            yield from LINKED.finditer(line)


def _paths(printed: str, lines: Mapping[str, object]) -> list[str]:
    """The file of the project that a printed place means: of the terse brief, the one of that name."""
    if printed in lines:
        return [printed]
    found = [path for path in lines if path.endswith(f"/{printed}")]
    return found if len(found) == 1 else []


def brief_begins_with_the_answer(run: Run) -> Faults:
    """3. Verdict, ready date and the first three issues with their owners in the first lines of the brief."""
    data = twin(run)
    head = run.document("exec_brief.md").split("\n")[:FIRST_LINES]
    read = [block for block in blocks("\n".join(head)) if block.section == "EXECUTIVE SUMMARY"]
    if not any(block.text.startswith(VERDICTS[data["verdict"]]) for block in read):
        yield "the verdict is not there"
    ready = next((one.text for one in read if field(one)[0] == "Time to ready"), "")
    at = data["schedule"]["ready"]["at"]
    if (stamped(at) if at else "ready now" if data["verdict"] == "READY" else "not computable") not in ready:
        yield f"the ready date is not there: {ready!r}"
    told = [block for block in read if block.kind == "item" and block.number]
    owners = {tuple(one["owners"]) for one in data["actions"]}
    if len(told) != min(3, len(data["issues"]) + len(data["decisions"])):
        yield f"{len(told)} issues are named"
    for block in told:
        if not any(f" - {' + '.join(one) or 'Owner not assigned'}, " in block.text for one in owners):
            yield f"without an owner: {block.text}"


def hours_add_up(run: Run) -> Faults:
    """4. The total is the sum of the printed actions; time to ready is their longest chain, on the calendar."""
    data = twin(run)
    told = blocks(run.document("action_items.md"))
    printed = dict(_printed_actions(told))
    total = next(field(one)[1] for one in told if field(one)[0] == "Total effort")
    effort = sum(minutes(fields["Estimated Time"]) for fields in printed.values())
    if minutes(total) != effort:
        yield f"{total} printed, the actions make {effort} minutes"
    estimates = {number: minutes(fields["Estimated Time"]) for number, fields in printed.items()}
    after = {
        number: tuple(map(int, re.findall(r"\bAction (\d+)", fields["Prerequisites"])))
        for number, fields in printed.items()
    }
    calendar = WorkingTime.of(run.files.get("readiness.yaml", ""))
    chain, longest = longest_chain(_in_the_way(data), estimates, after)
    ready = next(field(one)[1] for one in told if field(one)[0] == "Time to ready")
    begins = calendar.first_day_after(run.draft.as_of.date())
    if chain:
        end = stamped(calendar.end(begins, longest).isoformat())
        if not re.match(rf"{HOURS} - {MOMENT}", ready) or minutes(ready.split(" - ")[0]) != longest or end not in ready:
            yield f"{ready!r} printed; the longest chain {chain} takes {longest} minutes, until {end}"
    elif re.match(rf"{HOURS} - {MOMENT}", ready):
        yield f"{ready!r} printed, and nothing stands in the way"
    for number, fields in printed.items():
        _, length = longest_chain([number], estimates, after)
        start = stamped(calendar.start(begins, length - estimates[number]).isoformat())
        end = stamped(calendar.end(begins, length).isoformat())
        if fields["Earliest"] != f"{start} to {end}":
            yield f"action {number}: {fields['Earliest']} printed, {start} to {end} on the calendar"


def _printed_actions(told: tuple[Block, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Number and fields of each action of the action items."""
    for heading in told:
        found = re.match(r"(?:🔴|🟡|🟢|⚪) Action (\d+): ", heading.text)
        if heading.kind == "heading" and found:
            own = [one for one in told if one.part == heading.text and one.kind == "item" and not one.label]
            yield int(found[1]), dict(field(one) for one in own)


def _in_the_way(data: Any) -> list[int]:
    """The actions that close a critical or high defect, a decision, or a needed fact that is not known."""
    numbers = [one["action"] for one in data["decisions"]]
    numbers += [
        one["action"] for one in data["issues"] if one["severity"] in SEVERITIES[:2] and one["standing"] == "defect"
    ]
    if any(one["gating"] and not one["needs"] for one in data["not_verified"]):
        unknown = ("unknown-facts", "configuration")
        numbers += [one["number"] for one in data["actions"] if one["key"] in unknown][:1]
    return sorted(set(numbers))


IDLE = re.compile("not a working day|outside working days|is a holiday")
"""How a document says that nobody works on a day."""


def dates_are_working_days(run: Run) -> Faults:
    """5. Every date of a document is a working day, or the document says that it is none; it has its weekday."""
    calendar = WorkingTime.of(run.files.get("readiness.yaml", ""))
    for name, text in run.documents.items():
        idle = {day for line in text.split("\n") if IDLE.search(line) for day in re.findall(DAY, line)}
        for found in re.finditer(DAY, text):
            day = found[0]
            when = date.fromisoformat(day[4:])
            if day not in (weekday(str(run.draft.as_of)), *idle) and not calendar.works(when):
                line = text[: found.start()].count("\n") + 1
                if not NOBODY_IS_NEEDED.search(text.split("\n")[line - 1]):
                    yield f"{name}:{line}: {day} is not a working day, and the document does not say so"
        yield from _without_weekday(name, text)


NOBODY_IS_NEEDED = re.compile(r"Prices as of|readiness-decisions\.yaml")
"""Lines that tell since when or until when something holds: nobody has to be there on that day."""


def _without_weekday(name: str, text: str) -> Faults:
    """Dates whose first use lacks the weekday; what stands in code is quoted or a command."""
    plain = re.sub(r"```.*?```|`[^`\n]*`|\]\([^)]*\)", lambda found: "\n" * found[0].count("\n"), text, flags=re.DOTALL)
    seen: set[str] = set()
    for found in re.finditer(r"(?:(Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?(\d{4}-\d\d-\d\d)", plain):
        if not found[1] and found[2] not in seen:
            yield f"{name}:{plain[: found.start()].count(chr(10)) + 1}: {found[2]} without its weekday"
        seen.add(found[2])


WITH_APPROVERS = {"exec_brief.md": 2, "_summary.md": 2, "action_items.md": 2, "readiness_report.md": 2, "README_": 2}
"""How often a document lists the approvers at least; `2` because the list and its length are read apart."""


def approvers_are_the_same(run: Run) -> Faults:
    """6. The approvers are those of the configuration, else of the plan, in every document."""
    said = [one for one in figures(run) if one.name == "approvers"]
    for ending, number in WITH_APPROVERS.items():
        if sum(ending in one.document for one in said) < number:
            yield f"{ending} does not list the approvers"
    for one in said:
        if one.value != said[0].value:
            yield f"{one.document}:{one.line} names {one.value}, the JSON {said[0].value}"


def score_has_its_ledger(run: Run) -> Faults:
    """7. Beside the score stands the coverage; the document has the ledger, or a link to it."""
    for name, text in run.texts.items():
        if name.endswith(".json"):
            continue
        history = text.find("## Document History")
        for found in re.finditer(r"\d[\d.]*/100\b(?P<beside> \(coverage \d+ of \d+)?", text):
            if not found["beside"] and (history < 0 or found.start() < history):
                yield f"{name}: {found[0]} without the coverage"
        if name.endswith(".md") and "/100" in text and "#score)" not in text and "\n## SCORE\n" not in text:
            yield f"{name}: a score without its ledger"


HOME = re.compile(r"/(?:home|root|tmp|Users|var|private|work)/[\w.-]+")


def nothing_of_the_machine(run: Run) -> Faults:
    """8. No absolute path, host name, author of a commit or secret, in any text."""
    forbidden = {"the folder": str(run.root.parent), "the author": "example.invalid", "a secret": run.draft.secret}
    if len(socket.gethostname()) > 4:
        forbidden["the host"] = socket.gethostname()
    for name, text in run.texts.items():
        for what, word in forbidden.items():
            if word and word in text:
                yield f"{name} tells {what}"
        if path := HOME.search(text):
            yield f"{name} tells the path {path[0]}"


def same_order_every_time(run: Run) -> Faults:
    """9. Issues and actions stand by severity, area, rule; what closes no rule is last; twice the same bytes."""
    data = twin(run)
    areas = list(AREAS)
    issues = [(SEVERITIES.index(one["severity"]), areas.index(one["rule"][:3]), one["rule"]) for one in data["issues"]]
    if issues != sorted(issues):
        yield f"the issues stand in another order: {issues}"
    reported = [
        block.cells["Rule"]
        for block in blocks(run.document("readiness_report.md"))
        if "Issue" in block.cells and block.section == "BLOCKERS AND WARNINGS"
    ]
    if reported != [one[2] for one in issues]:
        yield f"the report has the issues in another order: {reported}"
    actions = [(SEVERITIES.index(one["priority"]), not one["closes"], one["number"]) for one in data["actions"]]
    known = [one for one in actions if data["actions"][one[2] - 1]["key"] != "unknown-facts"]
    if known != sorted(known) or [one[2] for one in actions] != list(range(1, len(actions) + 1)):
        yield f"the actions stand in another order: {actions}"
    if run.draft.seed % 10 == 0:
        again = assessed_again(run)
        yield from (f"{name} differs the second time" for name, text in run.texts.items() if again[name] != text)


def alone_it_is_honest(run: Run) -> Faults:
    """12. Each document carries environment, commit, as-of, verdict and how to reproduce it."""
    data = twin(run)
    commit = data["commit"][:12] if data["commit"] else "not a git checkout"
    when = stamped(data["as_of"]).removesuffix(" 00:00")
    again = f"readiness assess {data['environment']['name']} (with --as-of {data['as_of'][:16].removesuffix('T00:00')}"
    wanted = {
        "Environment": data["environment"]["name"].upper(),
        "Commit": commit,
        "Date": when,
        "Status": VERDICTS[data["verdict"]],
        "Reproduce": again,
    }
    for name, text in run.texts.items():
        if name.endswith(".md") or name == MARKDOWN:
            head = dict(field(block) for block in blocks(text[: text.index("\n## ")]))
            for label, value in wanted.items():
                if not head.get(label, "").startswith(value):
                    yield f"{name}: {label} is {head.get(label)!r}"
    if not all(value in run.texts[TERMINAL] for value in (wanted["Status"], wanted["Environment"], when)):
        yield "the terminal does not tell verdict, environment and moment"


INVARIANTS: Mapping[str, Callable[[Run], Faults]] = {
    "1 one assessment": one_assessment,
    "2 quoted where it stands": quoted_where_it_stands,
    "3 brief begins with the answer": brief_begins_with_the_answer,
    "4 hours add up": hours_add_up,
    "5 dates are working days": dates_are_working_days,
    "6 approvers are the same": approvers_are_the_same,
    "7 score has its ledger": score_has_its_ledger,
    "8 nothing of the machine": nothing_of_the_machine,
    "9 same order every time": same_order_every_time,
    "12 alone it is honest": alone_it_is_honest,
}
"""By their numbers in the specification; what survives on disk from run to run is the business of others."""
