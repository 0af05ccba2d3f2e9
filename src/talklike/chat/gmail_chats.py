"""Chats as Gmail kept them until 2013: a mail for each conversation, with the messages in XML.

Layout: mails labelled ``Chat`` in Takeout, with a part ``text/xml``: a ``conversation`` in ``google:archive:conversation``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMESPACE = "google:archive:conversation"
"""Of the outermost element, and unmistakable."""


@dataclass(frozen=True)
class Said:
    """A message of a chat.

    Attributes:
        author: The address, in lower case, without the device.
        text: What was said.
        time: Milliseconds since 1970, as a string; None if it isn't told.
    """

    author: str | None
    text: str
    time: str | None


def said(xml: str) -> Iterator[Said]:
    """Yield the messages of a conversation; nothing if it is no XML, or defines entities, which could swell without end."""
    if "<!" in xml.replace("<![CDATA[", ""):
        return
    try:
        root = ET.fromstring(xml.strip())  # noqa: S314 - without definitions there is nothing to expand
    except (ET.ParseError, ValueError):
        return
    for message in root.iterfind("{*}message"):
        body = message.find("{*}body")
        text = "" if body is None else "".join(body.itertext())
        time = message.find("{google:timestamp}time")
        stamp = message.get("{google:internal}time-stamp") if time is None else time.get("ms")
        author = (message.get("from") or "").partition("/")[0].strip().lower()
        yield Said(author or None, text, stamp if stamp and stamp.isascii() and stamp.isdigit() and len(stamp) < 20 else None)
