"""What is remembered of a script is told at the lines of the place that asks."""

import pytest

from bbws_readiness.parsers.workflows.grammar import read_beginning
from bbws_readiness.parsers.workflows.shell import commands_of, read

SCRIPTS = (
    "terraform init \\\n  -input=false\nA=b terraform plan > plan.txt\n",
    "for table in a \\\n  b; do\n  aws x $table | tee log\ndone\n",
    "if [ a = b ]; then\n  x=$(id -u)\nelse exit 1; fi\n",
    "echo fine\necho )\necho later\n",
)


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_is_read_alike_wherever_it_stands(script: str) -> None:
    for line in (1, 7, 1, 30):
        assert read(script, first_line=line) == commands_of(read_beginning(script, first_line=line))
