"""Text on the grounds of pictures is readable in both schemes, as WCAG AA counts it."""

import re

from bbws_readiness.render.site.pictures.style import PICTURE_STYLE
from tests.example import ROOT

AA = 4.5
SCHEMES = re.findall(r":root \{(.*?)\}", (ROOT / "templates" / "site" / "style.css").read_text(), re.DOTALL)[:2]
TINTS = {"ok", "warn", "bad", "unknown", "choice", "muted", "line"}
SVG_GROUNDS = {".pic-ring": 0.45, ".pic-bar, .pic-node": 0.22, ".pic-node": 0.1, ".pic-badge": 0.22}
"""Opacity of what texts in drawings stand on, whatever the colour of the priority."""


def colours(scheme: str) -> dict[str, tuple[float, ...]]:
    found = re.findall(r"--([\w-]+):\s*#([0-9a-f]{6})\b", scheme)
    return {name: tuple(int(value[at : at + 2], 16) / 255 for at in (0, 2, 4)) for name, value in found}


def luminance(colour: tuple[float, ...]) -> float:
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(tint: tuple[float, ...], ground: tuple[float, ...], share: float) -> tuple[float, ...]:
    return tuple(a * share + b * (1 - share) for a, b in zip(tint, ground, strict=True))


def test_text_is_readable_on_every_ground() -> None:
    assert len(SCHEMES) == 2
    stated = set(re.findall(r"(\.pic-[\w., -]+) \{[^}]*?fill-opacity: ([.\d]+)", PICTURE_STYLE))
    assert {(name, f"{share:.2f}".strip("0")) for name, share in SVG_GROUNDS.items()} <= stated
    tables = {(name, int(share) / 100) for name, share in re.findall(r"var\(--(\w+)\) (\d+)%", PICTURE_STYLE)}
    for scheme in map(colours, SCHEMES):
        ink, muted, surface = scheme["ink"], scheme["muted"], scheme["surface"]
        for name in TINTS - {"line"}:
            for share in SVG_GROUNDS.values():
                assert contrast(ink, mixed(scheme[name], surface, share)) >= AA, (name, share)
            assert contrast(muted, mixed(scheme[name], surface, SVG_GROUNDS[".pic-node"])) >= AA, name
        for name, share in tables - {("pic", 0.22)}:
            ground = mixed(scheme[name], surface, share)
            assert contrast(ink, ground) >= AA, (name, share)
            assert contrast(muted, ground) >= AA, (name, share)
        assert contrast(ink, mixed(scheme["line"], surface, 0.45)) >= AA
