"""The tree of errors."""

from __future__ import annotations

import inspect
import re

import pytest

from talklike import errors

KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, Exception)]


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    """Each class stands in the drawing under its parent, and the drawing holds no other."""
    assert errors.__doc__ is not None
    parents: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    for line in errors.__doc__.splitlines():
        match = re.match(r"( {4}[│├└─ ]*)(\w+Error)\b", line)
        if match is None:
            continue
        depth = len(match[1])
        above = [entry for entry in above if entry[0] < depth]
        if above:
            parents[match[2]] = above[-1][1]
        above.append((depth, match[2]))
    assert parents == {kind.__name__: kind.__mro__[1].__name__ for kind in KINDS if kind is not errors.TalklikeError}


@pytest.mark.parametrize("kind", KINDS)
def test_each_error_is_documented_and_has_an_exit_status(kind: type[errors.TalklikeError]) -> None:
    """Every error says what it means, and ends the command line with 1, or 2 for wrong usage."""
    assert issubclass(kind, errors.TalklikeError)
    assert kind.__doc__
    assert kind.exit_status == (2 if kind is errors.OptionError else 1)


def test_a_missing_extra_says_what_to_install() -> None:
    """The error holds a command that can be copied."""
    error = errors.MissingExtraError("onnx", "train")
    assert str(error) == "this needs the package onnx; install it with: pip install 'talklike[train]'"
