"""Lays the settings of a configuration over rules and remedies; one that fits no rule is told with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.config import Config, InvalidConfiguration, RuleSettings
from bbws_readiness.engine.rule import Kind, Remedy, Risk, Rule, Severity
from bbws_readiness.engine.signature import Signature, parameter_faults
from bbws_readiness.errors import ConfigurationError, near_name


class Known(Struct, frozen=True):
    """The rules that there are, and what their checks take."""

    rules: tuple[Rule, ...]
    signatures: Mapping[str, Signature]

    def rule(self, name: str) -> Rule | None:
        """The rule of that code or slug, or None."""
        return next((rule for rule in self.rules if name in (rule.code, rule.slug)), None)


def refuse_senseless(known: Known, config: Config) -> None:
    """Raises `InvalidConfiguration` with every setting of a rule that names none, or does not fit the one it names."""
    problems = [problem for name, one in config.rules.items() for problem in _problems(known, config, name, one)]
    if problems:
        raise InvalidConfiguration(problems)


def configured_rules(rules: Iterable[Rule], config: Config) -> tuple[Rule, ...]:
    """The rules with the severities, owners, estimates, ratings and parameters that the configuration sets."""
    set_of = {*config.rules, *config.risk_ratings, *config.owners, *config.estimates}
    return tuple(
        rule if rule.enabled and rule.code not in set_of and rule.slug not in set_of else _configured(rule, config)
        for rule in rules
    )


def _configured(rule: Rule, config: Config) -> Rule:
    settings = settings_of(rule, config) or RuleSettings()
    rating = config.risk_ratings.get(rule.code) or config.risk_ratings.get(rule.slug)
    owners = settings.owners or config.owners.get(rule.code) or config.owners.get(rule.slug)
    minutes = settings.minutes or config.estimates.get(rule.code) or config.estimates.get(rule.slug)
    risk = rule.risk
    if rating and risk:
        risk = Risk(risk.text, rating.likelihood or risk.likelihood, rating.impact or risk.impact)
    severity = Severity(settings.severity) if settings.severity else None
    unasked = Severity(settings.severity_unasked) if settings.severity_unasked else severity
    return replace(
        rule,
        owners=owners or rule.owners,
        minutes=minutes or rule.minutes,
        risk=risk,
        severity=severity or rule.severity,
        severity_unasked=unasked or rule.severity_unasked,
        enabled=settings.enabled,
        parameters={**rule.parameters, **settings.parameters},
    )


def configured_remedy(remedy: Remedy, config: Config) -> Remedy:
    """The remedy with the owners and the estimate that the configuration sets."""
    if remedy.key not in config.owners and remedy.key not in config.estimates:
        return remedy
    return replace(
        remedy,
        owners=config.owners.get(remedy.key, remedy.owners),
        minutes=config.estimates.get(remedy.key, remedy.minutes),
    )


def settings_of(rule: Rule, config: Config) -> RuleSettings | None:
    """What the configuration sets under the rule's code, else under its slug."""
    return config.rules.get(rule.code) or config.rules.get(rule.slug)


def _problems(known: Known, config: Config, name: str, settings: RuleSettings) -> Iterator[ConfigurationError]:
    def problem(key: str, text: str, hint: str = "") -> ConfigurationError:
        at = next((at for at in (config.at(path) for path in _paths(f"rules.{name}{key}")) if at), None)
        return ConfigurationError(text, at=at, hint=hint, code=Code.RULE_SETTING)

    rule = known.rule(name)
    if rule is None:
        near = near_name(name, [word for one in known.rules for word in (one.slug, one.code)])
        hint = f'did you mean "{near}"?' if near else "`readiness rules` lists them"
        yield problem("", f'there is no rule "{name}"', hint)
        return
    if name == rule.slug and rule.code in config.rules:
        yield problem("", f"{rule.code} is set under its code as well", "keep one of the two")
    if not rule.ignorable:
        if not settings.enabled:
            yield problem(".enabled", f"{rule.code} {rule.slug} cannot be switched off", "remove the setting")
        if _lowers(rule, settings):
            yield problem(".severity", f"the severity of {rule.code} {rule.slug} cannot be lowered", f"{rule.severity}")
    if settings.severity_unasked and rule.kind is not Kind.DEMAND:
        yield problem(".severity", f"{rule.code} asks for nothing, so it has one severity", "write one word")
    merged = {**rule.parameters, **settings.parameters}
    for fault in parameter_faults(merged, rule.parameter_types, known.signatures.get(rule.check)):
        place = "".join(f".{step}" for step in fault.path)
        yield problem(f".parameters{place}", f"{rule.code}: {fault.text}", fault.hint)


def _lowers(rule: Rule, settings: RuleSettings) -> bool:
    usual = (rule.severity, rule.severity_unasked or rule.severity)
    wanted = (settings.severity, settings.severity_unasked or settings.severity)
    return any(new and Severity(new).rank > old.rank for new, old in zip(wanted, usual, strict=True))


def _paths(path: str) -> Iterator[str]:
    """The path and its parents, nearest first: what is missing is told where it should stand."""
    while path:
        yield path
        path = path.rpartition(".")[0]
