"""Personal data in messages: e-mail addresses, phone numbers, keys, passwords, found by their form.

Forms are not certainty: a number that looks like a phone's may be an order's. A key is told by the prefix its issuer gives it, or
by the word before it; strings that are merely random are commit hashes more often than secrets. Nothing shows what was found:
``PersonalData`` prints without it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SHOWN = 2
"""Characters left at either end of what is masked, of long enough ones."""

LEAST_SHOWN = 8
"""Below so many characters nothing is left."""

_PHONE_DIGITS = range(9, 16)
_DATE = re.compile(r"(?:19|20)\d\d[-. ][01]?\d[-. ][0-3]?\d(?!\d)|[0-3]?\d[-. ][0-3]?\d[-. ](?:19|20)\d\d(?!\d)")

_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "password in an address",
        re.compile(r"\b[a-z][a-z0-9+.-]{1,15}://[^\s/:@'\"<>]{1,64}:(?P<it>[^\s/@'\"<>]{3,128})@[^\s/]", re.IGNORECASE),
    ),
    (
        "e-mail address",
        re.compile(
            r"(?<![\w.+%/-])(?P<it>[a-z0-9][\w.+%-]{0,63}@(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24})(?![\w@-])", re.IGNORECASE
        ),
    ),
    (
        "key",
        re.compile(
            r"(?<![A-Za-z0-9])(?P<it>(?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_\w{22,255}|glpat-[\w-]{20,64}"
            r"|xox[abeoprs]-[\w-]{10,255}|sk-[\w-]{20,255}|[sr]k_(?:live|test)_[A-Za-z0-9]{10,255}|AIza[\w-]{35}"
            r"|eyJ[\w-]{10,2000}\.eyJ[\w-]{10,2000}\.[\w-]{10,2000}|npm_[A-Za-z0-9]{36}|hf_[A-Za-z0-9]{30,40})(?![A-Za-z0-9])"
        ),
    ),
    (
        "password",
        re.compile(
            r"(?<![A-Za-z0-9])(?:passw(?:or)?d|passwort|passphrase|pwd|(?:api|secret)[_ -]?key|(?:access|auth)[_ -]?token)"
            r"[\"']?\s{0,3}(?:[:=]|\bis\b)\s{0,3}[\"']?(?P<it>(?=\S{0,63}\d)[^\s\"'`,;<>()$&\[\]{}]{6,64})",
            re.IGNORECASE,
        ),
    ),
    (
        "phone number",
        re.compile(
            r"(?<![\w.+/=#-])(?<!\d:)(?P<it>(?:\+|00)\d{1,3}(?:[ ./-]?\(?\d{1,5}\)?){2,6}"  # international
            r"|\(?0\d{1,5}\)?(?:[ ./-]?\d{2,8}){1,5}"  # national, in most of the world
            r"|(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[.-])\d{3}[ .-]\d{4})(?![\w/]|[.-]\d)"  # North America
        ),
    ),
)


@dataclass(frozen=True)
class PersonalData:
    """Something that looks personal, in a message.

    Attributes:
        kind: ``e-mail address``, ``phone number``, ``key``, ``password`` or ``password in an address``.
        message: Number of the message.
        start: Its first character there.
        end: The one after its last.
        text: The thing itself; not for printing.
    """

    kind: str
    message: int
    start: int
    end: int
    text: str = field(repr=False)

    @property
    def masked(self) -> str:
        """What may be shown of it: both ends, if it is long enough, and nothing between."""
        if len(self.text) < LEAST_SHOWN:
            return "…"
        return f"{self.text[:SHOWN]}…{self.text[-SHOWN:]}"


def personal_data(messages: Iterable[str]) -> list[PersonalData]:
    """Return what looks personal in messages, in their order; of what overlaps, the first of the kinds above.

    Args:
        messages: Texts.

    >>> personal_data(["mail kay@harbour.example or ring +44 7700 900123"])[1].masked
    '+4…23'
    """
    return [found for number, text in enumerate(messages) for found in _in_message(number, text)]


def different(found: Sequence[PersonalData]) -> list[PersonalData]:
    """Return the first occurrence of each thing, in order."""
    first: dict[tuple[str, str], PersonalData] = {}
    for one in found:
        first.setdefault((one.kind, one.text), one)
    return list(first.values())


def _in_message(number: int, text: str) -> Iterator[PersonalData]:
    if not any(character in text for character in "0123456789@"):  # as in nearly all messages
        return
    found: list[PersonalData] = []
    for kind, form in _FORMS:
        for hit in form.finditer(text):
            start, end = hit.span("it")
            taken = any(start < other.end and other.start < end for other in found)
            if not taken and (kind != "phone number" or _is_phone(hit["it"])):
                found.append(PersonalData(kind, number, start, end, hit["it"]))
    yield from sorted(found, key=lambda one: one.start)


def _is_phone(text: str) -> bool:
    """Return whether digits in the form of a phone number can be one: as many as those have, no date, not one digit again."""
    digits = re.sub(r"\D", "", text)
    return len(digits) in _PHONE_DIGITS and len(set(digits)) > 2 and not _DATE.match(text)
