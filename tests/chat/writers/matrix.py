"""A room that Element exported."""

from __future__ import annotations

import json

from tests.chat.writers.writer import LINES, Rows, Writer, time_of

AUTHORS = ("@wren:quay.example", "@otter:quay.example", "@_irc_heron:bridge.example:8448")


def write(rows: Rows) -> bytes:
    """Return messages in a file."""
    messages = [
        {
            "type": "m.room.message",
            "sender": author,
            "content": {"msgtype": "m.text", "body": text},
            "origin_server_ts": round(time_of(i).timestamp() * 1000),
            "unsigned": {"age": 1000},
            "event_id": f"$event{i}",
            "room_id": "!room:quay.example",
        }
        for i, (author, text) in enumerate(rows)
    ]
    room = {"room_name": "boats", "room_creator": "wren", "topic": "", "export_date": "1/1/2020", "exported_by": "wren"}
    return json.dumps(room | {"messages": messages}, indent=2).encode()


WRITER = Writer(write, LINES, authors=AUTHORS)
