"""The files of an export, in folders and archives, and what is not safe to read."""

from __future__ import annotations

import gzip
import io
import os
import stat
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Self

import pytest
import zstandard

from talklike.chat import tree as trees
from talklike.chat.tree import Tree, natural, open_tree, printable_name
from talklike.errors import ChatFileError

Write = Callable[[str, str | bytes], Path]
FILES = {"quay/2024-01-01.json": b"[1]", "quay/2024-01-02.json": b"[2]", "quay/2024-01-10.json": b"[3]", "users.json": b"{}"}


def zipped(files: dict[str, bytes], *, links: tuple[str, ...] = ()) -> bytes:
    """Return a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        for name in links:
            info = zipfile.ZipInfo(name)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, "/etc/passwd")
    return buffer.getvalue()


def tarred(files: dict[str, bytes], *, links: tuple[str, ...] = ()) -> bytes:
    """Return a tar archive."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for name in links:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(info)
    return buffer.getvalue()


def content(tree: Tree) -> dict[str, bytes]:
    """Return what all files hold, in order."""
    found = {}
    for entry in tree.entries:
        with entry.open() as file:
            found[entry.name] = file.read()
    return found


PACKED = {
    "zip": zipped(FILES),
    "tar": tarred(FILES),
    "tar.gz": gzip.compress(tarred(FILES)),
    "tar.zst": zstandard.ZstdCompressor().compress(tarred(FILES)),
}


@pytest.mark.parametrize("kind", [*PACKED, "folder"])
def test_an_export_holds_the_same_files_however_it_is_packed(kind: str, write: Write, tmp_path: Path) -> None:
    """In the natural order of their names, with their sizes; the magic bytes tell, not the suffix."""
    if kind == "folder":
        path = tmp_path / "export"
        for name, data in FILES.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(data)
    else:
        path = write("export.dat", PACKED[kind])
    with open_tree(path) as tree:
        assert not tree.alone
        assert list(content(tree).items()) == sorted(FILES.items(), key=lambda item: natural(item[0]))
        assert [entry.size for entry in tree.entries] == [3, 3, 3, 2]
        assert tree.content("users.json") == b"{}"
        assert tree.content("nothing.json") is None
        assert tree.content("users.json", most=1) is None


def test_a_file_alone_is_an_export_of_one(write: Write) -> None:
    """Nothing is looked for beside it."""
    path = write("chat.txt", "hi")
    write("other.txt", "ho")
    with open_tree(path) as tree:
        assert tree.alone
        assert content(tree) == {"chat.txt": b"hi"}


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_standard_input_may_be_an_archive(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is copied, because an archive has to be jumped around in."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(PACKED[kind]))))
    with open_tree("-") as tree:
        assert set(content(tree)) == set(FILES)


def test_archives_in_a_folder_are_looked_into_and_those_in_archives_are_not(write: Write, tmp_path: Path) -> None:
    """Phones hand out one zip a chat; nobody packs zips into zips."""
    inner = zipped({"chat.txt": b"a", "deeper.zip": zipped({"b.txt": b"b"}), "x.tar.gz": b""})
    write("one.zip", inner)
    write("two.tar", tarred({"chat.txt": b"c", "deeper.tgz": b""}))
    with open_tree(tmp_path) as tree:
        assert content(tree) == {"one.zip/chat.txt": b"a", "two.tar/chat.txt": b"c"}
        assert tree.left_out == {"archives inside an archive": 3}


def test_what_holds_no_messages_is_left_out_and_counted(write: Write, tmp_path: Path) -> None:
    """Pictures, what systems hide, links, and files that are none."""
    data = {"photos/a.JPG": b"x", ".DS_Store": b"x", "__MACOSX/chat.txt": b"x", "chat.txt": b"hi"}
    for archive in (zipped(data, links=("l",)), tarred(data, links=("l",))):
        with open_tree(write("e.dat", archive)) as tree:
            assert content(tree) == {"chat.txt": b"hi"}
            assert tree.left_out == {"media": 1, "hidden": 2, "links": 1}
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "chat.txt").write_bytes(b"hi")
    (folder / "link.txt").symlink_to(tmp_path / "e.dat")
    os.mkfifo(folder / "pipe")
    with open_tree(folder) as tree:
        assert content(tree) == {"chat.txt": b"hi"}
        assert tree.left_out == {"links": 1, "no files": 1}


@pytest.mark.parametrize("name", ["../out.txt", "/etc/passwd", "a/../../b", "C:\\x.txt", "\\\\host\\x", "x" * 5000])
def test_paths_that_lead_out_of_an_archive_are_refused(name: str, write: Write) -> None:
    """Nothing is ever unpacked to them, but whoever writes such a path means harm."""
    for archive in (zipped({name: b"x", "a.txt": b"y"}), tarred({name: b"x", "a.txt": b"y"})):
        with open_tree(write("e.dat", archive)) as tree:
            assert set(content(tree)) == {"a.txt"}
            assert tree.left_out == {"paths that lead out of the archive": 1}


def test_bombs_are_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """What swells a thousandfold is no chat; small files may."""
    monkeypatch.setattr(trees, "HARMLESS", 1 << 16)
    monkeypatch.setattr(trees, "MOST_SWOLLEN", 100)
    bomb = bytes(1 << 20)
    for path in (write("b.zip", zipped({"a.txt": bomb})), write("b.tgz", gzip.compress(tarred({"a.txt": bomb})))):
        with pytest.raises(ChatFileError, match="unpacks to over 100 times its size"):
            open_tree(path)
    with open_tree(write("s.zip", zipped({"a.txt": bytes(1 << 15)}))) as tree:
        assert len(tree.entries) == 1


def test_more_files_than_any_export_has_are_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of them has to fit into memory."""
    monkeypatch.setattr(trees, "MOST_ENTRIES", 3)
    with pytest.raises(ChatFileError, match="more than 3 files"):
        open_tree(write("e.zip", PACKED["zip"]))


def test_damaged_archives_say_so(write: Write) -> None:
    """A zip needs its end; of a tar archive, what comes before the damage is read."""
    with pytest.raises(ChatFileError, match="cut off or damaged"):
        open_tree(write("e.zip", PACKED["zip"][:-30]))
    with open_tree(write("e.tar", PACKED["tar"][:1500])) as tree:
        assert tree.entries[0].name == "quay/2024-01-01.json"
    big = tarred({f"{n}.txt": os.urandom(5000) for n in range(9)})
    with open_tree(write("e.tgz", gzip.compress(big)[:20_000])) as tree:
        assert 0 < len(tree.entries) < 9
        assert any("damage" in reason for reason in tree.left_out)
    encrypted = PACKED["zip"].replace(b"\x00\x00\x08\x00", b"\x01\x00\x08\x00")
    with pytest.raises(ChatFileError, match="is encrypted; unpack it first"):
        open_tree(write("e.zip", encrypted))


def test_what_is_not_there_or_has_a_strange_name_is_refused(tmp_path: Path) -> None:
    """In one line that names it."""
    with pytest.raises(ChatFileError, match="there is no such file"):
        open_tree(tmp_path / "nope")
    with pytest.raises(ChatFileError, match="can't be opened"):
        open_tree("a\0b")


def test_names_are_shown_without_what_terminals_act_on() -> None:
    """An archive may name its files as it likes."""
    assert printable_name("a\x1b[2Jb") == "a\N{REPLACEMENT CHARACTER}[2Jb"


def test_a_file_in_an_archive_may_have_no_name(write: Write) -> None:
    """Damage can take it; what the file holds is read all the same."""
    damaged = zipped({"a.txt": b"hi"}).replace(b"a.txt", b"\0.txt")
    with open_tree(write("d.zip", damaged)) as tree:
        assert content(tree) == {"": b"hi"}


def test_helpers_are_made_once_and_left_with_the_export(write: Write) -> None:
    """Such as a process that tries files."""
    left: list[str] = []

    class Helper:
        def __enter__(self) -> Self:
            return self

        def __exit__(self, *exc_info: object) -> None:
            left.append("left")

    with open_tree(write("chat.json", b"[1]")) as tree:
        assert tree.kept(Helper) is tree.kept(Helper)
        assert not left
    assert left == ["left"]
