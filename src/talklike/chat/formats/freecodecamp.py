"""Kaggle's ``freecodecamp_casual_chatroom.csv`` and its anonymous sibling, with their header or without.

Source: https://www.kaggle.com/datasets/freecodecamp/all-posts-public-main-chatroom
"""

from __future__ import annotations

from talklike.chat.columns import Columns
from talklike.chat.tabular import Shape

ID = r"[0-9a-f]{24}"
ISO_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"

FREECODECAMP = Shape(
    name="freecodecamp",
    title="freeCodeCamp's casual chatroom from Kaggle (26 columns)",
    width=26,
    known=Columns(author=8, text=22, name=6, time=(20,), id=15),
    patterns={8: ID, 15: ID, 20: ISO_TIME},
    header=frozenset({"fromuserid", "fromuserdisplayname", "sent", "text", "readby"}),
)
FREECODECAMP_ANON = Shape(
    name="freecodecamp-anon",
    title="freeCodeCamp's casual chatroom from Kaggle without names (19 columns)",
    width=19,
    known=Columns(author=4, text=14, time=(12,), id=8),
    patterns={4: ID, 8: ID, 12: ISO_TIME},
    header=frozenset({"fromuserid", "sent", "text", "readby", "mentionsuserids"}),
)
