"""Holds an assessment against an earlier one, so that every output of it can say what is new."""

from __future__ import annotations

import json
from pathlib import Path

from msgspec.structs import replace

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.compare.baseline import baseline_of
from bbws_readiness.compare.compare import compare
from bbws_readiness.compare.document import document_of
from bbws_readiness.compare.read import snapshot_of
from bbws_readiness.errors import NotComparable
from bbws_readiness.render.machine import to_json
from bbws_readiness.source import Location, Source


def with_baseline(assessment: Assessment, source: Source) -> Assessment:
    """The assessment with `baseline` made of the JSON in `source`, whose path names it in every output; an absolute
    one is named by its last part, because outputs are the same on every machine.

    Raises `InvalidAssessment` for a file that is none, and `NotComparable` for one of another project or environment.
    """
    earlier = snapshot_of(document_of(source), path=source.path)
    name = Path(source.path).name if Path(source.path).is_absolute() else source.path
    later = snapshot_of(json.loads(to_json(replace(assessment, baseline=None))))
    try:
        changes = compare(earlier, later)
    except NotComparable as error:
        raise NotComparable(error.message, at=Location(name, 0), hint=error.hint, code=error.code) from None
    return replace(assessment, baseline=baseline_of(changes, name))
