"""The JUnit report has one case per finding, with the outcome and the words of the assessment."""

from collections import Counter
from pathlib import Path

from msgspec.structs import replace

from bbws_readiness.engine.finding import Outcome
from bbws_readiness.pipeline import assess_project
from bbws_readiness.render.formats.junit import INPUTS
from bbws_readiness.render.formats.reported import reported
from bbws_readiness.source import Location
from tests.cases import each
from tests.example import AS_OF, assessed, copy_example
from tests.render.formats.forms import counted, junit
from tests.render.sample import blocked


@each("reading", ["a", "b", "c"])
def test_a_case_per_finding_in_suites_by_area(reading: str) -> None:
    assessment = assessed(reading)
    report = junit(assessment)
    kinds = counted(report)
    passed = sum(one.outcome is Outcome.PASS for one in assessment.findings)
    failed = sum(1 for _ in reported(assessment))
    skipped = len(assessment.findings) - passed - failed
    assert kinds == Counter({"passed": passed, "failure": failed, "skipped": skipped})
    assert [int(report.attrib[name]) for name in ("tests", "failures", "errors", "skipped")] == [
        len(assessment.findings),
        failed,
        0,
        skipped,
    ]
    assert all(len(suite.findall("testcase")) == int(suite.attrib["tests"]) for suite in report)
    names = [(case.attrib["classname"], case.attrib["name"]) for case in report.iter("testcase")]
    assert len(set(names)) == len(names)


def test_a_failure_tells_every_source() -> None:
    report = junit(assessed("b"), prefix="deep")
    (case,) = [one for one in report.iter("testcase") if one.attrib["name"] == "NAM001 name-differs: tenants"]
    failure = case[0]
    assert case.attrib["file"] == "deep/terraform/dynamodb/main.tf"
    assert failure.attrib["type"] == "critical"
    assert failure.attrib["message"] == "tenants: name: plan tenants-sit, terraform tenants"
    assert failure.text is not None
    assert failure.text.splitlines()[:2] == ["expected: tenants-sit (plan)", "actual: tenants (terraform)"]
    assert "plan says tenants-sit (deep/promotions/04_dynamodb_schemas_promotion.md:" in failure.text


def test_a_skipped_case_says_why() -> None:
    told = [
        case[0].attrib["message"]
        for case in junit(assessed("c")).iter("testcase")
        if len(case) and case[0].tag == "skipped"
    ]
    assert any(one.startswith("NOT VERIFIED: ") for one in told)
    assert any(one.startswith("NOT APPLICABLE: ") for one in told)
    assert any(one.startswith("settled by D1: ") for one in told)
    assert all(told)


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    broken = copy_example(tmp_path)
    (broken / "terraform" / "dynamodb" / "main.tf").write_text("resource {\n")
    report = junit(assess_project(broken, "sit", as_of=AS_OF))
    (suite,) = [one for one in report if one.attrib["name"] == INPUTS]
    case = suite.findall("testcase")[0]
    assert (case.attrib["file"], case.attrib["line"], case[0].tag) == ("terraform/dynamodb/main.tf", "2", "error")
    assert report.attrib["errors"] == suite.attrib["tests"]


def test_words_of_the_project_stay_words() -> None:
    words = 'a <b> & "c" ]]> \x00 \ud800 AKIAIOSFODNN7EXAMPLQ'
    assessment = blocked()
    finding = replace(next(reported(assessment)), message=words, subject=words)
    report = junit(replace(assessment, findings=(finding,)))
    failure = report.find(".//failure")
    assert failure is not None
    assert failure.attrib["message"] == 'a <b> & "c" ]]> ␀ <U+D800> (withheld)'


def test_a_place_outside_of_the_repository_has_no_file() -> None:
    assessment = blocked()
    finding = replace(next(reported(assessment)), at=Location("../plans/a.md", 7), sides=(), related=())
    (case,) = junit(replace(assessment, findings=(finding,)), prefix="").iter("testcase")
    assert not {"file", "line"} & set(case.attrib)
    assert (case[0].text or "").endswith("at: ../plans/a.md:7")
    (case,) = junit(replace(assessment, findings=(finding,)), prefix="deep").iter("testcase")
    assert (case.attrib["file"], case.attrib["line"]) == ("plans/a.md", "7")
