"""How messages are cleaned."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.corpus.clean import cleaned


def clean(*texts: str, lowercase: bool = False) -> list[str]:
    """Return the texts that cleaning leaves."""
    return cleaned(pl.LazyFrame({"text": texts}, schema={"text": pl.String}), lowercase=lowercase).collect()["text"].to_list()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hi", ["hi"]),
        ("hi \t\n", ["hi"]),
        ("\n\nhi", ["hi"]),
        ("    code()", ["    code()"]),
        ("\n    code()\n", ["    code()"]),
        ("one\r\ntwo\rthree\nfour", ["one\ntwo\nthree\nfour"]),
        ("\r\n", []),
        ("  ", []),
        ("", []),
        ("a  b", ["a  b"]),
    ],
)
def test_white_space_nobody_means_goes(text: str, expected: list[str]) -> None:
    """Line ends are made uniform, white space at the end goes, indentation stays, what is empty then goes."""
    assert clean(text) == expected


def test_case_is_kept_unless_asked_otherwise() -> None:
    """Letters are folded only with lowercase, in every script."""
    assert clean("Hello ÄÖ Ж") == ["Hello ÄÖ Ж"]
    assert clean("Hello ÄÖ Ж", lowercase=True) == ["hello äö ж"]


def test_other_columns_stay_with_their_text() -> None:
    """A message that cleaning empties takes its whole row with it."""
    frame = pl.LazyFrame({"author": ["a", "b", "c"], "text": ["x ", "\n", "y"]})
    assert cleaned(frame).collect().rows() == [("a", "x"), ("c", "y")]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    """What is clean stays as it is."""
    once = clean(text)
    assert clean(*once) == once
