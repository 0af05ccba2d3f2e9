"""Escapes that JSON does not have."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from hypothesis import given
from hypothesis import strategies as st

from talklike.chat.json_escapes import Unescaped, unescaped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.source import Source


class Pieces:
    """A file in pieces."""

    damage = "cut off"

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = pieces

    def chunks(self) -> Iterator[bytes]:
        """Yield the pieces."""
        yield from self._pieces

    def place(self, line: int) -> str:
        """Return a place."""
        return f"f:{line}"


@given(st.lists(st.sampled_from([b"\\", b"\\x0B", b"\\\\x0B", b"\\u000b", b"x", b"0", b"a", b"\\\\"]), max_size=12), st.data())
def test_pieces_are_mended_as_the_whole(parts: list[bytes], data: st.DataObject) -> None:
    """Wherever a file is cut."""
    whole = b"".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=5)))
    pieces = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    assert b"".join(Unescaped(cast("Source", Pieces(*pieces))).chunks()) == unescaped(whole)


@given(st.text())
def test_sound_json_stays_as_it_is(text: str) -> None:
    """Whatever it says."""
    for ascii_only in (True, False):
        data = json.dumps(text, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
        assert unescaped(data) == data


def test_the_rest_of_the_file_is_passed_on() -> None:
    """Its damage and its places."""
    mended = Unescaped(cast("Source", Pieces(b"{}")))
    assert (mended.damage, mended.place(3)) == ("cut off", "f:3")
