"""The matrix of risks: every open risk in exactly one cell, or among those that nobody has rated."""

from itertools import product

from bbws_readiness.render.site.pictures.risk import LEVELS, risk_picture
from tests.render.site.pictures import forms
from tests.render.site.pictures.geometry import tree


def risk(code: str, likelihood: str | None, impact: str | None, severity: str = "high") -> dict[str, object]:
    return {"rule": code, "about": f"About {code}", "text": "It breaks.", "severity": severity, "action": 3} | {
        "likelihood": likelihood,
        "impact": impact,
    }


def cells(markup):
    """Codes by likelihood and impact, as the table tells them."""
    (grid,) = [table for table in tree(markup).iter("table") if table.attrib.get("class") == "pic-risks"]
    head, *rows = grid.iter("tr")
    impacts = [(one.text or "").split()[0].lower() for one in list(head)[1:]]
    found = {}
    for row in rows:
        name, *told = row
        likelihood = (name.text or "").split()[0].lower()
        for impact, cell in zip(impacts, told, strict=True):
            found[likelihood, impact] = [one[1].text for one in cell.iter("li")]
    return found


def test_every_rating_has_its_cell() -> None:
    rated = [risk(f"R{number}", *levels) for number, levels in enumerate(product(LEVELS, LEVELS))]
    unrated = [risk("N1", None, "high"), risk("N2", "low", None), risk("N3", None, None, "decision")]
    markup = risk_picture({"risks": [*rated, *unrated]})
    assert cells(markup) == {levels: [f"R{number}"] for number, levels in enumerate(product(LEVELS, LEVELS))}
    (beside,) = [one for one in tree(markup).iter("div") if one.attrib["class"] == "pic-unrated"]
    assert [one[1].text for one in beside.iter("li")] == ["N1", "N2", "N3"]
    assert "12 risks by likelihood and impact; 3 not rated." in markup


def test_the_example_loses_no_risk() -> None:
    for name in forms.EXAMPLES:
        risks = forms.example(name)["risks"]
        markup = risk_picture(forms.example(name))
        if not risks:
            assert "Nothing that is open carries a risk" in markup
            continue
        shown = [one[1].text for one in tree(markup).iter("li")]
        assert sorted(shown) == sorted(one["rule"] for one in risks)
        for one in risks:
            if one["likelihood"] and one["impact"]:
                assert one["rule"] in cells(markup)[one["likelihood"], one["impact"]]


def test_an_assessment_of_an_earlier_version_has_none() -> None:
    assert "Nothing that is open carries a risk" in risk_picture({})
