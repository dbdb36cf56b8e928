"""Reads HCL text into our own nodes; the only module that knows the HCL library."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bbws_readiness.errors import Diagnostic
from bbws_readiness.source import Location, Source
from bbws_readiness.terraform.diagnostics import Fault, error
from bbws_readiness.terraform.limits import MAX_EXPRESSION_DEPTH
from bbws_readiness.terraform.nodes import (
    AttributeNode,
    Binary,
    BlockNode,
    BodyNode,
    Call,
    Conditional,
    Expression,
    ForExpression,
    GetAttribute,
    Index,
    Literal,
    Name,
    ObjectCons,
    Parentheses,
    Splat,
    SplatItem,
    TupleCons,
    Unary,
)
from bbws_readiness.terraform.numbers import NumberTooLong, parse_number
from bbws_readiness.terraform.scanner import Chunk, Lines, Scan, scan, scan_template
from bbws_readiness.terraform.strings import build_template

_EXPRESSION_PREFIX = "_ ="
"""The grammar reads only bodies, so a lone expression is read as an attribute."""


@dataclass(frozen=True)
class ParsedFile:
    """A configuration file, or why there is none: `body` is None exactly when a diagnostic says why."""

    path: str
    body: BodyNode | None
    diagnostics: tuple[Diagnostic, ...] = ()


def parse_file(source: Source) -> ParsedFile:
    """Read a `.tf` or `.tfvars` file. A fault anywhere in it makes the whole file unreadable, as in Terraform."""
    lines = Lines(source.path, source.text)
    try:
        scanned = scan(source.text, lines)
        body = _Converter(source.text, lines, scanned).file()
    except Fault as fault:
        return ParsedFile(source.path, None, (fault.diagnostic(),))
    except RecursionError:
        return ParsedFile(source.path, None, (error("expression too complex to parse", source.at(1)),))
    return ParsedFile(source.path, body)


def parse_expression(text: str, at: Location) -> Expression:
    """Read one expression that stands at `at`. Raises `Fault`."""
    lines = Lines(at.path, text, first_line=at.line)
    scanned = scan(f"({text}\n)", lines)
    converter = _Converter(f"({text}\n)", lines, scanned)
    return converter.expression_of(scanned.code)


def parse_template(text: str, path: str) -> Expression:
    """Read a whole text as a template, as `templatefile` does. Raises `Fault`."""
    lines = Lines(path, text)
    template, scanned = scan_template(text, lines)
    return build_template(template, lines, _Converter(text, lines, scanned).expression_of)


class _Converter:
    """Turns the library's trees for one text into nodes; offsets in trees are relative to `_base`."""

    def __init__(self, text: str, lines: Lines, scanned: Scan) -> None:
        self._text = text
        self._lines = lines
        self._scan = scanned
        self._base = 0
        self._skeleton = ""

    def file(self) -> BodyNode:
        skeleton = self._scan.code.text
        tree = _tree(skeleton, self._lines, 0)
        self._skeleton = skeleton
        return self._body(tree.children[0], Location(self._lines.at(0).path, 1))

    def expression_of(self, code: Chunk) -> Expression:
        """Read a stretch of code as one expression."""
        if not code.text.strip():
            raise Fault("expected an expression", self._lines.at(code.start))
        base, skeleton = self._base, self._skeleton
        self._base = code.start - len(_EXPRESSION_PREFIX)
        self._skeleton = _EXPRESSION_PREFIX + code.text
        tree = _tree(self._skeleton, self._lines, self._base)
        items = [item for item in tree.children[0].children if item.data != "new_line_or_comment"]
        if len(items) != 1:
            raise Fault("expected one expression", self._lines.at(code.start))
        node = self._expression(items[0].children[-1], 0)
        self._base, self._skeleton = base, skeleton
        return node

    def _at(self, part: Any) -> Location:  # noqa: ANN401 - a tree or token of the library, which has no types
        return self._lines.at(_offset(part) + self._base)

    def _word(self, part: Any) -> str:  # noqa: ANN401
        """The characters of the source, because the skeleton spells some names differently."""
        start = _offset(part) + self._base
        return self._text[start : start + _end(part) - _offset(part)]

    def _gap_before(self, part: Any) -> str:  # noqa: ANN401
        """The line ends and commas before a part; the library counts some of them to the part in front."""
        end = start = _offset(part)
        while start and self._skeleton[start - 1] in " \t\r\n,":
            start -= 1
        return self._skeleton[start:end]

    def _body(self, tree: Any, at: Location) -> BodyNode:  # noqa: ANN401
        attributes: dict[str, AttributeNode] = {}
        blocks: list[BlockNode] = []
        for position, item in enumerate(_trees(tree)):
            if position and "\n" not in self._gap_before(item):
                raise Fault("expected a new line before the next argument or block", self._at(item))
            if item.data == "block":
                blocks.append(self._block(item))
                continue
            attribute = self._attribute(item)
            if first := attributes.get(attribute.name):
                raise Fault(
                    f'argument "{attribute.name}" is set twice (first at line {first.at.line})',
                    attribute.at,
                    "keep one of the two",
                )
            attributes[attribute.name] = attribute
        return BodyNode(at, tuple(attributes.values()), tuple(blocks))

    def _attribute(self, tree: Any) -> AttributeNode:  # noqa: ANN401
        name = tree.children[0]
        return AttributeNode(self._at(name), self._word(name), self._expression(tree.children[-1], 0))

    def _block(self, tree: Any) -> BlockNode:  # noqa: ANN401
        header, labels = tree.children[0], []
        for child in tree.children[1:]:
            if _is_token(child) or child.data in ("body", "new_line_or_comment"):
                continue
            labels.append(self._label(child))
        body = next(child for child in tree.children if not _is_token(child) and child.data == "body")
        at = self._at(header)
        return BlockNode(at, self._word(header), tuple(labels), self._body(body, at))

    def _label(self, tree: Any) -> str:  # noqa: ANN401
        if tree.data != "string":
            return self._word(tree)
        node = self._template(tree)
        if not isinstance(node, Literal):
            raise Fault("a block label cannot contain a template", self._at(tree))
        return str(node.value)

    def _expression(self, tree: Any, depth: int) -> Expression:  # noqa: ANN401
        if depth > MAX_EXPRESSION_DEPTH:
            raise Fault("expression too complex to parse", self._at(tree))
        match tree.data:
            case "expr_term":
                return self._term(tree, depth)
            case "conditional":
                condition, then, otherwise = _trees(tree)
                return Conditional(
                    self._at(tree),
                    self._expression(condition, depth + 1),
                    self._expression(then, depth + 1),
                    self._expression(otherwise, depth + 1),
                )
            case "binary_op":
                left, term = _trees(tree)
                operator, right = _trees(term)
                token = operator.children[0]
                if "\n" in token:
                    raise Fault("an operator cannot begin a new line here", self._at(token), "put it in parentheses")
                return Binary(
                    self._at(token),
                    str(token).strip(),
                    self._expression(left, depth + 1),
                    self._expression(right, depth + 1),
                )
            case "unary_op":
                token, operand = tree.children
                node = Unary(self._at(token), str(token), self._expression(operand, depth + 1))
                doubled = _offset(token) + self._base in self._scan.doubled
                return Unary(node.at, "!", node) if doubled else node
        return self._primary(tree, depth)

    def _term(self, tree: Any, depth: int) -> Expression:  # noqa: ANN401
        inner = _trees(tree)[0]
        if _is_token(tree.children[0]):
            return Parentheses(self._at(tree), self._expression(inner, depth + 1))
        return self._primary(inner, depth)

    def _primary(self, tree: Any, depth: int) -> Expression:  # noqa: ANN401
        match tree.data:
            case "int_lit" | "float_lit":
                return self._number(tree)
            case "string":
                return self._template(tree)
            case "literal_value":
                return Literal(self._at(tree), {"true": True, "false": False, "null": None}[str(tree.children[0])])
            case "identifier":
                return Name(self._at(tree), self._word(tree))
            case "tuple":
                return TupleCons(self._at(tree), tuple(self._expression(item, depth + 1) for item in _trees(tree)))
            case "object":
                return self._object(tree, depth)
            case "function_call":
                return self._call(tree, depth)
            case "for_tuple_expr" | "for_object_expr":
                return self._for(tree, depth)
            case "index_expr_term" | "get_attr_expr_term" | "attr_splat_expr_term" | "full_splat_expr_term":
                return self._traversal(tree, depth)
        raise Fault("unexpected expression", self._at(tree))

    def _number(self, tree: Any) -> Literal:  # noqa: ANN401
        try:
            amount = parse_number(str(tree.children[0]))
        except NumberTooLong as error:
            raise Fault(str(error), self._at(tree)) from None
        if amount is None:
            raise Fault("not a number", self._at(tree))
        return Literal(self._at(tree), amount)

    def _template(self, tree: Any) -> Expression:  # noqa: ANN401
        template = self._scan.templates[_offset(tree) + self._base]
        return build_template(template, self._lines, self.expression_of)

    def _object(self, tree: Any, depth: int) -> Expression:  # noqa: ANN401
        items = []
        for position, element in enumerate(_trees(tree)):
            gap = self._gap_before(element)
            if position and "\n" not in gap and "," not in gap:
                raise Fault("expected a comma or a new line before the next element", self._at(element))
            key, value = _trees(element)
            items.append((self._object_key(key, depth), self._expression(value, depth + 1)))
        return ObjectCons(self._at(tree), tuple(items))

    def _object_key(self, tree: Any, depth: int) -> Expression:  # noqa: ANN401
        inner = tree.children[0]
        if inner.data == "keyword":
            return Literal(self._at(inner), self._word(inner))
        node = self._expression(inner, depth + 1)
        return Literal(node.at, node.name) if isinstance(node, Name) else node

    def _call(self, tree: Any, depth: int) -> Expression:  # noqa: ANN401
        words = [child for child in tree.children if not _is_token(child) and child.data == "identifier"]
        name = self._word(words[0]) if len(words) == 1 else "::".join(map(self._word, words))
        lists = [child for child in tree.children if not _is_token(child) and child.data == "arguments"]
        arguments: tuple[Expression, ...] = ()
        expands = False
        if lists:
            arguments = tuple(self._expression(child, depth + 1) for child in _trees(lists[0]))
            expands = any(_is_token(child) and child.type == "ELLIPSIS" for child in lists[0].children)
        return Call(self._at(tree), name, arguments, expands)

    def _for(self, tree: Any, depth: int) -> Expression:  # noqa: ANN401
        parts = _trees(tree)
        intro_parts = _trees(parts[0])
        names = [self._word(part) for part in intro_parts[:-1]]
        condition = None
        if parts[-1].data == "for_cond":
            condition = self._expression(_trees(parts.pop())[0], depth + 1)
        results = [self._expression(part, depth + 1) for part in parts[1:]]
        return ForExpression(
            self._at(tree),
            names[0] if len(names) == 2 else None,
            names[-1],
            self._expression(intro_parts[-1], depth + 1),
            results[0] if len(results) == 2 else None,
            results[-1],
            condition,
            any(_is_token(child) and child.type == "ELLIPSIS" for child in tree.children),
        )

    def _traversal(self, tree: Any, depth: int) -> Expression:  # noqa: ANN401
        steps: list[Any] = []
        while tree.data in ("index_expr_term", "get_attr_expr_term", "attr_splat_expr_term", "full_splat_expr_term"):
            source, step = tree.children
            if step.data in ("attr_splat", "full_splat"):
                steps.extend(reversed(step.children))
            else:
                steps.append(step)
            if _is_token(source.children[0]):
                tree = source
                break
            tree = source.children[0]
        if len(steps) + depth > MAX_EXPRESSION_DEPTH:
            raise Fault("expression too complex to parse", self._at(tree))
        base = self._term(tree, depth) if tree.data == "expr_term" else self._primary(tree, depth)
        return self._steps(base, steps[::-1], depth)

    def _steps(self, node: Expression, steps: list[Any], depth: int) -> Expression:
        """Apply accessors from left to right; what follows `[*]` belongs to the splat, after `.*` only attributes."""
        for position, step in enumerate(steps):
            at = self._at(step)
            rest = steps[position + 1 :]
            if _is_token(step):
                if step.type == "FULL_SPLAT_START":
                    return Splat(at, node, self._steps(SplatItem(at), rest, depth))
                taken = 0
                while taken < len(rest) and not _is_token(rest[taken]) and rest[taken].data == "get_attr":
                    taken += 1
                splat = Splat(at, node, self._steps(SplatItem(at), rest[:taken], depth))
                return self._steps(splat, rest[taken:], depth)
            match step.data:
                case "get_attr":
                    node = GetAttribute(self._at(_trees(step)[0]), node, self._word(_trees(step)[0]))
                case "short_index":
                    node = Index(at, node, Literal(at, int(step.children[-1])))
                case _:
                    node = Index(at, node, self._expression(_trees(step)[0], depth + 1))
        return node


def _tree(skeleton: str, lines: Lines, base: int) -> Any:  # noqa: ANN401
    """The library's tree of a body; its errors are told in our own words, which never quote the input."""
    # Importing the library takes longer than most commands that do not need it.
    from hcl2.api import parses_to_tree
    from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

    try:
        return parses_to_tree(skeleton)
    except (UnexpectedCharacters, UnexpectedToken) as error:
        position = int(error.pos_in_stream or 0)
        raise Fault(f"unexpected {_words_for(skeleton[position : position + 1])}", lines.at(position + base)) from None
    except UnexpectedInput:
        raise Fault("unexpected end of the text", lines.at(len(skeleton) + base)) from None


def _words_for(character: str) -> str:
    if not character.strip():
        return "end of line"
    if character == '"':
        return "string"
    if character.isalnum() or character == "_":
        return "word"
    return f'"{character}"' if character.isprintable() else f"character U+{ord(character):04X}"


def _is_token(part: Any) -> bool:  # noqa: ANN401
    return isinstance(part, str)


def _trees(tree: Any) -> list[Any]:  # noqa: ANN401
    """The children that are trees and not line ends."""
    return [child for child in _children(tree) if child.data != "new_line_or_comment"]


def _children(tree: Any) -> Iterable[Any]:  # noqa: ANN401
    return (child for child in tree.children if not _is_token(child))


def _offset(part: Any) -> int:  # noqa: ANN401
    return int(part.start_pos if _is_token(part) else part.meta.start_pos)


def _end(part: Any) -> int:  # noqa: ANN401
    return int(part.end_pos if _is_token(part) else part.meta.end_pos)
