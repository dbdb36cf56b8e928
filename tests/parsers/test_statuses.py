"""What becomes of a command's exit status is told as a real bash decides it."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bbws_readiness.model.workflows import Fate, Status
from bbws_readiness.parsers.workflows.grammar import MAX_LENGTH, MAX_OPEN, MAX_PIPES, Unreadable, read
from bbws_readiness.parsers.workflows.statuses import statuses
from bbws_readiness.source import Source
from tests.cases import each

BASH = {"": ["-e"], "bash": ["-eo", "pipefail"], "bash {0}": [], "bash -euo pipefail {0}": ["-euo", "pipefail"]}
SOURCE = Source(path="deploy.yml", text="\n" * 100, size=100, sha256="")

P = "terraform plan"
KEPT = [
    (P, ""),
    (f"{P} | tee /dev/null", "bash"),
    (f"set -o pipefail\n{P} 2>&1 | tee /dev/null", ""),
    (f"( set -o pipefail; {P} | tee /dev/null )", ""),
    (f"{P} | tee /dev/null", "bash -euo pipefail {0}"),
    (f"yes | {P}", ""),
    (f"{P} || exit 1", ""),
    (f"{P} || {{ echo no; exit 1; }}", ""),
    (f"{P} || (echo no && exit 1)", ""),
    (f"{P} || [ $? -eq 2 ]", ""),
    (f"{P} || test $? -eq 2", ""),
    (f"rc=0\n{P} || rc=$?\nexit $rc", ""),
    (f"{P} || rc=$?\nif [ $rc -eq 1 ]; then exit 1; fi", ""),
    (f"set +e\n{P}\ncode=$?\nset -e\ncase $code in 0|2) ;; *) exit 1;; esac", ""),
    (f"set +e\n{P}", ""),
    (f"cd . && {P}", ""),
    (f"{P} && echo ok", ""),
    (f"{P} && echo ok || exit 1\necho more", ""),
    (f"if ! {P}; then echo no; exit 1; fi", ""),
    (f"if {P}; then echo ok; else exit 1; fi", ""),
    (f"out=$({P})\necho more", ""),
    (f'out="$({P})"\necho $out', ""),
    (f"f() {{ {P}; echo x; }}\nf", ""),
    (f"fail() {{ echo $1; exit 1; }}\n{P} || fail no", ""),
    (f"{P} > >(tee /dev/null)", ""),
    (f"{{ {P}; echo x; }} | tee /dev/null", "bash"),
    (f"( {P}; echo x )\necho y", ""),
    (f"(cd . && {P})\necho y", ""),
    (f"for d in a b; do {P}; done", ""),
    (f"case a in a) {P};; esac\necho y", ""),
    (f"if [ a = a ]; then {P}; fi\necho y", ""),
    (f"{P} | tee /dev/null\nexit ${{PIPESTATUS[0]}}", ""),
    (f'{P} 2>&1 | tee /dev/null; exit "${{PIPESTATUS[0]}}"', ""),
    (f"{P} | tee /dev/null\nrc=${{PIPESTATUS[0]}}\necho $rc\nexit $rc", ""),
    (f'{P} | tee /dev/null\nif [ "${{PIPESTATUS[0]}}" -ne 0 ]; then exit 1; fi', ""),
]
SWALLOWED = [
    (f"{P} | tee /dev/null", ""),
    (f"set -euo pipefail\nset +o pipefail\n{P} |& tee /dev/null", "bash"),
    (f"{P} || true", "bash"),
    (f"{P} || rc=$?\necho done", ""),
    (f"{P} && echo ok\necho more", "bash"),
    (f"{{ {P} && echo y; }}\necho more", "bash"),
    (f"if {P}; then echo ok; fi", "bash"),
    (f"if {P}; then echo ok; else echo no; fi", "bash"),
    (f"export OUT=$({P})", "bash"),
    (f'echo "$({P})"', "bash"),
    (f"out=$({P} || true)", "bash"),
    (f"f() {{ {P}; }}\nf || true", "bash"),
    (f"f() {{ {P}; }}\nf | tee /dev/null", ""),
    (f"{P} &\nwait", "bash"),
    (f"{P} | tee /dev/null\nrc=${{PIPESTATUS[0]}}\necho done", ""),
    (f'{P} | tee /dev/null\nif [ "${{PIPESTATUS[0]}}" -ne 0 ]; then echo bad; fi', ""),
    (f"{{ {P}; echo x; }} | tee /dev/null", ""),
    (f"( {P}; echo x ) || true", "bash"),
    (f"set +e\n{P}\necho hi", "bash"),
    (f"{P}\necho x", "bash {0}"),
    (f"(cd . && {P}) | tee /dev/null", ""),
]
UNCLEAR = [
    (f"{P} | tee /dev/null\nexit ${{PIPESTATUS[1]}}", ""),
    (f"{P} | tee /dev/null\necho ok\nexit ${{PIPESTATUS[0]}}", ""),
    (f"{P} | tee /dev/null &\nexit ${{PIPESTATUS[0]}}", ""),
    (f"( {P} | tee /dev/null; exit ${{PIPESTATUS[0]}} ) || true", ""),
    (f"{P} || rc=$?\necho code=$rc >> out", ""),
    (f"until {P}; do sleep 1; done", ""),
    (f"{P} &\nwait $!", ""),
]


def fates(script: str, shell: str) -> list[Status]:
    found = statuses(script, SOURCE, first_line=1, last_line=100, shell=shell)
    return [status for status in found if status.words[0] == "terraform"]


def bash(script: str, shell: str, folder: Path) -> int:
    """What bash makes of the script when every terraform fails."""
    program = folder / "terraform"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    (folder / "script.sh").write_text(script)
    environment = {"PATH": f"{folder}:/usr/bin:/bin"}
    command = ["bash", "--noprofile", "--norc", *BASH[shell], "script.sh"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False, timeout=20).returncode


@each(("script", "shell"), KEPT)
def test_a_failure_ends_the_step(script: str, shell: str, tmp_path: Path) -> None:
    assert [status.fate for status in fates(script, shell)] == [Fate.KEPT]
    if ">(" not in script:  # bash does not wait for a process substitution
        assert bash(script, shell, tmp_path) != 0


@each(("script", "shell"), SWALLOWED)
def test_a_failure_is_swallowed(script: str, shell: str, tmp_path: Path) -> None:
    found = fates(script, shell)
    assert [status.fate for status in found] == [Fate.SWALLOWED]
    assert found[0].reason
    assert bash(script, shell, tmp_path) == 0


@each(("script", "shell"), UNCLEAR)
def test_what_is_not_followed_is_said(script: str, shell: str) -> None:
    assert [status.fate for status in fates(script, shell)] == [Fate.UNCLEAR]


def test_words_in_texts_are_no_commands() -> None:
    assert fates(f"cat <<'END'\n{P} | tee x\nEND\necho '{P} || true'\n# {P} || true\n", "") == []


def test_a_command_has_its_line_and_its_expressions() -> None:
    (found,) = fates("cd x\n\nsudo -E terraform plan \\\n  -var-file=${{ inputs.file }} | tee x", "")
    assert found.at.line == 3
    assert found.words == ("terraform", "plan", "-var-file=${{ inputs.file }}")


@each("sign", ["é", "\u2028", "\U000a56a9", "\U0001f4a5"])
def test_a_sign_that_no_shell_knows_is_part_of_a_word(sign: str) -> None:
    script = f"echo {sign}{sign} '{sign}' {sign}=1 ${sign} {{{sign}; #{sign}\n" * 50 + f"terraform {sign}plan | tee x"
    (found,) = fates(script, "")
    assert found.words == ("terraform", f"{sign}plan")


@each(
    "script",
    [
        "if then",
        "a" * (MAX_LENGTH + 1),
        "a|" * (MAX_PIPES + 1) + "a",
        "$(" * (MAX_OPEN + 1),
        "a\0b",
        "a b;" * 7_000,
        "cat <<" + "E" * 200,
        ")" * 10_000,
        ">" * 10_000,
        "f()\n" * 5_000,
    ],
    ids=["grammar", "long", "pipes", "open", "null", "parts", "delimiter", "closing", "redirects", "functions"],
)
def test_what_goes_beyond_a_limit_is_refused(script: str) -> None:
    with pytest.raises(Unreadable):
        read(script)


PIECES = [
    "a",
    "|",
    "&&",
    "||",
    "$(",
    ")",
    "(",
    "{",
    "}",
    "if",
    "then",
    "fi",
    ";",
    "\n",
    " ",
    "'",
    '"',
    "`",
    "<<E",
    "E\n",
]
PIECES += [
    "${",
    "$",
    "=",
    "[[",
    "]]",
    "case",
    "in",
    ";;",
    "esac",
    "do",
    "done",
    "!",
    "#",
    "\\",
    "&",
    "${{ x }}",
    "é",
    "set +e",
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join) | st.text(max_size=80), st.sampled_from(sorted(BASH))
)
def test_any_text_is_read_or_refused(script: str, shell: str) -> None:
    try:
        found = statuses(script, SOURCE, first_line=1, last_line=100, shell=shell)
    except Unreadable:
        return
    assert all(1 <= status.at.line <= 100 for status in found)
