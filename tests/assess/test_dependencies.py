"""The date told for the deployment is none on which something that is needed is known not to be there yet."""

import json
from datetime import date, datetime
from pathlib import Path

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.pipeline import assess_project
from bbws_readiness.render.documents import render_documents
from bbws_readiness.render.machine import to_json
from bbws_readiness.render.wording import moment
from bbws_readiness.rule_cases.prepare import prepare
from tests.rules.cases import suite

AS_OF = datetime(2026, 3, 4, 9)
LATE = ("Sign-off        (Mar 12,", "Sign-off        (Mar 25,")
"""Later than everything that is to be done here; the day after is a Thursday."""
WAIVED = '<!-- readiness: ignore[late-dependency] until=2026-06-30 by=architect reason="it runs without them" -->\n'


def assessed(name: str, folder: Path, *replaced: tuple[str, str]) -> Assessment:
    case = next(one for one in suite().of("POR001") if one.name == name)
    root = prepare(case, folder, suite().start(case))
    for path in root.rglob("*_promotion.md"):
        text = path.read_text()
        for old, new in replaced:
            text = text.replace(old, new)
        path.write_text(text)
    return assess_project(root, "sit", as_of=AS_OF)


def test_it_waits_for_the_sign_off_of_what_is_needed(tmp_path: Path) -> None:
    assessment = assessed("signed off after the deployment", tmp_path, LATE)
    planned = assessment.schedule.planned
    assert planned.earliest.date() == date(2026, 3, 26)
    assert (planned.kept, planned.delay_days, planned.milestones[0].moved_to) == (False, 11, date(2026, 3, 26))
    told = next(one.message for one in assessment.findings if one.rule.code == "POR001")
    assert "its sign-off on Wed 2026-03-25" in told
    assert json.loads(to_json(assessment))["schedule"]["planned"]["earliest"] == planned.earliest.isoformat(
        timespec="minutes"
    )
    texts = [one.text for one in render_documents(assessment, directory="..") if "Earliest deployment" in one.text]
    assert texts and all(moment(planned.earliest) in text for text in texts)


def test_it_waits_where_the_plan_states_no_date_of_its_own(tmp_path: Path) -> None:
    assessment = assessed(
        "nothing is planned for it", tmp_path, ("Sign-off        (Mar 10,", "Sign-off        (Mar 31,")
    )
    planned = assessment.schedule.planned
    assert (planned.moment, planned.earliest.date()) == (None, date(2026, 4, 1))


def test_it_waits_for_work_outside(tmp_path: Path) -> None:
    assessment = assessed("outside work is due after the deployment", tmp_path)
    due = next(one.message for one in assessment.findings if one.rule.code == "POR001")
    assert "due Fri 2026-03-20" in due
    assert assessment.schedule.planned.earliest.date() == date(2026, 3, 20)


def test_what_is_settled_holds_nothing_up(tmp_path: Path) -> None:
    free = assessed(
        "signed off after the deployment", tmp_path, LATE, ("# Promotion Plan", WAIVED + "\n# Promotion Plan")
    )
    settled = next(one for one in free.findings if one.rule.code == "POR001")
    assert settled.settled_by and free.schedule.planned.earliest.date() < date(2026, 3, 25)


def test_what_is_signed_off_before_holds_nothing_up(tmp_path: Path) -> None:
    planned = assessed("signed off on the day before", tmp_path).schedule.planned
    assert planned.earliest.date() == date(2026, 3, 11)
