"""Parses expressions by recursive descent, in the order of decisions that Terraform's own parser takes."""

from __future__ import annotations

from bbws_readiness.codes import Code
from bbws_readiness.source import Location
from bbws_readiness.terraform.diagnostics import Fault
from bbws_readiness.terraform.lexer import Lexed, Places, Token
from bbws_readiness.terraform.limits import MAX_CHAIN, MAX_EXPRESSION_DEPTH
from bbws_readiness.terraform.nodes import (
    Binary,
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
from bbws_readiness.terraform.plain import CONSTANTS, LEVELS, plain_expression
from bbws_readiness.terraform.templates import Directive, Part, build_template, plain_text, quoted_text


class ExpressionParser:
    """Reads the expressions of one text from its tokens; offsets of nodes become places at once."""

    def __init__(self, lexed: Lexed, places: Places) -> None:
        self._tokens = lexed.tokens
        self._broken = lexed.fault
        self._places = places
        self._next = 0
        self._depth = 0
        self._lines_matter = True
        """False inside parentheses, brackets and template sequences, where line ends are only white space."""

    def lone_expression(self) -> Expression:
        """The expression that the whole text is. Raises `Fault`."""
        self._lines_matter = False
        node = self.expression()
        if self._peek().kind != "end":
            raise self._fault("expected one expression", self._peek())
        return node

    def whole_template(self) -> Expression:
        """The template that the whole text is. Raises `Fault`."""
        return build_template(self._places.at(0), self._parts("heredoc"))

    def expression(self) -> Expression:
        """The next expression: operations, and conditionals between them."""
        start = self._peek()
        most = MAX_EXPRESSION_DEPTH - self._depth - 1
        if most >= 0:
            plain = plain_expression(self._tokens, self._next, self._places, lines_matter=self._lines_matter, most=most)
            if plain:
                node, self._next = plain
                return node
        self._depth += 1
        decided: list[tuple[Location, Expression, Expression]] = []
        node = self._operation()
        while self._peek().kind == "?":
            if self._depth + len(decided) > MAX_EXPRESSION_DEPTH:
                raise self._fault("expression too complex to parse", start, code=Code.TOO_COMPLEX)
            self._take()
            then = self.expression()
            self._expect(":", 'expected ":" and what holds otherwise')
            decided.append((self._at(start), node, then))
            node = self._operation()
        for at, condition, then in reversed(decided):
            node = Conditional(at, condition, then, node)
        self._depth -= 1
        return node

    def _peek(self) -> Token:
        token = self._tokens[self._next]
        if not self._lines_matter:
            while token.kind == "newline":
                self._next += 1
                token = self._tokens[self._next]
        return token

    def _take(self) -> Token:
        token = self._peek()
        if token.kind not in ("end", "fault"):
            self._next += 1
        return token

    def _expect(self, kind: str, summary: str) -> Token:
        token = self._take()
        if token.kind != kind:
            raise self._fault(summary, token)
        return token

    def _at(self, token: Token) -> Location:
        return self._places.at(token.start)

    def _fault(self, summary: str, token: Token, detail: str = "", *, code: Code = Code.SYNTAX) -> Fault:
        """A fault at `token`, unless the text could not be read up to there."""
        if token.kind == "fault" and self._broken:
            return self._broken
        return Fault(summary, self._at(token), detail, code=code)

    def _operation(self) -> Expression:
        """Operands with operators between them; without recursion, because chains may be long."""
        start = self._peek()
        operands, pending = [self._operand()], list[Token]()
        count = 0
        while level := LEVELS.get(self._peek().kind):
            count += 1
            if count > MAX_CHAIN:
                raise self._fault("expression too complex to parse", start, code=Code.TOO_COMPLEX)
            while pending and LEVELS[pending[-1].kind] >= level:
                self._join(operands, pending)
            pending.append(self._take())
            operands.append(self._operand())
        while pending:
            self._join(operands, pending)
        return operands[0]

    def _join(self, operands: list[Expression], pending: list[Token]) -> None:
        token, right = pending.pop(), operands.pop()
        operands[-1] = Binary(self._at(token), token.kind, operands[-1], right)

    def _operand(self) -> Expression:
        start = self._peek()
        signs = []
        while self._peek().kind in ("-", "!"):
            signs.append(self._take())
        if len(signs) + self._depth > MAX_EXPRESSION_DEPTH:
            raise self._fault("expression too complex to parse", start, code=Code.TOO_COMPLEX)
        node = self._accessors(self._term(), start)
        for sign in reversed(signs):
            node = Unary(self._at(sign), sign.kind, node)
        return node

    def _term(self) -> Expression:
        token = self._take()
        match token.kind:
            case "word":
                if self._peek().kind in ("(", "::"):
                    return self._call(token)
                if token.text in CONSTANTS:
                    return Literal(self._at(token), CONSTANTS[token.text])
                return Name(self._at(token), token.text)
            case "number":
                return self._number(token)
            case "quote" | "heredoc" | "indented":
                parts = self._parts(token.kind)
                return build_template(self._at(token), parts, indented=token.kind == "indented")
            case "(" | "[" | "{":
                return self._bracket(token)
        raise self._fault("expected an expression", token)

    def _bracket(self, token: Token) -> Expression:
        outer = self._lines_matter
        self._lines_matter = False
        node: Expression
        if token.kind == "(":
            node = Parentheses(self._at(token), self.expression())
            self._expect(")", 'expected ")" behind the expression')
        elif self._begins_for():
            node = self._for(token)
        elif token.kind == "[":
            node = self._tuple(token)
        else:
            self._lines_matter = True
            node = self._object(token)
        self._lines_matter = outer
        return node

    def _begins_for(self) -> bool:
        index = self._next
        while self._tokens[index].kind == "newline":
            index += 1
        return self._tokens[index].is_word("for")

    def _tuple(self, opening: Token) -> Expression:
        items: list[Expression] = []
        while self._peek().kind != "]":
            items.append(self.expression())
            if self._peek().kind != "]":
                self._expect(",", 'expected "," or "]" behind the element')
        self._take()
        return TupleCons(self._at(opening), tuple(items))

    def _object(self, opening: Token) -> Expression:
        items: list[tuple[Expression, Expression]] = []
        while True:
            token = self._peek()
            if token.kind == "newline":
                self._take()
                continue
            if token.kind == "}":
                self._take()
                return ObjectCons(self._at(opening), tuple(items))
            key = self._object_key(token)
            if self._peek().kind not in ("=", ":"):
                raise self._fault('expected "=" and a value behind the key', self._peek())
            self._take()
            items.append((key, self.expression()))
            if self._peek().kind not in (",", "newline", "}"):
                raise self._fault("expected a comma or a new line before the next element", self._peek())
            if self._peek().kind != "}":
                self._take()

    def _object_key(self, token: Token) -> Expression:
        key = self.expression()
        if isinstance(key, Name) or (isinstance(key, Literal) and token.kind == "word"):
            return Literal(key.at, token.text)
        return key

    def _call(self, first: Token) -> Expression:
        name = first.text
        while self._peek().kind == "::":
            self._take()
            name += "::" + self._expect("word", 'expected a function name behind "::"').text
        self._expect("(", 'expected "(" behind the function name')
        outer, self._lines_matter = self._lines_matter, False
        arguments: list[Expression] = []
        expands = False
        while self._peek().kind != ")":
            arguments.append(self.expression())
            if self._peek().kind == "...":
                self._take()
                expands = True
                break
            if self._peek().kind != ")":
                self._expect(",", 'expected "," or ")" behind the argument')
        self._expect(")", 'expected ")" behind "..."')
        self._lines_matter = outer
        return Call(self._at(first), name, tuple(arguments), expands)

    def _for(self, opening: Token) -> Expression:
        self._take()
        key_name, value_name = self._for_names()
        collection = self.expression()
        self._expect(":", 'expected ":" behind what "for" goes over')
        key, value = None, self.expression()
        if self._peek().kind == "=>":
            arrow = self._take()
            if opening.kind == "[":
                raise self._fault('a "for" in brackets makes a tuple, which has no keys', arrow)
            key, value = value, self.expression()
        elif opening.kind == "{":
            raise self._fault('expected "=>" and a value: a "for" in braces makes an object', self._peek())
        grouped = self._peek().kind == "..."
        if grouped:
            ellipsis = self._take()
            if key is None:
                raise self._fault("values can only be grouped in an object", ellipsis)
        condition = None
        if self._peek().is_word("if"):
            self._take()
            condition = self.expression()
        self._expect("]" if opening.kind == "[" else "}", 'unexpected text at the end of the "for" expression')
        return ForExpression(self._at(opening), key_name, value_name, collection, key, value, condition, grouped)

    def _for_names(self) -> tuple[str | None, str]:
        """The names between `for` and `in`, both taken too: of the key, which may be left out, and of the value."""
        names = [self._expect("word", 'expected a name behind "for"').text]
        if self._peek().kind == ",":
            self._take()
            names.append(self._expect("word", 'expected a name behind ","').text)
        token = self._take()
        if not token.is_word("in"):
            raise self._fault('expected "in" behind the names of "for"', token)
        return (names[0], names[1]) if len(names) == 2 else (None, names[0])

    def _number(self, token: Token) -> Literal:
        try:
            amount = parse_number(token.text)
        except NumberTooLong as problem:
            raise self._fault(str(problem), token, code=Code.DIGITS) from None
        if amount is None:
            raise self._fault("not a number", token)
        return Literal(self._at(token), amount)

    def _accessors(self, node: Expression, start: Token) -> Expression:
        """`node` with the attributes, indexes and splats that follow it."""
        count = 0
        while True:
            token = self._peek()
            if token.kind not in (".", "["):
                return node
            count += 1
            if count + self._depth > MAX_EXPRESSION_DEPTH:
                raise self._fault("expression too complex to parse", start, code=Code.TOO_COMPLEX)
            self._take()
            following = self._peek()
            if token.kind == "[":
                if following.kind != "*":
                    node = Index(self._at(token), node, self._index_key())
                    continue
                self._take()
                self._expect("]", 'expected "]" behind "[*"')
                # What follows belongs to every element.
                self._depth += count
                each = self._accessors(SplatItem(self._at(token)), start)
                self._depth -= count
                return Splat(self._at(token), node, each)
            if following.kind == "*":
                self._take()
                node = Splat(self._at(token), node, self._elements_attributes(token, start))
            else:
                node = self._attribute(node, token)

    def _index_key(self) -> Expression:
        outer, self._lines_matter = self._lines_matter, False
        key = self.expression()
        self._expect("]", 'expected "]" behind the index')
        self._lines_matter = outer
        return key

    def _attribute(self, node: Expression, dot: Token) -> Expression:
        """`node.name`, or `node.0` as Terraform 0.11 wrote an index."""
        token = self._take()
        if token.kind == "word":
            return GetAttribute(self._at(token), node, token.text)
        if token.kind != "number":
            raise self._fault('expected a name behind "."', token)
        if "." in token.text:
            raise self._fault("two indexes with dots cannot follow one another", token, "write them as [0][1]")
        return Index(self._at(dot), node, self._number(token))

    def _elements_attributes(self, star: Token, start: Token) -> Expression:
        """What `.*` takes from every element: only what is written with dots."""
        each: Expression = SplatItem(self._at(star))
        count = 0
        while self._peek().kind == ".":
            count += 1
            if count + self._depth > MAX_EXPRESSION_DEPTH:
                raise self._fault("expression too complex to parse", start, code=Code.TOO_COMPLEX)
            dot = self._take()
            if self._peek().kind == "*":
                raise self._fault('".*" cannot stand inside another one', self._peek(), 'use "[*]"')
            each = self._attribute(each, dot)
        return each

    def _parts(self, kind: str) -> list[Part]:
        """The parts of a template whose opening has been taken, up to its end."""
        parts: list[Part] = []
        strips = False
        while True:
            token = self._take()
            match token.kind:
                case "close":
                    return parts
                case "text":
                    following = self._tokens[self._next].text
                    self._text(parts, kind, token, strip_left=strips, strip_right=following in ("${~", "%{~"))
                    continue
                case "${" | "%{":
                    outer, self._lines_matter = self._lines_matter, False
                    parts.append(self.expression() if token.kind == "${" else self._directive(token))
                    closing = self._expect("sequence-end", f'expected "}}" at the end of "{token.kind}"')
                    strips = closing.text == "~}"
                    self._lines_matter = outer
                case _:
                    raise self._fault("the template is not closed", token, code=Code.NOT_CLOSED)

    def _text(self, parts: list[Part], kind: str, token: Token, *, strip_left: bool, strip_right: bool) -> None:
        if kind == "quote":
            text = quoted_text(token.text, token.start, self._places, strip_left=strip_left, strip_right=strip_right)
            parts.append(text)
        else:
            parts.extend(
                plain_text(
                    token.text,
                    token.start,
                    self._places,
                    strip_left=strip_left,
                    strip_right=strip_right,
                    by_line=kind == "indented",
                )
            )

    def _directive(self, opening: Token) -> Directive:
        token = self._take()
        at = self._at(opening)
        if token.is_word("if"):
            return Directive(at, "if", self.expression())
        if token.is_word("for"):
            key_name, value_name = self._for_names()
            return Directive(at, "for", self.expression(), key_name, value_name)
        if token.is_word("else", "endif", "endfor"):
            return Directive(at, token.text)
        raise self._fault('expected "if", "else", "endif", "for" or "endfor" in "%{"', token)
