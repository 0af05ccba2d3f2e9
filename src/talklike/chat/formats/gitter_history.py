"""Gitter's room history as freeCodeCamp published it: tab-separated, seven columns, no header, newest first.

Source: https://github.com/freeCodeCamp/gitter-history
"""

from __future__ import annotations

from talklike.chat.columns import Columns
from talklike.chat.tabular import Shape

ID = r"[0-9a-f]{24}"
ISO_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"

GITTER_HISTORY = Shape(
    name="gitter-history",
    title="freeCodeCamp's Gitter history (tab-separated, 7 columns)",
    width=7,
    known=Columns(author=3, text=6, name=4, channel=1, time=(2,), id=5),
    patterns={0: ID, 2: ISO_TIME, 3: ID, 5: ID},
    header=frozenset({"roomid", "roomuri", "sentat", "fromuserid", "fromusername", "messageid", "text"}),
)
