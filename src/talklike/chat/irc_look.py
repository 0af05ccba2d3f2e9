"""What the first lines of a file tell of it as an IRC log: whether it is one, how its lines begin, how messages stand in it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from talklike.chat.irc_styles import (
    ADDRESSED,
    ANGLES,
    COLONS,
    LAYOUTS,
    TABS,
    Said,
    Style,
    channel_told,
    is_unmistakable,
    plain,
    said,
    uncoloured,
)
from talklike.chat.irc_times import STAMPS, Stamp, day_told

if TYPE_CHECKING:
    from talklike.chat.source import Head

LOOKED_AT = 150
"""Lines that tell whether a file is a log, and which."""

LEAST_SHARE = 0.7
"""Share of them that must be lines of a log; some logs hold text of several lines."""

LONGEST_LOOKED_AT = 10_000
"""A line of a log has 512 bytes, more through bridges; of longer ones the beginning tells [character]."""

NO_NICKS = frozenset([
    "a", "article", "b", "blockquote", "body", "bos", "br", "code", "dd", "div", "dl", "doc", "dt", "em", "eos", "font",
    "form", "h1", "h2", "h3", "head", "html", "i", "img", "input", "label", "li", "line", "link", "meta", "name", "ol",
    "option", "p", "pad", "pre", "root", "s", "script", "section", "small", "span", "speaker", "strong", "style", "sub",
    "sup", "table", "tbody", "td", "text", "th", "title", "tr", "u", "ul", "unk", "xml", "critical", "debug", "error",
    "fatal", "info", "notice", "trace", "warn", "warning",
])  # fmt: skip
"""Words in angle brackets that are tags or tokens, and levels of other logs."""

_PLAUSIBLE = re.compile(r"[^\W\d]|[\[\]\\`^{}|]")  # in a nick; not in 00:12.04
_BARE = re.compile(r"<[ @+%&~!]?([A-Za-z\[\]\\`^{}|_][\w\[\]\\`^{}|-]{0,30})>[ \t]([^\s<])")
SESSION = re.compile(r"Session (?:Start|Time|Close|Ident)\b|Conversation with |[#&][^\s]{1,80}$")
UNSTAMPED = ("===", "***", "-!-", "---", "-->", "<--", "###")  # what logs with stamps write without


@dataclass(frozen=True)
class Look:
    """What the first lines of a file tell.

    Attributes:
        stamp: With which most lines begin, None if most have none.
        layout: How messages stand in it.
        lines: How many were looked at.
        known: How many of these are lines of a log.
        messages: How many say something.
        actions: How many tell what somebody does.
        unmistakable: How many are such as only the clients of IRC write.
        dated: Whether the stamp has a date.
        talks: Whether lines without stamps look like several people talking, not like markup.
        speakers: Who says something.
        channel: What they tell of it.
    """

    stamp: Stamp | None
    layout: Style
    lines: int
    known: int
    messages: int
    actions: int
    unmistakable: int
    dated: bool
    talks: bool
    speakers: frozenset[str]
    channel: str | None


def look_at(head: Head) -> Look | None:
    """Return what the first lines tell; None if hardly one in three could be of a log."""
    lines = _first_lines(head)
    parts: list[tuple[re.Match[str] | None, str]] = []
    stamps: Counter[Stamp] = Counter()
    stamp = None
    for line in lines:
        found, rest = split(line, stamp)
        if found is not None:
            stamp = next(one for one in STAMPS if one.pattern is found.re)
            stamps[stamp] += 1
        parts.append((found, rest))
    stamped = stamps.total()
    strange = sum(found is None and not _is_clients(rest) for found, rest in parts)
    if not lines or 0 < stamped < strange / 2:
        return None
    log = [rest for found, rest in parts if found is not None or not stamped or _is_clients(rest)]
    unmistakable = sum(map(is_unmistakable, log))
    layout = _layout(log, stamped > 0, unmistakable)
    speakers = {what.nick for rest in log if (what := said(rest, (), layout)).kind == "message"}
    kinds: Counter[str] = Counter()
    channels: Counter[str] = Counter()
    for rest in log:
        what = said(rest, speakers, layout)
        if what.kind == "unknown" and (day_told(rest) or SESSION.match(rest)):
            what = Said("system")
        plausible = what.kind != "message" or _PLAUSIBLE.search(what.nick)
        kinds[what.kind if plausible else "unknown"] += 1
        if what.kind in ("system", "unknown") and (told := channel_told(rest)):
            channels[told.lower()] += 1  # whose case differs is the same
    return Look(
        stamp=stamps.most_common(1)[0][0] if stamped else None,
        layout=layout,
        lines=len(lines),
        known=len(log) - kinds["unknown"],
        messages=kinds["message"],
        actions=kinds["action"],
        unmistakable=unmistakable,
        dated=any(found["day"] for found, _ in parts if found is not None),
        talks=not stamped and _talks(log, kinds["system"]),
        speakers=frozenset(speakers),
        channel=channels.most_common(1)[0][0] if channels else None,
    )


def _is_clients(line: str) -> bool:
    """Return whether a line without a stamp is one that clients write in logs that have stamps."""
    return line.startswith(UNSTAMPED) or SESSION.match(line) is not None or day_told(line) is not None


def _layout(rests: list[str], stamped: bool, unmistakable: int) -> Style:
    """Return how most messages stand in a log."""
    counts = {style: sum(style.pattern.match(rest) is not None for rest in rests) for style in LAYOUTS}
    if not stamped or counts[ANGLES] >= max(1, counts[TABS]):
        return ANGLES
    if counts[TABS]:  # few texts have a tab
        return ADDRESSED if counts[ADDRESSED] > 0.9 * len(rests) else TABS
    return COLONS if counts[COLONS] and unmistakable else ANGLES


def _talks(lines: list[str], system: int) -> bool:
    """Return whether lines without stamps look like several people talking, not like markup or a list of names in brackets."""
    found = [match for line in lines if (match := _BARE.match(line))]
    nicks = {match[1].lower() for match in found}
    return (
        len(found) >= LEAST_SHARE * (len(lines) - system)
        and 1 < len(nicks) <= len(found) / 2
        and not nicks & NO_NICKS
        and sum("</" in line for line in lines) <= len(lines) / 20
        and sum(match[2].isalnum() for match in found) >= len(found) / 2
    )


def split(line: str, likely: Stamp | None) -> tuple[re.Match[str] | None, str]:
    """Return the stamp of a line, if it has one, and what follows."""
    if likely is not None and (found := likely.pattern.match(line)):
        return found, line[found.end() :]
    line = uncoloured(line)
    for stamp in STAMPS:
        if found := stamp.pattern.match(line):
            return found, line[found.end() :]
    return None, line


def _first_lines(head: Head) -> list[str]:
    lines = head.data.split(b"\n", 4 * LOOKED_AT)
    if len(lines) > 1 and (len(lines) > 4 * LOOKED_AT or not head.complete):
        lines.pop()  # the rest, or cut off
    text = plain(b"\n".join(line[:LONGEST_LOOKED_AT] for line in lines).decode("utf-8", "replace"))
    return [line.rstrip("\r") for line in text.split("\n") if line and not line.isspace()][:LOOKED_AT]
