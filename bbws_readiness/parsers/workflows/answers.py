"""Tells what a script does about a failure it has noticed: ends with an error, goes on, or something not followed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum

from bbws_readiness.parsers.workflows.grammar import ShellNode

_HARMLESS = frozenset({"true", ":", "echo", "printf", "cat", "date", "sleep", "ls", "tee", "set"})
_TESTS = frozenset({"if_statement", "case_statement", "test_command", "list", "while_statement"})


class Answer(Enum):
    """What follows a failure."""

    FAILS = "fails"
    GOES_ON = "goes on"
    NOT_FOLLOWED = "not followed"


def answer_of(node: ShellNode, root: ShellNode) -> Answer:
    """What the command behind `||` does: `exit 1` fails, `true` goes on, `rc=$?` is followed through the script."""
    if node.kind == "variable_assignment":
        return _recorded(node, root)
    if node.kind in ("test_command", "compound_statement") and "$?" in node.text and not exits(node):
        return Answer.FAILS
    if node.kind == "command" and _name(node) == "test" and "$?" in node.text:
        return Answer.FAILS
    return answer_of_all([node], root)


def answer_of_all(nodes: Iterable[ShellNode], root: ShellNode) -> Answer:
    """What a branch does: it fails when anything in it exits with an error, it goes on when all of it is harmless."""
    inside = [one for node in nodes for one in node.walk()]
    if any(_fails(one) for one in inside):
        return Answer.FAILS
    commands = [one for one in inside if one.kind == "command"]
    assigned = [one for one in inside if one.kind == "variable_assignment"]
    for one in assigned:
        found = _recorded(one, root)
        if found is not Answer.GOES_ON:
            return found
    called = [_function(_name(one), root) for one in commands]
    if any(body is not None and exits(body) for body in called):
        return Answer.FAILS
    if all(_name(one) in _HARMLESS or _succeeds(one) for one in commands):
        return Answer.GOES_ON
    return Answer.NOT_FOLLOWED


def consumption(node: ShellNode, root: ShellNode) -> Answer:
    """What the command that reads `$?` makes of it."""
    if any(_fails(one) for one in node.walk()):
        return Answer.FAILS
    if node.kind == "variable_assignment":
        return _recorded(node, root)
    if node.kind == "test_command":
        return Answer.FAILS
    return answer_of_all([node], root)


def of_pipe_status(node: ShellNode, number: int, root: ShellNode) -> Answer:
    """What the command behind a pipeline does about a failure of its part `number`, from 0: `exit ${PIPESTATUS[0]}`.

    Only the status of that part by itself is followed.
    """
    held = rf"\"?\$\{{PIPESTATUS(?:\[{number}\]){'?' if number == 0 else ''}\}}\"?"
    if node.kind == "command" and re.fullmatch(rf"exit\s+{held}", node.text):
        return Answer.FAILS
    if node.kind == "variable_assignment" and re.fullmatch(rf"\w+={held}", node.text):
        return _recorded(node, root)
    if node.kind == "if_statement":
        tested = next((child.text for child in node.children if child.field == "condition"), "")
        others = any(child.kind in ("elif_clause", "else_clause") for child in node.children)
        if not others and re.fullmatch(rf"\[\[?\s+{held}\s+(?:-ne|-gt|!=)\s+\"?0\"?\s+\]\]?;?", tested.strip()):
            body = [child for child in node.children if child.field != "condition"]
            return answer_of_all(body, root)
    return Answer.NOT_FOLLOWED


def exits(node: ShellNode) -> bool:
    """Whether anything below it ends the script, or a function of it, with an error."""
    return any(_fails(one) for one in node.walk())


def _recorded(assignment: ShellNode, root: ShellNode) -> Answer:
    """A status that is kept in a variable: it counts when the script later exits with it, or tests it and exits."""
    name = re.match(r"\w+", assignment.text)
    if name is None:
        return Answer.NOT_FOLLOWED
    read = re.compile(rf"\$\{{?{name[0]}\b|\(\([^)]*\b{name[0]}\b")
    end = assignment.start + len(assignment.text.encode())
    later = [one for one in root.walk() if one.start >= end and read.search(one.text)]
    if any(one.kind == "command" and _name(one) in ("exit", "return") for one in later):
        return Answer.FAILS
    if any(one.kind in _TESTS and exits(one) for one in later):
        return Answer.FAILS
    return Answer.NOT_FOLLOWED if later else Answer.GOES_ON


def _fails(node: ShellNode) -> bool:
    if node.kind != "command":
        return False
    name = _name(node)
    if name == "false":
        return True
    return name in ("exit", "return") and not _succeeds(node)


def _succeeds(node: ShellNode) -> bool:
    words = node.text.split()
    return words[:1] in (["exit"], ["return"]) and words[1:2] == ["0"]


def _name(node: ShellNode) -> str:
    return next((child.text for child in node.children if child.field == "name"), "")


def _function(name: str, root: ShellNode) -> ShellNode | None:
    for one in root.walk():
        if one.kind == "function_definition" and any(
            child.field == "name" and child.text == name for child in one.children
        ):
            return one
    return None
