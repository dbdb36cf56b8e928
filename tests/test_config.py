"""readiness.yaml: what it means, where it is found, and every way in which it can be wrong."""

from __future__ import annotations

import json
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest

from bbws_readiness.config import (
    FACETS,
    Config,
    InvalidConfiguration,
    RiskRating,
    Window,
    find_config,
    load_config,
)
from bbws_readiness.config.validate import schema
from bbws_readiness.errors import ConfigurationError
from bbws_readiness.source import Location, SourceKind
from tests.cases import each

EXAMPLE = Path(__file__).parent.parent / "examples" / "dynamodb_schemas"

# What stands in the file, and the lines that are told about it: place, then the words that must appear.
FAULTS = {
    "unknown key with a near name": (
        "owner:\n  TBL001: [DBA]\n",
        ["1:1: unknown key", '"owner"', 'did you mean "owners"?'],
    ),
    "unknown key of a block": ("calendar:\n  hour: 09:00-17:00\n", ["2:3: unknown key", "in calendar", '"hours"']),
    "unknown key far from all": ("weights: {zzz: 1}\n", ["1:11: unknown key", "known are critical, decision"]),
    "forbidden key": ("plugins: [evil]\n", ['1:1: "plugins" cannot be set from a repository']),
    "unknown facet": ("authority:\n  table: [plan]\n", ["2:3: unknown key", 'did you mean "tables"?']),
    "unknown source": (
        "authority:\n  default: [plans]\n",
        ["2:13: authority.default, entry 1", 'did you mean "plan"?'],
    ),
    "source twice": (
        "authority:\n  default: [plan, plan]\n",
        ["2:3: authority.default: the same entry stands there twice"],
    ),
    "number for text": ("title: 12\n", ["1:1: title: expected text, found the number 12", "quotes"]),
    "text for list": ("reviews: cost\n", ['1:1: reviews: expected a list, found "cost"']),
    "null for mapping": ("contacts:\n", ["1:1: contacts: expected a mapping, found nothing"]),
    "account without quotes": (
        "environments:\n  sit: {account: 093646564004}\n",
        ["2:9: environments.sit.account: expected twelve digits in quotes", "put it in quotes"],
    ),
    "account too short": ('environments:\n  sit: {account: "12"}\n', ["2:9: ", "twelve digits", 'found "12"']),
    "line end after an account": ('environments:\n  sit: {account: "093646564004\\n"}\n', ["2:9: ", "twelve digits"]),
    "region": ("environments:\n  sit: {region: Ireland}\n", ['an AWS region, found "Ireland"']),
    "environment name": ("environments:\n  SIT: {}\n", ['2:3: "SIT" is not an environment name in lower case']),
    "rule key": ("owners:\n  tbl_1: [DBA]\n", ['2:3: "tbl_1" is not a rule code (TBL001)']),
    "severity": (
        "rules:\n  TBL001: {severity: hihg}\n",
        ["2:12: ", "expected one of critical", 'did you mean "high"?'],
    ),
    "missing key": (
        "reviews:\n  - key: cost\n    title: Cost\n    minutes: 5\n",
        ['2:5: reviews, entry 1 needs the key "owners"'],
    ),
    "negative minutes": ("estimates: {TBL001: -1}\n", ["1:13: estimates.TBL001: expected at least 0"]),
    "path that leaves": (
        "sources: {schemas: ../../x}\n",
        ["1:11: sources.schemas: expected a path or glob inside the project"],
    ),
    "absolute path": ("sources: {terraform: /etc}\n", ["1:11: sources.terraform: expected a path inside the project"]),
    "plan two folders up": ("sources: {plan: ../../x.md}\n", ["1:11: sources.plan", "a single ../"]),
    "pattern without environment": ("sources: {tfvars: a.tfvars}\n", ["contains {environment}"]),
    "day that does not exist": (
        "calendar:\n  holidays: [2026-02-30]\n",
        ['2:14: "2026-02-30" is not a day of the calendar'],
    ),
    "hour that does not exist": ("calendar: {hours: 09:00-25:00}\n", ["is not a time of day"]),
    "hours upside down": ("calendar: {hours: 17:00-09:00}\n", ["ends before it starts"]),
    "price upside down": (
        "prices:\n  environments:\n    sit:\n      - {item: Tables, quantity-of: tables, from: 9, to: 5}\n",
        ['4:9: "Tables": the low estimate is above the high one'],
    ),
    "duration upside down": ("deployment-minutes: [20, 15]\n", ["1:21: deployment-minutes"]),
    "one duration": ("deployment-minutes: [20]\n", ["1:1: deployment-minutes: expected at least 2 entries"]),
    "review twice": (
        "reviews:\n- {key: a, title: A, owners: [DBA], minutes: 1}\n- {key: a, title: B, owners: [DBA], minutes: 1}\n",
        ['3:3: the review "a" stands there twice'],
    ),
    "not a mapping": ("- a\n", ["1:1: the file: expected a mapping, found a list"]),
    "broken YAML": ("title: [\n", ["not valid YAML"]),
    "key twice": ("title: a\ntitle: b\n", ['2:1: the key "title" is set twice (first at line 1)']),
    "alias": ("prepared-for: &a x\nprepared-by: *a\n", ["2:14: a YAML alias in this file"]),
    "tag": ("title: !!python/object/apply:os.system [id]\n", ["1:8: a YAML tag is not allowed"]),
    "too many entries": ("reviews:\n" + "- {}\n" * 1001, ["2:1: more than 1000 entries"]),
    "a line end in a key": ('"a\\nb": 1\n', ['1:1: unknown key "a b"; known are']),
    "not UTF-8": (b"title: \xff\n", ["not UTF-8"]),
}


def write(folder: Path, text: str | bytes, name: str = "readiness.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def load(folder: Path, text: str) -> Config:
    write(folder, text)
    return load_config(folder)


@each(("text", "words"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_told_with_its_place(tmp_path: Path, text: str | bytes, words: list[str]) -> None:
    write(tmp_path, text)
    with pytest.raises(ConfigurationError) as caught:
        load_config(tmp_path)
    told = str(caught.value)
    assert "readiness.yaml" in told
    for word in words:
        assert word in told
    assert str(tmp_path) not in told
    assert caught.value.exit_code == 2


def test_all_problems_are_told_in_order_of_place(tmp_path: Path) -> None:
    write(tmp_path, "titel: x\nslug: A b\ncalendar:\n  working-days: [funday]\n  hourz: x\n")
    with pytest.raises(InvalidConfiguration) as caught:
        load_config(tmp_path)
    assert [problem.at.line for problem in caught.value.problems if problem.at] == [1, 2, 4, 5]
    assert caught.value.message == 'unknown key "titel"'
    assert caught.value.at == Location("readiness.yaml", 1, 1)
    assert len(str(caught.value).splitlines()) == 4


def test_very_many_problems_are_counted(tmp_path: Path) -> None:
    write(tmp_path, "".join(f"x{number}: 1\n" for number in range(130)))
    with pytest.raises(InvalidConfiguration) as caught:
        load_config(tmp_path)
    assert len(caught.value.problems) == 130
    assert str(caught.value).splitlines()[-1] == "and 30 more"


def test_no_file_and_an_empty_file_give_the_defaults(tmp_path: Path) -> None:
    assert load_config(tmp_path) == Config()
    empty = load(tmp_path, "# nothing yet\n")
    assert empty.calendar.configured is False
    assert empty.calendar.working_days == (0, 1, 2, 3, 4)
    assert (empty.calendar.start, empty.calendar.end, empty.calendar.minutes_per_day) == (time(9), time(17), 480)
    assert empty.weights.of("low") == Decimal("2.5")
    assert empty.authority_of("tables") == ()
    assert empty.at("title") is None
    assert [source.path for source in empty.inputs] == ["readiness.yaml"]


@each(
    ("authority", "facet", "expected"),
    [
        ("{}", "tables", ()),
        ("{default: [plan, terraform]}", "tables", (SourceKind.PLAN, SourceKind.TERRAFORM)),
        ("{default: [plan], streams: [schemas]}", "streams", (SourceKind.SCHEMAS,)),
        ("{default: [plan], streams: []}", "streams", ()),
        ("{streams: [script]}", "tables", ()),
    ],
)
def test_authority_of_a_facet(tmp_path: Path, authority: str, facet: str, expected: tuple[SourceKind, ...]) -> None:
    assert load(tmp_path, f"authority: {authority}\n").authority_of(facet) == expected


@each(
    ("environments", "name", "expected"),
    [
        ("{}", "prod", True),
        ("{}", "sit", False),
        ("{prod: {production: false}, live: {production: true}}", "prod", False),
        ("{prod: {production: false}, live: {production: true}}", "live", True),
        ("{prod: {region: eu-west-1}}", "prod", True),
    ],
)
def test_production(tmp_path: Path, environments: str, name: str, expected: bool) -> None:
    assert load(tmp_path, f"environments: {environments}\n").is_production(name) is expected


def test_every_kind_of_setting(tmp_path: Path) -> None:
    config = load(
        tmp_path,
        """\
owners: {TBL001: [Tech Lead, DBA]}
estimates: {backup: 90}
rules:
  missing-tag: {severity: low, enabled: false, parameters: {keys: [Owner, Project]}}
approvals: {sit: [Tech Lead]}
approves: {Tech Lead: Design}
calendar:
  working-days: [sunday, monday]
  hours: 08:30-16:00
  holidays: [2026-12-25, 2026-01-01]
  windows: {prod: {days: [monday], hours: 10:00-11:00}, sit: {}}
prices:
  as-of: 2026-01-01
  environments: {sit: [{item: Backups, quantity-of: backups, from: 0.1, to: 0.3, when: backups}]}
weights: {low: 0.1}
business-impact: {prod: HIGH}
risk-ratings: {BKP001: {likelihood: LOW}}
recommendations: {TBL001: Ask the consumers first.}
repository: acme/parcels
contingency: |
  Wait a week.
  Then ask.
""",
    )
    assert config.owners == {"TBL001": ("Tech Lead", "DBA")}
    assert config.estimates == {"backup": 90}
    assert config.rules["missing-tag"].severity == "low"
    assert config.rules["missing-tag"].enabled is False
    assert config.rules["missing-tag"].parameters == {"keys": ["Owner", "Project"]}
    assert config.approvals == {"sit": ("Tech Lead",)}
    assert config.approves == {"Tech Lead": "Design"}
    assert config.calendar.working_days == (0, 6)
    assert config.calendar.holidays == (date(2026, 1, 1), date(2026, 12, 25))
    assert config.calendar.minutes_per_day == 450
    assert config.calendar.windows == {
        "prod": Window((0,), time(10), time(11)),
        "sit": Window((0, 6), time(8, 30), time(16)),
    }
    assert not config.calendar.is_working_day(date(2026, 1, 6))
    (line,) = config.prices.lines["sit"]
    assert (line.low + line.low + line.low, line.high) == (Decimal("0.3"), Decimal("0.3"))
    assert (line.when, config.prices.currency, config.prices.as_of) == ("backups", "USD", date(2026, 1, 1))
    assert config.weights.low == Decimal("0.1")
    assert config.weights.critical == Decimal("20")
    assert config.business_impact == {"prod": "HIGH"}
    assert config.risk_ratings == {"BKP001": RiskRating("LOW", "")}
    assert config.recommendations["TBL001"] == "Ask the consumers first."
    assert config.repository == "acme/parcels"
    assert config.contingency == "Wait a week.\nThen ask.\n"


def test_a_place_names_the_line_that_holds_the_word() -> None:
    config = load_config(EXAMPLE)
    lines = (EXAMPLE / "readiness.yaml").read_text().splitlines()
    for path, place in config.places.items():
        last = path.rpartition(".")[2]
        assert last.isdigit() or last in lines[place.line - 1], path
    dba = config.at("contacts.DBA")
    assert dba is not None
    assert "database-team@" in lines[dba.line - 1]
    prices = config.at("prices.environments.sit.3")
    assert prices is not None
    assert "Backups" in lines[prices.line - 1]


def test_the_example_says_what_all_readings_share() -> None:
    config = load_config(EXAMPLE)
    assert config.title == "DynamoDB Schemas"
    assert list(config.environments) == ["dev", "sit", "prod"]
    assert {name: (one.account, one.region) for name, one in config.environments.items()} == {
        "dev": ("536580886816", "eu-west-1"),
        "sit": ("815856636111", "eu-west-1"),
        "prod": ("093646564004", "af-south-1"),
    }
    assert [(line.quantity_of, line.low, line.high, line.when) for line in config.prices.lines["sit"]] == [
        ("tables", 5, 10, "always"),
        ("recovery", 5, 15, "always"),
        ("streams", 2, 5, "always"),
        ("backups", 10, 20, "backups"),
    ]
    assert config.deployment_minutes == (15, 20)
    assert [(one.owners, one.minutes, one.priority, one.after) for one in config.reviews] == [
        (("FinOps Lead", "DevOps Engineer"), 60, "medium", ("tables", "backup")),
        (("Security Team", "DBA"), 120, "medium", ("backup", "encryption")),
    ]
    assert config.calendar.configured
    assert (config.calendar.start, config.calendar.end, config.calendar.holidays) == (time(9), time(17), ())
    assert all(one.contact.endswith("-team@bbws.invalid") for one in config.contacts.values())


@each(
    ("reading", "expected"),
    [
        (None, (SourceKind.PLAN, SourceKind.TERRAFORM)),
        ("readings/no_authority.yaml", ()),
        ("readings/terraform_is_authority.yaml", (SourceKind.TERRAFORM,)),
    ],
)
def test_the_readings_of_the_example_differ_in_authority_only(
    reading: str | None, expected: tuple[SourceKind, ...]
) -> None:
    config = load_config(EXAMPLE, path=EXAMPLE / reading if reading else None)
    assert {config.authority_of(facet) for facet in FACETS} == {expected}
    assert config.contacts == load_config(EXAMPLE).contacts
    assert config.at("contacts.DBA") == load_config(EXAMPLE).at("contacts.DBA")
    if reading:
        assert [source.path for source in config.inputs] == [reading, "readiness.yaml"]
        assert config.at("authority") == Location(reading, 4)


class TestSearch:
    """Where a configuration is found, from a project three folders below its git root."""

    @pytest.fixture
    def project(self, tmp_path: Path) -> Path:
        (tmp_path / "repository" / ".git").mkdir(parents=True)
        project = tmp_path / "repository" / "teams" / "parcels"
        project.mkdir(parents=True)
        return project

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("repository/teams/parcels/readiness.yaml", "readiness.yaml"),
            ("repository/teams/parcels/.readiness.yaml", ".readiness.yaml"),
            ("repository/teams/parcels/.github/readiness.yaml", ".github/readiness.yaml"),
            ("repository/teams/readiness.yaml", "../readiness.yaml"),
            ("repository/.github/readiness.yaml", "../../.github/readiness.yaml"),
        ],
    )
    def test_upward_to_the_git_root(self, tmp_path: Path, project: Path, name: str, shown: str) -> None:
        write(tmp_path, "title: Found\n", name)
        config = load_config(project)
        assert config.title == "Found"
        assert config.at("title") == Location(shown, 1)

    def test_the_nearest_wins(self, project: Path) -> None:
        write(project, "title: Near\n")
        write(project.parent, "title: Far\n")
        assert load_config(project).title == "Near"

    def test_never_above_the_git_root(self, tmp_path: Path, project: Path) -> None:
        write(tmp_path, "title: Outside\n")
        assert find_config(project) is None

    def test_never_above_a_project_without_git_root(self, tmp_path: Path) -> None:
        write(tmp_path, "title: Above\n")
        (tmp_path / "project").mkdir()
        assert find_config(tmp_path / "project") is None

    def test_a_file_has_none(self, tmp_path: Path) -> None:
        (tmp_path / "project").touch()
        assert find_config(tmp_path / "project") is None

    def test_never_in_the_home_folder_or_above(self, tmp_path: Path, project: Path) -> None:
        write(tmp_path / "repository", "title: Home\n")
        write(tmp_path / "repository" / "teams", "title: Below\n")
        assert find_config(project, home=tmp_path / "repository" / "teams") is None
        assert (
            find_config(project, home=tmp_path / "repository") == tmp_path / "repository" / "teams" / "readiness.yaml"
        )

    def test_two_in_one_folder(self, project: Path) -> None:
        write(project, "")
        write(project, "", ".github/readiness.yaml")
        with pytest.raises(ConfigurationError, match=r"two .*: readiness\.yaml and \.github/readiness\.yaml; keep one"):
            load_config(project)

    def test_a_link_is_refused_and_not_followed(self, tmp_path: Path, project: Path) -> None:
        write(tmp_path, "title: Elsewhere\n", "elsewhere.yaml")
        (project / "readiness.yaml").symlink_to(tmp_path / "elsewhere.yaml")
        with pytest.raises(ConfigurationError, match=r'^readiness.yaml: .*"readiness.yaml" cannot be read: a symbolic'):
            load_config(project)

    def test_a_named_file_that_is_not_there(self, project: Path) -> None:
        with pytest.raises(ConfigurationError, match=r'"x\.yaml" does not exist'):
            load_config(project, path=project / "x.yaml")

    def test_a_named_file_outside(self, tmp_path: Path, project: Path) -> None:
        path = write(tmp_path, "title: Named\n", "policy/named.yaml")
        config = load_config(project, path=path)
        assert (config.title, config.inputs[0].path) == ("Named", "../../../policy/named.yaml")


class TestExtends:
    """One file builds on another."""

    def test_top_level_keys_are_replaced_as_a_whole(self, tmp_path: Path) -> None:
        write(tmp_path, "title: Base\ncontacts: {DBA: {contact: a}, SRE: {contact: b}}\n", "base.yaml")
        config = load(tmp_path, "extends: base.yaml\ncontacts:\n  DBA: {contact: c}\n")
        assert config.title == "Base"
        assert list(config.contacts) == ["DBA"]
        assert config.at("title") == Location("base.yaml", 1)
        assert config.at("contacts.DBA") == Location("readiness.yaml", 3, 3)
        assert config.at("contacts.SRE") is None

    @pytest.mark.parametrize(
        ("files", "message"),
        [
            (
                {"readiness.yaml": "extends: readiness.yaml"},
                r"readiness.yaml:1:10: the files extend each other in a circle",
            ),
            (
                {"readiness.yaml": "extends: a.yaml", "a.yaml": "extends: ./readiness.yaml"},
                r"a.yaml:1:10: .*in a circle",
            ),
            (
                {"readiness.yaml": "extends: gone.yaml"},
                r'readiness.yaml:1:10: .*"gone.yaml" cannot be read: no such file',
            ),
            (
                {"readiness.yaml": "extends: ../up.yaml"},
                r'readiness.yaml:1:10: "../up.yaml" lies outside the repository',
            ),
            ({"readiness.yaml": "extends: /etc/a.yaml"}, r"readiness.yaml:1:1: extends: expected a relative path"),
            ({"readiness.yaml": "extends: a.yaml", "a.yaml": "\ntitel: x"}, r'a.yaml:2:1: unknown key "titel"'),
        ],
    )
    def test_what_cannot_be_extended(self, tmp_path: Path, files: dict[str, str], message: str) -> None:
        for name, text in files.items():
            write(tmp_path, text + "\n", name)
        with pytest.raises(ConfigurationError, match=message):
            load_config(tmp_path)

    def test_a_file_of_an_ancestor_inside_the_git_root(self, tmp_path: Path) -> None:
        (tmp_path / ".git").mkdir()
        write(tmp_path, "title: Shared\n", "shared/base.yaml")
        write(tmp_path, "extends: ../../shared/base.yaml\n", "teams/parcels/readiness.yaml")
        config = load_config(tmp_path / "teams" / "parcels")
        assert config.at("title") == Location("../../shared/base.yaml", 1)


def test_every_key_of_the_schema_says_what_it_is_for() -> None:
    def undescribed(node: object, path: str) -> list[str]:
        if not isinstance(node, dict):
            return []
        found = []
        for name, one in node.get("properties", {}).items():
            if "description" not in one:
                found.append(f"{path}.{name}")
            found += undescribed(one, f"{path}.{name}")
        for inner in ("additionalProperties", "items"):
            found += undescribed(node.get(inner), f"{path}.{inner}")
        return found

    assert undescribed(schema(), "") == []


def test_the_schema_and_the_settings_know_the_same_words() -> None:
    properties = schema()["properties"]
    assert set(properties["authority"]["properties"]) == {"default", *FACETS}
    derived = {"inputs", "places", "policy", "written"}
    fields = {name.replace("_", "-") for name in Config.__struct_fields__} - derived
    assert set(properties) - {"extends"} == fields
    assert json.dumps(schema())
