"""The forms for machines, read back as their readers would."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.render.formats.annotations import to_annotations
from bbws_readiness.render.formats.junit import to_junit
from bbws_readiness.render.formats.sarif import to_sarif
from tests.render.encode.github import commands_in

FORMS: dict[str, Callable[..., str]] = {"sarif": to_sarif, "junit": to_junit, "github": to_annotations}


def sarif(assessment: Assessment, **options: Any) -> dict[str, Any]:
    """The only run of the log."""
    (run,) = json.loads(to_sarif(assessment, **options))["runs"]
    assert isinstance(run, dict)
    return run


def junit(assessment: Assessment, **options: Any) -> Element:
    """The root of the report."""
    return ElementTree.fromstring(to_junit(assessment, **options))


def counted(report: Element) -> Counter[str]:
    """How many cases hold each element; a passed one holds none."""
    return Counter(case[0].tag if len(case) else "passed" for case in report.iter("testcase"))


def annotations(assessment: Assessment, **options: Any) -> list[dict[str, str]]:
    """Per command its level, message and properties, as the runner reads them."""
    found = commands_in(to_annotations(assessment, **options))
    return [properties | {"level": level, "message": message} for level, properties, message in found]
