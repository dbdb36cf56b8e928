"""Documents are taken apart and put together again by their marks, whatever people write between them."""

from markdown_it import MarkdownIt

from bbws_readiness.published.people import People, gathered
from bbws_readiness.published.places import Note, parts_of
from bbws_readiness.published.weave import woven
from tests.cases import each

HOME = """\
# Action Items

### 🔴 Action 1: Find the tables

**Tasks**

- [ ] Look <!-- task:tables/look -->
- [ ] Write <!-- task:tables/write -->

  <!-- given:tables/write -->
  ```hcl
  resource {}
  ```
  <!-- end given:tables/write -->

**Notes**

<!-- notes:tables -->
<!-- end notes:tables -->

## Tracker

- [ ] Action 1 <!-- task:action/tables -->

## Kept notes

<!-- notes:kept -->
<!-- end notes:kept -->

---

- **Last Updated**: Wed 2026-01-07
"""
OTHER = "# Summary\n\n- [ ] Look <!-- task:tables/look -->\n- [ ] Write <!-- task:tables/write -->\n\n---\n"
GONE = HOME.replace("- [ ] Look <!-- task:tables/look -->\n", "")
WITHOUT_ACTION = HOME[: HOME.index("### ")] + HOME[HOME.index("## Tracker") :].replace(
    "- [ ] Action 1 <!-- task:action/tables -->\n", ""
)
LOOK = "- [ ] Look <!-- task:tables/look -->\n"

NOTES = {
    "a line": "  we looked\n",
    "several lines": "  one\n\n  two\n    three\n",
    "tabs": "\ta tab\n",
    "a blank line first": "\n  later\n",
    "an open fence": "  ```\n  never closed\n",
    "an open fence at the edge": " ```\n  never closed\n",
    "an open comment": "  <!-- never closed\n",
    "marks": "  <!-- end notes:tables -->\n  <!-- notes:kept -->\n  - [x] Write <!-- task:tables/write -->\n",
    "marks of another snippet": "  <!-- given:tables/write -->\n  <!-- end given:tables/write -->\n",
    "spaces at ends": "  hard break  \n  here\t\n",
    "other line ends": "  a\u2028b\x0bc\x85d\n",
    "no ASCII": "  größer 🎉 日本\n",
    "a heading": "  ## KEPT\n",
}


def published(home: str, other: str = OTHER, ticks: tuple[str, ...] = (), *, gone: bool = False) -> tuple[str, str]:
    """Both documents after another run."""
    people = gathered("home", {"home": parts_of(home), "other": parts_of(other)}, ticks)
    return (
        woven(GONE if gone else HOME, people, is_home=True, still_found={"tables/look", "action/tables"}),
        woven(OTHER, people, is_home=False, still_found={"tables/look", "action/tables"}),
    )


@each("ending", ["\n", "\r\n"], ids=["LF", "CRLF"])
@each("note", NOTES.values(), ids=NOTES)
def test_note_below_a_task_stays(note: str, ending: str) -> None:
    written = HOME.replace(LOOK, LOOK + note).replace("\n", ending)
    home, other = published(written)
    assert LOOK + note in home
    assert other == OTHER
    assert parts_of(home).ours[:3] == parts_of(HOME).ours[:3]
    assert published(home) == (home, other)
    titles = [one.content for one in MarkdownIt().parse(home) if one.type == "inline" and one.level == 1]
    assert "Kept notes" in titles, "the sections below are headings still"


@each("note", NOTES.values(), ids=NOTES)
def test_note_of_a_task_that_is_gone_waits_under_kept_notes(note: str) -> None:
    home, _ = published(HOME.replace(LOOK, LOOK + note), OTHER, gone=True)
    assert "### Look\n" in home
    assert note in home[home.index("## Kept notes") :]
    people = gathered("home", {"home": parts_of(home)}, ())
    assert woven(GONE, people, is_home=True, still_found=()) == home, "once"
    back, _ = published(home)
    assert LOOK + note in back
    assert "### Look" not in back


@each("note", NOTES.values(), ids=NOTES)
def test_note_in_a_block_stays_and_waits(note: str) -> None:
    text = "".join(line[2:] if line.startswith("  ") else line for line in note.splitlines(keepends=True))
    if "end notes:tables" in text:
        text = text.replace("end notes:tables", "end notes:others")
    written = HOME.replace("<!-- end notes:tables -->", text + "<!-- end notes:tables -->")
    home, _ = published(written)
    assert f"<!-- notes:tables -->\n{text}<!-- end notes:tables -->\n" in home
    assert published(home)[0] == home
    people = gathered("home", {"home": parts_of(home)}, ())
    kept = woven(WITHOUT_ACTION, people, is_home=True, still_found=())
    assert "### Find the tables" in kept
    assert woven(WITHOUT_ACTION, gathered("home", {"home": parts_of(kept)}, ()), is_home=True, still_found=()) == kept
    assert published(kept)[0] == home


def test_note_in_another_document_moves_home_once() -> None:
    home, other = published(HOME, OTHER.replace(LOOK, LOOK + "  said elsewhere\n"))
    assert LOOK + "  said elsewhere\n" in home
    assert other == OTHER
    again, _ = published(home, OTHER.replace(LOOK, LOOK + "  said elsewhere\n"))
    assert again == home, "a run that was killed between the two says nothing twice"


@each(
    ("home", "other", "recorded", "ticked"),
    [
        (" ", " ", False, False),
        ("x", " ", False, True),
        (" ", "x", False, True),
        ("X", "x", False, True),
        ("x", "x", True, True),
        (" ", "x", True, False),
        ("x", " ", True, False),
        (" ", " ", True, False),
    ],
)
def test_a_box_changed_anywhere_is_changed_everywhere(home: str, other: str, recorded: bool, ticked: bool) -> None:
    results = published(
        HOME.replace(LOOK, LOOK.replace("[ ]", f"[{home}]")),
        OTHER.replace(LOOK, LOOK.replace("[ ]", f"[{other}]")),
        ("tables/look",) if recorded else (),
    )
    for text in results:
        assert ("- [x] Look - **done, still found** <!-- task:tables/look -->" in text) is ticked
        assert parts_of(text).ticks["tables/look"] is ticked


def test_a_ticked_box_without_an_open_finding_is_done() -> None:
    home, _ = published(HOME.replace("- [ ] Write", "- [x] Write"))
    assert "- [x] Write <!-- task:tables/write -->" in home


def test_a_tick_is_remembered_while_its_task_is_away() -> None:
    people = gathered("home", {"home": parts_of(GONE)}, ("tables/look",))
    assert people.ticks == {"tables/look"}


@each(
    ("change", "same"),
    [
        (lambda text: text.replace("[ ]", "[x]"), True),
        (lambda text: text.replace("\n", "\r\n"), True),
        (lambda text: text.rstrip("\n"), True),
        (lambda text: text.replace("\n\n", "\n\n\n"), True),
        (lambda text: text.replace(LOOK, LOOK + "  note\n"), True),
        (lambda text: text.replace("<!-- end notes:tables -->", "x\n<!-- end notes:tables -->"), True),
        (lambda text: text.replace("resource {}", "resource { }"), False),
        (lambda text: text.replace("Look", "Look!"), False),
        (lambda text: text.replace("<!-- end notes:tables -->\n", ""), False),
        (lambda text: text.replace("Wed 2026", "Thu 2026"), False),
        (lambda text: text.replace(LOOK, LOOK + "not indented\n"), False),
        (lambda text: text.replace(LOOK, LOOK + LOOK), False),
    ],
)
def test_only_what_is_ours_counts_as_changed(change: object, same: bool) -> None:
    assert (parts_of(change(HOME)).digest == parts_of(HOME).digest) is same  # type: ignore[operator]


def test_without_people_a_document_stays_as_rendered() -> None:
    assert woven(HOME, People(), is_home=True, still_found={"tables/look"}) == HOME
    assert not parts_of(HOME).notes


def test_title_of_a_note_is_that_of_its_task_or_action() -> None:
    text = HOME.replace(LOOK, LOOK.replace("[ ]", "[x]") + "  a\n").replace(
        "<!-- notes:tables -->\n", "<!-- notes:tables -->\nb\n"
    )
    assert parts_of(text).notes == (
        Note("task:tables/look", "Look", ("  a",)),
        Note("notes:tables", "Find the tables", ("b",)),
    )
