"""The files of an export, in folders and archives, and what is not safe to read."""

from __future__ import annotations

import errno
import gzip
import io
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Self, cast

import pytest
import zstandard

from talklike.chat import tree as trees
from talklike.chat.tree import natural, open_tree, printable_name
from talklike.errors import ChatFileError
from tests.chat.packed import content, tarred, zipped

Write = Callable[[str, str | bytes], Path]
FILES = {"quay/2024-01-01.json": b"[1]", "quay/2024-01-02.json": b"[2]", "quay/2024-01-10.json": b"[3]", "users.json": b"{}"}

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


class Pipe(io.RawIOBase):
    """Hands out what was written in the pieces that it was written in, and notes how many were asked for."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = [*pieces]
        self.read_pieces = 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Hand out the next piece, or what fits of it."""
        self.read_pieces += 1
        piece = self._pieces.pop(0) if self._pieces else b""
        buffer[: len(piece)] = piece[: len(buffer)]
        if len(piece) > len(buffer):
            self._pieces.insert(0, piece[len(buffer) :])
        return min(len(piece), len(buffer))


def piped(monkeypatch: pytest.MonkeyPatch, *pieces: bytes) -> Pipe:
    """Put a pipe in the place of standard input."""
    pipe = Pipe(*pieces)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(pipe)))
    return pipe


@pytest.mark.parametrize("first", [2, 200, 10_000])
@pytest.mark.parametrize("kind", PACKED)
def test_standard_input_may_be_an_archive(kind: str, first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is copied, because an archive has to be jumped around in, however few bytes the first write of a pipe has."""
    piped(monkeypatch, PACKED[kind][:first], PACKED[kind][first:])
    with open_tree("-") as tree:
        assert not tree.alone
        assert set(content(tree)) == set(FILES)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress])
def test_packed_text_on_standard_input_is_a_file(pack: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """One whose size is known, and that goes away in the end."""
    packed = pack(b"wren: hi\n" * 100)
    piped(monkeypatch, packed)
    with open_tree("-") as tree:
        entry = tree.entries[0]
        assert tree.alone
        assert (entry.name, entry.size) == ("stdin", len(packed))
        assert content(tree) == {"stdin": packed}
        assert entry.path is not None
    assert not entry.path.exists()


def test_text_on_standard_input_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only its first bytes are; the rest is read as it comes."""
    pieces = [b"wren: hi\n", b"otter: ho\n" * 50, b"heron: the tide\n", b"tern: is out\n" * 3000]
    pipe = piped(monkeypatch, *pieces)
    with open_tree("-") as tree:
        assert pipe.read_pieces == 2
        assert tree.entries[0].path is None
        with tree.entries[0].open() as file:
            assert file.readable()
            assert file.read(4) == b"wren"
            rest = [b"wren"]
            while piece := file.read1(1 << 20):  # type: ignore[attr-defined]  # a BufferedReader
                rest.append(piece)
            assert b"".join(rest) == b"".join(pieces)
            assert rest[1] == b"".join(pieces[:2])[4:262]
    piped(monkeypatch, *pieces)
    with open_tree("-") as tree:
        assert content(tree) == {"stdin": b"".join(pieces)}


@pytest.mark.parametrize("text", [b"", b"wren: hi\n"])
def test_the_end_of_standard_input_is_asked_for_once(text: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a terminal, it would have to be typed again."""
    pipe = piped(monkeypatch, text)
    with open_tree("-") as tree:
        asked = pipe.read_pieces
        assert content(tree) == {"stdin": text}
        assert pipe.read_pieces == asked


def test_standard_input_that_fails_is_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder, or a disk with errors."""

    class Failing(Pipe):
        def readinto(self, buffer: Any) -> int:
            raise OSError(errno.EISDIR, "Is a directory")

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Failing())))
    with pytest.raises(ChatFileError, match=r"^- can't be read: Is a directory$"):
        open_tree("-")


def test_archives_in_a_folder_are_looked_into_and_those_in_archives_are_not(write: Write, tmp_path: Path) -> None:
    """Phones hand out one zip a chat; nobody packs zips into zips."""
    inner = zipped({"chat.txt": b"a", "deeper.zip": zipped({"b.txt": b"b"}), "x.tar.gz": b""})
    write("one.zip", inner)
    write("two.tar", tarred({"chat.txt": b"c", "deeper.tgz": b""}))
    with open_tree(tmp_path) as tree:
        assert content(tree) == {"one.zip/chat.txt": b"a", "two.tar/chat.txt": b"c"}
        assert tree.left_out == {"archives inside an archive": 3}


def test_an_archive_that_cant_be_read_leaves_the_rest_of_a_folder(write: Write, tmp_path: Path) -> None:
    """It is named with the reason, the first few of many; what damage leaves of a tar archive is read."""
    write("chat.txt", "hi")
    write("broken.zip", PACKED["zip"][:-30])
    write("locked.zip", PACKED["zip"].replace(b"\0\0\x08\0", b"\x01\0\x08\0"))
    write("cut.tar", PACKED["tar"][:1800])
    write("bad.tar", b"a" * 257 + b"ustar\x0000" + b"b" * 300)
    with open_tree(tmp_path) as tree:
        assert set(content(tree)) == {"chat.txt", "cut.tar/quay/2024-01-01.json", "cut.tar/quay/2024-01-02.json"}
        reasons = sorted(tree.left_out)
        assert [reason.split(": ")[0] for reason in reasons] == [
            "archives that can't be read (bad.tar",
            "archives that can't be read (broken.zip",
            "archives that can't be read (locked.zip",
            "behind damage in the tar archive (cut.tar)",
        ]
        assert "the tar archive is damaged" in reasons[0]
        assert "cut off or damaged" in reasons[1]
        assert "'quay/2024-01-01.json' is encrypted; unpack it first" in reasons[2]
    for number in range(9):
        write(f"more{number}.zip", PACKED["zip"][:-30])
    with open_tree(tmp_path) as tree:
        assert set(tree.left_out.values()) == {1, 9}
        assert tree.left_out["archives that can't be read"] == 9


def test_an_archive_that_may_not_be_read_leaves_the_rest_of_a_folder(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Permission is the operating system's to give (root, who runs tests in containers, always has it)."""
    write("chat.txt", "hi")
    write("quay.zip", PACKED["zip"])
    opened = Path.open

    def refuse(self: Path, mode: str) -> IO[bytes]:
        if self.suffix == ".zip":
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return cast("IO[bytes]", opened(self, mode))

    monkeypatch.setattr(Path, "open", refuse)
    with open_tree(tmp_path) as tree:
        assert content(tree) == {"chat.txt": b"hi"}
        assert tree.left_out == {"archives that can't be read (quay.zip: Permission denied)": 1}


@pytest.mark.parametrize("what", ["folder", "file", "all"])
def test_a_folder_that_may_not_be_read_is_named(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the one that it lies in."""
    (tmp_path / "harbour" / "quay").mkdir(parents=True)
    (tmp_path / "harbour" / "quay" / "chat.txt").write_text("hi")
    lists, looks = os.scandir, Path.lstat

    def scandir(path: Any) -> Any:
        if str(path).endswith({"folder": "quay", "all": "harbour"}.get(what, "?")):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return lists(path)

    def lstat(self: Path) -> os.stat_result:
        if what == "file" and self.name == "chat.txt":
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return looks(self)

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(Path, "lstat", lstat)
    named = {"folder": "/quay", "file": "/quay/chat.txt", "all": ""}[what]
    with pytest.raises(ChatFileError) as error:
        open_tree(tmp_path / "harbour")
    assert str(error.value) == f"{tmp_path / 'harbour'}{named} can't be read: Permission denied"


def test_a_folder_of_many_archives_needs_few_descriptors(write: Write, tmp_path: Path) -> None:
    """A phone hands out one archive a chat, and systems allow a process some hundreds."""
    for number in range(40):
        write(f"{number}.zip", zipped({"chat.txt": b"%d" % number}))
        write(f"{number}.tar", tarred({"chat.txt": b"%d" % number}))
        write(f"{number}.tgz", gzip.compress(tarred({"chat.txt": b"%d" % number})))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    used = max(int(path.name) for path in Path("/dev/fd").iterdir())
    resource.setrlimit(resource.RLIMIT_NOFILE, (used + 20, hard))
    try:
        with open_tree(tmp_path) as tree:
            found = content(tree)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert len(found) == 120
    assert all(name.split(".")[0].encode() == data for name, data in found.items())


HIDDEN = [
    ".DS_Store", "quay/._chat.txt", "__MACOSX/chat.txt", "__MACOSX/quay/._x.zip", "a/.git/HEAD", ".svn/entries", ".hg/x",
    ".Trash/chat.txt", ".Trash-1000/files/chat.txt", ".Trashes/501/chat.txt", ".cache/x", ".Spotlight-V100/x", ".fseventsd/1",
]  # fmt: skip


@pytest.mark.parametrize("kind", ["zip", "tar", "folder"])
def test_programs_that_people_chat_with_keep_their_logs_in_folders_with_a_dot(kind: str, write: Write, tmp_path: Path) -> None:
    """So do systems and programs what is theirs, in few folders that are known."""
    kept = [".weechat/logs/irc.libera.weechatlog", ".purple/logs/wren/2024.txt", ".znc/x/quay.log", ".irssi/quay.log"]
    data = dict.fromkeys([*kept, *HIDDEN], b"hi")
    path = tmp_path / "folder"
    if kind == "folder":
        for name in data:
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(b"hi")
    else:
        path = write("e.dat", {"zip": zipped, "tar": tarred}[kind](data))
    with open_tree(path) as tree:
        assert sorted(content(tree)) == sorted(kept)
        left_out = {"hidden": len(HIDDEN)}
        if kind != "folder":  # a name is enough to refuse what would be an archive in an archive
            left_out = {"hidden": len(HIDDEN) - 1, "archives inside an archive": 1}
        assert tree.left_out == left_out


def test_a_link_to_a_folder_is_counted(tmp_path: Path) -> None:
    """It is not followed: it may lead anywhere, also back."""
    (tmp_path / "export").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "chat.txt").write_text("hi")
    (tmp_path / "export" / "quay").symlink_to(tmp_path / "other")
    with open_tree(tmp_path / "export") as tree:
        assert not tree.entries
        assert tree.left_out == {"links": 1}


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
        assert tree.left_out == {"links": 1, "pipes, devices and the like": 1}


def test_more_files_than_any_export_has_are_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of them has to fit into memory."""
    monkeypatch.setattr(trees, "MOST_ENTRIES", 3)
    with pytest.raises(ChatFileError, match="more than 3 files"):
        open_tree(write("e.zip", PACKED["zip"]))


def test_what_is_not_there_or_has_a_strange_name_is_refused(tmp_path: Path) -> None:
    """In one line that names it."""
    with pytest.raises(ChatFileError, match="there is no such file"):
        open_tree(tmp_path / "nope")
    with pytest.raises(ChatFileError, match="can't be opened"):
        open_tree("a\0b")
    with pytest.raises(ChatFileError, match=r"^no file is named$"):
        open_tree("")


def test_names_are_shown_without_what_terminals_act_on() -> None:
    """An archive may name its files as it likes."""
    assert printable_name("a\x1b[2Jb") == "a\N{REPLACEMENT CHARACTER}[2Jb"


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
