"""Which format a file is in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from talklike.chat.columns import ColumnOptions
from talklike.chat.detect import choose, named
from talklike.chat.formats import FORMATS
from talklike.chat.source import Source
from talklike.errors import FormatError, OptionError

Write = Callable[[str, str | bytes], Path]
NOTHING = ColumnOptions()


def detected(path: Path, options: ColumnOptions = NOTHING) -> str:
    """Return the format that a file is found to be in."""
    with Source.of(path) as source:
        return choose(source, None, options)[0].name


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("author,text\nbob,hi\n", "delimited"),
        ("From;Message\nbob;hi\n", "delimited"),
        ('{"author": "bob", "text": "hi"}\n', "jsonl"),
        ("It was a dark, stormy night.\nThe end, almost.\n", "text"),
        ("[Illustration]\n\nCHAPTER I\n", "text"),
        ("hello", "text"),
        ("{curly} words begin this book\n", "text"),
    ],
)
def test_the_content_tells_the_format(content: str, name: str, write: Write) -> None:
    """Without any suffix."""
    assert detected(write("chat", content)) == name


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ('{\n "messages": [\n {"from": "bob", "text": "hi"}\n]}', "JSON"),
        ('{"name": "x", "messages": [{"from": "bob", "text": "hi"}]}', "JSON"),
        ('[{"from": "bob", "text": "hi"}]', "JSON"),
        ("[12:18] <bob> hi\n[12:19] <eve> yo\n=== x joined\n", "chat log"),
        ("12/31/14, 23:01 - Bob: hi\n12/31/14, 23:02 - Eve: yo\n12/31/14, 23:03 - Bob: x\n", "chat log"),
        ("[2020-01-01 10:00] hi\n[2020-01-01 10:01] hi\n[2020-01-01 10:02] hi\n", "chat log"),
    ],
)
def test_a_log_nobody_knows_is_not_taken_for_a_book(content: str, word: str, write: Write) -> None:
    """It would be one author's, with all names and times in the text."""
    with pytest.raises(FormatError, match=word):
        detected(write("chat.txt", content))


def test_named_columns_rule_out_formats_without_columns(write: Write) -> None:
    """Who names columns has a table."""
    path = write("chat", "bob,hi\neve,yo\n")
    assert detected(path) == "text"
    assert detected(path, ColumnOptions(author="1", text="2")) == "delimited"
    with pytest.raises(FormatError, match="no format fits"):
        detected(write("prose", "just words\n"), ColumnOptions(author="1", text="2"))


def test_a_wish_wins_over_detection(write: Write) -> None:
    """``--format`` is not argued with, unless it has no columns to name."""
    with Source.of(write("chat.csv", "author,text\nbob,hi\n")) as source:
        assert choose(source, "lines", NOTHING)[0].name == "lines"
        assert choose(source, "LINES", NOTHING)[1] == "as asked for"
        with pytest.raises(OptionError, match="text has no columns"):
            choose(source, "text", ColumnOptions(author="1"))


def test_an_unknown_format_lists_the_known() -> None:
    """With the nearest name, if one is near."""
    with pytest.raises(OptionError, match="did you mean parquet") as error:
        named("parket")
    assert all(form.name in str(error.value) for form in FORMATS)
    with pytest.raises(OptionError, match=r"there is no format 'zzzz' \("):
        named("zzzz")
    with pytest.raises(OptionError, match="did you mean delimited"):
        named("csv")
