"""What stands in files beside the messages."""

from __future__ import annotations

import gc
import gzip
import json
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from talklike.chat import side_files
from talklike.chat.side_files import OfExport, objects_beside
from talklike.chat.tree import Tree, open_tree

if TYPE_CHECKING:
    from pathlib import Path

USERS = re.compile("users")


def beside(path: Path) -> list[dict[str, object]]:
    """Return the objects in the files of an export that hold users."""
    with open_tree(path) as tree:
        return list(objects_beside(tree, USERS))


def test_objects_are_found_however_they_are_laid_out(tmp_path: Path) -> None:
    """One, an array, one a line; packed, in folders, with a mark of the byte order."""
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "Users.json").write_bytes(b"\xef\xbb\xbf" + b'{\n "id": 1\n}\n')
    (tmp_path / "2_users.json").write_text('[{"id": 2}, 7, null, [{"id": 0}], {"id": 3}]')
    (tmp_path / "3_users.jsonl").write_text('{"id": 4}\n\n{"id": 5}\n[6]\noops\n{"id": 6}')
    (tmp_path / "4_users").write_text('{"id": 7}')
    (tmp_path / "5_users.json.gz").write_bytes(gzip.compress(b'[{"id": 8}]'))
    for other in ("6_users.csv", "7_people.json", "users/8.json"):
        (tmp_path / other).parent.mkdir(exist_ok=True)
        (tmp_path / other).write_text('[{"id": 99}]')
    assert [one["id"] for one in beside(tmp_path)] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_an_archive_is_looked_through_too(tmp_path: Path) -> None:
    """Without unpacking it."""
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("export/users.json", '[{"id": 1}]')
        archive.writestr("export/messages.json", "[]")
    assert beside(tmp_path / "export.zip") == [{"id": 1}]


@pytest.mark.parametrize("data", [b"", b"oops", b'{"id": ', b"[" * 10_000, b'"users"', b"\0", b"\x1f\x8b", b"7", b"[1, 2]"])
def test_damaged_lists_of_names_are_passed_over(data: bytes, tmp_path: Path) -> None:
    """The messages matter more."""
    (tmp_path / "users.json").write_bytes(data)
    (tmp_path / "users_2.json").write_text('[{"id": 1}]')
    assert beside(tmp_path) == [{"id": 1}]


def test_an_array_that_breaks_off_gives_its_beginning(tmp_path: Path) -> None:
    """As everywhere."""
    (tmp_path / "users.json").write_text('[{"id": 1}, {"id": 2}, {"id"')
    assert beside(tmp_path) == [{"id": 1}, {"id": 2}]


def test_large_objects_hold_no_names(tmp_path: Path) -> None:
    """They are messages; long arrays are gone through."""
    (tmp_path / "users_1.json").write_text(json.dumps({"messages": ["x" * 3_000_000]}))
    (tmp_path / "users_2.json").write_text(json.dumps([{"id": i, "about": "x" * 1000} for i in range(1000)]))
    assert len(beside(tmp_path)) == 1000


def test_the_number_of_files_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of their names."""
    monkeypatch.setattr(side_files, "MOST_FILES", 2)
    for number in range(12):
        (tmp_path / f"users_{number}.json").write_text(json.dumps({"id": number}))
    assert [one["id"] for one in beside(tmp_path)] == [0, 1]


def test_an_export_is_looked_through_once() -> None:
    """And not remembered when it is gone."""
    calls: list[str] = []

    def read(tree: Tree) -> int:
        calls.append(tree.name)
        return len(calls)

    names = OfExport(read)
    first, second = Tree("a", alone=False), Tree("b", alone=False)
    assert [names.of(first), names.of(first), names.of(second), names.of(second), names.of(first)] == [1, 1, 2, 2, 3]
    del first
    gc.collect()
    assert names.of(Tree("a", alone=False)) == 4
    assert calls == ["a", "b", "a", "a"]
