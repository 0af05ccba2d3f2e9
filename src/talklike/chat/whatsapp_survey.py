"""What a first pass over a WhatsApp export finds out: which headers are its own, the order of its dates, who its people are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from talklike.chat.whatsapp_dates import infer
from talklike.chat.whatsapp_lines import header, name_and_text
from talklike.chat.whatsapp_phrases import DOES, YOU, is_encryption_notice
from talklike.chat.whatsapp_text import MARK, Reader, placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from talklike.chat.whatsapp_dates import Order
    from talklike.chat.whatsapp_lines import Header, Numbers

FEW = 30
"""Headers up to which a second style is a file's own however seldom it is, if its times fit."""

LEAST_OF_STYLE = 0.05
"""Share of the headers below which a second style is that of a chat that someone pasted into a message."""

MOST_STRAYS = 1000
"""Headers of other styles than the first whose times are compared with those around them."""

MOST_DATES = 100_000
"""Changes of date that tell the order of day and month: one a day."""

MOST_NAMES = 10_000
"""Names of people that are told apart from the app's lines."""

NOTICES = 10
"""Messages at the start of a file among which the notice of encryption is looked for."""

LONGEST_LINE = 1000
"""Of these, how much is kept [character]."""

OFTEN = 3
"""How often a phrase in angle brackets is found, or a name with a colon, before it isn't by chance."""

TWO_MORE = 2
"""People beside the one whom a notice is attributed to, from which on that one is the group."""


@dataclass
class _Stray:
    """A header of another style than the file's first, between two of that."""

    before: Header
    found: Header
    after: Header | None = None


class Survey:
    """What is known of a file before its messages are read.

    Attributes:
        styles: Headers that are its own.
        longer: Names of people, and those that have a colon in them by what stands before it.
        reader: Tells their words from the app's.
    """

    def __init__(self, lines: Iterable[str], day_first: bool | None) -> None:
        """Go through a file.

        Args:
            lines: All of it.
            day_first: What the user says of its dates.
        """
        self._styles: Counter[str] = Counter()
        self._dates: dict[str, list[Numbers]] = {}
        self._names: Counter[str] = Counter()
        self._with_colon: Counter[str] = Counter()
        self._placeholders: Counter[str] = Counter()
        self._strays: list[_Stray] = []
        self._waiting = 0
        self._last: Header | None = None
        self._quoted: list[str] = []
        self._notice: str | None = None
        self._american = self._marks = 0
        self._dated: tuple[str, Numbers] | None = None
        self._day: date | None = None
        first = ""
        for line in lines:
            found = header(line)
            if found is not None:
                first = first or found.style
                self._add(found, first)
        total = self._styles.total()
        self._orders = self._inferred(day_first, american=self._american > total / 2)
        self.styles = self._own(first, total)
        on_iphone = first.startswith("[")
        self.reader = Reader(
            marked=on_iphone and self._marks > 0,
            on_iphone=on_iphone,
            placeholders=frozenset(said for said, count in self._placeholders.items() if count >= OFTEN),
            groups=self._groups(),
            people=frozenset(self._names),
        )
        self.longer = self._longer()

    def orders(self) -> Iterator[Order]:
        """Yield the orders of the dates of the file's own headers, each once."""
        yield from dict.fromkeys(order for kind, order in self._orders.items() if kind.rpartition(" ")[2] in self.styles)

    def time(self, found: Header) -> datetime | None:
        """Return when a message was sent, by the phone's clock; None if there is no such day."""
        if (found.date_kind, found.numbers) != self._dated:
            self._dated = found.date_kind, found.numbers
            self._day = self._orders[found.date_kind].date(found.numbers)
        day = self._day
        return None if day is None else datetime(day.year, day.month, day.day, *found.clock)

    def is_person(self, name: str) -> bool:
        """Return whether a name is not a line of the app that tells of someone: ‘wren changed the subject to: …’."""
        if self._names[name] > 1:
            return True
        words = name.split(" ")
        if words[0].lower() in YOU and len(words) > 1 and words[1].lower() in DOES:
            return False
        return not any(
            word.lower() in DOES and self._names[" ".join(words[:count])] > 1 for count, word in enumerate(words) if count > 0
        )

    def _add(self, found: Header, first: str) -> None:
        self._styles[found.style] += 1
        self._american += found.american
        days = self._dates.setdefault(found.date_kind, [])
        if (not days or days[-1] != found.numbers) and len(days) < MOST_DATES:
            days.append(found.numbers)
        if found.style == first:
            for stray in self._strays[self._waiting :]:
                stray.after = found
            self._waiting = len(self._strays)
            self._last = found
        elif self._last is not None and len(self._strays) < MOST_STRAYS:
            self._strays.append(_Stray(self._last, found))
        name, text = name_and_text(found.rest)
        if len(self._quoted) < NOTICES:
            self._quoted.append(found.rest[:LONGEST_LINE])
            if name is not None and self._notice is None and is_encryption_notice(text):
                self._notice = name
        if name is None:
            return
        self._marks += text.startswith(MARK)
        if name in self._names or len(self._names) < MOST_NAMES:
            self._names[name] += 1
        if (said := placeholder(text)) is not None and (said in self._placeholders or len(self._placeholders) < MOST_NAMES):
            self._placeholders[said] += 1
        if ": " in text[:60] and (more := name_and_text(text)[0]) is not None:
            whole = f"{name}: {more}"
            if whole in self._with_colon or len(self._with_colon) < MOST_NAMES:
                self._with_colon[whole] += 1

    def _inferred(self, day_first: bool | None, *, american: bool) -> dict[str, Order]:
        """Return the order of the dates of each style; where they don't tell, of all that have the same separator."""
        orders = {}
        for kind, dates in self._dates.items():
            order = infer(dates, day_first=day_first, american=american)
            if not order.sure:
                alike = [one for other, days in self._dates.items() if _separator(other) == _separator(kind) for one in days]
                order = infer(alike, day_first=day_first, american=american) if len(alike) > len(dates) else order
            orders[kind] = order
        return orders

    def _own(self, first: str, total: int) -> frozenset[str]:
        """Return the styles of the file's own headers: that of the first; others if they are many and their times fit."""
        if self._styles[first] < total / 2:
            return frozenset(self._styles)  # a mixture from the start
        fitting: Counter[str] = Counter()
        for stray in self._strays:
            time, before = self.time(stray.found), self.time(stray.before)
            after = None if stray.after is None else self.time(stray.after)
            fits = time is not None and before is not None and before <= time and (after is None or time <= after)
            fitting[stray.found.style] += 1 if fits else -1
        return frozenset(
            style
            for style, count in self._styles.items()
            if style == first or (fitting[style] > 0 and (total <= FEW or count >= LEAST_OF_STYLE * total))
        )

    def _longer(self) -> dict[str, str]:
        """Return each name in full: where all of someone's messages begin with one word and a colon, it is part of the name."""
        names = {name: name for name, count in self._names.items() if count > 1}
        for whole, count in self._with_colon.items():
            start = whole.partition(": ")[0]
            if count >= OFTEN and count == self._names[start]:
                names[start] = whole
                self._names[whole] = count
        return names

    def _groups(self) -> frozenset[str]:
        """Return the group's name: whose the notice of encryption is, if the app quotes it or two others write."""
        name = self._notice
        if name is None:
            return frozenset()
        quoted = any(opening + name + closing in line for line in self._quoted for opening, closing in ("“”", '""', "„“", "«»"))
        return frozenset({name} if quoted or len(self._names) > TWO_MORE else ())


def _separator(kind: str) -> str:
    """Return the separator of the dates of a kind, and whether their year is first."""
    before, _, style = kind.rpartition(" ")
    return before + style[1]
