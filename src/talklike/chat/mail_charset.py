"""Which characters the bytes of a mail stand for: as it declares, where that can be, and what they must be where it can't."""

from __future__ import annotations

import binascii
import codecs
import re
from functools import lru_cache

from talklike.chat.encoding import Repairs
from talklike.chat.rows import sound

ALSO = {
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
    "ansi_x3.4-1968": "cp1252", "646": "cp1252", "x-user-defined": "cp1252", "iso-8859-9": "cp1254", "iso-8859-11": "cp874",
    "tis-620": "cp874", "iso-8859-8-i": "iso-8859-8", "iso-8859-8-e": "iso-8859-8", "gb2312": "gb18030", "gbk": "gb18030",
    "x-gbk": "gb18030", "gb_2312-80": "gb18030", "euc-cn": "gb18030", "big5": "big5hkscs", "x-x-big5": "big5hkscs",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "iso-2022-jp": "iso2022_jp_ext", "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949", "euc-kr": "cp949", "x-windows-949": "cp949", "unicode-1-1-utf-7": "utf-7", "macintosh": "mac-roman",
    "x-mac-roman": "mac-roman", "x-mac-cyrillic": "mac-cyrillic",
}  # fmt: skip
"""What declared names are read as: what programs mean by them, as browsers do it."""

NOT_MEANT = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"})
"""Codecs of Python that are no character sets; some take quadratic time."""

LONGEST_NAME = 40
"""Of a character set [character]."""

SHORT = 8
"""Bytes above 127 that Chinese, Japanese and Korean text needs before valid UTF-8 is hardly a coincidence [byte]."""

ASIAN = ("gb18030", "big5hkscs", "cp932", "cp949", "euc_jp", "euc_jis")
_SEVEN_BITS = ("iso2022", "utf-7", "hz")  # ASCII stands for other characters
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]{0,2000})\?=")
_GAP = re.compile(r"(?<=\?=)[ \t\r\n]+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


def decoded(data: bytes, charset: str | None = None) -> str:
    r"""Return text, whatever its bytes are and whatever is said of them.

    What is valid UTF-8 is read as such, for outside of ASCII nearly nothing else is; the rest as declared; what is neither,
    line by line as UTF-8 or Windows-1252.

    Args:
        data: The bytes.
        charset: What the mail declares, as it is spelt there; None if it doesn't.

    >>> decoded(b"caf\xe9", "iso-8859-1"), decoded("café".encode(), "iso-8859-1"), decoded(b"caf\xe9", "x-unknown")
    ('café', 'café', 'café')
    """
    codec = _codec(charset)
    if data.isascii() and b"\x1b" not in data and (codec is None or not codec.startswith(_SEVEN_BITS)):
        return data.decode("ascii")
    if b"\x1b" in data and codec in (None, "cp1252", "utf-8"):
        codec = "iso2022_jp_ext"  # escapes between character sets, as Japanese mail has them
    for candidate in _candidates(data, codec):
        try:
            return sound(data.decode(candidate))
        except (UnicodeError, ValueError):
            continue
    if codec is not None and not codec.startswith(("utf-16", "utf-32")):
        text = data.decode(codec, "replace")
        # A character that is cut off or wrong is no reason to take all for another language.
        if text.count("\N{REPLACEMENT CHARACTER}") <= len(text) // 100:
            return sound(text)
    return Repairs().decode(data, 1)


def _candidates(data: bytes, codec: str | None) -> tuple[str, ...]:
    """Return the codecs to try, the likeliest first."""
    if codec is None:
        return ("utf-8",)
    if codec.startswith(("utf-16", "utf-32")):
        return (codec, "utf-8") if b"\0" in data else ("utf-8",)
    short = codec.startswith(ASIAN) and sum(byte > 127 for byte in data[:1000]) < SHORT
    return (codec, "utf-8") if short or codec.startswith(_SEVEN_BITS) else ("utf-8", codec)


def header(value: bytes, charset: str | None = None) -> str:
    """Return a header's value as text, with its encoded words read (RFC 2047) and without line ends.

    Args:
        value: As it stands in the mail.
        charset: That of the mail's body, which is that of headers too where these aren't encoded, against the rules.

    >>> header(b"=?utf-8?q?caf=C3=A9?= =?utf-8?q?_au_lait?=")
    'café au lait'
    """
    return words(decoded(value, charset))


def words(text: str) -> str:
    """Return the text of a header with its encoded words read, and with single spaces."""
    if "=?" in text:
        text = _words(_GAP.sub("", text))
    return " ".join(text.replace("\0", "").split())


def base64(data: bytes) -> bytes:
    """Return what is spelt in Base64, as far as it is."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        spelt = _NOT_BASE64.sub(b"", data)
        whole = len(spelt) - len(spelt) % 4
        rest = spelt[whole:]
        try:
            return binascii.a2b_base64(spelt[:whole] + (rest + b"==")[:4] if len(rest) > 1 else spelt[:whole])
        except binascii.Error:
            return data


def _words(text: str) -> str:
    """Return text with its encoded words read; neighbours in one character set together, for a character may be cut between."""
    pieces: list[str] = []
    pending: tuple[str, bytes] | None = None
    at = 0
    for word in _WORD.finditer(text):
        charset = word[1].partition("*")[0]
        plain = word[3].encode("ascii", "replace")
        data = base64(plain) if word[2] in "bB" else binascii.a2b_qp(plain.replace(b" ", b"_"), header=True)
        if pending is not None and (word.start() != at or pending[0].lower() != charset.lower()):
            pieces.append(decoded(pending[1], pending[0]))
            pending = None
        pieces.append(text[at : word.start()])
        pending = (charset, data if pending is None else pending[1] + data)
        at = word.end()
    if pending is not None:
        pieces.append(decoded(pending[1], pending[0]))
    return "".join([*pieces, text[at:]])


@lru_cache(maxsize=256)
def _codec(charset: str | None) -> str | None:
    """Return the codec for a declared character set; None if there is none."""
    name = (charset or "").strip().strip("\"'").lower()
    if not name.isascii() or len(name) > LONGEST_NAME:
        return None
    name = ALSO.get(name, name)
    try:
        found = codecs.lookup(name).name
        b"".decode(found)  # else it is no character set
    except (LookupError, ValueError):
        return None
    return None if found.replace("-", "_") in NOT_MEANT else found
