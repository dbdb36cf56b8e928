"""Who says what: a table with a row for every fact and a column for every source that speaks of any."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bbws_readiness.render import wording
from bbws_readiness.render.site.pictures.markup import caption, figure, sentence, tag, words
from bbws_readiness.render.site.pictures.text import shown
from bbws_readiness.source import SourceKind

MOST = 200
"""Rows of one table; the others are counted."""
UNFOLDED = 25
"""Rows of differing facts that are seen at once; the others are folded below them."""
NAMED = 8
"""Subjects of one row that are named; the others are counted."""
LONG = 160
"""Characters of a statement beyond which only its first lines are seen on a screen; the findings tell it whole."""
NOTHING = "No fact is stated by two sources: there is nothing to compare."
LINKED = 1
"""Places of one statement that are named; the others are counted."""
MARKS = {
    "authority": ("★", "declared right"),
    "agrees": ("✓", "agrees"),
    "differs": ("≠", "differs from what was declared right"),
    "disputed": ("", "others say otherwise, and nobody was declared right"),
    "not-verified": ("?", "could not be verified"),
    "silent": ("·", "says nothing"),
}
"""Sign and words per stance; statements in dispute carry the letter of their opinion instead of a sign."""
ONLY = "compared by yes or no alone"
"""Of a fact whose sources agree when all say yes, whatever else they say about it."""


def sources_matrix(data: Mapping[str, Any], *, mark: str = "", address: Callable[[str], str] = lambda _: "") -> str:
    """Facts on which sources differ, then folded those on which they agree.

    `address` tells where a page finds a `path:line`; where that is empty, the place is plain text.
    """
    facts: Sequence[Mapping[str, Any]] = data.get("sources", ())
    if not facts:
        return figure("sources", sentence(NOTHING))
    differing = merged([fact for fact in facts if fact["differs"]])
    agreed = merged([fact for fact in facts if not fact["differs"]])
    number = sum(fact["differs"] for fact in facts)
    told = f"{wording.counted(len(facts), 'fact')} stated by at least two sources; they differ about {number}."
    parts = [_legend(facts)]
    if differing:
        name, key = "Facts on which the sources differ", f"{mark}pic-differing"
        parts.append(_table(differing[:UNFOLDED], name, key, address))
        if rest := differing[UNFOLDED:]:
            folded = _table(rest, "Further facts on which the sources differ", f"{key}-further", address)
            summary = tag("summary", words(f"{wording.counted(len(rest), 'further row')} on which the sources differ"))
            parts.append(tag("details", summary + folded, class_="pic-data"))
    if agreed:
        count = wording.counted(len(facts) - number, "fact")
        folded = _table(agreed, "Facts on which the sources agree", f"{mark}pic-agreed", address)
        summary = tag("summary", words(f"{count} on which all sources that speak agree"))
        parts.append(tag("details", summary + folded, class_="pic-data"))
    return figure("sources", *parts, caption(told))


def merged(facts: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The facts in their order; those of one rule about which everybody says the same are one with several subjects."""
    found: dict[tuple[object, ...], dict[str, Any]] = {}
    for fact in facts:
        said = tuple((one["source"], _told(one), one["stance"], one["opinion"]) for one in fact["said"])
        key = (fact["rule"], fact["facet"], fact["settled_by"], said)
        if key in found:
            found[key]["subjects"].append(fact["subject"])
        else:
            found[key] = {**fact, "subjects": [fact["subject"]]}
    return list(found.values())


def _legend(facts: Iterable[Mapping[str, Any]]) -> str:
    used = {one["stance"] for fact in facts for one in fact["said"]} | {"silent"}
    entries = [
        tag("li", tag("span", words(sign or "A B"), class_=f"pic-sign pic-said-{stance}") + words(meaning))
        for stance, (sign, meaning) in MARKS.items()
        if stance in used
    ]
    return tag("ul", "".join(entries), class_="pic-legend")


def _table(
    facts: Sequence[Mapping[str, Any]],
    name: str,
    key: str,
    address: Callable[[str], str],
) -> str:
    speaking = {one["source"] for fact in facts for one in fact["said"]}
    columns = [kind for kind in SourceKind if kind.value in speaking]
    head = tag("th", "Fact", scope="col") + "".join(tag("th", words(str(kind)), scope="col") for kind in columns)
    rows = "".join(_row(fact, columns, address) for fact in facts[:MOST])
    table = tag("table", tag("caption", words(name)) + tag("thead", tag("tr", head)) + tag("tbody", rows), id=key)
    scrolled = tag("div", table, class_="pic-scroll", role="region", aria_label=name, tabindex="0")
    more = len(facts) - MOST
    return scrolled + (
        sentence(f"{wording.counted(more, 'more row')}: the findings tell them all.") if more > 0 else ""
    )


def _row(fact: Mapping[str, Any], columns: Sequence[SourceKind], address: Callable[[str], str]) -> str:
    subjects = tag("span", words(_subjects(fact["subjects"])), class_="pic-strong")
    about = f"{fact['facet']} · {fact['rule']}" + (f" {fact['title']}" if fact["differs"] else "")
    settled = tag("span", words(f"settled by {fact['settled_by']}"), class_="pic-small") if fact["settled_by"] else ""
    alone = any(one.get("holds") is not None for one in fact["said"])
    only = tag("span", ONLY, class_="pic-small pic-soft") if alone else ""
    head = tag("th", subjects + tag("span", words(about), class_="pic-small pic-soft") + only + settled, scope="row")
    cells = (_cell([one for one in fact["said"] if one["source"] == kind.value], address) for kind in columns)
    return tag("tr", head + "".join(cells))


def _subjects(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return f"{', '.join(names[:NAMED])} and {more} more" if more > 1 else wording.listed(names)


def _cell(said: Sequence[Mapping[str, Any]], address: Callable[[str], str]) -> str:
    if not said:
        sign, meaning = MARKS["silent"]
        silent = tag("span", sign, class_="pic-sign", aria_hidden="true") + tag("span", meaning, class_="pic-sr")
        return tag("td", silent, class_="pic-said pic-said-silent")
    stance = said[0]["stance"]
    return tag("td", "".join(_statement(one, address) for one in said), class_=f"pic-said pic-said-{stance}")


def _statement(one: Mapping[str, Any], address: Callable[[str], str]) -> str:
    sign, meaning = MARKS[one["stance"]]
    sign = sign or opinion(one["opinion"])
    heard = f"opinion {sign}: " if one["stance"] == "disputed" else f"{meaning}: "
    seen = tag("span", words(sign), class_="pic-sign", aria_hidden="true") + tag("span", words(heard), class_="pic-sr")
    told = _told(one)
    kind = "pic-words pic-long" if len(told) > LONG else "pic-words"
    return tag("div", seen + tag("span", words(told), class_=kind) + _places(one["at"], address))


def _told(one: Mapping[str, Any]) -> str:
    """What it says, behind the yes or no by which it is compared where that is not all of it."""
    answer = {True: "yes: ", False: "no: ", None: ""}[one.get("holds")]
    return f"{answer}{one['says']}"


def opinion(number: int) -> str:
    """`A` for the first opinion, `Z` for all from the twenty-sixth on."""
    return chr(ord("A") + min(number, 26) - 1)


def _places(places: Sequence[str], address: Callable[[str], str]) -> str:
    """The first places, by the name of their file; the others are counted."""
    named = []
    for at in places[:LINKED]:
        name, whole, where = words(posixpath.basename(at)), shown(at), address(at)
        named.append(
            tag("a", name, href=where, title=whole, class_="place") if where else tag("code", name, title=whole)
        )
    more = len(places) - LINKED
    told = " ".join(named) + (words(f" and {more} more") if more > 0 else "")
    return tag("span", told, class_="pic-at") if named else ""
