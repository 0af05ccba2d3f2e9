"""Opening a chat's file: packing, encodings, and everything that can be wrong with a file."""

from __future__ import annotations

import contextlib
import errno
import gzip
import io
import os
import random
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from talklike.chat.read import read_chat
from talklike.chat.source import HEAD, Source
from talklike.chat.tree import open_tree
from talklike.errors import ChatFileError, FormatError

Write = Callable[[str, str | bytes], Path]
TEXT = "".join(f"line {i} of the tide table, é\n" for i in range(20_000))


def content(path: Path | str) -> str:
    """Return all that a source gives."""
    with Source.of(path) as source:
        return b"".join(source.chunks()).decode()


def zipped(**files: str) -> bytes:
    """Return a zip of files; ``__DOT__`` and ``__SLASH__`` stand for what a keyword can not hold."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__DOT__", ".").replace("__SLASH__", "/"), text)
    return buffer.getvalue()


PACKED = {
    "plain": TEXT.encode(),
    "gzip": gzip.compress(TEXT.encode(), mtime=0),
    "two gzip members": gzip.compress(TEXT[:5000].encode()) + gzip.compress(TEXT[5000:].encode()),
    "padded gzip": gzip.compress(TEXT.encode()) + b"\0" * 512,
    "zstandard": zstandard.ZstdCompressor().compress(TEXT.encode()),
    "two frames": zstandard.ZstdCompressor().compress(TEXT[:7000].encode())
    + zstandard.ZstdCompressor().compress(TEXT[7000:].encode()),
    "zip": zipped(chat__DOT__txt=TEXT, __MACOSX__SLASH__chat="x", __DOT__DS_Store="y"),
    "UTF-8 with a mark": TEXT.encode("utf-8-sig"),
    "UTF-16": TEXT.encode("utf-16"),
    "UTF-16 big-endian": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "packed UTF-16": gzip.compress(TEXT.encode("utf-16")),
}


@pytest.mark.parametrize("kind", PACKED)
def test_content_is_the_same_however_it_is_packed_or_encoded(kind: str, write: Write) -> None:
    """The magic bytes decide, not the suffix."""
    assert content(write("chat.dat", PACKED[kind])) == TEXT


@pytest.mark.parametrize("kind", ["plain", "gzip", "zip", "zstandard"])
def test_standard_input_reads_the_same(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe can't be searched, and even a zip can come through one."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Pipe(PACKED[kind]))))
    with Source.of("-") as source:
        assert b"".join(source.chunks()).decode() == TEXT
        assert source.place(3) == ("<stdin>/chat.txt:3" if kind == "zip" else "<stdin>:3")


def test_a_named_pipe_reads_too(tmp_path: Path) -> None:
    """``talklike explore <(zcat …)`` hands over a file without a size."""
    import threading

    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"hello\n",))
    writer.start()
    calls: list[tuple[int, int | None]] = []
    with Source.of(pipe, lambda done, total: calls.append((done, total))) as source:
        assert b"".join(source.chunks()) == b"hello\n"
    writer.join()
    assert calls[-1] == (6, None)


@pytest.mark.parametrize(
    ("name", "stem", "suffix"),
    [("book.txt", "book", ".txt"), ("chat.CSV", "chat", ".csv"), ("noname", "noname", "")],
)
def test_stem_and_suffix_are_those_of_the_file_inside(name: str, stem: str, suffix: str, write: Write) -> None:
    """A book is named after its file, not after its packing."""
    for path in (write(name, TEXT), write(name + ".gz", PACKED["gzip"]), write(name + ".ZST", PACKED["zstandard"])):
        with Source.of(path) as source:
            assert (source.stem, source.head.suffix) == (stem, suffix)
    with Source.of(write("other.zip", zipped(inner__DOT__tsv=TEXT))) as source:
        assert (source.stem, source.head.suffix) == ("inner", ".tsv")


def test_head_says_whether_it_is_the_whole_file(write: Write) -> None:
    """A format may trust the last line only of a whole file."""
    with Source.of(write("small.txt", "hi")) as source:
        assert source.head.complete
        assert source.head.data == b"hi"
    with Source.of(write("large.txt", "x" * 5_000_000)) as source:
        assert not source.head.complete
        assert len(source.head.data) >= HEAD


def test_head_knows_the_path_as_errors_name_it(tmp_path: Path) -> None:
    """For what the content alone leaves open."""
    (tmp_path / "instagram").mkdir()
    (tmp_path / "instagram" / "a.json").write_text("{}")
    (tmp_path / "b.txt").write_text("b")
    with open_tree(tmp_path) as tree:
        paths = []
        for entry in tree.entries:
            with Source(entry, tree) as source:
                paths.append(source.head.path)
    assert paths == [f"{tmp_path}/b.txt", f"{tmp_path}/instagram/a.json"]


def test_progress_counts_up_to_the_size_of_the_file(write: Write) -> None:
    """The callback sees packed bytes, whose total is known."""
    path = write("chat.txt.gz", PACKED["gzip"])
    calls: list[tuple[int, int | None]] = []
    with Source.of(path, lambda done, total: calls.append((done, total))) as source:
        list(source.chunks())
    size = path.stat().st_size
    assert calls[-1] == (size, size)
    assert calls == sorted(calls)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "a PNG image"),
        (b"%PDF-1.4 ...", "a PDF document"),
        (b"abc\0def", "NUL bytes"),
        (b"a" * 257 + b"ustar\x0000", "the tar archive is damaged"),
        (gzip.compress(gzip.compress(b"hi", mtime=0), mtime=0), "packed twice"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (PACKED["gzip"][:8], "holds nothing readable: the gzip file is cut off"),
        (b"\x28\xb5\x2f\xfd" + b"\xff" * 40, "the Zstandard data are damaged"),
        (zipped(a=TEXT, b=TEXT), "2 files"),
        (zipped(__DOT__hidden="x"), "holds 0 files"),
        (zipped(a=TEXT)[:-30], "the zip is cut off or damaged"),
        (zipped(a=TEXT).replace(b"\x00\x00\x08\x00", b"\x01\x00\x08\x00"), "is encrypted"),
    ],
)
def test_a_file_without_text_is_refused_in_one_line(data: bytes, word: str, write: Write) -> None:
    """The error names the file and says what it is."""
    path = write("bad", data)
    with pytest.raises(ChatFileError) as error:
        Source.of(path)
    assert word in str(error.value)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_file_and_a_strange_name_are_refused(tmp_path: Path) -> None:
    """What isn't there can't be read."""
    for path, word in ((tmp_path / "nope", "no such file"), ("a\0b", "can't be opened")):
        with pytest.raises(ChatFileError, match=word):
            Source.of(path)


def test_a_file_that_may_not_be_read_is_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Permission is the operating system's to give (root, who runs tests in containers, always has it)."""

    def refuse(self: Path, mode: str) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    path = write("chat.csv", "author,text\n")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ChatFileError, match="can't be opened: Permission denied"):
        Source.of(path)


def test_a_disk_that_fails_while_reading_is_reported(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """An input/output error is the file's mistake, not ours."""

    class Failing(io.BytesIO):
        def read1(self, size: int | None = -1) -> bytes:
            raise OSError(errno.EIO, "Input/output error")

    path = write("chat.csv", "author,text\n")
    monkeypatch.setattr(Path, "open", lambda self, mode: Failing(b"author,t"))
    with pytest.raises(ChatFileError, match="can't be read: Input/output error"):
        Source.of(path)


@pytest.mark.parametrize("kind", ["gzip", "zstandard", "UTF-16"])
def test_what_is_readable_of_a_damaged_file_is_kept(kind: str, write: Write) -> None:
    """The content breaks off, and ``damage`` says so."""
    noise = random.Random(0).randbytes(1 << 20).hex()
    data = {
        "gzip": gzip.compress(noise.encode()),
        "zstandard": zstandard.ZstdCompressor().compress(noise.encode()),
        "UTF-16": noise.encode("utf-16"),
    }[kind]
    with Source.of(write("chat", data[: len(data) // 2 // 2 * 2 + 1])) as source:
        got = b"".join(source.chunks()).decode()
        assert source.damage is not None
        assert "only the" in source.damage
    assert len(got) > 100
    assert noise.startswith(got)


def test_a_zip_with_damaged_data_keeps_what_comes_before(write: Write) -> None:
    """The checksum or the deflate stream tells."""
    noise = random.Random(0).randbytes(1 << 20).hex()
    data = bytearray(zipped(a=noise))
    middle = len(data) // 2
    data[middle : middle + 40] = b"\xff" * 40
    with Source.of(write("chat.zip", bytes(data))) as source:
        got = b"".join(source.chunks())
        assert source.damage is not None
        assert "archive's data are damaged" in source.damage
    assert 0 < len(got) <= len(noise)


def test_a_file_on_disk_is_used_as_it_is_and_anything_else_copied(write: Write) -> None:
    """Formats that jump around need a file; the copy goes away with the source."""
    plain = write("chat.txt", TEXT)
    with Source.of(plain) as source:
        assert source.file() == plain
    with Source.of(write("chat.gz", PACKED["gzip"])) as source:
        copy = source.file()
        assert copy.read_text() == TEXT
    assert not copy.exists()


def test_a_file_can_be_read_twice(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even standard input, which is copied for that."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    for path in (write("chat.txt", TEXT), write("chat.gz", PACKED["gzip"]), "-"):
        with Source.of(path) as source:
            for _ in range(2):
                with source.reopened(quietly=True) as again:
                    assert b"".join(again.chunks()).decode() == TEXT
                    assert again.place(1) == source.place(1)


def test_a_mailbox_may_hold_nul_bytes(write: Write) -> None:
    """They came with a mail; elsewhere they tell that a file is no text."""
    data = b"From wren@example.org Mon Jan  6 10:00:00 2020\nFrom: wren@example.org\n\na\0b\n"
    with Source.of(write("Inbox", data)) as source:
        assert source.head.data == data


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_that_is_damaged_from_its_first_byte_is_refused(method: int, tmp_path: Path) -> None:
    """Whatever its way of packing raises: found by the fuzzer."""
    path = tmp_path / "chat.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("chat.csv", "author,text\n" + "wren,hi\n" * 500)
        begins = archive.infolist()[0].header_offset + 30 + len("chat.csv")
    for changed in range(16):
        data = bytearray(path.read_bytes())
        data[begins + changed : begins + changed + 4] = b"\xff\xff\xff\xff"
        damaged = tmp_path / f"{changed}.zip"
        damaged.write_bytes(data)
        with contextlib.suppress(ChatFileError, FormatError):  # what is raised may be nothing else
            read_chat(damaged)


def test_nul_bytes_in_a_text_are_left_out(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Throughout the file, also where thousands in a row fill a piece; the report says so."""
    line = "[10:00] <wren> where is the heron?\n"
    data = line * 3 + "\0" * (HEAD * 9) + line * 40_000 + "\0" * 4096
    with Source.of(write("chat.log", data)) as source:
        assert not source.head.complete
        assert b"".join(source.chunks()).decode() == line * 40_003
        assert source.notes == ["NUL bytes, which no text has, are left out"]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data.encode())))
    with Source.of("-") as source, source.reopened() as again:
        assert b"".join(again.chunks()).decode() == line * 40_003
    with Source.of(write("chat.log", line + "\0" * 9)) as source:
        assert source.file().read_text() == line


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_its_mark_is_refused_by_name(codec: str, write: Write) -> None:
    """Nothing else would tell what to do."""
    with pytest.raises(ChatFileError, match="looks like UTF-16 without its byte order mark; save it as UTF-8"):
        Source.of(write("chat.txt", TEXT.encode(codec)))


def test_lines_of_old_macs_end_with_newlines(write: Write) -> None:
    """Wherever the pieces are cut; a carriage return before a newline stays, and so does one alone."""
    with Source.of(write("chat.txt", TEXT.replace("\n", "\r"))) as source:
        assert b"".join(source.chunks()).decode() == TEXT
        assert source.notes == ["lines end with a carriage return alone, as on old Macs"]
        assert source.file().read_text() == TEXT
    for text in ("a\r\nb\r\nc\rd", "one\rline"):
        with Source.of(write("chat.txt", text)) as source:
            assert b"".join(source.chunks()).decode() == text
            assert not source.notes


def test_half_a_character_is_no_reason_to_refuse_a_file(write: Write) -> None:
    """It is replaced, and the report says so."""
    data = ("a" * HEAD).encode("utf-16") + b"\x3d\xd8" + TEXT.encode("utf-16-le")
    with Source.of(write("chat.txt", data)) as source:
        assert b"".join(source.chunks()).decode() == "a" * HEAD + "�" + TEXT
        assert source.damage is None
        assert source.notes == ["what is no character in UTF-16 is replaced by �"]


def test_names_that_are_not_utf8_or_not_printable_are_mended(tmp_path: Path) -> None:
    """Old ones are Latin-1; those that would drive a terminal are so only where they are shown."""
    for name in (b"#M\xfcller.log", b"a\x1b[31m\n.log"):
        Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))).write_text("hi\n")  # noqa: PTH118 - bytes
    with open_tree(tmp_path) as tree:
        with Source(tree.entries[0], tree) as source:
            assert (source.stem, source.inner.name, source.name) == ("#Müller", "#Müller.log", f"{tmp_path}/#Müller.log")
            assert source.head.path == source.shown == source.name
            assert source.about("odd") == f"{tmp_path}/#Müller.log: odd"
        with Source(tree.entries[1], tree) as source:
            assert source.stem == "a\x1b[31m\n"
            assert source.place(1) == f"{tmp_path}/a�[31m�.log:1"
