"""Words in pictures: cut to their room, never broken inside an encoding, invisible characters made visible."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bbws_readiness.render.site.pictures.text import MAX_CHARACTERS, fitted, lines, shown, width

WORDS = st.text(max_size=200)


@settings(max_examples=200, deadline=None)
@given(WORDS, st.floats(0, 400), st.sampled_from((11.0, 12.5)), st.booleans())
def test_what_is_fitted_fits(text, room, size, bold) -> None:
    cut = fitted(text, room, size, bold=bold)
    assert not cut or width(cut, size, bold=bold) <= room * 1.0001
    whole = shown(text)
    assert cut == whole or cut == "" or (cut.endswith("…") and whole.startswith(cut[:-1]))
    if width(whole, size, bold=bold) <= room:
        assert cut == whole


@settings(max_examples=100, deadline=None)
@given(WORDS, st.floats(30, 300), st.integers(1, 3))
def test_lines_are_as_many_as_allowed_and_lose_nothing_silently(text, room, most) -> None:
    broken = lines(text, room, 12, most)
    assert len(broken) <= most
    assert all(width(line, 12) <= room for line in broken)
    if not any(line.endswith("…") for line in broken):
        assert " ".join(broken).split() == shown(text).split()


def test_words_are_shown_on_one_line_and_capped() -> None:
    assert shown("a\nb\u202ec") == "a\u240ab<U+202E>c"
    assert len(shown("x" * 10_000)) == MAX_CHARACTERS
    assert fitted("Resolve missing tables", 80, 12) == "Resolve…"
