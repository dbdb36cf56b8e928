"""Turns the checked nodes of a configuration file into a `Config`."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any, TypeVar

from bbws_readiness.codes import Code
from bbws_readiness.config.problems import InvalidConfiguration
from bbws_readiness.config.settings import (
    WEEK,
    Calendar,
    Config,
    ContactSettings,
    EnvironmentSettings,
    GateSettings,
    PortfolioSettings,
    PriceLine,
    Prices,
    ReaderGroup,
    Review,
    RiskRating,
    RuleSettings,
    Sources,
    Weights,
    Window,
)
from bbws_readiness.errors import ConfigurationError
from bbws_readiness.positioned import Node
from bbws_readiness.source import Location, Source, SourceKind

T = TypeVar("T")


def build_config(node: Node, inputs: tuple[Source, ...]) -> Config:
    """The settings in `node`, which must have passed the schema.

    Raises `InvalidConfiguration` for what a schema cannot say: dates that do not exist, ranges upside down.
    """
    return _Builder(node, inputs).config()


class _Builder:
    def __init__(self, node: Node, inputs: tuple[Source, ...]) -> None:
        self._node = node
        self._inputs = inputs
        self._problems: list[ConfigurationError] = []

    def config(self) -> Config:
        config = Config(
            **self._texts(),
            sources=_sources(self._node.get("sources")),
            portfolio=self._portfolio(self._node.get("portfolio")),
            environments=_mapping(self._node.get("environments"), _environment),
            authority=_mapping(self._node.get("authority"), _authority),
            owners=_mapping(self._node.get("owners"), _words),
            estimates=_mapping(self._node.get("estimates"), _integer),
            rules=_mapping(self._node.get("rules"), _rule),
            contacts=_mapping(self._node.get("contacts"), _contact),
            approvals=_mapping(self._node.get("approvals"), _words),
            approves=_mapping(self._node.get("approves"), _scalar_text),
            calendar=self._calendar(self._node.get("calendar")),
            prices=self._prices(self._node.get("prices")),
            reviews=self._reviews(self._node.get("reviews")),
            deployment_minutes=self._minutes(self._node.get("deployment-minutes")),
            weights=_weights(self._node.get("weights")),
            business_impact=_mapping(self._node.get("business-impact"), _scalar_text),
            risk_ratings=_mapping(self._node.get("risk-ratings"), _rating),
            recommendations=_mapping(self._node.get("recommendations"), _scalar_text),
            readers=tuple(_reader_group(group) for group in _elements(self._node.get("readers"))),
            questions=_mapping(self._node.get("questions"), _scalar_text),
            gate=_gate(self._node.get("gate")),
            inputs=self._inputs,
            places=_places(self._node, "", {}),
            written=_written(self._node, "", {}),
        )
        if self._problems:
            raise InvalidConfiguration(self._problems)
        return config

    def _texts(self) -> dict[str, Any]:
        return {field: _text(self._node, field.replace("_", "-")) for field in _TEXTS}

    def _problem(self, message: str, at: Location, hint: str = "") -> None:
        self._problems.append(ConfigurationError(message, at=at, hint=hint, code=Code.CONFIGURED_VALUE))

    def _portfolio(self, node: Node | None) -> PortfolioSettings:
        folders: list[str] = []
        for one in _elements(node.get("projects") if node else None):
            folder = posixpath.normpath(one.raw)
            if folder == ".":
                self._problem("a project is not beside itself", one.at, "name the folder of another project")
            elif any(f"{folder}/".startswith(f"{other}/") or f"{other}/".startswith(f"{folder}/") for other in folders):
                self._problem(f'"{one.raw}" is named twice, or lies in another one', one.at, "name each project once")
            else:
                folders.append(folder)
        return PortfolioSettings(tuple(folders))

    def _calendar(self, node: Node | None) -> Calendar:
        if node is None:
            return Calendar()
        usual = Calendar()
        days = _days(node.get("working-days")) or usual.working_days
        start, end = self._hours(node.get("hours")) or (usual.start, usual.end)
        holidays = [self._date(day) for day in _elements(node.get("holidays"))]

        def window(one: Node, _: str) -> Window:
            return Window(_days(one.get("days")) or days, *(self._hours(one.get("hours")) or (start, end)))

        return Calendar(
            working_days=days,
            start=start,
            end=end,
            holidays=tuple(sorted({day for day in holidays if day})),
            windows=_mapping(node.get("windows"), window),
            configured=True,
        )

    def _hours(self, node: Node | None) -> tuple[time, time] | None:
        if node is None:
            return None
        first, _, last = node.raw.partition("-")
        try:
            start, end = time.fromisoformat(first), time.fromisoformat(last)
        except ValueError:
            self._problem(f'"{node.raw}" is not a time of day', node.at, "the last hour is 23")
            return None
        if start >= end:
            self._problem(f'"{node.raw}" ends before it starts', node.at, "write the earlier time first")
            return None
        return start, end

    def _date(self, node: Node | None) -> date | None:
        if node is None:
            return None
        try:
            return date.fromisoformat(node.raw)
        except ValueError:
            self._problem(f'"{node.raw}" is not a day of the calendar', node.at)
            return None

    def _prices(self, node: Node | None) -> Prices:
        if node is None:
            return Prices()

        def lines(listed: Node, _: str) -> tuple[PriceLine, ...]:
            return tuple(self._price(line) for line in listed.elements())

        return Prices(
            currency=_text(node, "currency") or Prices().currency,
            as_of=self._date(node.get("as-of")),
            lines=_mapping(node.get("environments"), lines),
        )

    def _price(self, node: Node) -> PriceLine:
        line = PriceLine(
            item=_text(node, "item"),
            quantity_of=_text(node, "quantity-of"),
            low=_decimal(node.get("from")),
            high=_decimal(node.get("to")),
            when=_text(node, "when") or "always",
        )
        if line.low > line.high:
            self._problem(f'"{line.item}": the low estimate is above the high one', node.at, "swap from and to")
        return line

    def _reviews(self, node: Node | None) -> tuple[Review, ...]:
        reviews: dict[str, Review] = {}
        for one in _elements(node):
            review = Review(
                key=_text(one, "key"),
                title=_text(one, "title"),
                owners=_words(one.get("owners")),
                minutes=_integer(one.get("minutes")),
                priority=_text(one, "priority") or "medium",
                after=_words(one.get("after")),
            )
            if review.key in reviews:
                self._problem(f'the review "{review.key}" stands there twice', one.at, "give it another key")
            reviews.setdefault(review.key, review)
        return tuple(reviews.values())

    def _minutes(self, node: Node | None) -> tuple[int, int] | None:
        if node is None:
            return None
        shortest, longest = (_integer(element) for element in node.elements())
        if shortest > longest:
            self._problem("deployment-minutes: the shortest time is above the longest", node.at, "swap them")
        return shortest, longest


_TEXTS = (
    "title",
    "slug",
    "organisation",
    "component",
    "repository",
    "prepared_for",
    "prepared_by",
    "corrected_by",
    "distribution",
    "confidentiality",
    "contingency",
    "lessons",
    "decisions",
    "since",
)


def _sources(node: Node | None) -> Sources:
    if node is None:
        return Sources()
    return Sources(
        terraform=_text(node, "terraform"),
        tfvars=_text(node, "tfvars").removeprefix("./"),
        schemas=_one_or_many(node.get("schemas")),
        workflows=_one_or_many(node.get("workflows")),
        scripts=_one_or_many(node.get("scripts")),
        readme=_text(node, "readme").removeprefix("./"),
        plan=_text(node, "plan").removeprefix("./"),
        portfolio=tuple(path.removeprefix("./") for path in _one_or_many(node.get("portfolio"))),
    )


def _environment(node: Node, name: str) -> EnvironmentSettings:
    production = node.get("production")
    return EnvironmentSettings(
        name,
        _text(node, "account"),
        _text(node, "region"),
        bool(production.content) if production else None,
        terraform=_text(node, "terraform"),
        tfvars=_text(node, "tfvars").removeprefix("./"),
        workspace=_text(node, "workspace"),
    )


def _authority(node: Node, _: str) -> tuple[SourceKind, ...]:
    return tuple(SourceKind(element.raw) for element in node.elements())


def _rule(node: Node, _: str) -> RuleSettings:
    enabled, parameters = node.get("enabled"), node.get("parameters")
    severity = node.get("severity")
    words = severity if severity and severity.shape == "mapping" else None
    return RuleSettings(
        severity=_text(words, "asked") if words else _text(node, "severity"),
        severity_unasked=_text(words, "unasked") if words else "",
        enabled=bool(enabled.content) if enabled else True,
        owners=_words(node.get("owners")),
        minutes=_integer(node.get("minutes")),
        parameters=parameters.to_python() if parameters else {},
    )


def _contact(node: Node, _: str) -> ContactSettings:
    return ContactSettings(_text(node, "contact"), _text(node, "responsibility"))


def _rating(node: Node, _: str) -> RiskRating:
    return RiskRating(_text(node, "likelihood"), _text(node, "impact"))


def _reader_group(node: Node) -> ReaderGroup:
    return ReaderGroup(_text(node, "group"), _text(node, "start-with"), _text(node, "use"))


def _weights(node: Node | None) -> Weights:
    if node is None:
        return Weights()
    usual = Weights()
    return Weights(
        **{
            priority: _decimal(node.get(priority)) if node.get(priority) else usual.of(priority)
            for priority in ("critical", "high", "medium", "low", "decision")
        }
    )


def _gate(node: Node | None) -> GateSettings:
    if node is None:
        return GateSettings()
    new, score, coverage = (node.get(key) for key in ("fail-on-new", "min-score", "min-coverage"))
    return GateSettings(
        fail_on=_text(node, "fail-on"),
        fail_on_new=bool(new.content) if new else None,
        min_score=_decimal(score) if score else None,
        min_coverage=_decimal(coverage) if coverage else None,
        baseline=_text(node, "baseline").removeprefix("./"),
    )


def _mapping(node: Node | None, change: Callable[[Node, str], T]) -> Mapping[str, T]:
    return {key.raw: change(value, key.raw) for key, value in node.pairs()} if node else {}


def _elements(node: Node | None) -> Sequence[Node]:
    return node.elements() if node else ()


def _text(node: Node, key: str) -> str:
    value = node.get(key)
    return (value.text or "") if value else ""


def _scalar_text(node: Node, _: str) -> str:
    return node.text or ""


def _words(node: Node | None, _: str = "") -> tuple[str, ...]:
    return tuple(element.raw for element in _elements(node))


def _one_or_many(node: Node | None) -> tuple[str, ...]:
    return (node.raw,) if node and node.shape == "scalar" else _words(node)


def _days(node: Node | None) -> tuple[int, ...]:
    return tuple(sorted(WEEK.index(element.raw) for element in _elements(node)))


def _integer(node: Node | None, _: str = "") -> int:
    # The schema lets 15.0 pass as a whole number.
    return int(node.content) if node and isinstance(node.content, int | float) else 0


def _decimal(node: Node | None) -> Decimal:
    """Exact, from the digits as written, so that sums add up."""
    return Decimal(str(node.content)) if node and isinstance(node.content, int | float) else Decimal(0)


def _places(node: Node, prefix: str, found: dict[str, Location]) -> dict[str, Location]:
    """`found`, with the place of every key and list entry below `node` put in by its dotted path."""
    below = [(f"{prefix}{key.raw}", key.at, value) for key, value in node.pairs()]
    below += [(f"{prefix}{number}", element.at, element) for number, element in enumerate(node.elements())]
    for path, at, value in below:
        found[path] = at
        if value.shape != "scalar":
            _places(value, f"{path}.", found)
    return found


def _written(node: Node, path: str, found: dict[str, Any]) -> dict[str, Any]:
    """`found`, with the value of every key below `node` that is no mapping put in by its dotted path.

    An empty mapping is a value too.
    """
    pairs = node.pairs()
    if path and not pairs:
        found[path] = node.to_python()
    for key, value in pairs:
        _written(value, f"{path}.{key.raw}" if path else key.raw, found)
    return found
