"""What is at stake, who says what, and the calendar behind the schedule, for the JSON."""

from __future__ import annotations

from sys import intern
from typing import Any

from bbws_readiness.assess.assessment import Assessment, Milestone
from bbws_readiness.assess.risks import open_risks
from bbws_readiness.assess.sources import Said, SpokenFact
from bbws_readiness.config import Calendar
from bbws_readiness.config.settings import WEEK


def risks_data(assessment: Assessment) -> list[dict[str, Any]]:
    """The risk of every open issue and decision; a rating that nobody gave is null."""
    return [
        {
            "rule": risk.rule.code,
            "about": risk.about,
            "text": risk.text,
            "severity": risk.severity.value if risk.severity else "decision",
            "likelihood": risk.likelihood.lower() or None,
            "impact": risk.impact.lower() or None,
            "action": assessment.action(risk.action).number,
        }
        for risk in open_risks(assessment)
    ]


def spoken_data(fact: SpokenFact) -> dict[str, Any]:
    """A fact on which two sources speak, with what each says and how it stands to the authority."""
    first = fact.findings[0]
    return {
        "rule": first.rule.code,
        "facet": first.facet,
        "subject": first.subject,
        "title": first.rule.name,
        "differs": fact.differs,
        "settled_by": first.settled_by or None,
        "findings": [finding.fingerprint for finding in fact.findings],
        "said": [_said(one) for one in fact.said],
    }


def _said(one: Said) -> dict[str, Any]:
    return {
        "source": one.side.source.value,
        "says": one.side.text,
        "stance": one.stance.value,
        "opinion": one.opinion,
        "holds": one.holds,
        "at": [intern(str(place)) for place in one.side.at],
    }


def calendar_data(calendar: Calendar, environment: str) -> dict[str, Any]:
    """When people work, and when the environment may be deployed to (null: in any working hour)."""
    window = calendar.windows.get(environment)
    return {
        "working_days": [WEEK[day] for day in calendar.working_days],
        "start": f"{calendar.start:%H:%M}",
        "end": f"{calendar.end:%H:%M}",
        "holidays": [day.isoformat() for day in calendar.holidays],
        "window": {
            "days": [WEEK[day] for day in window.days],
            "start": f"{window.start:%H:%M}",
            "end": f"{window.end:%H:%M}",
        }
        if window
        else None,
    }


def milestone_data(milestone: Milestone) -> dict[str, Any]:
    """A day of the plan from the deployment on, and the day to which a delay moves it."""
    return {
        "name": milestone.name,
        "start": milestone.moment.start.isoformat(),
        "end": milestone.moment.end.isoformat(),
        "moved_to": milestone.moved_to.isoformat() if milestone.moved_to else None,
        "place": str(milestone.moment.at),
    }
