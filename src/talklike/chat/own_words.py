"""What in a mail its author wrote, and what programs and lists put in: quotations, answered mails, signatures, footers.

Nothing marks these but habit. Told apart are:

- lines with ``>`` before them, or with someone's initials (``JD>``), and the words that lead to them (``On … wrote:``);
- everything behind a line that says so (``-----Original Message-----``, ``Begin forwarded message:``), and behind the headers of
  the mail that is answered, as Outlook puts them above it (``From:``, ``Sent:``, ``Subject:``);
- signatures, from ``-- `` on to the end or to a quotation, and lines such as ``Sent from my iPhone``;
- what a list adds below;
- the frame of what is signed with PGP, and what is encrypted;
- what Mailman's archives say of attachments (``An HTML attachment was scrubbed...``), and those that they put in;
- patches of git, with the list of the files that they change.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from talklike.chat.mail_phrases import (
    BEGIN_FORWARDED,
    FOOTERS,
    FOOTERS_ALONE,
    FORWARDED,
    FROM,
    OPENERS,
    ORIGINAL,
    SENT,
    SENT_FROM,
    SUBJECT,
    TO,
    WROTE,
)

HEADERS_WITHIN = 8
"""Lines in which the headers of an answered mail stand, empty ones not counted."""

LONGEST_ATTRIBUTION = 400
"""Of the words that lead to a quotation [character]."""

LINES_OF_ATTRIBUTION = 4
"""Into which they are wrapped at most."""

ENDS_OF_ATTRIBUTION = (":", "：", "...", ">", ")", "-", "*")
"""How these words end."""

FOOTER_LINES = 25
"""How far from the end a list's footer begins at most."""

FOOTER_SAYS = 6
"""Lines below its rule in which it says what it is."""

_QUOTE = re.compile(r"[ \t]{0,3}[>＞]")
_INITIALS = re.compile(r"[ \t]{0,3}([A-Z][A-Za-z]{0,2})>(?!>)")
_PROMPTS = frozenset({"SQL", "IN", "OUT"})
_LABEL = re.compile(r"[ \t]{0,3}[*_]{0,2}([^\W\d_][^:：*_<>@]{0,24}?)[*_]{0,2}[ \t\u00a0]{0,2}[:：]")
_BETWEEN_DASHES = re.compile(r"[ \t]{0,3}[-_=*─—–]{2,}[ \t]?([^-_=*─—–\s].{2,80}?)[ \t]?:?[ \t]?[-_=*─—–]{2,}[ \t]*$")
_RULE = re.compile(r"[ \t]{0,3}[-_=*~#+]{3,}[ \t]*$")
_DATED = re.compile(r"(?:[^\W\d_]{1,9}\.?,? )?\d")
_SIGNATURE = re.compile(r"(?:-- ?|— ?)$")
_DATE = re.compile(
    r"(?<!\d)(?:19[7-9]\d|20[0-3]\d)(?!\d)|(?<!\d)\d{1,2}[:.]\d\d(?!\d)|(?<!\d)\d{1,2}h\d\d(?!\d)|(?<!\d)\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d)"
)
_ADDRESS = re.compile(r"[^\s<>@\[(]{1,100}(?:@|\(at\)| at )[\w-]{1,60}\.[\w.-]{1,100}|\[mailto:")
_COLON = re.compile(r"[:：][ \t]*(?:[-*]{1,5}[ \t]*)?$|\.\.\.$")
_PGP = re.compile(r"-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\n(?:[A-Za-z]+: [^\n]{0,200}\n){0,5}[ \t]*\n")
_ENCRYPTED = re.compile(  # also one that is cut off
    r"^-----BEGIN PGP MESSAGE-----[ \t]*"
    r"(?:\n(?:[A-Za-z]+: [^\n]{0,200}\n){0,5}[ \t]*\n.*?(?:^-----END PGP MESSAGE-----[ \t]*$|\Z)|\n?\Z)",
    re.MULTILINE | re.DOTALL,
)
_PGP_SIGNATURE = re.compile(
    r"^-----BEGIN PGP SIGNATURE-----$.*?(?:^-----END PGP SIGNATURE-----[ \t]*$|\Z)", re.MULTILINE | re.DOTALL
)


_SCRUBBED = re.compile(
    r"^(?:-{14} next part -{14}\n)?An? [^\n]{3,60} was scrubbed\.\.\.\n"
    r"(?:(?:Name|Type|Size|Desc|From|Subject|Date|URL|Url) ?:[^\n]*\n){0,8}",
    re.MULTILINE,
)
_NEXT_PART = re.compile(r"^-{14} next part -{14}$.*", re.MULTILINE | re.DOTALL)
_PATCH = re.compile(
    r"^diff --git [^\n]*\n(?:(?!-- ?\n)(?:[ +@\\-][^\n]*"
    r"|(?:index|new|deleted|old|similarity|dissimilarity|rename|copy|Binary|GIT) [^\n]*)?\n)*",
    re.MULTILINE,
)
# The lines are taken in one go, whatever follows them: to try again from the second on takes quadratic time.
_CHANGED = re.compile(
    r"^(?:---\n)?(?: (?!\d+ files? changed)[^|\n]*\|[^\n]*\n)++"
    r"( \d+ files? changed[^\n]*\n(?: (?:create|delete|rename|copy|mode|rewrite) [^\n]*\n)*)?",
    re.MULTILINE,
)

_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # that turn the direction of writing
_MAY_ANSWER = re.compile(  # all lines that are looked at closely; most mails have none
    r"^[ \t]{0,3}(?:[-_=*─—–]{2,}[ \t]?[^-_=*─—–\s][^\n]{1,99}[-_=*─—–]{2,}[ \t]*$"
    rf"|[*_]{{0,2}}(?:{'|'.join(map(re.escape, FROM))})[*_]{{0,2}}[ \t\u00a0]{{0,2}}[:：]"
    rf"|(?:{'|'.join(map(re.escape, BEGIN_FORWARDED))})[ \t\u00a0]?[:：])",
    re.MULTILINE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Words:
    """What is left of a mail.

    Attributes:
        text: The author's own words.
        reason: Where nothing is left, what was there: ``forwarded``, ``quotation only`` or ``encrypted``; None elsewhere.
    """

    text: str
    reason: str | None = None


def own_words(text: str) -> Words:
    r"""Return what in the text of a mail its author wrote.

    Args:
        text: Lines end with ``\n``.

    >>> own_words("yes, at nine\n\nOn Friday, Wren wrote:\n> shall we meet?\n\n-- \notter").text
    'yes, at nine'
    """
    encrypted = 0
    if "-----BEGIN PGP " in text:
        text, encrypted = _ENCRYPTED.subn("", text)
        text = _PGP_SIGNATURE.sub("", _PGP.sub("", text))
    if " was scrubbed..." in text or " next part " in text:
        text = _NEXT_PART.sub("", _SCRUBBED.sub("", text + "\n"))
    if "diff --git " in text:
        text = _PATCH.sub("", _CHANGED.sub(lambda found: "" if found[1] else found[0], text + "\n"))
    written = text.split("\n")
    text = _MARKS.sub("", text)
    lines = text.split("\n")
    gone = [False] * len(lines)
    end, forwarded = _answered(text, lines, gone)
    gone[end:] = [True] * (len(lines) - end)
    _leave_out_quotations(lines, gone, end)
    _leave_out_footer(lines, gone)
    _leave_out_signature(lines, gone)
    left = _joined(written, gone)
    if left.strip():
        return Words(left)
    if encrypted:
        return Words("", "encrypted")
    there = any(line.strip() and out for line, out in zip(lines, gone, strict=True))
    return Words("", ("forwarded" if forwarded else "quotation only") if there else None)


def _answered(text: str, lines: list[str], gone: list[bool]) -> tuple[int, bool]:
    """Return the line where another mail begins that goes on to the end, and whether one was forwarded.

    Where that mail has marks before its lines, it ends with them: then only the lines above it are marked.
    """
    forwarded = False
    number = at = 0
    for found in _MAY_ANSWER.finditer(text):
        number += text.count("\n", at, found.start())
        at = found.start()
        if gone[number] or len(lines[number]) > LONGEST_ATTRIBUTION:
            continue
        kind = _marker(lines, number)
        forwarded = forwarded or kind == "forwarded"
        headers = kind is None and _kind_of_label(lines[number]) == "from" and _begins_headers(lines, number)
        if kind is not None or headers:
            first = _first_header(lines, number) if headers else number
            below = _below_headers(lines, number + 1)
            if below == len(lines) or _QUOTE.match(lines[below]) is None:
                return first, forwarded
            gone[first:below] = [True] * (below - first)
    return len(lines), forwarded


def _below_headers(lines: list[str], number: int) -> int:
    """Return the first line from one on that is neither empty nor a header."""
    end = min(len(lines), number + 3 * HEADERS_WITHIN)
    while number < end and (not lines[number].strip() or _kind_of_label(lines[number]) is not None):
        number += 1
    return number


def _marker(lines: list[str], number: int) -> str | None:
    """Return what a line says that stands alone above another mail: ``forwarded`` or ``original``; None if nothing."""
    said = lines[number].strip().casefold()
    if said.rstrip(" :：") in BEGIN_FORWARDED and said.endswith((":", "：")):
        return "forwarded"
    between = _BETWEEN_DASHES.match(lines[number])
    if between is None:
        return None
    words = between[1].casefold()
    if any(phrase in words for phrase in FORWARDED):
        return "forwarded"
    if any(phrase in words for phrase in ORIGINAL):
        return "original"
    if any(verb in words for verb in WROTE) and (_DATE.search(words) or _ADDRESS.search(words)):
        return "original"  # ---- On …, … wrote ----
    below = [line for line in lines[number + 1 : number + 4] if line.strip()]
    return "original" if below and sum(_kind_of_label(line) is not None for line in below) >= 2 else None  # two of three


def _kind_of_label(line: str) -> str | None:
    """Return which header of a mail a line looks like."""
    label = _LABEL.match(line)
    return _LABELS.get(label[1].strip().casefold()) if label else None


def _begins_headers(lines: list[str], number: int) -> bool:
    kinds: set[str] = set()
    seen = 0
    for line in lines[max(0, number - 3) : number + 3 * HEADERS_WITHIN]:
        if line.strip():
            kinds.add(_kind_of_label(line) or "")
            seen += 1
            if seen > HEADERS_WITHIN:
                break
    return len(kinds & {"sent", "subject", "to"}) >= 2  # and the sender


def _first_header(lines: list[str], number: int) -> int:
    """Return where headers begin of which one stands in a line; with the rule above them."""
    first = at = number
    while at > 0 and number - at < HEADERS_WITHIN:
        at -= 1
        line = lines[at]
        if _kind_of_label(line) is not None or _RULE.match(line):
            first = at
        elif line.strip():
            break
    return first


def _leave_out_quotations(lines: list[str], gone: list[bool], end: int) -> None:
    """Mark quoted lines and what leads to them."""
    marked = [number for number in range(end) if ">" in lines[number] or "＞" in lines[number]]
    initials = Counter(found[1] for number in marked if (found := _INITIALS.match(lines[number])))
    initialled = {who for who, count in initials.items() if count > 1 and who not in _PROMPTS}
    before = -1  # the last line of the quotation before
    for number in marked:
        found = _INITIALS.match(lines[number])
        if _QUOTE.match(lines[number]) is None and (found is None or found[1] not in initialled):
            continue
        gone[number] = True
        if any(line.strip() for line in lines[before + 1 : number]):
            _leave_out_attribution(lines, gone, number, strictly=False)
        before = number
    _leave_out_attribution(lines, gone, end, strictly=end == len(lines))
    if not any(gone[:end]):
        _leave_out_unmarked(lines, gone, end)


def _leave_out_attribution(lines: list[str], gone: list[bool], end: int, *, strictly: bool) -> None:
    """Mark the words that lead to the quotation that begins in a line."""
    last = end - 1
    while last >= 0 and not lines[last].strip() and end - last <= 3:  # empty lines between
        last -= 1
    if last < 0 or gone[last] or not lines[last].rstrip().endswith(ENDS_OF_ATTRIBUTION):
        return
    begins: int | None = None
    for first in range(last, max(-1, last - LINES_OF_ATTRIBUTION), -1):
        if gone[first] or not lines[first].strip() or len(lines[first]) > LONGEST_ATTRIBUTION:
            break
        said = " ".join(line.strip() for line in lines[first : last + 1])
        if (first == last or _opens(lines[first])) and _leads_to_quotation(said, strictly=True):
            begins = first
            if _DATE.search(said):  # else it may stand in the line above
                break
    if begins is None and not strictly and _leads_to_quotation(lines[last].strip(), strictly=False):
        begins = last
    if begins is not None:
        gone[begins:end] = [True] * (end - begins)


def _opens(line: str) -> bool:
    """Return whether a line is the first of several that lead to a quotation."""
    said = line.strip()
    dated = _DATED.match(said) is not None and _DATE.search(said) is not None
    return dated or said.casefold().startswith(OPENERS) or _ADDRESS.search(said) is not None


def _leads_to_quotation(said: str, *, strictly: bool) -> bool:
    """Return whether words say who wrote what follows, and when.

    Args:
        said: In one line.
        strictly: Two of three tell it: a time, an address, a verb; else one is enough if there is a colon.
    """
    if len(said) > LONGEST_ATTRIBUTION:
        return False
    colon = _COLON.search(said) is not None
    folded = said.casefold()
    signs = [_DATE.search(said) is not None, _ADDRESS.search(said) is not None, any(verb in folded for verb in WROTE)]
    if strictly:
        return (colon and sum(signs) >= 2) or (all(signs[:2]) and said.endswith((">", ")")))  # two of three
    return colon and any(signs)


def _leave_out_unmarked(lines: list[str], gone: list[bool], end: int) -> None:
    """Mark what follows words that can lead to nothing but a quotation, where no line has a mark before it."""
    for number in range(end):
        said = lines[number].strip()
        if said.endswith((":", "：")) and _leads_to_quotation(said, strictly=True) and _ADDRESS.search(said):
            _leave_out_attribution(lines, gone, number + 1, strictly=True)
            gone[number:end] = [True] * (end - number)
            return


def _leave_out_footer(lines: list[str], gone: list[bool]) -> None:
    """Mark what a list put below the mail."""
    start = max(0, len(lines) - FOOTER_LINES)
    folded = [line.strip().casefold() for line in lines[start:]]
    for number, said in enumerate(folded):
        if not said:
            continue
        below = folded[number + 1 : number + 1 + FOOTER_SAYS]
        rule = _RULE.match(said) is not None and any(phrase in line for line in below for phrase in FOOTERS)
        if rule or said.startswith(FOOTERS_ALONE):
            gone[start + number :] = [True] * (len(folded) - number)
            return


def _leave_out_signature(lines: list[str], gone: list[bool]) -> None:
    """Mark signatures, to the end or to a quotation, and what a telephone wrote below."""
    within = False
    for number, line in enumerate(lines):
        if gone[number]:
            within = False
        elif _SIGNATURE.match(line):
            within = True
        gone[number] = gone[number] or within
    last = len(lines) - 1
    for number in range(last, -1, -1):
        folded = lines[number].strip().casefold()
        if gone[number] or not folded:
            continue
        if not folded.lstrip("(<[*_- ").startswith(SENT_FROM) or len(folded) > 100:  # it is a short line
            break
        gone[number] = True


def _joined(lines: list[str], gone: list[bool]) -> str:
    """Return the lines that are left, with one empty line at most where some are left out."""
    left: list[str] = []
    cut = False
    for line, out in zip(lines, gone, strict=True):
        if out:
            cut = True
            continue
        if cut and not line.strip() and (not left or not left[-1].strip()):
            continue
        if line.strip():
            cut = False
        left.append(line)
    while left and not left[-1].strip():
        left.pop()
    while left and not left[0].strip():
        left.pop(0)
    return "\n".join(left)


_LABELS = {
    word: kind for kind, words in (("to", TO), ("subject", SUBJECT), ("sent", SENT), ("from", FROM)) for word in words
}  # of words for two of them, the later
