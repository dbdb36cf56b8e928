"""The schedule as a Gantt picture: who does what on which working day, what waits for what, and when it is ready."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from bbws_readiness.render import wording
from bbws_readiness.render.site.pictures.days import WEEK, Axis, Calendar, Column, axis, days_of
from bbws_readiness.render.site.pictures.graph import without_implied
from bbws_readiness.render.site.pictures.lanes import BAR, LABEL, ROW, Item, Lane, Wish, by_owner, lane, wish_of
from bbws_readiness.render.site.pictures.markup import (
    box,
    caption,
    data_table,
    drawing,
    figure,
    label,
    line,
    sentence,
    tag,
    words,
)
from bbws_readiness.render.site.pictures.priorities import LETTERS, class_of, letter_of, word_of
from bbws_readiness.render.site.pictures.text import fitted, shown
from bbws_readiness.render.site.pictures.text import width as text_width

WIDTH = 1080.0
MARGIN = 16.0
TOP = 46.0
"""Height of the heading with days and hours."""
HOURS_FROM = 300.0
"""A day that is drawn so broad shows its hours."""
NOTHING = "No action is open: there is nothing to schedule."
DIAMOND = 7.0
DAY = 12.0
"""Height of the font of a day's name."""
READY = "Ready"


def schedule_picture(data: Mapping[str, Any], *, mark: str = "") -> str:
    """Bars by owner on the working days, with milestones; a sentence where no action is scheduled."""
    actions = [action for action in data["actions"] if action["start"] and action["end"]]
    if not actions:
        return figure("schedule", sentence(NOTHING), sentence(f"{_ready_told(data)} {_planned(data['schedule'])}"))
    marks = _milestones(data["schedule"])
    days = _axis(data["schedule"], actions, marks)
    lanes = _lanes(actions, marks, days)
    height = lanes[-1].y + lanes[-1].height + MARGIN
    width = days.right + MARGIN
    body = "".join(
        (
            *_columns(days, height),
            *_windows(data["schedule"], days, height),
            *_bands(lanes, width),
            *_ready(data["schedule"], days, height),
            *_links(actions, lanes),
            *_names(lanes, width),
            *_milestone_marks(lanes[0], marks),
            *_bars(actions, lanes),
            *_heading(days),
        )
    )
    told = _told(data, actions)
    title = f"Schedule of {wording.counted(len(actions), 'action')}"
    return figure(
        "schedule",
        _legend(actions),
        drawing(f"{mark}pic-schedule", title, told, width, height, body),
        caption(told),
        _table(actions),
    )


def _milestones(schedule: Mapping[str, Any]) -> list[tuple[datetime, str]]:
    """The moments that the picture marks, each once, with what happens then, in their order.

    What is only dated stands with what has a time on that day, else at its first hour.
    """
    found: dict[datetime, list[str]] = {}
    ready, planned = schedule["ready"]["at"], schedule["planned"]
    earliest = planned["earliest"] if planned["earliest"] != planned["at"] else None
    for at, name in ((planned["at"], "Deployment planned"), (earliest, "Deployment possible"), (ready, READY)):
        if at:
            moment = datetime.fromisoformat(at)
            told = name if moment.time() == time() else f"{name} {moment:%H:%M}"
            found.setdefault(moment, []).append(told)
    opens = Calendar.of(schedule.get("calendar", {})).opens
    for day, name in _dated(planned):
        at_that_day = next((one for one in found if one.date() == day), datetime.combine(day, opens))
        found.setdefault(at_that_day, []).append(name)
    return [(at, ", ".join(dict.fromkeys(names))) for at, names in sorted(found.items())]


def _dated(planned: Mapping[str, Any]) -> Iterator[tuple[date, str]]:
    """The days of the plan besides the deployment's, and the days to which a delay moves them."""
    for one in planned.get("milestones", ()):
        if one["name"] != "Deployment":
            yield date.fromisoformat(one["start"]), one["name"]
        if one["moved_to"]:
            yield date.fromisoformat(one["moved_to"]), f"{one['name']} moved"


def _axis(schedule: Mapping[str, Any], actions: Iterable[Mapping[str, Any]], marks: list[tuple[datetime, str]]) -> Axis:
    spans = [(datetime.fromisoformat(one["start"]), datetime.fromisoformat(one["end"])) for one in actions]
    busy = {day for start, end in spans for day in days_of(start, end)}
    calendar = Calendar.of(schedule.get("calendar", {}))
    return axis(calendar, busy, {at.date() for at, _ in marks}, MARGIN, WIDTH - 2 * MARGIN)


def _lanes(actions: Sequence[Mapping[str, Any]], marks: Sequence[tuple[datetime, str]], days: Axis) -> list[Lane]:
    """The milestones, then the owners."""
    wishes = [
        Wish(-position, days.x(at) - DIAMOND, days.x(at) + DIAMOND, f"{name} · {wording.day(at)}")
        for position, (at, name) in enumerate(marks)
    ]
    lanes = [lane("Milestones", wishes, TOP, 0, days.right)]
    for owner, own in by_owner(actions).items():
        top = lanes[-1].y + lanes[-1].height
        lanes.append(lane(owner, [wish_of(action, days) for action in own], top, MARGIN, days.right))
    return lanes


def _moment(at: datetime) -> str:
    return wording.day(at) if at.time() == time() else wording.moment(at)


def _columns(days: Axis, height: float) -> Iterator[str]:
    """The ground: shaded where nobody works, a line where a day begins."""
    for column in days.columns:
        if not column.works:
            name = f"{column.days} days" if column.days > 1 else f"{wording.day(column.first)}: nobody works"
            class_ = "pic-folded" if column.days > 1 else "pic-rest"
            yield box(column.x, TOP, column.width, height - TOP, class_, tag("title", words(name)))
        yield line(((column.x, TOP), (column.x, height)), "pic-rule")
    yield line(((days.right, TOP), (days.right, height)), "pic-rule")


def _heading(days: Axis) -> Iterator[str]:
    """The days, and the hours of broad ones; narrow days are named as far as their names fit side by side."""
    free = 0.0
    for column in days.columns:
        if column.days == 1 and not column.works:
            continue
        name = _name(column)
        end = column.x + 4 + text_width(name, DAY, bold=True)
        if column.x + 4 >= free and name and end <= days.right + MARGIN:
            yield label(column.x + 4, 18, name, "pic-t pic-day")
            free = end + 6
        if column.busy and column.width >= HOURS_FROM:
            yield from _hours(column, days.calendar)


def _name(column: Column) -> str:
    """The longest of its names that it has room for, else the shortest: its neighbours may be left without one."""
    if column.days > 1:
        return fitted(f"{column.days} days", column.width - 6, DAY, bold=True)
    whole = wording.day(column.first)
    names = (whole, f"{whole[:4]}{whole[9:]}", whole[9:])
    return next((name for name in names if text_width(name, DAY, bold=True) <= column.width - 6), names[-1])


def _hours(column: Column, calendar: Calendar) -> Iterator[str]:
    first, last = calendar.opens.hour, calendar.closes.hour
    minutes = calendar.closes.hour * 60 + calendar.closes.minute - first * 60 - calendar.opens.minute
    for hour in range(first + 1, last):
        x = column.x + column.width * ((hour - first) * 60 - calendar.opens.minute) / max(minutes, 1)
        if column.x + 24 < x < column.end - 24:
            yield label(x, 36, f"{hour:02d}", "pic-t pic-hour", anchor="middle")
            yield line(((x, TOP - 6), (x, TOP)), "pic-rule")


def _windows(schedule: Mapping[str, Any], days: Axis, height: float) -> Iterator[str]:
    """When the environment may be deployed to, from the moment on at which it could be."""
    window = schedule.get("calendar", {}).get("window")
    if not window:
        return
    opens, closes = time.fromisoformat(window["start"]), time.fromisoformat(window["end"])
    earliest = datetime.fromisoformat(schedule["planned"]["earliest"])
    for column in days.columns:
        allowed = column.works and WEEK[column.first.weekday()] in window["days"]
        if allowed and datetime.combine(column.first, closes) >= earliest:
            left, right = (days.x(datetime.combine(column.first, clock)) for clock in (opens, closes))
            name = f"Deployments are allowed on {wording.day(column.first)}, {opens:%H:%M} to {closes:%H:%M}"
            yield box(left, TOP, max(right - left, 2), height - TOP, "pic-window", tag("title", words(name)))


def _bands(lanes: Sequence[Lane], width: float) -> Iterator[str]:
    for one in lanes:
        yield line(((0, one.y), (width, one.y)), "pic-rule")
        yield box(0, one.y, width, 24, "pic-lane")


def _names(lanes: Sequence[Lane], width: float) -> Iterator[str]:
    for position, one in enumerate(lanes):
        number = len(one.items)
        told = fitted(one.name, width / 2, LABEL, bold=True)
        told += f" · {wording.counted(number, 'action')}" if position else ""
        yield label(MARGIN, one.y + 16.5, told, "pic-t pic-strong pic-halo")


def _ready(schedule: Mapping[str, Any], days: Axis, height: float) -> Iterator[str]:
    if schedule["ready"]["at"]:
        x = days.x(datetime.fromisoformat(schedule["ready"]["at"]))
        yield line(((x, TOP), (x, height)), "pic-ready-line")


def _milestone_marks(first: Lane, marks: Sequence[tuple[datetime, str]]) -> Iterator[str]:
    for item in first.items:
        _, name = marks[-item.key]
        x, y = (item.start + item.end) / 2, item.y + BAR / 2
        class_ = "pic-mark-ready" if READY in name else "pic-mark-planned"
        corners = ((x, y - DIAMOND), (x + DIAMOND, y), (x, y + DIAMOND), (x - DIAMOND, y), (x, y - DIAMOND))
        yield line(corners, class_)
        yield label(item.label_at, y + 4.5, item.label, "pic-t pic-halo")


def _bars(actions: Sequence[Mapping[str, Any]], lanes: Sequence[Lane]) -> Iterator[str]:
    by_number = {action["number"]: action for action in actions}
    for item in (item for one in lanes[1:] for item in one.items):
        action = by_number[item.key]
        priority = action["priority"]
        ground = box(item.start, item.y, item.end - item.start, BAR, "pic-ground", round_=4)
        bar = ground + box(item.start, item.y, item.end - item.start, BAR, f"pic-bar {class_of(priority)}", round_=4)
        letter = label(item.start + 8, item.y + 13, letter_of(priority), "pic-t pic-letter", anchor="middle")
        told = label(item.label_at, item.y + 13.5, item.label, "pic-t pic-halo")
        yield tag("g", tag("title", words(_whole(action))) + bar + letter + told)


def _whole(action: Mapping[str, Any]) -> str:
    after = wording.numbered(action["after"]) if action["after"] else ""
    parts = [
        f"Action {action['number']}: {action['title']}",
        word_of(action["priority"]),
        wording.owners(action["owners"]),
        wording.hours(action["minutes"]),
        f"{_moment(datetime.fromisoformat(action['start']))} to {_moment(datetime.fromisoformat(action['end']))}",
        *([f"after {after}"] if after else []),
        *(f"needs {one}" for one in action["external"]),
    ]
    return "; ".join(shown(part) for part in parts)


def _links(actions: Sequence[Mapping[str, Any]], lanes: Sequence[Lane]) -> Iterator[str]:
    """From the end of what comes first to the start of what waits; what other links imply is left out."""
    items = {item.key: item for one in lanes[1:] for item in one.items}
    pairs = [(before, one["number"]) for one in actions for before in one["after"] if before in items]
    for before, after in without_implied(list(items), pairs):
        yield from link(items[before], items[after])


def link(before: Item, after: Item) -> Iterator[str]:
    """A line below the row of the first one, then up or down to the left border of the second, with an arrow head."""
    x, gap = before.end - 5, before.y + BAR + (ROW - BAR) / 2
    turn, end, middle = after.start - 9, after.start, after.y + BAR / 2
    yield line(((x, before.y + BAR), (x, gap), (turn, gap), (turn, middle), (end, middle)), "pic-link")
    yield line(((end, middle), (end - 6, middle - 3), (end - 6, middle + 3), (end, middle)), "pic-head")


def _legend(actions: Iterable[Mapping[str, Any]]) -> str:
    """What the letters stand for, as far as they are used."""
    used = {action["priority"] for action in actions}
    entries = "".join(
        tag("li", tag("span", letter, class_=f"pic-chip {class_of(priority)}") + words(priority))
        for priority, letter in LETTERS.items()
        if priority in used
    )
    return tag("ul", entries, class_="pic-legend")


def _ready_told(data: Mapping[str, Any]) -> str:
    """When it is ready, or why that cannot be told."""
    ready = data["schedule"]["ready"]["at"]
    if ready:
        return f"Ready {_moment(datetime.fromisoformat(ready))}."
    return "Ready now." if data["verdict"] == "READY" else "When it is ready cannot be computed."


def _told(data: Mapping[str, Any], actions: Sequence[Mapping[str, Any]]) -> str:
    schedule = data["schedule"]
    start = datetime.fromisoformat(schedule["start"])
    effort = f"{wording.counted(len(actions), 'action')}, {wording.hours(schedule['effort_minutes'])} in all"
    whole = f"{effort}, from {_moment(start)}. {_ready_told(data)}"
    calendar = " The default calendar was used." if schedule["default_calendar"] else ""
    return f"{whole} {_planned(schedule)}{calendar} Shaded: days on which nobody works."


def _planned(schedule: Mapping[str, Any]) -> str:
    planned = schedule["planned"]
    if not planned["at"]:
        return "No date is stated for the deployment."
    return f"Deployment planned for {_moment(datetime.fromisoformat(planned['at']))}."


def _table(actions: Sequence[Mapping[str, Any]]) -> str:
    headings = ("Action", "Priority", "Owners", "Effort", "Start", "End", "After", "Can wait")
    rows = [
        (
            f"{one['number']} {one['title']}",
            word_of(one["priority"]),
            wording.owners(one["owners"]),
            wording.hours(one["minutes"]),
            _moment(datetime.fromisoformat(one["start"])),
            _moment(datetime.fromisoformat(one["end"])),
            ", ".join([*map(str, one["after"]), *one["external"]]) or "-",
            wording.hours(one["slack_minutes"]),
        )
        for one in actions
    ]
    return data_table("The schedule as a table", headings, rows)
