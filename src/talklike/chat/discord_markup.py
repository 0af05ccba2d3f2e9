"""Discord's own markup → what people see, and the sentences that DiscordChatExporter puts in place of Discord's notices."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTICE = (
    r"(?:Added (?:a recipient\.|[^\n]{1,200} to the group\.)|Removed (?:a recipient\.|[^\n]{1,200} from the group\.)|"
    r"Left the group\.|Started a call that lasted [\d,.]{1,12} minutes\.|"
    r"Changed the channel (?:name\.|name: [^\n]{1,200}|icon\.)|Pinned a message\.|Started a thread\.|Joined the server\.)"
)
"""What DiscordChatExporter writes, in English always, where Discord tells of a join, a pin or a call; a regular expression."""

MARKED_UP = r"<(?:[@#/]|a?:|t:)"
"""How markup begins; a regular expression that costs little."""

_MARKUP = re.compile(
    r"<(?:@!?(?P<user>\d{1,20})|@&(?P<role>\d{1,20})|\#(?P<channel>\d{1,20})|a?(?P<emoji>:\w{1,64}:)\d{1,20}"
    r"|t:(?P<time>-?\d{1,12})(?::[tTdDfFRsS])?|(?P<command>/[^<>:\n]{1,100}):\d{1,20})>",
    re.ASCII,
)
_TAG = re.compile(r"#(?:\d{4}|0)$")


def plain(text: str, people: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """Return text with Discord's markup (mentions, emoji, times) as people see it.

    Args:
        text: What is kept of a message: an id where a name is shown.
        people: Names by ids; ids that are not in it stay.
        channels: The same of channels.

    >>> plain("<@!7> look at <#8> <:wave:9> <t:0:R>", {"7": "wren"}, {})
    '@wren look at #8 :wave: 1970-01-01 00:00'
    """

    def shown(match: re.Match[str]) -> str:
        kind = match.lastgroup
        value = match[kind or 0]
        if kind == "user":
            return f"@{people.get(value, value)}"
        if kind == "channel":
            return f"#{channels.get(value, value)}"
        if kind == "role":
            return f"@{value}"
        return _time(value) or match[0] if kind == "time" else value

    return _MARKUP.sub(shown, text) if "<" in text else text


def untagged(name: str) -> str:
    """Return a user's name without the four digits that told namesakes apart until 2023 (``wren#1234``)."""
    return _TAG.sub("", name) or name


def _time(seconds: str) -> str | None:
    try:
        return datetime.fromtimestamp(int(seconds), UTC).isoformat(sep=" ", timespec="minutes")[:16]
    except (ValueError, OverflowError, OSError):
        return None
