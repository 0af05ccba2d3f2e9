"""Symbols on disk: every message whole, in the order asked for, with its author's value on each symbol."""

from __future__ import annotations

import errno
import os
import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.corpus.alphabet import Alphabet
from talklike.corpus.arrange import Selection
from talklike.corpus.encode import Encoded, elsewhere, let_go, running_part, written
from talklike.errors import CorpusError

if TYPE_CHECKING:
    from random import Random

ALPHABET = Alphabet("abc d")


@given(
    st.lists(st.tuples(st.text(alphabet="abcdé🙂\n", min_size=1, max_size=12), st.integers(0, 3)), min_size=1, max_size=30),
    st.randoms(use_true_random=False),
)
def test_parts_hold_the_chosen_messages_in_order(
    tmp_path_factory: pytest.TempPathFactory, messages: list[tuple[str, int]], random: Random
) -> None:
    """Decoding the spans of each author value gives that author's messages, in the order asked for."""
    folder = tmp_path_factory.mktemp("parts")
    rows = [3 * n + 1 for n in range(len(messages))]  # other rows of the chat aren't used
    encoded = Encoded(folder / "all.u16", zip(rows, (text for text, _ in messages), strict=True), ALPHABET)
    chosen = random.sample(range(len(messages)), random.randint(1, len(messages)))
    selection = Selection(np.array([rows[n] for n in chosen]), np.array([messages[n][1] for n in chosen], np.uint16))
    part = encoded.part(selection, folder / "part.u16")
    expected_ids, expected_authors = [0], [messages[chosen[0]][1]]
    for n in chosen:
        symbols = [*ALPHABET.encode(messages[n][0]).tolist(), 0]
        expected_ids += symbols
        expected_authors += [messages[n][1]] * len(symbols)
    assert part.ids.tolist() == expected_ids
    assert part.authors.tolist() == expected_authors
    texts = [messages[n][0] for n in chosen]
    assert part.messages == len(texts)
    assert part.characters == sum(map(len, texts)) + len(texts)
    assert part.utf8_bytes == sum(len(text.encode()) for text in texts) + len(texts)


def test_one_author_needs_no_second_file(tmp_path: Path) -> None:
    """The author's value is broadcast."""
    encoded = Encoded(tmp_path / "all.u16", [(0, "abc"), (1, "d")], ALPHABET)
    part = encoded.part(Selection(np.array([1, 0]), np.array([1, 1], np.uint16)), tmp_path / "part.u16")
    assert part.authors.strides == (0,)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.u16", "part.u16"]


def test_messages_longer_than_what_is_moved_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the copying is cut leaves no trace."""
    texts = ["abc" * n for n in range(1, 60)]
    encoded = Encoded(tmp_path / "all.u16", enumerate(texts), ALPHABET)
    order = np.arange(len(texts))[::-1].copy()
    selection = Selection(order, (order % 3).astype(np.uint16))
    whole = encoded.part(selection, tmp_path / "whole.u16")
    monkeypatch.setattr(import_module("talklike.corpus.encode"), "_MOVED_AT_ONCE", 7)
    cut = encoded.part(selection, tmp_path / "cut.u16")
    assert cut.ids.tolist() == whole.ids.tolist()
    assert cut.authors.tolist() == whole.authors.tolist()


def test_running_text_has_one_end_at_the_start(tmp_path: Path) -> None:
    """Pieces follow each other without anything between them."""
    part = running_part(["ab", "c\n", "d"], ALPHABET, tmp_path / "part.u16")
    assert part.ids.tolist() == [0, *ALPHABET.encode("abc\nd").tolist()]
    assert (part.messages, part.characters, part.utf8_bytes) == (0, 5, 5)


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="needs Linux's account of mapped memory")
def test_mapped_memory_is_let_go(tmp_path: Path) -> None:
    """What was read of a file no longer counts as the process's, and is the same when it is read again."""
    path = tmp_path / "ids.u16"
    expected = np.arange(1 << 20, dtype=np.uint16)
    path.write_bytes(expected.tobytes())
    ids = np.memmap(path, np.uint16, "r")
    assert (ids == expected).all()
    assert resident(path) > 1 << 20
    let_go(ids)
    assert resident(path) == 0
    assert (ids == expected).all()
    let_go(np.zeros(3, np.uint16))  # of an array in memory there is nothing to let go


def resident(path: Path) -> int:
    """Return how many bytes of a file are mapped into this process and in memory."""
    account = Path("/proc/self/smaps").read_text(encoding="utf-8").split(f"{path}\n")[1]
    return 1024 * int(re.findall(r"^Rss: +(\d+) kB", account, re.MULTILINE)[0])


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT], ids=["disk", "quota"])
def test_a_full_disk_wants_space(tmp_path: Path, number: int) -> None:
    """A full one, or a quota that is used up, can be made room on."""
    with pytest.raises(CorpusError, match=r"; free some space or choose another folder$"), written(tmp_path / "ids.u16"):
        raise OSError(number, os.strerror(number))


def test_what_no_space_would_mend(tmp_path: Path) -> None:
    """A folder that isn't there or can't be written isn't full."""
    with pytest.raises(CorpusError, match=r"No such file or directory; choose another folder$"), written(tmp_path / "no" / "ids"):
        pass
    assert elsewhere(PermissionError(errno.EACCES, "Permission denied")) == "choose another folder"
