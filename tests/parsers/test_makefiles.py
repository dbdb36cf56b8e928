"""What make runs for a target is told only as far as the makefile says it without being run."""

import pytest

from bbws_readiness.parsers.workflows import parse_workflow
from bbws_readiness.parsers.workflows.makefiles import recipes
from bbws_readiness.source import Source
from tests.cases import each

SIMPLE = """.PHONY: check deploy
ENV ?= dev
TF := terraform -chdir=terraform

check:
\t@echo "checking"
\t$(TF) fmt -check

deploy: check
\t@echo "to $(ENV)"
\t$(TF) apply -input=false \\
\t  -var-file=environments/$(ENV).tfvars
\t-rm -f x $$HOME/y
"""


def told(text: str, *targets: str, given: dict[str, str | None] | None = None, around: frozenset[str] = frozenset()):
    found = recipes(text, targets, given=given or {}, environment=around, exists=lambda name: name == "main.tf")
    return None if found is None else [(one.target, one.first_line, one.script.split("\n")) for one in found]


def test_each_line_stands_where_it_is_written_and_ends_make_where_it_fails() -> None:
    found = told(SIMPLE, "deploy")
    assert found is not None
    assert [(target, line) for target, line, _ in found] == [("check", 6), ("deploy", 10)]
    assert found[1][2][9:13] == [
        '( set +e; echo "to dev" ) || exit 2',
        "( set +e; terraform -chdir=terraform apply -input=false \\",
        "  -var-file=environments/dev.tfvars ) || exit 2",
        "( set +e; rm -f x $HOME/y ) || true",
    ]


@pytest.mark.parametrize(
    ("given", "around", "put_in"),
    [
        ({"ENV": "sit"}, frozenset(), "sit"),
        ({"ENV": None}, frozenset(), "${ENV}"),
        ({}, frozenset({"ENV"}), "${ENV}"),
        ({}, frozenset({"TF"}), "dev"),
    ],
)
def test_where_a_variable_comes_from(given: dict[str, str | None], around: frozenset[str], put_in: str) -> None:
    found = told(SIMPLE, "deploy", given=given, around=around)
    assert found is not None
    assert found[1][2][9] == f'( set +e; echo "to {put_in}" ) || exit 2'


@each(
    "text",
    [
        "deploy:\n\tterraform apply\n",
        ".PHONY: deploy\ndeploy: other\n\tterraform apply\n",
        ".PHONY: deploy\ninclude common.mk\ndeploy:\n\tterraform apply\n",
        ".PHONY: deploy\nifdef CI\nX = 1\nendif\ndeploy:\n\tterraform apply\n",
        ".PHONY: deploy\ndeploy:\n\tterraform apply $(shell date)\n",
        ".PHONY: deploy\ndeploy:\n\t$(MAKE) apply\n",
        ".PHONY: deploy\ndeploy:\n\tmake apply\n",
        ".PHONY: deploy\ndeploy: ENV=sit\ndeploy:\n\tterraform apply\n",
        ".PHONY: deploy\ndeploy: ; terraform apply\n",
        ".PHONY: deploy\ndeploy::\n\tterraform apply\n",
        ".PHONY: deploy\n.ONESHELL:\ndeploy:\n\tterraform apply\n",
        ".PHONY: deploy\nexport X = 1\ndeploy:\n\tterraform apply\n",
        ".PHONY: deploy\nX = 1\nX += 2\ndeploy:\n\tterraform apply $(X)\n",
        ".PHONY: deploy\nX = $(X)\ndeploy:\n\tterraform apply $(X)\n",
        ".PHONY: deploy\ndeploy:\n\techo '$(X)'\n",
        ".PHONY: deploy\ndeploy:\n\t-[ $$A = b ] || exit 1\n",
        ".PHONY: deploy\ndeploy:\n\tterraform apply # at last\n",
        ".PHONY: deploy check\ndeploy: check\n\tterraform apply\ncheck:\n\tterraform fmt\n",
        ".PHONY: deploy\ndeploy:\n\tterraform plan\ndeploy:\n\tterraform apply\n",
        ".PHONY: other\n",
        "",
    ],
)
def test_what_is_not_told(text: str) -> None:
    assert told(text, "deploy") is None


@each(
    "call", ["make", "make -n deploy", "env ENV=sit make deploy", "make -k deploy", "make $TARGET", "make -C $X deploy"]
)
def test_calls_that_are_not_followed(call: str) -> None:
    assert verbs(call, SIMPLE) == []


@each(
    ("call", "files"),
    [
        ("make deploy", ["environments/dev.tfvars"]),
        ("make deploy ENV=sit", ["environments/sit.tfvars"]),
        ("ENV=sit make -s deploy", ["environments/sit.tfvars"]),
        ("make ENV=${{ inputs.env }} deploy", [None]),
    ],
)
def test_commands_of_a_recipe_stand_behind_the_step(call: str, files: list[str | None]) -> None:
    assert [file for verb, file in verbs(call, SIMPLE) if verb == "apply"] == files


def verbs(call: str, makefile: str) -> list[tuple[str, str | None]]:
    text = f"on: workflow_dispatch\njobs:\n  a:\n    steps:\n      - run: {call}\n"
    made = Source(path="Makefile", text=makefile, size=len(makefile), sha256="")
    source = Source(path="w.yml", text=text, size=len(text), sha256="")
    read = {"Makefile": made}.get
    workflow, _ = parse_workflow(source, environments=("dev", "sit"), read=read)
    assert workflow is not None
    commands = [command for step in workflow.jobs[0].steps for command in step.terraform]
    return [(one.verb, one.var_files[0].or_none() if one.var_files else None) for one in commands]


@each(
    "text",
    [
        "A =\n" + "".join(f"{b} = {f'$({a})' * 5000}\n" for a, b in ("AB", "BC", "CD", "DE")) + "go:\n\techo $(E)\n",
        " " * 100_000 + "\\\n" * 900 + "go:\n\techo\n",
        "go:\n" + "\techo\n" * 2_000,
        "go: " + "go " * 30_000 + "\n\techo\n",
    ],
    ids=["doubling", "blanks", "lines", "itself"],
)
def test_what_is_built_to_exhaust_is_answered(text: str) -> None:
    assert len(told(f".PHONY: go\n{text}", "go") or ()) <= 1
