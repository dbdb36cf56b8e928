"""Pictures of one assessment as inline SVG and HTML, drawn from its machine form and from nothing else.

Every function takes the plain data of `machine.to_data` (what `readiness assess -f json` prints) and returns trusted
markup: all text of the project is encoded here. None of them computes a figure; none reads a clock, a file or a random
number. `mark` goes in front of every id, for a page that shows several assessments.

- `schedule.schedule_picture(data, *, mark="") -> str`: the actions on their working days, by owner
- `dependencies.dependency_picture(data, *, mark="") -> str`: which action waits for which, and which projects wait
- `risk.risk_picture(data, *, mark="") -> str`: open issues by likelihood and impact
- `sources.sources_matrix(data, *, mark="", address=...) -> str`: a table of who says what; `address` tells where a page
  finds a `path:line`
- `score.score_picture(data, *, mark="") -> str`: the score as a bar of segments, one per deduction, and its ledger
- `style.PICTURE_STYLE`: the rules of all classes used (each starts with `pic-`), in terms of the colours `--ok --warn
  --bad --unknown --choice --ink --muted --line --surface` that the page defines

Each result is one `<figure class="pic ...">`, with the same data as a table in a `<details>` where the page would
otherwise not tell it.
"""
