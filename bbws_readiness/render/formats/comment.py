"""The comment on a pull request: verdict and what changed first, everything else folded.

It is made of the JSON of an assessment alone, so that whoever posts it needs neither the project nor another run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.assess.assessment import Verdict
from bbws_readiness.compare.changes import GRAVE, Changes, IssueChange, Kind
from bbws_readiness.config.policy import Policy, PolicyChange
from bbws_readiness.engine.rule import Severity
from bbws_readiness.patterns import regex
from bbws_readiness.render import diff_words, wording
from bbws_readiness.render.encode.markdown import Markdown, code, outward, say, table
from bbws_readiness.source import Location

MAX_CHARACTERS = 60_000
"""GitHub takes 65,536; this many are at most 240,000 bytes, which it takes too."""
MOST_BEFORE_FOLD = 7
"""Issues that are told before the fold; with the lines around them these are 15 lines at most."""
RESERVE = 600
"""Characters kept for what is said when something is left out."""

ICONS = {Kind.NEW: "🆕", Kind.REINSTATED: "↩️", Kind.RECLASSIFIED: "🔀", Kind.RESOLVED: "✅", Kind.NOT_COMPARABLE: "❔"}
FIRST = (Kind.NEW, Kind.REINSTATED, Kind.RESOLVED)
"""What is counted in the second line, also when there is none."""

_BLOB = regex(r"https://[\w.-]+(?::\d+)?/[\w.-]+/[\w.-]+/blob/[0-9a-f]{40}", re.ASCII)
_RUN = regex(r"https://[\w.-]+(?::\d+)?/[\w.-]+/[\w.-]+/actions/runs/\d+", re.ASCII)


class Surroundings(Struct, frozen=True):
    """Where the comment will stand. Addresses of another form than GitHub's are not linked to."""

    base: str = ""
    """What was compared with, in the words of whoever asked: a branch, a file."""
    blob: str = ""
    """`https://github.com/owner/name/blob/<hash>`, below which the files of the repository lie."""
    run: str = ""
    """`https://github.com/owner/name/actions/runs/<number>`, where everything that is left out can be found."""
    prefix: str = ""
    """The folder of the project inside of the repository."""
    uncompared: str = ""
    """Why there is no comparison, where one was asked for."""


NOWHERE = Surroundings()
"""No repository, no run, no comparison."""


class _Section(Struct, frozen=True):
    """One fold. A section is cut after whole rows only, and counts what it leaves out."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]

    def text(self, rows: int, around: Surroundings) -> Markdown:
        """The fold with its first rows, and where the rest can be found."""
        left = len(self.rows) - rows
        more = say("\n\nand {} more.{}", left, _whole(around)) if left else Markdown("")
        head = say("<details><summary>{} ({})</summary>", self.title, len(self.rows))
        return say("{}\n\n{}{}\n\n</details>", head, table(self.columns, self.rows[:rows]), more)


def comment(
    data: Mapping[str, Any],
    changes: Changes | None,
    around: Surroundings = NOWHERE,
    *,
    share: int = 1,
) -> str:
    """The text without its hidden lines, ending in a newline, at most `MAX_CHARACTERS` long.

    `data` is the JSON of an assessment as its schema describes it, `changes` what it changes against the base. With a
    `share` of 2 every fold has half of the rows that would fit, for a reader that takes less than is promised.
    """
    head = "\n".join(_head(data, changes, around))
    foot = _foot(data, around)
    room = MAX_CHARACTERS - len(head) - len(foot) - RESERVE
    parts: list[str] = [head]
    dropped: list[str] = []
    for section in _sections(data, changes, around):
        rows = -(-_fitting(section, room, around) // share)
        if rows == 0:
            dropped.append(section.title)
            continue
        parts.append(section.text(rows, around))
        room -= len(parts[-1]) + 2
    if dropped:
        parts.append(say("Left out here for its length: {}.{}", ", ".join(dropped), _whole(around)))
    return "\n\n".join([*parts, foot]) + "\n"


def content(data: Mapping[str, Any], changes: Changes | None, around: Surroundings = NOWHERE) -> str:
    """What a comment says, without what every run says anew: commit, links, and moments that follow the clock."""
    told = replace(around, blob="", run="")
    head = "\n".join(_head(data, changes, told, dated=False))
    return "\n\n".join([head, *(section.text(len(section.rows), told) for section in _sections(data, changes, told))])


def shortest(data: Mapping[str, Any], around: Surroundings = NOWHERE) -> str:
    """The verdict, where everything else stands, and nothing that could be too long."""
    verdict = say("## {}", Markdown(wording.VERDICTS[Verdict(data["verdict"])]))
    rest = f"The rest is left out here for its length.{_whole(around)}"
    return f"{verdict}\n\n{rest}\n\n{_foot(data, around)}\n"


def _fitting(section: _Section, room: int, around: Surroundings) -> int:
    """How many of its rows fit, at most all."""
    low, high = 0, len(section.rows)
    while low < high:
        middle = (low + high + 1) // 2
        if len(section.text(middle, around)) <= room:
            low = middle
        else:
            high = middle - 1
    return low


def _head(
    data: Mapping[str, Any], changes: Changes | None, around: Surroundings, *, dated: bool = True
) -> Iterator[Markdown]:
    project, environment = data["project"]["title"] or data["project"]["slug"], data["environment"]["name"].upper()
    yield say("## {}", Markdown(wording.VERDICTS[Verdict(data["verdict"])]))
    yield Markdown("")
    moved = changes.after.score - changes.before.score if changes else Decimal(0)
    delta = say(" ({})", diff_words.signed(moved) if moved else "±0") if changes else Markdown("")
    coverage = f"coverage {data['coverage']['determined']} of {data['coverage']['total']}"
    against = _against(changes, around) if changes else Markdown("")
    score = wording.number(Decimal(str(data["score"]["value"])))
    yield say("**{} to {}**: score **{}/100**{}, {}{}.", project, environment, score, delta, coverage, against)
    if changes:
        yield say("{}", _counts(changes))
    elif around.uncompared:
        yield say("Not compared with {}: {}.", code(around.base), around.uncompared)
    touched = _touched(data)
    yield from touched
    lines = _changed(changes, data, around) if changes else _open(data, around)
    first = tuple(_first_lines(lines, MOST_BEFORE_FOLD - len(touched)))
    if first:
        yield Markdown("")
        yield from first
    if (ready := data["schedule"]["ready"])["at"] and dated:
        moment = wording.moment(datetime.fromisoformat(ready["at"]))
        yield Markdown("")
        yield say("Time to ready {}: {}.", wording.hours(ready["minutes"]), moment)


def _against(changes: Changes, around: Surroundings) -> Markdown:
    was = changes.before.verdict
    said = say(", where it is {}", was) if changes.verdict_changed else Markdown("")
    return say(", compared with {}{}", code(around.base), said)


def _touched(data: Mapping[str, Any]) -> list[Markdown]:
    """One line when the change alters the rules that it is judged by."""
    policy = _policy(data)
    if policy is None or not policy.changes:
        return []
    return [say("⚠️ **Attention**: {}; not applied, the policy of the base holds.", wording.policy_touched(policy))]


def _policy(data: Mapping[str, Any]) -> Policy | None:
    told = data.get("policy")
    if told is None:
        return None
    changes = (
        PolicyChange(one["key"] or "", one["change"], Location(one["at"] if one["key"] else one["file"], 0))
        for one in told["changes"]
    )
    return Policy(told["ref"], told["commit"], tuple(told["files"]), tuple(changes))


def _counts(changes: Changes) -> str:
    told = [f"{len(changes.of(kind))} {kind}" for kind in FIRST]
    told += [f"{len(found)} {kind}" for kind in (Kind.RECLASSIFIED, Kind.NOT_COMPARABLE) if (found := changes.of(kind))]
    return ", ".join([*told, f"{len(changes.of(Kind.UNCHANGED))} unchanged"]) + "."


def _first_lines(lines: Sequence[Markdown], most: int) -> Iterator[Markdown]:
    for line in lines[:most]:
        yield say("- {}", line)
    if len(lines) > most:
        yield say("- and {} more below", len(lines) - most)


def _changed(changes: Changes, data: Mapping[str, Any], around: Surroundings) -> list[Markdown]:
    owners = {issue["rule"]: issue["owners"] for issue in data["issues"]}
    owners |= {f"decision:{decision['key']}": decision["owners"] for decision in data["decisions"]}
    lines = []
    for kind in (Kind.NEW, Kind.REINSTATED, Kind.RECLASSIFIED, Kind.RESOLVED):
        lines += [_change(change, owners, around) for change in changes.of(kind)]
    return lines


def _change(change: IssueChange, owners: Mapping[str, Sequence[str]], around: Surroundings) -> Markdown:
    issue = change.after or change.before
    who = owners.get(issue.key, ()) if issue and change.after else ()
    told = say(
        "{} {} {}: {}",
        Markdown(ICONS[change.kind]),
        code(diff_words.name(change)),
        diff_words.priority(change),
        diff_words.title(change),
    )
    place = say(" ({})", _place(issue.at, around)) if issue and change.after and issue.at else Markdown("")
    return say("{}{}{}", told, place, say(" - {}", _roles(who)) if who else Markdown(""))


def _open(data: Mapping[str, Any], around: Surroundings) -> list[Markdown]:
    """Issues in their order, with the open decisions behind those that are critical or high."""
    issues = [(one["severity"] not in GRAVE, _issue(one, around)) for one in data["issues"]]
    decisions = [
        say("⚖️ {} decision: {} - {}", code(one["key"]), one["question"], _roles(one["owners"]))
        for one in data["decisions"]
    ]
    return [
        *(line for minor, line in issues if not minor),
        *decisions,
        *(line for minor, line in issues if minor),
    ]


def _issue(one: Mapping[str, Any], around: Surroundings) -> Markdown:
    place, owners = _place(one["at"], around), _roles(one["owners"])
    return say("{} {}: {} ({}) - {}", code(one["rule"]), one["severity"], one["title"], place, owners)


def _roles(owners: Sequence[str]) -> str:
    """Roles, never accounts: nobody is notified by a comment."""
    return wording.owners(tuple(owners))


def _sections(data: Mapping[str, Any], changes: Changes | None, around: Surroundings) -> Iterator[_Section]:
    """The folds that have something to tell, the most needed first."""
    found = [
        _Section(
            "Open issues", ("Priority", "Rule", "Issue", "Place", "Owners", "Action"), tuple(_issues(data, around))
        ),
        _Section("Open decisions", ("Question", "Rules", "Votes", "Owners"), tuple(_decisions(data))),
    ]
    if changes:
        causes = tuple(diff_words.causes(changes))
        found += [
            _Section("What changed", ("Points", "Issue", "Change", "Priority", "Why"), tuple(_why(changes))),
            _Section("What differs beside the findings", ("Cause", "What"), causes),
        ]
    if policy := _policy(data):
        altered = tuple(_altered(policy, around))
        found.append(_Section("Policy that this change alters", ("What", "Change", "Place"), altered))
    found += [
        _Section("Actions", ("Number", "Action", "Priority", "Owners", "Effort"), tuple(_actions(data))),
        _Section("Could not be read", ("Place", "Fault"), tuple(_faults(data, around))),
        _Section("Not verified", ("What", "Needs"), tuple(_unknown(data))),
    ]
    return (section for section in found if section.rows)


def _issues(data: Mapping[str, Any], around: Surroundings) -> Iterator[tuple[object, ...]]:
    for one in data["issues"]:
        priority = Markdown(wording.PRIORITIES[Severity(one["severity"])])
        place = _place(one["at"], around)
        yield priority, code(one["rule"]), one["title"], place, _roles(one["owners"]), one["action"]


def _decisions(data: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    for one in data["decisions"]:
        votes = "; ".join(f"{', '.join(vote['sources'])}: {vote['says']}" for vote in one["votes"])
        yield one["question"], ", ".join(one["rules"]), votes, _roles(one["owners"])


def _why(changes: Changes) -> Iterator[tuple[object, ...]]:
    for kind in diff_words.TOLD:
        for one in changes.of(kind):
            yield (
                diff_words.signed(one.points),
                code(diff_words.name(one)),
                kind.value,
                diff_words.priority(one),
                one.why,
            )


def _altered(policy: Policy, around: Surroundings) -> Iterator[tuple[object, ...]]:
    for one in policy.changes:
        yield code(one.name), one.change, _place(one.at.path, around)


def _actions(data: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    for one in data["actions"]:
        yield one["number"], one["title"], one["priority"], _roles(one["owners"]), wording.hours(one["minutes"])


def _faults(data: Mapping[str, Any], around: Surroundings) -> Iterator[tuple[object, ...]]:
    for one in data["diagnostics"]:
        if one["severity"] == "error":
            yield _place(one["at"], around), f"{one['code']}: {one['summary']}"


def _unknown(data: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    for one in data["not_verified"]:
        yield one["text"], one["needs"] or one["reason"] or ""


def _place(at: str, around: Surroundings) -> Markdown:
    """`file:line` as code, a link where the files of the commit can be linked to."""
    file, _, line = at.rpartition(":")
    if not (_BLOB.fullmatch(around.blob) and line.isdecimal()) or ".." in at or ".." in around.prefix:
        return code(at)
    path = "/".join(part for part in (around.prefix, file) if part and part != ".")
    return outward(code(at), f"{around.blob}/{path}#L{line}")


def _whole(around: Surroundings) -> Markdown:
    if _RUN.fullmatch(around.run):
        return say(" {} has all of it.", outward("The run", around.run))
    return Markdown(" The documents have all of it.")


def _foot(data: Mapping[str, Any], around: Surroundings) -> Markdown:
    as_of = wording.as_of(datetime.fromisoformat(data["as_of"]))
    commit = say(", commit {}", code(data["commit"][:12])) if data["commit"] else Markdown("")
    run = say(", {}", outward("run", around.run)) if _RUN.fullmatch(around.run) else Markdown("")
    return say("<sub>readiness {}, as of {}{}{}</sub>", data["tool"]["version"], as_of, commit, run)
