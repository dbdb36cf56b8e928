"""Writes random configurations that Terraform accepts: typed expressions over variables, locals, resources, modules."""

from __future__ import annotations

import random
from collections.abc import Callable

STRING, NUMBER, BOOL, STRINGS, NUMBERS, NAMED = (
    "string",
    "number",
    "bool",
    "list(string)",
    "list(number)",
    "map(string)",
)
TYPES = (STRING, NUMBER, BOOL, STRINGS, NUMBERS, NAMED)
WORDS = ("a", "b", "orders", "PK", "x-1", "été", "A b", "", "10", "9", "$${no}", 'q\\"q', "n\\nl")
KEYS = ("k1", "k2", "dev", "b c", "z", "10")


class Configuration:
    """One random module; the same seed gives the same text."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.names: dict[str, list[str]] = {kind: [] for kind in TYPES}
        """Expressions in scope, by type; some are unknown until applied."""
        self.lines: list[str] = []
        self.outputs = 0

    def text(self) -> str:
        """The whole module."""
        self._variables()
        for index in range(self.random.randint(2, 6)):
            kind = self.random.choice(TYPES)
            self._block("locals", f"l{index} = {self.expression(kind, 3)}")
            self.names[kind].append(f"local.l{index}")
            if index % 2:
                self._resource(index)
        for _ in range(self.random.randint(3, 7)):
            self._output(self.expression(self.random.choice(TYPES), 3))
        return "\n".join(self.lines) + "\n"

    def _block(self, header: str, *content: str) -> None:
        self.lines += [f"{header} {{", *(f"  {line}" for line in content), "}"]

    def _output(self, expression: str) -> None:
        self._block(f'output "o{self.outputs}"', f"value = {expression}")
        self.outputs += 1

    def _variables(self) -> None:
        for index, kind in enumerate(TYPES):
            self._block(f'variable "v{index}"', f"type = {kind}", f"default = {self.constant(kind)}")
            self.names[kind].append(f"var.v{index}")
        self._block(
            'variable "settings"',
            "type = map(object({ name = string, size = optional(number, 3), tags = optional(map(string), {}) }))",
            f"default = {{ one = {{ name = {self.literal(STRING)} }}, two = {{ name = null, size = 7 }} }}",
        )
        self.names[NUMBER] += ['var.settings["one"].size', "length(var.settings)"]
        self.names[NAMED].append("{ for key, item in var.settings : key => tostring(item.size) }")
        self.names[STRINGS].append('[for item in var.settings : coalesce(item.name, "none")]')

    def _resource(self, index: int) -> None:
        address = f"terraform_data.r{index}"
        match self.random.randrange(4):
            case 0:
                self._block(f'resource "terraform_data" "r{index}"', f"input = {self.expression(STRING, 2)}")
                self.names[STRING] += [f"{address}.input", f"{address}.id"]
            case 1:
                amount = f"min(2, length({self.expression(STRINGS, 1, known=True)}))"
                self._block(f'resource "terraform_data" "r{index}"', f"count = {amount}", 'input = "c${count.index}"')
                self.names[STRINGS] += [f"{address}[*].input", f"{address}[*].id"]
                self.names[NUMBER].append(f"length({address})")
            case 2:
                keys = f"toset({self.expression(STRINGS, 1, known=True)})"
                self._block(f'resource "terraform_data" "r{index}"', f"for_each = {keys}", "input = upper(each.key)")
                self.names[NAMED].append(f"{{ for key, found in {address} : key => found.input }}")
                self.names[STRINGS].append(f"keys({address})")
            case _:
                each = self.expression(NAMED, 1, known=True)
                self._block(f'resource "terraform_data" "r{index}"', f"for_each = {each}", "input = each.value")
                self.names[NAMED] += [
                    f"{{ for key, found in {address} : key => found.input }}",
                    f"{{ for key, found in {address} : key => found.id }}",
                ]

    # -- expressions -------------------------------------------------------------------------------------------------

    def expression(self, kind: str, depth: int, *, known: bool = False) -> str:
        """An expression of a type; a `known` one refers to nothing that may be unknown."""
        choices = [name for name in self.names[kind] if not known or name.startswith("var.")]
        if depth <= 0 or self.random.random() < 0.2:
            return self.random.choice(choices) if choices and self.random.random() < 0.7 else self.literal(kind)
        makers: dict[str, Callable[[int, bool], str]] = {
            STRING: self._string,
            NUMBER: self._number,
            BOOL: self._bool,
            STRINGS: self._strings,
            NUMBERS: self._numbers,
            NAMED: self._map,
        }
        if self.random.random() < 0.15:
            condition, then, otherwise = (self.expression(each, depth - 1, known=known) for each in (BOOL, kind, kind))
            return f"({condition} ? {then} : {otherwise})"
        return makers[kind](depth - 1, known)

    def literal(self, kind: str) -> str:
        """A constant of a type, as an expression of exactly that type."""
        wrapper = {NAMED: "tomap", STRINGS: "tolist", NUMBERS: "tolist"}.get(kind)
        return f"{wrapper}({self.constant(kind)})" if wrapper else self.constant(kind)

    def constant(self, kind: str) -> str:
        """A constant that fits a type."""
        pick = self.random.choice
        match kind:
            case "string":
                return f'"{pick(WORDS)}"'
            case "number":
                return pick(("0", "1", "2.5", "-3", "1000000", "0.1"))
            case "bool":
                return pick(("true", "false"))
            case "list(string)":
                return f"[{', '.join(self.literal(STRING) for _ in range(self.random.randint(0, 4)))}]"
            case "list(number)":
                return f"[{', '.join(self.literal(NUMBER) for _ in range(self.random.randint(1, 4)))}]"
        keys = self.random.sample(KEYS, self.random.randint(0, 3))
        members = ", ".join(f'"{key}" = {self.literal(STRING)}' for key in keys)
        return f"{{{members}}}"

    def _several(self, shapes: list[tuple[str, tuple[str, ...]]], depth: int, known: bool) -> str:
        shape, kinds = self.random.choice(shapes)
        return shape.format(*(self.expression(kind, depth, known=known) for kind in kinds))

    def _string(self, depth: int, known: bool) -> str:
        shapes = [
            ("upper({})", (STRING,)),
            ('"<${{{}}}>"', (STRING,)),
            ('join("-", {})', (STRINGS,)),
            ('format("%s/%v", {}, {})', (STRING, NUMBER)),
            ('lookup({}, "k1", {})', (NAMED, STRING)),
            ('try({}["dev"], {})', (NAMED, STRING)),
            ("jsonencode({})", (NAMED,)),
            ("jsonencode([{}, {}, null])", (NUMBER, BOOL)),
            ("tostring({})", (NUMBER,)),
            ('replace({}, "a", "o")', (STRING,)),
            ("trimspace({})", (STRING,)),
            ('coalesce({}, "c")', (STRING,)),
            ("substr({}, 0, 2)", (STRING,)),
            ("sha1({})", (STRING,)),
            ('"%{{ if {} }}yes%{{ else }}${{{}}}%{{ endif }}"', (BOOL, STRING)),
            ('"%{{ for item in {} ~}} ${{item}}, %{{ endfor ~}}"', (STRINGS,)),
        ]
        return self._several(shapes, depth, known)

    def _number(self, depth: int, known: bool) -> str:
        shapes = [
            ("({} + {})", (NUMBER, NUMBER)),
            ("({} * {})", (NUMBER, NUMBER)),
            ("({} - 1)", (NUMBER,)),
            ("-{}", (NUMBER,)),
            ("length({})", (STRING,)),
            ("length({})", (STRINGS,)),
            ("length({})", (NAMED,)),
            ("max({}, {})", (NUMBER, NUMBER)),
            ("sum({})", (NUMBERS,)),
            ("floor({})", (NUMBER,)),
            ("abs({})", (NUMBER,)),
            ("try(tonumber({}), 4)", (STRING,)),
        ]
        return self._several(shapes, depth, known)

    def _bool(self, depth: int, known: bool) -> str:
        shapes = [
            ("({} == {})", (STRING, STRING)),
            ("({} < {})", (NUMBER, NUMBER)),
            ("({} && {})", (BOOL, BOOL)),
            ("({} || {})", (BOOL, BOOL)),
            ("!{}", (BOOL,)),
            ("contains({}, {})", (STRINGS, STRING)),
            ('can({}["k2"])', (NAMED,)),
            ("({} != null)", (STRING,)),
            ("({} == {})", (STRINGS, STRINGS)),
            ('startswith({}, "a")', (STRING,)),
        ]
        return self._several(shapes, depth, known)

    def _strings(self, depth: int, known: bool) -> str:
        shapes = [
            ("concat({}, {})", (STRINGS, STRINGS)),
            ("sort({})", (STRINGS,)),
            ("distinct({})", (STRINGS,)),
            ("compact({})", (STRINGS,)),
            ("tolist(toset({}))", (STRINGS,)),
            ("keys({})", (NAMED,)),
            ("values({})", (NAMED,)),
            ('split("-", {})', (STRING,)),
            ("reverse({})", (STRINGS,)),
            ("tolist([{}, {}])", (STRING, STRING)),
            ('[for index, item in {} : "${{index}}${{item}}"]', (STRINGS,)),
            ('[for key, item in {} : "${{key}}=${{item}}"]', (NAMED,)),
            ("tolist([for item in {} : tostring(item)])", (NUMBERS,)),
            ("{}[*]", (STRINGS,)),
            ("flatten([{}, [{}]])", (STRINGS, STRINGS)),
            ('formatlist("%s!", {})', (STRINGS,)),
            ('tolist(setsubtract({}, ["a"]))', (STRINGS,)),
        ]
        return self._several(shapes, depth, known)

    def _numbers(self, depth: int, known: bool) -> str:
        shapes = [
            ("[{}, {}]", (NUMBER, NUMBER)),
            ("[for item in {} : length(item)]", ("list(string)",)),
            ("concat({}, [1])", (NUMBERS,)),
        ]
        shape, kinds = self.random.choice(shapes)
        made = shape.format(*(self.expression(kind, depth, known=known) for kind in kinds))
        # An empty list has no sum.
        return f"concat([0], {made})"

    def _map(self, depth: int, known: bool) -> str:
        shapes = [
            ("merge({}, {})", (NAMED, NAMED)),
            ("tomap({{ a = {}, b = {} }})", (STRING, STRING)),
            ("{{ for item in {} : item => upper(item)... }} == {{}} ? tomap({{}}) : {}", (STRINGS, NAMED)),
            ('{{ for key, item in {} : upper(key) => item if item != "b" }}', (NAMED,)),
            ('zipmap(["x", "y"], [{}, {}])', (STRING, STRING)),
        ]
        shape, kinds = self.random.choice(shapes)
        return f"({shape.format(*(self.expression(kind, depth, known=known) for kind in kinds))})"
