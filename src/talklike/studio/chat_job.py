"""Reads a chat and looks at it: the job ``python -m talklike.studio.chat_job FOLDER``, for a folder of ``talklike.studio.chats``.

It tells ``progress`` (``done``, ``total`` [byte]), then ``authors`` when those are written down and can be shown, then ends.
``found.json`` holds ``report``, ``kind``, ``authors`` (a list of rows, most active first), ``others`` (how many more there are),
``alike`` (who may be one person), ``quoted`` (how many ``messages`` quote others, in how many ``lines`` that aren't learnt; None
if they are) and ``portraits`` (``talklike.studio.portraits``).
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from talklike.chat.authors import authors, count
from talklike.chat.people import merged, suggestions
from talklike.chat.read import read_chat
from talklike.corpus.clean import Quotations, quotations
from talklike.errors import ChatFileError, TalklikeError
from talklike.studio.chats import TEXT, ChatEntry
from talklike.studio.events import tell
from talklike.studio.portraits import portraits
from talklike.voice.write import atomic_write

if TYPE_CHECKING:
    from talklike.chat.table import Chat

MOST_AUTHORS = 2_000
"""Authors that are listed; of more, the most active."""

MOST_ALIKE = 12
EVERY = 0.25
"""Time between two news of progress [s]."""


def main(folder: Path) -> None:
    """Read a chat, or make authors one in a chat that was read, and write down what is found.

    Raises:
        ChatFileError: The chat can't be read.
        TalklikeError: Authors can't be made one.
    """
    entry = ChatEntry(folder.name, folder, json.loads((folder / "chat.json").read_text(encoding="utf-8")))
    try:
        chat = _read(entry) if entry.base is None else _again(entry)
    except TalklikeError as error:  # which names the file where the studio has put it
        raise ChatFileError(str(error).replace(str(entry.about["source"]), entry.name)) from error
    if entry.merges:
        chat = merged(chat, entry.merges)
        if entry.table is None:
            _write_table(chat, entry.file("merged", f"-{entry.key}.parquet"))
    _look(chat, entry)
    upload = folder / "upload"
    if upload.exists():  # the table holds all that is needed from here on
        shutil.rmtree(upload)


def _read(entry: ChatEntry) -> Chat:
    """Return the chat from its source, having written its table."""
    last = 0.0

    def progress(done: int, total: int | None) -> None:
        nonlocal last
        if time.monotonic() - last > EVERY:
            last = time.monotonic()
            tell("progress", done=done, total=total)

    chat = read_chat(entry.about["source"], progress=progress, **entry.reading)
    report = chat.report.to_dict() | {"bots": sorted(chat.report.bots)}
    for skip in report["skipped"].values():
        skip["places"] = skip["places"][:3]
    report["source"] = entry.name
    atomic_write(entry.file("read", ".json"), json.dumps({"report": report, "kind": chat.kind}).encode())
    if chat.kind == "stream":
        folder = entry.file(TEXT)
        folder.mkdir(exist_ok=True)
        for (author,), rows in chat.frame.collect().group_by("author", maintain_order=True):
            atomic_write(folder / f"{author}.txt", "".join(rows["text"]).encode("utf-8", "replace"))
    else:
        _write_table(chat, entry.file("messages", ".parquet"))
    return chat


def _again(entry: ChatEntry) -> Chat:
    """Return a chat that was read before, from its table."""
    assert entry.base is not None, "only called where there is one"
    chat = read_chat(entry.base, with_quotes=entry.with_quotes)
    chat.report.bots.update(_told(entry)["report"]["bots"])
    return chat


def _told(entry: ChatEntry) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(entry.file("read", ".json").read_text(encoding="utf-8"))
    return content


def _write_table(chat: Chat, path: Path) -> None:
    part = path.with_name(f".{path.name}.tmp")
    chat.frame.sink_parquet(part)
    part.replace(path)


def _look(chat: Chat, entry: ChatEntry) -> None:
    """Write down what is found in a chat: first who writes, then all else."""
    told = _told(entry)
    counted = count(chat)
    rows = authors(chat, top=MOST_AUTHORS, counted=counted)
    found: dict[str, Any] = told | {
        "messages": int(counted["messages"].sum()),
        "characters": int(counted["characters"].sum()),
        "authors": _json_ready(rows),
        "others": counted.height - rows.height,
        "alike": [],
        "quoted": None,
        "portraits": None,
    }
    _write_found(found, entry)
    tell("authors", authors=counted.height, messages=found["messages"])
    if chat.kind == "messages":
        people = rows.filter(~pl.col("automated"))
        pairs = [pair for pair in suggestions(people) if "=" not in pair.author and "=" not in pair.into]
        found["alike"] = [{"author": p.author, "into": p.into, "reason": p.reason} for p in pairs[:MOST_ALIKE]]
        if not chat.with_quotes:
            found["quoted"] = asdict(_quoted(chat))
    found["portraits"] = portraits(chat.frame, rows)
    _write_found(found, entry)


def _quoted(chat: Chat) -> Quotations:
    """Return how much of a chat is quoted from others inside messages."""
    found = Quotations(0, 0)
    for batch in chat.frame.select("text").collect_batches(maintain_order=False):
        more = quotations(batch)
        found = Quotations(found.messages + more.messages, found.lines + more.lines)
    return found


def _write_found(found: dict[str, Any], entry: ChatEntry) -> None:
    atomic_write(entry.found_file, json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))


def _json_ready(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return [
        {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in row.items()}
        for row in frame.iter_rows(named=True)
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
