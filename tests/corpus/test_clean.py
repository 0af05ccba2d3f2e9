"""How messages are cleaned."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.corpus.clean import Quotations, cleaned, quotations


def clean(*texts: str, lowercase: bool = False, with_quotes: bool = False) -> list[str]:
    """Return the texts that cleaning leaves."""
    frame = pl.LazyFrame({"text": texts}, schema={"text": pl.String})
    return cleaned(frame, lowercase=lowercase, with_quotes=with_quotes).collect()["text"].to_list()


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("> is the tide in?\nyes", "yes"),
        ("> is the tide in?\n\nyes", "yes"),
        ("> is the tide in?\r\n\r\nyes", "yes"),
        ("@wren:\n> is the tide in?", "@wren:"),
        ("> one\n>\n> two\n>three\nyes", "yes"),
        (">> older\n> newer\nyes", "yes"),
        ("> > older\nyes", "yes"),
        ("> one\nyes\n> two\nno", "yes\nno"),
        ("she said\n> is it?\n\nand I said\n> it is", "she said\n\nand I said"),
        (">\tis it\nyes", "yes"),
    ],
)
def test_lines_that_quote_others_go(text: str, expected: str) -> None:
    """With one marker or several; the author's own lines stay, in order."""
    assert clean(text) == [expected]
    assert clean(text, with_quotes=True) == [text.replace("\r\n", "\n")]


@pytest.mark.parametrize(
    "text",
    [
        "> is the tide in?",  # nothing else: emphasis, or a prompt
        "> my $x = 42;\n> say $x;",
        "> [![](tide.png)](tide.png)\n> and more",
        ">_< \nno",
        ">:(\nno way",
        "> 3\nthat many",
        "> :(\noh no",
        ">no space\nhm",
        ">>> print(x)\nwhat does it say",
        "a > b\nc > d",
        "-> x\n=> y",
        "```\n> prompt in code\n```\nwhat is it",
        "~~~\n> prompt in code\n~~~\nwhat is it",
        "    > indented code\nwhat is it",
        "> is it?\n!!!",  # no words of one's own
        ">",
        "> ",
        ">\n>\nso",
    ],
)
def test_what_only_looks_like_a_quotation_stays(text: str) -> None:
    """Faces, comparisons, prompts, code, and messages that are nothing but such lines."""
    assert clean(text) == [text.rstrip()]


def quoted_lines(lines: list[str]) -> list[bool]:
    """Return for each line of a message whether it quotes, found line by line."""
    word = re.compile(r"[^\W\d_]{2}")
    quoted = [False] * len(lines)
    fenced = within = False
    start = 0
    for number, line in enumerate([*lines, ""]):
        if within and not line.startswith(">"):
            within = False
            if not any(word.search(one) for one in lines[start:number]):
                quoted[start:number] = [False] * (number - start)
        if number == len(lines):
            break
        if not within and re.match(r"\s*(?:```|~~~)", line):
            fenced = not fenced
        elif not fenced and not within and re.match(r">{1,2}(?:[ \t].*|$)", line):
            within, start = True, number
        quoted[number] = within
    own = any(word.search(line) for line, out in zip(lines, quoted, strict=True) if not out)
    return quoted if own else [False] * len(lines)


PIECES = ["> ", ">", ">> ", ">\t", "\n", "```", "~~~", "  ```", "ab", "a", "é3", "²½", "Ⅷx", "a\u0301b", "日本", "_", ":("]


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), max_size=5))
def test_quotations_are_those_that_are_found_line_by_line(texts: list[str]) -> None:
    """The regular expressions find, in random texts, what going through the lines does."""
    whole = clean(*texts, with_quotes=True)
    expected, messages, lines = [], 0, 0
    for text in whole:
        rows = text.split("\n")
        quoted = quoted_lines(rows) if re.search(r"(?m)^>{1,2}[ \t]", text) else [False] * len(rows)
        left = "\n".join(row for row, out in zip(rows, quoted, strict=True) if not out)
        expected.append(left.rstrip().lstrip("\n") if any(quoted) else text)
        messages += any(quoted)
        lines += sum(quoted)
    assert clean(*texts) == expected
    assert quotations(pl.DataFrame({"text": texts}, schema={"text": pl.String})) == Quotations(messages, lines)


@given(st.lists(st.text("> \n`aé3", max_size=8), max_size=5))
def test_quotations_are_counted_as_they_are_cleaned(texts: list[str]) -> None:
    """As many messages and lines as go; never all of a message."""
    texts = [text + "\nown words" for text in texts]
    whole = clean(*texts, with_quotes=True)
    left = clean(*texts)
    assert len(left) == len(whole)
    found = quotations(pl.DataFrame({"text": texts}, schema={"text": pl.String}))
    assert found.messages == sum(a != b for a, b in zip(whole, left, strict=True))
    assert (found.lines > 0) == (found.messages > 0)


def test_quotations_of_a_chat_without_any() -> None:
    """Are none."""
    assert quotations(pl.DataFrame({"text": ["hi", "> hi"]})) == Quotations(0, 0)
