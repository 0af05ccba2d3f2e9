"""The headers of a mail: who wrote it, when, and in which conversation."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz
from typing import TYPE_CHECKING

from talklike.chat.json_values import NO_TIME, identifier
from talklike.chat.mail_charset import decoded, header, words

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 1 << 18
"""Bytes that the headers of a mail or of a part of it may have; what is beyond is its body [byte]."""

LONGEST = 10_000
"""Of a header that is read [byte]."""

EARLIEST, LATEST = 1971, 2100
"""Years in which mails are sent; 1970 is a clock that was never set."""

LONGEST_SUBJECT = 200
"""Of what stands for a conversation [character]."""

ZONES = {
    "BST": 100, "WET": 0, "WEST": 100, "CET": 100, "MET": 100, "MEZ": 100, "CEST": 200, "MEST": 200, "MESZ": 200, "EET": 200,
    "EEST": 300, "MSK": 300, "MSD": 400, "JST": 900, "KST": 900, "AEST": 1000, "AEDT": 1100, "NZST": 1200, "NZDT": 1300,
}  # fmt: skip
"""Zones by names that the standard library doesn't know, in hours and minutes east of Greenwich."""

# A field goes on in lines that begin with a space; lines that begin with "From " are what is left of a mailbox.
_FIELD = re.compile(rb"(?:([!-9;-~]{1,100})[ \t]*:|>{0,3}From )([^\n]*(?:\n[ \t][^\n]*)*)(?:\n|\Z)")
_FOLD = re.compile(rb"\r?\n[ \t]+")
_ANGLE = re.compile(r"<\s*(?:mailto:|smtp:)?([^<>\s@]{1,320}@[^<>\s]{1,320})\s*>", re.IGNORECASE)
_BARE = re.compile(r"[^\s<>()\",;:]{1,320}@[^\s<>()\",;:]{1,320}")
_SPELT_OUT = re.compile(
    r"([^\s<>()]{1,100}) (?:at|en|chez|\[at\]|\(at\)) ([\w-]{1,60}(?:\.[\w-]{1,60}){1,8})(?![\w.])", re.IGNORECASE
)
_COMMENT = re.compile(r"\((.{1,300})\)[^()]*$")
_VIA = re.compile(r"^(.{1,200}?)\s+(?:via|über|par|через)\s\S.*$", re.IGNORECASE)
_ZONE = re.compile(r"(?:([+-]\d{4})|(?<![A-Za-z])([A-Z]{1,5}))\s*(?:\([^()]*\)\s*)*(?:\d{4}\s*)?$", re.IGNORECASE)
_GMAIL_DATE = re.compile(r"(\w{3} \w{3} [ \d]?\d \d\d:\d\d:\d\d) ([+-]\d{4}) (\d{4})$")
_REPLY = re.compile(
    r"(?:re|fwd?|aw|antw|antwort|wg|sv|vs|vb|vl|tr|rv|rif|r(?=: )|i(?=: )|doorst|odp|pd|ynt|ilt|enc|res|ref|fs|vá|απ|πρθ|σχετ"
    r"|отв|пересл|nb|atb|bls|trs|回复|答复|转发|回覆|轉寄|返信|転送|회신|전달)\s?(?:[\[(]\d{1,3}[\])])?\s?[:：]\s*",
    re.IGNORECASE,
)
_TAG = re.compile(r"\[[^\[\]]{1,40}\]\s*")


class Head:
    """The headers of a mail, or of a part of one.

    Attributes:
        charset: Of its body, as declared; headers that aren't encoded are in it too.
    """

    def __init__(self, fields: dict[bytes, list[bytes]]) -> None:
        """Take the values by names in lower case."""
        self._fields = fields
        self.charset: str | None = None

    def __bool__(self) -> bool:
        return bool(self._fields)

    def __contains__(self, name: str) -> bool:
        return name.encode() in self._fields

    def raw(self, name: str) -> bytes:
        """Return the first value of a header as it stands in the mail, unfolded; empty if there is none."""
        return self._fields.get(name.encode(), [b""])[0]

    def text(self, name: str) -> str:
        """Return the first value of a header, decoded; empty if there is none."""
        value = self.raw(name)
        return header(value, self.charset) if value else ""

    def undecoded(self, name: str) -> str:
        """Return the first value of a header as text whose encoded words aren't read yet; empty if there is none."""
        return decoded(self.raw(name), self.charset)

    def texts(self, name: str) -> Iterator[str]:
        """Yield all values of a header, decoded."""
        for value in self._fields.get(name.encode(), []):
            yield header(value, self.charset)


def split_head(data: bytes) -> tuple[Head, bytes]:
    """Return the headers of a mail and what follows them; a line that is no header ends them, as an empty one does."""
    fields: dict[bytes, list[bytes]] = {}
    at = 0
    while field := _FIELD.match(data, at, MOST):
        if field[1]:
            value = field[2] if b"\n" not in field[2] else _FOLD.sub(b" ", field[2])
            fields.setdefault(field[1].lower(), []).append(value[:LONGEST].strip())
        at = field.end()
    return Head(fields), data[at + 2 if data.startswith(b"\r\n", at) else at + data.startswith(b"\n", at) :]


def sender(head: Head) -> tuple[str | None, str | None]:
    """Return the address of who wrote a mail, in lower case, and their name.

    Lists that put their own address in its place leave the author's in another header.
    """
    address, name = mailbox(head.undecoded("from") or head.undecoded("sender"))
    via = _VIA.match(name or "")
    true = next((found for found in map(mailbox, map(head.undecoded, ("x-original-from", "reply-to"))) if found[0]), None)
    if true is not None and true[0] and true[0] != address and ("x-original-from" in head or via is not None):
        address, name = true[0], true[1] or (via[1] if via else name)
    elif (via is not None and "list-id" in head) or "x-github-sender" in head:
        # Everybody's mails have the one address.
        name = via[1] if via else name
        own = head.text("x-github-sender") or name
        address = f"{own} <{address}>" if own and address else address
    name = None if name is None else name.strip("'\" ") or None
    return identifier(address and address.lower()), identifier(name)


def mailbox(value: str) -> tuple[str | None, str | None]:
    """Return the first address in a header whose encoded words aren't read yet, and the name that stands with it.

    >>> mailbox('"Wren, W." <Wren@example.org>'), mailbox("wren at example.org (Wren)")
    (('Wren@example.org', 'Wren, W.'), ('wren@example.org', 'Wren'))
    """
    value = value[:LONGEST]
    if found := _ANGLE.search(value):
        name = words(_unquoted(value[: found.start()].strip()))
        return found[1], name if name and name != found[1] else None
    comment = _COMMENT.search(value)
    name = words(comment[1]) if comment else ""
    if found := _SPELT_OUT.search(value):
        return f"{found[1]}@{found[2]}", name or None
    if found := _BARE.search(value):
        return found[0], name or None
    read = words(value)
    if read != value and "@" in read:
        return mailbox(read.replace("=?", ""))  # all of it is encoded, against the rules
    plain = read.strip(' "<>')
    return plain or None, plain or None


def _unquoted(name: str) -> str:
    if name.startswith('"') and name.endswith('"'):
        name = name[1:-1]
    return name.replace('\\"', '"').replace("\\\\", "\\")


def sent(head: Head, envelope: str) -> str | None:
    """Return when a mail was sent, as the common parser takes it: in UTC, or without a zone where none is told.

    Args:
        head: Its headers; the first readable one of ``Date`` and ``Received``.
        envelope: The line before the mail in an mbox, which tells when it got there.
    """
    for value in (*head.texts("date"), *(text.rpartition(";")[2] for text in head.texts("received")), envelope_date(envelope)):
        if value and (time := _time(value)):
            return time
    return NO_TIME if "date" in head else None


def envelope_date(envelope: str) -> str:
    """Return the date in the line before a mail in an mbox; Gmail's has its zone before the year."""
    if found := _GMAIL_DATE.search(envelope):
        return f"{found[1]} {found[3]} {found[2]}"
    return envelope.partition(" ")[2] if "@" in envelope.partition(" ")[0] or envelope.startswith("-") else envelope


def thread(subject: str) -> str | None:
    """Return the conversation that a subject names: without ``Re:``, ``Fwd:`` and their kind, and without a list's name.

    >>> thread("Re: [quay] AW: Fwd: ferry times")
    'ferry times'
    """
    rest = subject.strip()
    while found := _REPLY.match(rest) or _TAG.match(rest):
        rest = rest[found.end() :]
    return (rest.strip() or subject.strip())[:LONGEST_SUBJECT] or None


def _time(value: str) -> str | None:
    value = value.strip()[:LONGEST_SUBJECT]
    try:
        parts = parsedate_tz(value)
        if parts is None or not EARLIEST <= parts[0] <= LATEST:
            return None
        local = datetime(*parts[:5], min(parts[5], 59))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    zone = _ZONE.search(value)
    if zone is None or (zone[2] or "").upper() in ("AM", "PM"):
        return local.isoformat()
    offset = parts[9] or 0
    if zone[2] and zone[2].upper() in ZONES:
        hours, minutes = divmod(ZONES[zone[2].upper()], 100)
        offset = (hours * 60 + minutes) * 60
    if abs(offset) > 24 * 3600:
        return None
    utc = (local - timedelta(seconds=offset)).replace(tzinfo=UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%SZ")
