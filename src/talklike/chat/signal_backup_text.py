"""Signal's chats as signalbackup-tools writes them out of a backup: a line of time and name before each message.

Layout: ``--exporttxt`` and ``--exportdesktoptxt``, from 2023 on. What isn't said stands behind ``***``: who joined, calls,
timers, each file. Reactions follow the text in brackets; deleted messages and quotations are left out by the tool.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from talklike.chat.irc_styles import is_unmistakable
from talklike.chat.signal_text import Said, by_header

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

UNNAMED = "?"
"""How it calls who has neither a name nor a number."""

SYSTEM = "***"
"""Stands in place of who says something."""

MOST_BRACKETS = 50
"""Brackets that are tried as the start of the reactions; names have few."""

_TIME = r"\[((?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d\d, \d{4} \d\d:\d\d:\d\d)\]"
_STAMP = re.compile(rf"{_TIME} ")
HEADER = re.compile(rf"{_TIME} (<[^\n]{{1,200}}?>|\*\*\*)(?: (.*))?$", re.DOTALL)
_NICK = re.compile(r"<[ @%&~]")
_FILE = re.compile(r"<.{1,200}> sent file(?: |$)")
_OPTION = re.compile(r" {30,}\[\d+\] ")
_SIGNS = r"\u203c-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
_EMOJI = rf"(?:[#*0-9]\ufe0f?\u20e3|[\u00a9\u00ae{_SIGNS}][\u200d\ufe0f{_SIGNS}\U000e0020-\U000e007f]{{0,20}})"
_LAST_REACTION = re.compile(rf": {_EMOJI}\)")


def is_backup_text(lines: Sequence[str]) -> bool:
    """Return whether lines, of which the first has a header, are this layout and no log of an IRC client with such times.

    Args:
        lines: The first of a file, whole.
    """
    for line in lines:
        stamp = _STAMP.match(line)
        if stamp is None:
            continue
        rest = line[stamp.end() :]
        if not HEADER.match(line) or _NICK.match(rest) or is_unmistakable(rest):
            return False
    return True


def backup_text(lines: Iterable[tuple[int, str]]) -> Iterator[Said]:
    """Yield the messages, without the reactions that stand behind them, and what is none.

    Args:
        lines: With their numbers.
    """
    for part in by_header(lines, HEADER):
        if isinstance(part, int):
            yield Said(part, reason="malformed")
            continue
        time, by = part.head
        text = "\n".join(part.lines)
        if by == SYSTEM:
            yield Said(part.line, time=time, reason="media only" if _FILE.match(text) else "system line")
            continue
        name = by[1:-1]
        author = None if name == UNNAMED else name
        if _is_poll(part.lines):
            yield Said(part.line, author, author, time, reason="poll")
        else:
            yield Said(part.line, author, author, time, without_reactions(text))


def without_reactions(text: str) -> str:
    r"""Return a text without who reacted to it and how, which follows it in brackets.

    >>> without_reactions("to the harbour? (Wren: \U0001f44d; Otter (work): \u2764\ufe0f)")
    'to the harbour?'
    """
    last = text.rpartition("\n")[2]
    if not _LAST_REACTION.fullmatch(last, max(last.rfind(": "), 0)):
        return text
    likely, start = -1, len(last)
    for _ in range(MOST_BRACKETS):
        start = last.rfind(" (", 0, start)
        if start < 0:
            break
        if last.count("(", start) == last.count(")", start):  # names may have brackets
            likely = start
            break
        likely = max(likely, start)
    return text if likely < 0 else text[: len(text) - len(last) + likely]


def _is_poll(lines: Sequence[str]) -> bool:
    """Return whether a message is a question with answers and how many chose them."""
    return lines[0].startswith("Poll: ") and len(lines) > 1 and _OPTION.match(lines[-1]) is not None
