"""An evaluated root module that can be asked for the values of further expressions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic
from bbws_readiness.source import Location
from bbws_readiness.terraform.configuration import Run
from bbws_readiness.terraform.diagnostics import Collector, Fault, error
from bbws_readiness.terraform.evaluate import Evaluator
from bbws_readiness.terraform.host import ProjectHost
from bbws_readiness.terraform.instances import ModuleInstance
from bbws_readiness.terraform.results import Evaluation, FileReader
from bbws_readiness.terraform.scope import references
from bbws_readiness.terraform.syntax import parse_expression
from bbws_readiness.terraform.values import Value
from bbws_readiness.terraform.variables import Passed

MAX_EXPRESSION = 64 * 1024
"""Characters of one expression."""


class Session:
    """The root module in a directory, evaluated once as `evaluate_configuration` does with the same arguments."""

    def __init__(
        self,
        files: FileReader,
        directory: str,
        *,
        var_files: Sequence[str] = (),
        variables: Mapping[str, str] | None = None,
        workspace: str | Passed = "default",
    ) -> None:
        self._files = files
        self._run = Run(files, directory, workspace)
        self.evaluation: Evaluation = self._run.run(var_files, variables or {})

    def ask(self, expression: str, at: Location) -> Value | Diagnostic:
        """The value of `expression` in the root module, or what is wrong with it; `at` is where it stands.

        Each expression has a budget of steps of its own, so that none can spend another's.
        """
        if len(expression) > MAX_EXPRESSION:
            return error(f"expression longer than {MAX_EXPRESSION} characters", at, code=Code.TOO_COMPLEX)
        try:
            return self._evaluated(expression, at)
        except Fault as fault:
            return fault.diagnostic()
        except RecursionError:
            return error("expression too complex to evaluate", at, code=Code.TOO_COMPLEX)

    def _evaluated(self, expression: str, at: Location) -> Value:
        node = parse_expression(expression, at)
        for reference in references(node):
            if problem := self._root.undeclared(reference):
                raise Fault(problem.summary, problem.at, problem.detail, code=problem.code)
        host = ProjectHost(self._files, self._run.root)
        host.evaluator = Evaluator(Collector(), host)
        return host.evaluator.evaluate(node, self._root.scope)

    @property
    def _root(self) -> ModuleInstance:
        assert self._run.root_module is not None  # noqa: S101 - `run` has been called
        return self._run.root_module
