"""The SARIF log holds to the published schema and to what code scanning asks, and tells exactly what is open."""

import json
import re
from pathlib import Path
from urllib.parse import unquote

import jsonschema
from msgspec.structs import replace

from bbws_readiness.pipeline import assess_project
from bbws_readiness.render.formats.reported import reported, settled
from bbws_readiness.render.formats.sarif import MOST_LINKS, MOST_PLACES, MOST_RESULTS, to_sarif
from bbws_readiness.source import Location
from tests.cases import each
from tests.example import AS_OF, assessed, copy_example
from tests.render.formats.forms import sarif
from tests.render.sample import blocked as sample

SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))
"""The schema of the standard's final text, as its authors publish it."""
VALID = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


@each("with_settled", [False, True])
@each("reading", ["a", "b", "c"])
def test_it_holds_to_the_schema(reading: str, with_settled: bool) -> None:
    log = json.loads(to_sarif(assessed(reading), prefix="examples/dynamodb_schemas", with_settled=with_settled))
    assert [error.message for error in VALID.iter_errors(log)] == []


@each("reading", ["a", "b", "c"])
def test_a_result_is_an_open_finding_with_one_place_and_a_rule_with_help(reading: str) -> None:
    assessment = assessed(reading)
    run = sarif(assessment)
    rules = run["tool"]["driver"]["rules"]
    expected = [(one.rule.code, one.fingerprint, one.at.path, max(one.at.line, 1)) for one in reported(assessment)]
    told = []
    for result in run["results"]:
        (place,) = result["locations"]
        physical = place["physicalLocation"]
        path = unquote(physical["artifactLocation"]["uri"])
        found = result["partialFingerprints"]["readinessFinding/v1"]
        told.append((result["ruleId"], found, path, physical["region"]["startLine"]))
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["partialFingerprints"]["primaryLocationLineHash"] == f"{found}:1"
    assert told == expected
    assert all(rule["help"]["text"] and rule["help"]["markdown"] for rule in rules)
    assert "security-severity" not in to_sarif(assessment)
    assert run["automationDetails"]["id"] == "readiness/dynamodb_schemas/sit/"
    inside = sarif(assessment, prefix="services/orders")
    assert inside["automationDetails"]["id"] == "readiness/services/orders/dynamodb_schemas/sit/"


def test_every_source_is_a_step_of_the_flow() -> None:
    assessment = assessed("b")
    finding = next(one for one in reported(assessment) if one.rule.code == "IDX001" and one.subject == "products")
    result = next(
        one
        for one in sarif(assessment)["results"]
        if one["partialFingerprints"]["readinessFinding/v1"] == finding.fingerprint
    )
    (flow,) = result["codeFlows"]
    steps = [
        (step["location"]["message"]["text"], step["location"]["physicalLocation"]["region"]["startLine"])
        for step in flow["threadFlows"][0]["locations"]
    ]
    assert steps == [(f"{side.source.says} {side.text}", side.at[0].line) for side in finding.sides]
    assert len(steps) >= 3


def test_what_is_settled_is_left_out_unless_asked() -> None:
    assessment = assessed("c")
    expected = {one.fingerprint for one in settled(assessment)}
    assert expected

    def suppressed(run: dict[str, list[dict[str, dict[str, str]]]]) -> set[str]:
        return {
            result["partialFingerprints"]["readinessFinding/v1"]
            for result in run["results"]
            if "suppressions" in result
        }

    assert suppressed(sarif(assessment)) == set()
    assert suppressed(sarif(assessment, with_settled=True)) == expected


def test_a_file_that_cannot_be_read_is_a_notification(tmp_path: Path) -> None:
    broken = copy_example(tmp_path)
    (broken / "terraform" / "dynamodb" / "main.tf").write_text("resource {\n")
    assessment = assess_project(broken, "sit", as_of=AS_OF)
    (invocation,) = sarif(assessment)["invocations"]
    assert invocation["executionSuccessful"] is False
    places = [
        (one["level"], one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
        for one in invocation["toolExecutionNotifications"]
    ]
    assert ("error", "terraform/dynamodb/main.tf") in places
    described = {one["id"] for one in sarif(assessment)["tool"]["driver"]["notifications"]}
    assert {one["descriptor"]["id"] for one in invocation["toolExecutionNotifications"]} == described


@each(
    ("path", "prefix", "expected"),
    [
        ("a b/50%#é.tf", "", "a%20b/50%25%23%C3%A9.tf"),
        ("-x.tf", "infra", "infra/-x.tf"),
        ("data:x.tf", "", "data%3Ax.tf"),
        ("a?b.tf", "", "a%3Fb.tf"),
    ],
)
def test_addresses_are_relative_and_encoded(path: str, prefix: str, expected: str) -> None:
    assessment = sample()
    finding = replace(next(reported(assessment)), at=Location(path, 3))
    run = sarif(replace(assessment, findings=(finding,)), prefix=prefix)
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == expected


@each(
    ("words", "expected"),
    [
        ("see [here](https://example.invalid)", "see [here] (https://example.invalid)"),
        ("{0} and {name}", "{{0}} and {name}"),
        ("a\u202eb", "a<U+202E>b"),
        ("AKIAIOSFODNN7EXAMPLQ", "(withheld)"),
    ],
)
def test_words_of_the_project_stay_words(words: str, expected: str) -> None:
    assessment = sample()
    finding = replace(next(reported(assessment)), message=words)
    assert sarif(replace(assessment, findings=(finding,)))["results"][0]["message"]["text"] == expected


def test_more_than_is_taken_is_cut_at_the_least_severe_and_told() -> None:
    assessment = sample()
    finding = next(reported(assessment))
    many = tuple(replace(finding, subject=f"t{number}") for number in range(MOST_RESULTS + 7))
    run = sarif(replace(assessment, findings=many))
    assert len(run["results"]) == MOST_RESULTS
    notes = [one["message"]["text"] for one in run["invocations"][0]["toolExecutionNotifications"]]
    assert notes[-1] == "7 less severe findings left out; the JSON has all of them"


def test_related_places_are_bounded() -> None:
    assessment = assessed("b")
    finding = next(one for one in reported(assessment) if one.sides)
    side = replace(finding.sides[0], at=tuple(Location("main.tf", line) for line in range(1, 500)))
    run = sarif(replace(assessment, findings=(replace(finding, sides=(side,)),)))
    assert len(run["results"][0]["relatedLocations"]) == MOST_PLACES


def test_a_message_links_to_the_lines_that_belong_to_it() -> None:
    assessment = assessed("b")
    for finding, result in zip(reported(assessment), sarif(assessment, prefix="deep")["results"], strict=True):
        places = {}
        for one in result.get("relatedLocations", []):
            physical = one["physicalLocation"]
            places[one["id"]] = f"{physical['artifactLocation']['uri']}:{physical['region']['startLine']}"
        text, mark, linked = result["message"]["text"].partition(". See also ")
        assert text == finding.message
        found = re.findall(r"\[([^]]+)\]\((\d+)\)", linked)
        assert bool(found) == bool(mark)
        assert [places[int(number)] for _, number in found] == [words for words, _ in found]
        wanted = {f"deep/{one.at}" for one in finding.related} - {f"deep/{finding.at}"}
        assert {words for words, _ in found} == wanted or len(found) == MOST_LINKS


def test_a_place_outside_of_the_repository_is_named_by_its_words() -> None:
    assessment = sample()
    finding = replace(next(reported(assessment)), at=Location("../plans/a.md", 7), sides=(), related=())
    (result,) = sarif(replace(assessment, findings=(finding,)), prefix="")["results"]
    assert result["message"]["text"] == f"{finding.message} (../plans/a.md:7)"
    (place,) = result["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == assessment.inputs[0].path
    told = to_sarif(replace(assessment, findings=(finding,)), prefix="deep")
    assert '"uri": "plans/a.md"' in told


def test_descriptions_of_a_rule_are_as_long_as_code_scanning_takes() -> None:
    assessment = sample()
    finding = next(reported(assessment))
    long = replace(finding, rule=replace(finding.rule, name="n" * 2000, holds="h" * 2000))
    (rule,) = sarif(replace(assessment, findings=(long,)))["tool"]["driver"]["rules"]
    assert (len(rule["shortDescription"]["text"]), len(rule["fullDescription"]["text"])) == (1024, 1024)
    assert "h" * 2000 in rule["help"]["text"]
