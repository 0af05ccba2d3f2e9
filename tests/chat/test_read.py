"""Reading a chat from end to end: what is kept, what is skipped, and what is said about it."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talklike.chat import read as read_module
from talklike.chat import tally as tally_module
from talklike.chat.authors import count
from talklike.chat.automated import sample
from talklike.chat.formats import FORMATS
from talklike.chat.formats.delimited import DELIMITED
from talklike.chat.read import read_chat, tally_chat
from talklike.chat.store import TableStore
from talklike.chat.table import SCHEMA
from talklike.chat.tally import Tally
from talklike.chat.tree import open_tree
from talklike.errors import ChatError, ChatFileError, FormatError, OptionError

Write = Callable[[str, str | bytes], Path]

CHAT = "\n".join(
    [
        "id,author,name,room,sent,text",
        "1,u1,Bob,quay,2020-01-01T10:00:00Z,hello",
        '2,u2,,quay,,"two',
        'lines, and a ""quote"""',
        "3,u1,Robert,,2020-01-02 10:00,  spaces stay  ",
        "",
        "4,u1,Bob,quay,2020-01-01T10:00:00Z",
        "5,,Nobody,quay,2020-01-01T10:00:00Z,who says this?",
        "6,u2,Eve,quay,soon, ",
        "1,u1,Bob,quay,2020-01-01T10:00:00Z,hello again",
        "",
    ]
)


@given(st.lists(st.none() | st.text(st.sampled_from(" \n\t!~a\x7f\x85\u3000é😀\0"), max_size=3)))
def test_what_is_white_space_only_is_blank(texts: list[str | None]) -> None:
    """Whatever a text begins with; a missing one is too."""
    series = pl.Series(texts, dtype=pl.String)
    assert read_module._blank(series).tolist() == series.str.strip_chars().fill_null("").eq("").to_list()


def test_rows_are_kept_or_skipped_with_reason_and_line(write: Write) -> None:
    """Every row is accounted for, by the line where it begins."""
    path = write("chat.csv", CHAT)
    chat = read_chat(path)
    rows = chat.frame.collect()
    assert rows["text"].to_list() == ["hello", 'two\nlines, and a "quote"', "  spaces stay  "]
    assert rows["author"].to_list() == ["u1", "u2", "u1"]
    assert rows["name"].to_list() == ["Bob", "u2", "Robert"]
    assert rows["channel"].to_list() == ["quay", "quay", None]
    assert [None if t is None else t.isoformat() for t in rows["time"]] == [
        "2020-01-01T10:00:00+00:00",
        None,
        "2020-01-02T10:00:00+00:00",
    ]
    report = chat.report
    assert (report.format, report.kept, report.read) == ("delimited", 3, 7)
    assert {reason: skip.places for reason, skip in report.skipped.items()} == {
        "malformed": [f"{path}:7"],
        "empty": [f"{path}:9"],
        "no author": [f"{path}:8"],
        "duplicate id": [f"{path}:10"],
    }
    assert report.notes == ["times without a zone, taken as UTC (--timezone says otherwise): 1"]


def test_a_chat_without_messages_says_why(write: Write) -> None:
    """What was skipped, or that there is nothing."""
    with pytest.raises(ChatFileError, match=r"holds no message: all 2 rows were skipped \(1 empty, 1 no author\)"):
        read_chat(write("chat.csv", "author,text\nbob,\n,x\n"))
    with pytest.raises(ChatFileError, match="holds no message: it has no rows"):
        read_chat(write("chat.csv", "author,text\n"))


def test_one_message_is_a_chat(write: Write) -> None:
    """With or without a newline at the end."""
    for text in ("author,text\nbob,hi", "author,text\nbob,hi\n", "author,text\r\nbob,hi\r\n"):
        assert read_chat(write("chat.csv", text)).frame.collect()["text"].to_list() == ["hi"]


def test_columns_can_be_named(write: Write) -> None:
    """By name or by number; a wrong one is the format's error, a contradiction the option's."""
    path = write("chat.csv", "a,b,c\nbob,hi,2020-01-01\neve,yo,2020-01-02\n")
    for names in (("a", "b", "c"), ("1", "2", "3")):
        columns = dict(zip(("author_column", "text_column", "time_column"), names, strict=True))
        rows = read_chat(path, **columns).frame.collect()  # type: ignore[arg-type]  # options of these names
        assert rows["author"].to_list() == ["bob", "eve"]
        assert rows["time"].null_count() == 0
    with pytest.raises(FormatError, match="no column 'd'"):
        read_chat(path, author_column="d", text_column="b")
    with pytest.raises(OptionError, match="same column"):
        read_chat(path, author_column="1", text_column="1")
    with pytest.raises(OptionError, match="no format 'cvs'; did you mean"):
        read_chat(path, format="cvs")


def test_text_never_shows_in_errors(write: Write) -> None:
    """Nobody's messages end up in a log."""
    for name, text in (
        ("no-header.csv", "bob,my secret\neve,another secret\n"),
        ("unclosed.csv", 'author,text\nbob,"my secret\n'),
        ("empty.jsonl", '{"secret": "my secret"}\n'),
        ("one.csv", '"my secret","and yours"\n'),
    ):
        with pytest.raises((FormatError, ChatFileError)) as error:
            read_chat(write(name, text))
        assert "my secret" not in str(error.value)


def test_a_large_chat_lies_on_disk(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory doesn't grow with it; the frame reads the same."""
    monkeypatch.setattr(read_module, "TableStore", lambda: TableStore(most_in_memory=1, part=1))
    chat = read_chat(write("chat.csv", CHAT))
    assert chat.owner is not None
    assert chat.frame.collect().height == 3


def test_ids_that_tell_nothing_are_noted(write: Write) -> None:
    """An author's id in a column called id must not drop messages."""
    rows = "".join(f"{i % 3},n{i % 3},hello {i}\n" for i in range(30))
    chat = read_chat(write("chat.csv", "id,name,text\n" + rows))
    assert chat.report.kept == 30
    assert any("id column repeats" in note for note in chat.report.notes)


def test_progress_is_called(write: Write) -> None:
    """With the bytes done."""
    calls: list[tuple[int, int | None]] = []
    path = write("chat.csv", CHAT)
    read_chat(path, progress=lambda done, total: calls.append((done, total)))
    assert calls[-1] == (path.stat().st_size, path.stat().st_size)


PIECES = st.one_of(
    st.binary(max_size=20),
    st.sampled_from(
        [
            b"author,text\n",
            b'{"author": "a", "text": "b"}\n',
            b"bob,hi\n",
            b'"',
            b"\n",
            b"\xef\xbb\xbf",
            b"\xff\xfe",
            b"|",
            b"\t",
            b"a",
        ]
    ),
    st.sampled_from(
        [b"PAR1", b"ARROW1", b"\x1f\x8b", b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"[12:18] <bob> hi\n", b"\r\n", b"2020-01-01"]
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(
    pieces=st.lists(PIECES, max_size=12),
    name=st.sampled_from(["chat", "chat.csv", "chat.jsonl", "chat.txt", "chat.zip"]),
    form=st.sampled_from([None, *(form.name for form in FORMATS)]),
)
def test_any_bytes_are_a_chat_or_a_mistake_in_one_line(pieces: list[bytes], name: str, form: str | None, write: Write) -> None:
    """No file, however broken or hostile, gets another exception out of the reading."""
    path = write(name, b"".join(pieces))
    try:
        chat = read_chat(path, format=form)
    except ChatError as error:
        mistake = str(error)
    else:
        assert chat.frame.collect().height == chat.report.kept > 0
        return
    assert "\n" not in mistake


def test_all_chats_of_an_export_are_read_and_the_rest_is_told(tmp_path: Path) -> None:
    """In the order of names, each file in its own format, with what was left out."""
    (tmp_path / "quay").mkdir()
    (tmp_path / "quay" / "part2.csv").write_text("author,text,sent\nbob,b,2024-01-02 10:00\n")
    (tmp_path / "quay" / "part10.jsonl").write_text('{"author": "eve", "text": "c"}\n{"author": "eve", "text": ""}\n')
    (tmp_path / "part1.csv").write_text("author,text\nann,a\n")
    (tmp_path / "readme.txt").write_text("What is in here.\n")
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (tmp_path / "nothing.csv").write_text("")
    calls: list[tuple[int, int | None]] = []
    chat = read_chat(tmp_path, progress=lambda done, total: calls.append((done, total)))
    assert chat.frame.collect()["text"].to_list() == ["a", "b", "c"]
    assert chat.report.files == {"delimited": 2, "jsonl": 1}
    assert chat.report.skipped["empty"].places == [f"{tmp_path}/quay/part10.jsonl:2"]
    notes = "\n".join(chat.report.notes)
    assert "several formats: 2 delimited, 1 jsonl" in notes
    assert "not read (no messages): 1 (readme.txt)" in notes
    assert "not read (empty, damaged or no text): 1 (nothing.csv)" in notes
    assert "not looked at (media): 1" in notes
    assert calls[-1][0] == calls[-1][1]


def test_small_files_are_checked_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said of their rows names the right file and line, however many are put together, and whatever their columns."""
    for n in range(9):
        head, rows = "author,text", [f"bob,{n}", "bob,", ",x"]
        if n % 3:
            rows = [f"{row},{n}-{m},2024-01-02 10:00" for m, row in enumerate(rows)]
            head, rows = f"{head},id,sent", [*rows, rows[0]]
        (tmp_path / f"{n}.csv").write_text("\n".join([head, *rows]))
    whole = read_chat(tmp_path)
    assert whole.frame.collect()["text"].to_list() == [str(n) for n in range(9)]
    assert whole.frame.collect()["time"].null_count() == 3
    assert {reason: skip.places for reason, skip in whole.report.skipped.items()} == {
        "empty": [f"{tmp_path}/{n}.csv:3" for n in range(9)],
        "no author": [f"{tmp_path}/{n}.csv:4" for n in range(9)],
        "duplicate id": [f"{tmp_path}/{n}.csv:5" for n in range(9) if n % 3],
    }
    for name, most in (("TOGETHER", 1), ("TOGETHER", 7), ("TOGETHER_BYTES", 1)):
        with monkeypatch.context() as patch:
            patch.setattr(read_module, name, most)
            again = read_chat(tmp_path)
        assert again.frame.collect().equals(whole.frame.collect())
        assert again.report.to_dict() == whole.report.to_dict()


def test_a_folder_without_a_chat_says_what_it_looks_like(tmp_path: Path) -> None:
    """One line, however many files."""
    with pytest.raises(FormatError, match="holds no file with messages"):
        read_chat(tmp_path)
    for n in range(3):
        (tmp_path / f"{n}.txt").write_text("It was a dark night.\n")
    with pytest.raises(FormatError, match="none of its 3 files is a chat that is known"):
        read_chat(tmp_path)
    with pytest.raises(FormatError, match="none of its 3 files looks like the format jsonl"):
        read_chat(tmp_path, format="jsonl")


def test_times_without_a_zone_are_those_of_the_zone_given(write: Write) -> None:
    """Also where clocks go forward and back; times with a zone stay."""
    path = write("c.csv", "author,text,sent\na,x,2024-07-01 12:00\na,y,2024-03-31 02:30\na,z,2024-01-01T12:00:00Z\n")
    chat = read_chat(path, timezone="Europe/Berlin")
    times = [time.isoformat() for time in chat.frame.collect()["time"]]
    assert times == ["2024-07-01T10:00:00+00:00", "2024-03-31T01:30:00+00:00", "2024-01-01T12:00:00+00:00"]
    assert chat.report.notes == ["times without a zone, taken as Europe/Berlin: 2"]


def test_nick_changes_are_followed_unless_asked_otherwise(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then authors are merged as the user says, by any name that they had."""
    plain = type(DELIMITED).read

    def renaming(form: Any, source: Any, options: Any, report: Any) -> Iterator[Any]:
        report.renamed[("wren_", "wren")] += 1
        yield from plain(form, source, options, report)

    monkeypatch.setattr(type(DELIMITED), "read", renaming)
    path = write("c.csv", "author,text\nwren,x\nwren_,y\nwren,z\ndora,d\n")
    chat = read_chat(path)
    assert chat.frame.collect()["author"].to_list() == ["wren", "wren", "wren", "dora"]
    assert "nick changes followed: 2 nicks are those of 1 person" in chat.report.notes[0]
    assert read_chat(path, follow_nicks=False).frame.collect()["author"].to_list() == ["wren", "wren_", "wren", "dora"]
    assert read_chat(path, merge=["wren_=dora"]).frame.collect()["author"].to_list() == ["dora"] * 4


def test_the_wish_to_keep_quotes_stays_with_the_chat(write: Write) -> None:
    """For those who make a corpus of it."""
    path = write("c.csv", "author,text\nwren,x\n")
    assert not read_chat(path).with_quotes
    assert read_chat(path, with_quotes=True).with_quotes


@pytest.mark.parametrize(("last", "months"), [("13/06/2020 10:00", [2, 6]), ("06/13/2020 10:00", [1, 6])])
def test_a_late_date_tells_the_order_of_early_ones(
    last: str, months: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though they were parsed in a batch before it; nothing is said to be guessed then."""
    monkeypatch.setattr(read_module, "TOGETHER", 1)
    for name, time in (("a.csv", "01/02/2020 10:00"), ("b.csv", last)):
        (tmp_path / name).write_text(f"author,time,text\nwren,{time},hi\notter,{time},ho\n")
    chat = read_chat(tmp_path)
    assert chat.frame.collect()["time"].dt.month().to_list() == [month for month in months for _ in range(2)]
    assert chat.frame.collect_schema() == SCHEMA
    assert not any("day/month" in note for note in chat.report.notes)


def test_a_tallied_chat_is_counted_like_one_that_is_kept(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables are counted while they are read; what needs the whole chat first is counted afterwards."""
    rows = [f"{i % 3},{'' if i % 5 else 'name'},{i % 28 + 1:02}/02/2020,{'' if i % 11 == 0 else i}" for i in range(200)]
    path = write("chat.csv", "\n".join(["author,name,time,text", *rows, "one,field\n"]))
    log = write("chat.log", "[10:00] <ann> hi\n[10:01] *** ann is now known as ann_\n[10:02] <ann_> there\n" * 20)
    monkeypatch.setattr(tally_module, "TOGETHER", 50)
    steps: list[tuple[int, int | None]] = []
    cases: list[tuple[Path, dict[str, Any]]] = [(path, {}), (path, {"merge": ["1=2"]}), (log, {}), (log, {"follow_nicks": False})]
    for file, options in cases:
        kept, tally = read_chat(file, **options), Tally()
        steps.clear()
        chat = tally_chat(file, tally, counting=lambda *progress: steps.append(progress), **options)
        assert tally.settled
        assert tally.count().equals(count(kept))
        assert tally.sample(tally.count()).equals(sample(kept.frame, count(kept)))
        assert chat.report.to_dict() == kept.report.to_dict()
        assert bool(steps) == (file == log or bool(options))
        assert chat.frame.collect().height == (steps[-1][0] if steps else 0)


def test_what_was_left_out_beside_the_only_file_is_told(tmp_path: Path) -> None:
    """As where there are several; of a file alone there is nothing to tell."""
    path = tmp_path / "chat.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("chat.csv", "author,text\nwren,hi\n")
        archive.writestr("older.zip", b"PK")
        archive.writestr("a.jpg", b"")
    with open_tree(path) as tree:
        assert len(tree.left_out) == 2
        notes = [f"files that are not looked at ({reason}): 1" for reason in tree.left_out]
    assert read_chat(path).report.notes == notes
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name in ("a.csv", "b.csv"):
            data = b"author,text\nwren,hi\n" + b"wren,ho\n" * 500
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    path = tmp_path / "chat.tar"
    path.write_bytes(buffer.getvalue()[: 512 + 4096 + 512 + 100])
    notes = read_chat(path).report.notes
    assert any("damage" in note for note in notes)


def test_notes_on_bytes_name_the_file_of_several(tmp_path: Path) -> None:
    """Whichever way the file is read: by lines, as one document, or by a parser of its own."""
    rows = "author,text\nwren,caf\xe9\n"
    (tmp_path / "a.csv").write_bytes(rows.encode("latin-1"))
    (tmp_path / "b.csv").write_bytes(gzip.compress((rows + "wren,hi\n" * 9).encode())[:-4])
    (tmp_path / "c.csv").write_bytes(b"author,text\rwren,hi\rotter,\0yo\r")
    message = {"id": 1, "type": "message", "date": "2024-01-02T10:00:00", "from": "wren", "from_id": "user1", "text": "café"}
    export = {"name": "tern", "type": "personal_chat", "id": 1, "messages": [message]}
    (tmp_path / "d.json").write_bytes(json.dumps(export, ensure_ascii=False).encode("latin-1"))
    notes = read_chat(tmp_path).report.notes
    assert f"{tmp_path}/a.csv: 1 line is not UTF-8, read as Windows-1252 (line 2)" in notes
    assert f"{tmp_path}/d.json: 1 line is not UTF-8, read as Windows-1252 (line 1)" in notes
    assert any(note.startswith(f"{tmp_path}/b.csv: the gzip file is cut off") for note in notes)
    assert f"{tmp_path}/c.csv: lines end with a carriage return alone, as on old Macs" in notes
    assert f"{tmp_path}/c.csv: NUL bytes, which no text has, are left out" in notes
    for name in ("b.csv", "c.csv", "d.json"):
        (tmp_path / name).unlink()
    assert read_chat(tmp_path).report.notes == ["1 line is not UTF-8, read as Windows-1252 (line 2)"]


def test_messages_of_old_macs_are_told_apart(write: Write) -> None:
    """They were one message, in silence."""
    chat = read_chat(write("chat.txt", "".join(f"[1/2/24, 10:0{n}:00] wren: ahoy {n}\r" for n in range(3)) * 4))
    assert chat.report.format == "whatsapp"
    assert chat.report.kept == 12


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        (b"[10:00] <wren> hi\n[10:01] <otter> yo\n" + bytes(4096) + b"[10:02] <wren> ahoy\n", ["hi", "yo", "ahoy"]),
        (b"author,text,sent\nwren,h\0i,2024-01-02 10:00Z\notter,yo\0,2024-01-02 10:01Z\n", ["hi", "yo"]),
        (b'{"author": "wren", "text": "h\0i"}\n{"author": "wren", "text": "yo"}\n', ["hi", "yo"]),
    ],
    ids=["irc", "csv", "json"],
)
def test_nul_bytes_do_not_keep_a_chat_from_being_read(data: bytes, texts: list[str], write: Write) -> None:
    """They are in no message."""
    chat = read_chat(write("chat", data))
    assert chat.frame.collect()["text"].to_list() == texts
    assert "NUL bytes, which no text has, are left out" in chat.report.notes


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (b"M\xfcller.txt", "It was a dark night.\n"),
        (b"#M\xfcller.log", "[10:00] <wren> hi\n[10:01] <otter> yo\n[10:02] <wren> ahoy\n"),
        (b"WhatsApp Chat with M\xfcller.txt", "[1/2/24, 10:00:00] wren: ahoy\n[1/2/24, 10:01:00] otter: hi\n" * 3),
        (b"WhatsApp Chat - M\xfcller.zip", "[1/2/24, 10:00:00] wren: ahoy\n[1/2/24, 10:01:00] otter: hi\n" * 3),
    ],
    ids=["text", "irc", "whatsapp", "whatsapp zip"],
)
def test_names_of_files_that_are_not_utf8_name_chats_and_authors(name: bytes, data: str, tmp_path: Path) -> None:
    """Old file names are Latin-1."""
    path = tmp_path / os.fsdecode(name)
    path.write_text(data)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("_chat.txt", data)
    chat = read_chat(path)
    assert chat.frame.collect().height == chat.report.kept
    json.dumps(chat.report.to_dict(), ensure_ascii=False).encode()
    row = chat.frame.collect().row(0, named=True)
    assert "Müller" in row["author"] + (row["channel"] or "")


def test_names_in_notes_do_not_drive_a_terminal(tmp_path: Path) -> None:
    """Neither with escape sequences nor with lines of their own."""
    (tmp_path / "a.csv").write_text("author,text\nwren,hi\n")
    (tmp_path / "b\x1b[31m\n.csv").write_text("")
    (tmp_path / "c.csv").write_text("author,text\notter,hi\n")
    assert read_chat(tmp_path).report.notes == ["files that are not read (empty, damaged or no text): 1 (b�[31m�.csv)"]


def test_the_sizes_of_many_files_are_summed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not at every step, which would take the square of their number."""
    calls: list[tuple[int, int | None]] = []
    steps = read_module._Steps(lambda done, total: calls.append((done, total)), [3, None, 4])
    monkeypatch.setattr(steps, "_sizes", [3, 0, 10_000])
    steps(2, 3)
    steps.next()
    steps.next()
    steps(4, 4)
    assert calls == [(2, 7), (7, 7)]
