"""Tests of saying plainly what the command line says."""

from __future__ import annotations

import pytest

from talklike.studio.plain import plain


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("x.csv is empty", "X.csv is empty."),
        ("12 skipped (--with-quotes keeps them)", "12 skipped."),
        ("use numbers; name them with --author-column", "Use numbers; name them with author column."),
        ("Did you mean Gull?", "Did you mean Gull?"),
        ("a -- b", "A -- b."),
        ("", "."),
    ],
)
def test_options_become_words(said: str, expected: str) -> None:
    """What is told is kept; how it is typed is not."""
    assert plain(said) == expected
