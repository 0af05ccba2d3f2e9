"""Which format a file is in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from talklike.chat.columns import ColumnOptions
from talklike.chat.detect import choose, choose_all, named
from talklike.chat.formats import FORMATS
from talklike.chat.formats.slack import SLACK
from talklike.chat.formats.text import TEXT
from talklike.chat.read import read_chat
from talklike.chat.source import Source
from talklike.chat.tree import open_tree
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
        ("[12:18] <bob> hi\n[12:19] <eve> yo\n=== x joined\n", "irc"),
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
        ('{\n "messages": [\n {"who": {"id": "bob"}, "text": "hi"}\n]}', "JSON"),
        ('{"name": "x", "rooms": [{"messages": [{"from": "bob", "text": "hi"}]}]}', "JSON"),
        ('[[{"from": "bob", "text": "hi"}]]', "JSON"),
        ("[12:18] - bob says hi\n[12:19] - eve says yo\n[12:20] - bob left\n", "chat log"),
        ("[2020-01-01 10:00] hi\n[2020-01-01 10:01] hi\n[2020-01-01 10:02] hi\n", "chat log"),
    ],
)
def test_a_log_nobody_knows_is_not_taken_for_a_book(content: str, word: str, write: Write) -> None:
    """It would be one author's, with all names and times in the text."""
    with pytest.raises(FormatError, match=word):
        detected(write("chat.txt", content))


def test_of_many_files_each_is_asked_for_the_usual_format_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where that is unmistakable no other format is asked, for an export may hold 100,000 files; elsewhere all are."""
    day = '[{"type": "message", "user": "U1", "text": "hi", "ts": "1646493001.000200"}]'
    for n in range(9):
        (tmp_path / f"{n}.json").write_text(day)
    (tmp_path / "5.csv").write_text("author,text\nbob,hi\n")
    asked = []
    monkeypatch.setattr(type(TEXT), "detect", lambda _, head: asked.append(head.suffix))
    with open_tree(tmp_path) as tree:
        chosen, _ = choose_all(tree, None, NOTHING)
    assert [one.form is SLACK for one in chosen] == [one.entry.suffix == ".json" for one in chosen]
    assert len(chosen) == 10
    assert asked == [".json", ".csv", ".json"]


def test_named_columns_rule_out_formats_without_columns(write: Write) -> None:
    """Who names columns has a table."""
    path = write("chat", "bob,hi\neve,yo\n")
    assert detected(path) == "text"
    assert detected(path, ColumnOptions(author="1", text="2")) == "delimited"
    with pytest.raises(FormatError, match="no format fits"):
        detected(write("prose", "just words\n"), ColumnOptions(author="1", text="2"))


def test_notes_in_json_beside_messages_are_none(tmp_path: Path) -> None:
    """An object in one line is no table, unless its columns are named."""
    (tmp_path / "chat.jsonl").write_text('{"author": "bob", "text": "hi"}\n')
    (tmp_path / "metadata.json").write_text('{"version": 1}\n')
    assert read_chat(tmp_path).report.files == {"jsonl": 1}
    (tmp_path / "chat.jsonl").write_text('{"a": "bob", "b": "hi"}\n')
    (tmp_path / "metadata.json").write_text('{"a": "eve", "b": "yo"}\n')
    assert read_chat(tmp_path, author_column="a", text_column="b").report.kept == 2


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


def test_named_columns_are_said_to_rule_out_chats_without_any(tmp_path: Path) -> None:
    """Else a chat in a known format would be called one that nobody knows."""
    for n in range(2):
        (tmp_path / f"{n}.txt").write_text(f"[{n + 1}/2/24, 10:00:00] wren: ahoy\n[{n + 1}/2/24, 10:01:00] otter: hi\n" * 5)
    assert read_chat(tmp_path).report.format == "whatsapp"
    with pytest.raises(FormatError, match="none of its 2 files is a table that is known; no format fits of those with columns"):
        read_chat(tmp_path, author_column="1")
    (tmp_path / "irc").mkdir()
    log = tmp_path / "irc" / "a.log"
    log.write_text("[12:18] <wren> hi\n[12:19] <otter> yo\n=== tern joined\n")
    with pytest.raises(FormatError, match="--author-column or one of its siblings is given; leave these out, to read it as irc"):
        read_chat(log, author_column="1")
