"""The text of a mail: which of its parts it is, and how that is spelt (MIME).

The standard library's ``email`` reads parts line by line (39 MB/s where this reads 600 MB/s), attachments too, and its time grows
with how deep they are nested; here parts are cut at their boundaries, and ``email`` reads what headers hold.

Layouts: RFC 2045, 2046 (MIME), 3676 (format=flowed), 2387, 1847, 3462.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field
from email.message import Message
from functools import lru_cache
from typing import TYPE_CHECKING

from talklike.chat.gmail_chats import NAMESPACE
from talklike.chat.html_text import html_text
from talklike.chat.mail_charset import base64, decoded
from talklike.chat.mail_head import split_head

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.mail_head import Head

DEEPEST = 20
"""Parts inside parts that are looked into."""

MOST_PARTS = 500
"""Of a mail, in all."""

LONGEST = 1 << 20
"""Of the text of a part; what is longer is a log or a table in the wrong place [character]."""

NOT_WRITTEN = (
    "gmail_signature", "moz-signature", "protonmail_signature_block", "apple-mail-signature", "yahoo-signature", "yahoo_quoted",
)  # fmt: skip
"""Classes of HTML elements in which programs put what the author of a mail didn't write, and nothing tells that in words."""

_META_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_STYLES = re.compile(r"<(style|script)\b[^<>]{0,2000}>.*?(?:</\1\s{0,10}>|\Z)", re.IGNORECASE | re.DOTALL)
_UUENCODED = re.compile(
    r"^begin [0-7]{3,4} [^\n]{1,200}\n(?:M[ -`]{60}[^\n]{0,4}\n)*(?:[ -`]{1,70}\n){0,3}"
    r"(?:end\b[^\n]{0,9}(?:\n|\Z)|[ -`]{0,70}\Z)",
    re.MULTILINE,
)


@dataclass
class Body:
    """What a mail holds.

    Attributes:
        texts: Its texts, in order.
        chats: Chats as Gmail keeps them, in XML.
        media: Whether there is a file with it.
        kinds: What else there is that isn't read: ``report``, ``invitation``, ``encrypted``, ``forwarded``.
    """

    texts: list[str] = field(default_factory=list)
    chats: list[str] = field(default_factory=list)
    media: bool = False
    kinds: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Leaf:
    text: str
    html: bool


def body_of(head: Head, data: bytes, *, quotes: bool = False) -> Body:
    """Return the text of a mail and what else it holds.

    Args:
        head: Its headers; get the character set of its text.
        data: What follows them.
        quotes: Keep in HTML what programs mark as someone else's.
    """
    reader = _Reader(quotes=quotes)
    leaves = reader.part(head, data, 0)
    reader.body.texts = [leaf.text for leaf in leaves]
    return reader.body


class _Reader:
    def __init__(self, *, quotes: bool) -> None:
        self.body = Body()
        self._without = () if quotes else NOT_WRITTEN
        self._parts = 0

    def part(self, head: Head, data: bytes, depth: int) -> list[_Leaf]:
        """Return the texts of a part and of the parts in it."""
        self._parts += 1
        about = _about(head.raw("content-type"), head.raw("content-disposition"))
        if about.kind.startswith("multipart/") and about.boundary and depth < DEEPEST:
            return self._several(about.kind, data, about.boundary, depth)
        return self._single(head, about, data)

    def _several(self, kind: str, data: bytes, boundary: bytes, depth: int) -> list[_Leaf]:
        if kind in ("multipart/report", "multipart/digest"):
            self.body.kinds.add("report")
        elif kind == "multipart/encrypted":
            self.body.kinds.add("encrypted")
            return []
        inner: list[list[_Leaf]] = []
        for piece in _pieces(data, boundary):
            if self._parts >= MOST_PARTS:
                break
            inner.append(self.part(*split_head(piece), depth + 1))
            if kind == "multipart/signed":
                break  # what follows is the signature
        if kind == "multipart/alternative":
            said = [leaves for leaves in inner if any(leaf.text.strip() for leaf in leaves)]
            plain = [leaves for leaves in said if not any(leaf.html for leaf in leaves)]
            return (plain or said or [[]])[0]
        return [leaf for leaves in inner for leaf in leaves]

    def _single(self, head: Head, about: _About, data: bytes) -> list[_Leaf]:
        kind = about.kind
        if kind == "text/calendar" and not about.attached:
            self.body.kinds.add("invitation")
        elif kind in ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"):
            self.body.kinds.add("encrypted")
        elif kind in ("message/rfc822", "message/global"):
            self.body.kinds.add("forwarded")
        elif kind in ("message/delivery-status", "message/disposition-notification"):
            self.body.kinds.add("report")
        elif kind in ("text/xml", "application/xml") and NAMESPACE.encode() in data:
            self.body.chats.append(decoded(_transferred(head, data)))
        elif kind not in ("text/plain", "text/html", "text/markdown", "text/x-markdown") or about.attached or about.file:
            self.body.media = self.body.media or not kind.startswith(("message/", "text/rfc822-headers"))
        else:
            return [self._text(head, about, data)]
        return []

    def _text(self, head: Head, about: _About, data: bytes) -> _Leaf:
        data = _transferred(head, data)
        charset = about.charset
        if about.kind == "text/html":
            if charset is None and (meta := _META_CHARSET.search(data, 0, 4000)):
                charset = meta[1].decode("ascii", "replace")
            head.charset = charset
            html = _STYLES.sub("", decoded(data, charset))
            # With the marks of quotations, so that what leads to them is seen.
            return _Leaf(html_text(html, quotes=True, without=self._without)[:LONGEST], html=True)
        head.charset = charset
        text = decoded(data, charset).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        if "begin " in text:
            text, files = _UUENCODED.subn("", text)
            self.body.media = self.body.media or files > 0
        text = text[:LONGEST]
        if about.flowed:
            text = unflowed(text, joined=about.joined)
        return _Leaf(text, html=False)


def unflowed(text: str, *, joined: bool = False) -> str:
    r"""Return text in which the lines of a paragraph are one line (RFC 3676).

    Args:
        text: As it stands in the mail: a line that goes on in the next one ends with a space.
        joined: That space is not part of the text (``DelSp=yes``).

    >>> unflowed("tea \nand cake\n> when \n> indeed\n-- \nwren")
    'tea and cake\n> when indeed\n-- \nwren'
    """
    lines: list[str] = []
    paragraph: list[str] = []
    deep = 0
    for line in text.split("\n"):
        said = line.lstrip(">")
        depth = len(line) - len(said)
        said = said.removeprefix(" ")
        if paragraph and (depth != deep or said == "-- "):
            lines.append(_quoted("".join(paragraph), deep))
            paragraph = []
        deep = depth
        flows = said.endswith(" ") and said != "-- "
        paragraph.append(said[:-1] if flows and joined else said)
        if not flows:
            lines.append(_quoted("".join(paragraph), deep))
            paragraph = []
    if paragraph:
        lines.append(_quoted("".join(paragraph), deep))
    return "\n".join(lines)


def _quoted(line: str, depth: int) -> str:
    return f"{'>' * depth} {line}" if depth else line


@dataclass(frozen=True)
class _About:
    """What a part's headers say of its content.

    Attributes:
        kind: Such as ``text/plain``.
        boundary: Between the parts in it.
        charset: As it is spelt.
        flowed: Whether its lines are ``format=flowed``.
        joined: With ``DelSp=yes``.
        attached: Whether it is meant to be a file.
        file: Whether it has a file's name.
    """

    kind: str
    boundary: bytes
    charset: str | None
    flowed: bool
    joined: bool
    attached: bool
    file: bool


@lru_cache(maxsize=512)
def _about(content_type: bytes, disposition: bytes) -> _About:
    """Return what the standard library makes of two headers."""
    about = Message()
    for name, value in (("Content-Type", content_type), ("Content-Disposition", disposition)):
        if value:
            about[name] = value.decode("utf-8", "replace").replace("\r", " ")
    return _About(
        about.get_content_type(),
        (about.get_boundary() or "").encode("utf-8", "surrogateescape"),
        _parameter(about, "charset"),
        (_parameter(about, "format") or "").lower() == "flowed",
        (_parameter(about, "delsp") or "").lower() == "yes",
        about.get_content_disposition() == "attachment",
        bool(about.get_filename()),
    )


def _parameter(about: Message, name: str) -> str | None:
    found = about.get_param(name)
    if isinstance(found, tuple):  # with a character set and a language (RFC 2231)
        found = found[2]
    return found or None


def _transferred(head: Head, data: bytes) -> bytes:
    """Return the bytes that a part stands for."""
    coding = head.raw("content-transfer-encoding").strip(b" \"'\t").lower()
    if coding == b"base64":
        return base64(data)
    if coding == b"quoted-printable":
        return binascii.a2b_qp(data)
    return data


def _pieces(data: bytes, boundary: bytes) -> Iterator[bytes]:
    """Yield the parts between lines that begin with a boundary."""
    mark = b"--" + boundary
    begin: int | None = None
    at = 0
    while (at := data.find(mark, at)) >= 0:
        end = at + len(mark)
        following = data[end : end + 2]
        if (at and data[at - 1 : at] != b"\n") or (following and following != b"--" and following[:1] not in b" \t\r\n"):
            at = end
            continue
        if begin is not None:
            yield data[begin:at].removesuffix(b"\n").removesuffix(b"\r")
        if following == b"--":
            return
        begin = data.find(b"\n", end) + 1 or len(data)
        at = end
    if begin is not None:
        yield data[begin:]
