"""Zips and tar archives: odd names, what is not safe to read, and what is kept open."""

from __future__ import annotations

import gzip
import importlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from talklike.chat.archives import MOST_OPEN, Archives
from talklike.chat.read import read_chat
from talklike.chat.tree import open_tree
from talklike.errors import ChatFileError, FormatError
from tests.chat.packed import DOS, content, tarred, zipped

Write = Callable[[str, str | bytes], Path]
FILES = {"quay/2024-01-01.json": b"[1]", "quay/2024-01-02.json": b"[2]", "users.json": b"{}"}


@pytest.mark.parametrize("name", ["../out.txt", "/etc/passwd", "a/../../b", "C:\\x.txt", "c:x.txt", "\\\\host\\x", "x" * 5000])
def test_paths_that_lead_out_of_an_archive_are_refused(name: str, write: Write) -> None:
    """Nothing is ever unpacked to them, but whoever writes such a path means harm."""
    files = {name: b"x", "a.txt": b"y"}
    for archive in (zipped(files), zipped(files, system=DOS), tarred(files)):
        with open_tree(write("e.dat", archive)) as tree:
            assert set(content(tree)) == {"a.txt"}
            assert tree.left_out == {"paths that lead out of the archive": 1}


@pytest.mark.parametrize("name", ["1700000000.M1P2.harbour:2,S", "Chat: Wren.txt", "!quay:example.org.txt", "quay/12:30.txt"])
def test_a_colon_is_no_drive(name: str, write: Write) -> None:
    """Mail servers, phones and Matrix write it."""
    for archive in (zipped({name: b"x"}), zipped({name: b"x"}, system=DOS), tarred({name: b"x"})):
        with open_tree(write("e.dat", archive)) as tree:
            assert content(tree) == {name: b"x"}
            assert not tree.left_out


def test_windows_powershell_writes_backslashes(write: Write) -> None:
    """In what it made they part folders; elsewhere a name may hold one."""
    names = ["export\\quay\\", "export\\quay\\chat.txt", "export\\.DS_Store", "__MACOSX\\chat.txt", "..\\out.txt", "a/b\\c.txt"]
    files = dict.fromkeys(names, b"hi")
    with open_tree(write("e.zip", zipped(files, system=DOS))) as tree:
        assert content(tree) == {"export/quay/chat.txt": b"hi", "a/b\\c.txt": b"hi"}
        assert tree.left_out == {"hidden": 2, "paths that lead out of the archive": 1}
    with open_tree(write("e.zip", zipped({"quay\\chat.txt": b"hi"}))) as tree:
        assert content(tree) == {"quay\\chat.txt": b"hi"}


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Möwe.txt".encode(), "Möwe.txt"),
        ("鷺/🐦.txt".encode(), "鷺/🐦.txt"),
        (b"M\x94we.txt", "Möwe.txt"),
        (b"\xc3.txt", "├.txt"),
    ],
)
def test_names_in_utf_8_need_not_be_marked(raw: bytes, name: str, write: Write) -> None:
    """Some programs on a Mac don't; what is none is in code page 437."""
    plain = "x" * len(raw)
    data = zipped({plain: b"hi"}).replace(plain.encode(), raw)
    with open_tree(write("e.zip", data)) as tree:
        assert content(tree) == {name: b"hi"}
    with open_tree(write("e.zip", zipped({name: b"hi"}))) as tree:  # marked
        assert content(tree) == {name: b"hi"}


def test_an_unmarked_name_in_utf_8_may_not_lead_out_either(write: Write) -> None:
    """It is looked at as it will be."""
    raw = "../ü.txt".encode()
    data = zipped({"x" * len(raw): b"hi", "a.txt": b"y"}).replace(b"x" * len(raw), raw)
    with open_tree(write("e.zip", data)) as tree:
        assert content(tree) == {"a.txt": b"y"}
        assert tree.left_out == {"paths that lead out of the archive": 1}


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files swell a hundredfold only."""
    monkeypatch.setattr(importlib.import_module("talklike.chat.archives"), "HARMLESS", 1 << 16)
    monkeypatch.setattr(importlib.import_module("talklike.chat.archives"), "MOST_SWOLLEN", 100)


BOMB = bytes(1 << 20)


@pytest.mark.usefixtures("strict")
def test_bombs_are_refused(write: Write) -> None:
    """What swells a thousandfold is no chat; small files may."""
    for path in (write("b.zip", zipped({"a.txt": BOMB})), write("b.tgz", gzip.compress(tarred({"a.txt": BOMB})))):
        with pytest.raises(ChatFileError, match="unpacks to over 100 times its size"):
            open_tree(path)
    with open_tree(write("s.zip", zipped({"a.txt": bytes(1 << 15)}))) as tree:
        assert len(tree.entries) == 1


@pytest.mark.usefixtures("strict")
def test_bombs_in_a_folder_are_refused(write: Write, tmp_path: Path) -> None:
    """Nothing of them is read, the rest is."""
    write("b.zip", zipped({"before.txt": b"hi", "a.txt": BOMB}))
    write("b.tgz", gzip.compress(tarred({"before.txt": b"hi", "a.txt": BOMB})))
    write("chat.txt", "hi")
    with open_tree(tmp_path) as tree:
        assert content(tree) == {"chat.txt": b"hi"}
        assert len(tree.left_out) == 2
        for reason in tree.left_out:
            assert reason.startswith("archives that can't be read (b.")
            assert "unpacks to over 100 times its size" in reason


def test_damaged_archives_say_so(write: Write) -> None:
    """A zip needs its end; of a tar archive, what comes before the damage is read."""
    archive = zipped(FILES)
    with pytest.raises(ChatFileError, match="cut off or damaged"):
        open_tree(write("e.zip", archive[:-30]))
    with open_tree(write("e.tar", tarred(FILES)[:1500])) as tree:
        assert tree.entries[0].name == "quay/2024-01-01.json"
    big = tarred({f"{n}.txt": os.urandom(5000) for n in range(9)})
    with open_tree(write("e.tgz", gzip.compress(big)[:20_000])) as tree:
        assert 0 < len(tree.entries) < 9
        assert any("damage" in reason for reason in tree.left_out)
    encrypted = archive.replace(b"\x00\x00\x08\x00", b"\x01\x00\x08\x00")
    with pytest.raises(ChatFileError, match="is encrypted; unpack it first"):
        open_tree(write("e.zip", encrypted))


def test_a_file_in_an_archive_may_have_no_name(write: Write) -> None:
    """Damage can take it; what the file holds is read all the same."""
    damaged = zipped({"a.txt": b"hi"}).replace(b"a.txt", b"\0.txt")
    with open_tree(write("d.zip", damaged)) as tree:
        assert content(tree) == {"": b"hi"}


def test_names_in_errors_hold_nothing_that_terminals_act_on(write: Write) -> None:
    """An archive may name its files as it likes."""
    encrypted = zipped({"a\x1b[2J.txt": b"hi"}).replace(b"\x00\x00\x08\x00", b"\x01\x00\x08\x00")
    with pytest.raises(ChatFileError) as error:
        open_tree(write("e.zip", encrypted))
    assert str(error.value).isprintable()


@pytest.mark.parametrize(
    ("name", "parts", "said"),
    [
        ("chat.docx", ["[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/styles.xml"], "Office document"),
        ("chat.xlsx", ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"], "a spreadsheet as CSV"),
        ("chat.odt", ["mimetype", "content.xml", "styles.xml", "META-INF/manifest.xml"], "Office document"),
        ("chat.epub", ["mimetype", "META-INF/container.xml", "content.opf", "1.xhtml"], "e-book"),
    ],
)
def test_a_document_is_told_so(name: str, parts: list[str], said: str, tmp_path: Path, write: Write) -> None:
    """It is a zip of XML, most of whose files say nothing of that."""
    data = zipped(dict.fromkeys(parts, b"<?xml version='1.0'?><x/>"))
    with pytest.raises(FormatError, match=f"{name}: this is .*{said}"):
        read_chat(write(name, data))
    write("chat.zip", data)
    with open_tree(tmp_path) as tree:
        assert any(said in reason for reason in tree.left_out)


def test_an_export_may_hold_a_file_called_mimetype(write: Write) -> None:
    """One alone makes no document."""
    with open_tree(write("e.zip", zipped({"mimetype": b"x", "chat.txt": b"hi", "quay/[Content_Types].xml": b"x"}))) as tree:
        assert len(tree.entries) == 3


def test_a_few_zips_are_kept_open_and_what_is_being_read_stays_so(write: Write) -> None:
    """Also of a zip that is closed meanwhile."""
    paths = [write(f"{n}.zip", zipped({"chat.txt": b"%d" % n * 100_000})) for n in range(MOST_OPEN + 2)]
    with Archives() as archives:
        first = archives.zip(paths[0])
        with first.open("chat.txt") as file:
            assert file.read(3) == b"000"
            others = [archives.zip(path) for path in paths[1:]]
            assert first.fp is None
            assert file.read() == b"0" * 99_997
        assert archives.zip(paths[-1]) is others[-1]
        assert archives.zip(paths[0]) is not first
    assert all(archive.fp is None for archive in others)


def test_files_of_one_archive_can_be_read_at_the_same_time(write: Write) -> None:
    """And closed in any order."""
    data = {"a.txt": b"a" * 50_000, "b.txt": b"b" * 50_000}
    for archive in (zipped(data), tarred(data), gzip.compress(tarred(data))):
        with open_tree(write("e.dat", archive)) as tree:
            one, two = (entry.open() for entry in tree.entries)
            assert one.read(10) == b"a" * 10
            assert two.read(10) == b"b" * 10
            one.close()
            assert two.read() == b"b" * 49_990
            two.close()


def test_copies_are_removed() -> None:
    """With the folder that they lie in."""
    with Archives() as archives:
        one, two = archives.copy(), archives.copy()
        one.write_bytes(b"x")
        assert one != two
        assert one.parent == two.parent
    assert not one.parent.exists()
