"""Which channel a log is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from talklike.chat.irc_names import channel_of
from talklike.chat.source import Source

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "told", "channel"),
    [
        ("#kelp.log", "#reef", "#kelp"),
        ("&kelp.log", None, "&kelp"),
        ("R&D.log", None, "#R&D"),
        ("#kelp/2009-01-14.log", "#reef", "#kelp"),
        ("kelp.log", "#reef", "#reef"),
        ("kelp.log", None, "#kelp"),
        ("kelp-irc.log", None, "#kelp"),
        ("#kelp-irc.log", None, "#kelp-irc"),
        ("irc.libera.kelp.weechatlog", None, "#kelp"),
        ("kelp/2009/2009-01-14", None, "#kelp"),
        ("kelp/2009/01/14.txt", None, "#kelp"),
        ("wren.log", None, "wren"),
        ("chat.log", None, None),
        ("irclogs/2009-01-14.log", None, None),
    ],
)
def test_the_surest_name_is_taken(name: str, told: str | None, channel: str | None, tmp_path: Path) -> None:
    """One with #, what the log tells, the file's, the folder's; the nick of the other in a talk of two."""
    path = tmp_path / "logs" / name
    path.parent.mkdir(parents=True)
    path.write_text("x")
    with Source.of(path) as source:
        assert channel_of(source, told, {"wren", "otter"}) == channel
