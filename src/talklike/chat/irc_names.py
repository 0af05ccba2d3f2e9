"""Which channel an IRC log is of, from the names of its file and folders, and from what its lines tell."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from talklike.chat.irc_times import without_dates

if TYPE_CHECKING:
    from collections.abc import Container

    from talklike.chat.source import Source

OF_ANY_LOG = frozenset([
    "channel", "channels", "chat", "chats", "data", "dev", "download", "downloads", "examples", "export", "exports", "files",
    "home", "irc", "irclog", "irclogs", "log", "logs", "messages", "moddata", "network", "networks", "raw", "samples",
    "stdin", "talk", "test", "tests", "text", "tmp", "train", "txt", "users",
])  # fmt: skip
"""Names of files and folders that say nothing."""

_SUFFIX = re.compile(r"\.(?:log|logs|txt|text|tsv|raw|weechatlog|irclog|irc|gz|old|\d{1,2})$", re.IGNORECASE)
_MARKED = re.compile(r"(?:^|(?<=[\s._-])(?=#))(?P<channel>[#&][^\s/]{1,80})")
_KVIRC = re.compile(r"channel_([#&].{1,80})\.[^.]{1,40}$")
_NETWORK = re.compile(r"irc\.[^.]{1,40}\.(?=.)")
_DECORATION = re.compile(r"[-_. ](?:irc|irclogs?|logs?|channel|history)$", re.IGNORECASE)


def channel_of(source: Source, told: str | None, speakers: Container[str]) -> str | None:
    """Return the name of the channel, with its ``#``; of a talk of two, the nick of the other.

    A name with ``#`` in the path is certain; else it is what the log tells, and else the name of the file, or of the nearest
    folder if the file is named after a day.

    Args:
        source: The log.
        told: The channel that its lines tell.
        speakers: Who says something in it.
    """
    path = PurePosixPath(source.name.replace("\\", "/"))
    for part in (source.inner.name, *reversed(path.parts[:-1])):
        name = _KVIRC.sub(r"\1", _unsuffixed(part))
        if found := _MARKED.search(name):
            return found["channel"]
    if told is not None:
        return told
    name = _unsuffixed(source.inner.name)
    if not name or name.isdigit():
        name = _folder(source, path)
    if name.lower() in OF_ANY_LOG or not name:
        return None
    return name if name in speakers else f"#{name}"


def _folder(source: Source, path: PurePosixPath) -> str:
    """Return the name of the nearest folder that is no date; of those around the export only the nearest that the user named."""
    for part in reversed(source.inner.parts[:-1]):
        name = _unsuffixed(part)
        if name and not name.isdigit() and name.lower() not in OF_ANY_LOG:
            return name
    around = path.parent if source.tree.alone else PurePosixPath(source.tree.name.replace("\\", "/"))
    names = [_unsuffixed(part) for part in reversed(around.parts)]
    return next((name for name in names if name and not name.isdigit()), "").strip("/")


def _unsuffixed(name: str) -> str:
    """Return a name without suffixes, dates and words that say that it is a log."""
    name = name.replace("%23", "#")
    while (shorter := _SUFFIX.sub("", name)) != name:
        name = shorter
    name = _NETWORK.sub("", without_dates(name), count=1)
    return name if "#" in name else _DECORATION.sub("", name).strip(" -_.")
