"""The export of a private account."""

from __future__ import annotations

import json
from html import escape

from tests.chat.writers.writer import LINES, Rows, Writer, time_of

AUTHORS = ("8:live:wren", "8:otter", "28:bot")


def write(rows: Rows) -> bytes:
    """Return messages in a file."""
    messages = [
        {
            "id": str(round(time_of(i).timestamp() * 1000)),
            "displayName": None,
            "originalarrivaltime": f"{time_of(i):%Y-%m-%dT%H:%M:%S.000Z}",
            "messagetype": "RichText",
            "version": 1,
            "content": escape(text, quote=i % 2 == 0).replace("&#x27;", "&apos;"),
            "conversationid": "19:boats@thread.skype",
            "from": author,
            "properties": None,
            "amsreferences": None,
        }
        for i, (author, text) in enumerate(rows)
    ]
    about = {"id": "19:boats@thread.skype", "displayName": "boats", "version": 1, "properties": {}, "threadProperties": None}
    export = {"userId": "8:live:wren", "exportDate": "2020-01-01T10:00", "conversations": [about | {"MessageList": messages}]}
    return json.dumps(export).encode()


WRITER = Writer(write, LINES, authors=AUTHORS)
