"""Signal's chats as text: Markdown of signal-export, the long and the short text of sigtop.

Layouts: signal-export 1 to 3 (``chat.md``, before ``index.md``), sigtop in C and in Go (``-f text``, ``-f text-short``). Both
take the messages from Signal Desktop and put what they know of quotations, reactions and files around the text.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from talklike.chat.lines import is_cut, line_blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talklike.chat.report import ReadReport
    from talklike.chat.source import Source

LONGEST_MESSAGE = 1 << 20
"""Of a message; Signal allows some ten thousand. Lines that go on after that are malformed [character]."""

OWNERS = {"You", "Me"}
"""How the two tools call who owns the account."""

NOBODY = {"No-Sender", "Unknown", "unknown"}
"""How they call who sent a message if they don't know."""

DETAILED = re.compile(r"(.+) \(([^()]+)\)")
"""A name and what is unique about it: a phone number, a user name, an id; or ``group``."""

MARKDOWN = re.compile(r"\[(\d{4}-\d\d-\d\d),? (\d\d:\d\d(?::\d\d)?)\] ([^:]{1,200}): ?(.*)", re.DOTALL)
SHORT = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d) ([^:]{1,200}):(?: (.*))?$", re.DOTALL)
_FIELD = re.compile(r"(Conversation|From|To|Type|Sent|Received|Attachment|Reaction|Edited|Version): (.*)", re.DOTALL)
_CALL = re.compile(r"(?:Incoming|Outgoing|Missed)(?: (?:voice|video|audio|group))* call(?: \([^()]*\))?")
_LINKED = ("](./media/", "](../exported_stickers/")
_DELETED = "(This message was deleted)"
MOST_FILES = 100
"""Files at the end of a message that are told from its text; Signal allows 32."""
_DETAILS = re.compile(
    r"\[(?=[re\d])(?:reply to [^\n]{1,200}? on \d{4}-\d\d-\d\d \d\d:\d\d(?:, )?)?(?:edited(?:, )?)?(?:\d+ attachments?)?\](?: |$)"
)
_NO_MESSAGE = re.compile(r"\[[a-z0-9-]+ message\]")


@dataclass
class Said:
    """A message, or a line that is none.

    Attributes:
        line: Where it begins, from 1.
        author: Id or name.
        name: Display name.
        time: When, as the file has it.
        text: What.
        reason: Why it is no message; None if it is one.
        channel: The conversation, where the file names it.
    """

    line: int
    author: str | None = None
    name: str | None = None
    time: str | None = None
    text: str | None = None
    reason: str | None = None
    channel: str | None = None


@dataclass
class Open:
    """A message whose lines are being read.

    Attributes:
        line: Where it begins, from 1.
        head: What its header holds.
        lines: Its text.
        size: How long that is [character].
    """

    line: int
    head: tuple[str, ...]
    lines: list[str] = field(default_factory=list)
    size: int = 0

    def takes(self, text: str) -> bool:
        """Take a line; False if the message is longer than any."""
        self.size += len(text) + 1
        if self.size > LONGEST_MESSAGE:
            return False
        self.lines.append(text)
        return True


def numbered(source: Source, report: ReadReport) -> Iterator[tuple[int, str]]:
    """Yield the lines with their numbers from 1, without their ends; lines longer than a block are malformed."""
    number, cut = 1, False
    for data in line_blocks(source, report):
        rows = data.removesuffix(b"\n").split(b"\n")
        if cut:
            rows[0] = b""
        if is_cut(data):
            if not cut:
                report.skip("malformed", 1, [source.place(number)])
            cut = True
            continue
        cut = False
        for i, row in enumerate(rows, number):
            yield i, row.decode().removesuffix("\r")
        number += len(rows)


def markdown(lines: Iterable[tuple[int, str]], *, quotes: bool) -> Iterator[Said]:
    """Yield the messages of signal-export's Markdown, without what it adds to them."""
    for part in by_header(lines, MARKDOWN):
        if isinstance(part, int):
            yield Said(part, reason="malformed")
            continue
        date, clock, sender = part.head
        text, reason = body(part.lines, quotes=quotes)
        author = None if sender in NOBODY else sender
        yield Said(part.line, author, author, f"{date} {clock}", text, reason)


def body(lines: list[str], *, quotes: bool) -> tuple[str, str | None]:
    """Return the text of a message in signal-export's Markdown, and why it is none.

    A message is a quotation between empty lines, the text and two spaces, a line of reactions, a line with a sticker, files.
    """
    start = next((i for i, line in enumerate(lines[:3]) if line), 0)
    quoted = start
    while start and quoted < len(lines) and lines[quoted].startswith(">"):
        quoted += 1
    text = "\n".join(lines[quoted:]).strip("\n") if quoted > start else "\n".join(lines).rstrip("\n")
    text, sent = _without_files(text)
    first, _, last = text.rpartition("\n")
    if last.startswith("(( ") and last.endswith(" ))"):
        text, sent = first, True
        first, _, last = text.rpartition("\n")
    if last.startswith("(- ") and last.endswith(" -)"):
        text = first
    text = text.removesuffix("  ")
    if text == _DELETED:
        return text, "deleted"
    if _CALL.fullmatch(text):
        return text, "system line"
    if quotes and quoted > start and text:
        text = "\n".join(lines[start:quoted]) + "\n\n" + text
    return text, "media only" if sent and not text.strip() else None


def _without_files(text: str) -> tuple[str, bool]:
    """Return a text without the links to its files at its end, and whether there were any."""
    found = False
    for _ in range(MOST_FILES):
        rest = text.rstrip(" ")
        middle = max(rest.rfind(begin) for begin in _LINKED)
        if middle < 0 or not rest.endswith(")"):
            break
        # The file's name stands in the link twice; if not, it has no brackets in it.
        path = rest[middle + 2 : -1]
        start = middle - len(path.rpartition("/")[2].replace("%20", " ")) - 1
        if start < 0 or rest[start + 1 : middle] != path.rpartition("/")[2].replace("%20", " "):
            start = rest.rfind("[", 0, middle)
            if start < 0 or ")" in path or "\n" in rest[start:]:
                break
        if rest[start] != "[":
            break
        text = rest[: start - (rest[start - 1 : start] == "!")]
        found = True
    return text, found


def short(lines: Iterable[tuple[int, str]]) -> Iterator[Said]:
    """Yield the messages of sigtop's short text, without the details in brackets that it puts before them."""
    for part in by_header(lines, SHORT):
        if isinstance(part, int):
            yield Said(part, reason="malformed")
            continue
        time, sender = part.head
        whole = "\n".join(part.lines)
        author = None if sender in NOBODY else sender
        if _NO_MESSAGE.fullmatch(whole):
            yield Said(part.line, author, author, time, reason="system line")
            continue
        details = _DETAILS.match(whole)
        text = whole[details.end() :] if details else whole
        reason = "media only" if details and "attachment" in details[0] and not text.strip() else None
        yield Said(part.line, author, author, time, text, reason)


def by_header(lines: Iterable[tuple[int, str]], header: re.Pattern[str]) -> Iterator[Open | int]:
    """Yield the messages that begin with a header, and the numbers of lines that belong to none.

    Args:
        lines: With their numbers.
        header: Matches a message's first line; its last group is the text.
    """
    current: Open | None = None
    for number, line in lines:
        if match := header.match(line):
            if current is not None:
                yield current
            *head, text = match.groups()
            current = Open(number, tuple(head))
            current.takes(text or "")
        elif (current is None or not current.takes(line)) and line.strip():
            yield number
    if current is not None:
        yield current


def blocks(lines: Iterable[tuple[int, str]], *, quotes: bool) -> Iterator[Said]:
    """Yield the messages of sigtop's long text: fields, an empty line, what is quoted, an empty line, the text, an empty line."""
    channel: str | None = None
    current: Open | None = None
    fields: list[tuple[str, str]] = []
    after_empty, in_fields = True, False
    for number, line, following in _with_next(lines):
        found = _FIELD.match(line)
        if found and after_empty and _begins(found, following):
            if current is not None:
                yield _of_block(current, fields, channel, quotes=quotes)
            current, fields, in_fields = Open(number, ()), [], True
        if found and found[1] == "Conversation" and (current is None or in_fields):
            channel = _name(found[2])[0]
        elif in_fields and found:
            fields.append((found[1], found[2]))
        elif current is None:
            if line.strip():
                yield Said(number, reason="malformed")
        else:
            in_fields = False
            if not current.takes(line) and line:
                yield Said(number, reason="malformed")
        after_empty = not line
    if current is not None:
        yield _of_block(current, fields, channel, quotes=quotes)


def _begins(found: re.Match[str], following: str | None) -> bool:
    """Return whether a message begins with these two lines."""
    after = _FIELD.match(following or "")
    if found[1] == "Type":
        return (
            after is not None
            and after[1] in ("From", "To", "Sent", "Received")
            and re.fullmatch(r"[a-z0-9-]+|Unknown", found[2]) is not None
        )
    return found[1] in ("From", "Conversation") and after is not None and after[1] == "Type"


def _of_block(block: Open, fields: list[tuple[str, str]], channel: str | None, *, quotes: bool) -> Said:
    given = dict(reversed(fields))
    lines = block.lines
    if lines and lines[-1] == "":
        lines = lines[:-1]
    if "Edited" in given and lines[1:2] and lines[1].startswith("| Version: "):
        lines = _newest(lines[1:], given)
    lines = lines[1:] if lines and lines[0] == "" else lines
    if lines and lines[0].startswith("> From: "):
        end = next((i for i, line in enumerate(lines) if not line.startswith(">")), len(lines))
        said = [line[2:] for line in lines[lines.index(">") + 1 : end]] if quotes and ">" in lines[:end] else []
        lines = lines[end + 1 :]
        if said and lines:
            lines = [*(f"> {line}" for line in said), "", *lines]
    text = "\n".join(lines)
    kind = given.get("Type", "")
    name, key = _name(given.get("From", "You"))
    if kind not in ("incoming", "outgoing"):
        reason: str | None = "system line"
    else:
        reason = "media only" if "Attachment" in given and not text.strip() else None
    author = None if name in NOBODY and key == name else key
    return Said(block.line, author, name if author else None, given.get("Sent", given.get("Received")), text, reason, channel)


def _newest(lines: list[str], given: dict[str, str]) -> list[str]:
    """Return the lines of the newest version of an edited message, which comes first."""
    end = next((i for i, line in enumerate(lines) if i and line.startswith("| Version: ")), len(lines))
    version = [line[2:] for line in lines[:end]]
    fields = next((i for i, line in enumerate(version) if not _FIELD.match(line)), len(version))
    if any(line.startswith("Attachment: ") for line in version[:fields]):
        given["Attachment"] = ""
    rest = version[fields:]
    return rest[:-1] if end < len(lines) and rest and rest[-1] == "" else rest


def _name(text: str) -> tuple[str, str]:
    """Return the name and the id in ``name (id)``."""
    match = DETAILED.fullmatch(text)
    return (text, text) if match is None else (match[1], match[2])


def _with_next(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str, str | None]]:
    waiting: deque[tuple[int, str]] = deque()
    for one in lines:
        waiting.append(one)
        if len(waiting) == 2:
            number, line = waiting.popleft()
            yield number, line, one[1]
    if waiting:
        yield *waiting[0], None
