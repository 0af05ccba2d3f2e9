"""Times as DiscordChatExporter writes them into CSV and text: in the short form of the machine's language.

The order of day and month stays as it is where slashes separate them: the common parser asks all dates of the chat. Hyphens and
dots tell it, as no language writes them between month and day in this order; so does a year that comes first.
"""

from __future__ import annotations

import re

from talklike.chat.long_dates import AFTERNOON, BUDDHIST, MORNING

LONGEST = 60
"""Of a time [character]."""

_UNSEEN = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # marks that turn the direction of writing
_SHORT = re.compile(
    r"(?P<first>\d{1,4})(?P<sign>[./-]) ?(?P<second>\d{1,2})[./-] ?(?P<third>\d{1,4})\.?(?: ?г\.)?,?"
    r" ?(?P<before>[^\d\n]{0,12}?) ?(?P<hour>\d{1,2})(?:[:.]| ?h ?)(?P<minute>\d\d)(?:[:.](?P<rest>\d\d))?"
    r"(?P<after> ?[^\d\n]{0,12})"
)
_SPACE = re.compile(r"\s+")


def common(text: str) -> str:
    """Return a time in a layout that the common parser knows; other text as it is.

    >>> common("2022-03-05 오후 3:10"), common("05-03-2022 15.10"), common("3/5/2022 3:10 p. m.")
    ('2022-03-05 15:10:00', '05.03.2022 15:10:00', '3/5/2022 15:10:00')
    """
    if len(text) > LONGEST or "T" in text:  # ISO 8601, as new versions write it, or no time at all
        return text
    match = _SHORT.fullmatch(_SPACE.sub(" ", _UNSEEN.sub("", text)).strip())
    if match is None:
        return text
    first, second, third = match["first"], match["second"], match["third"]
    hour = int(match["hour"])
    half = f"{match['before']} {match['after']}".lower()
    if hour <= 12 and not half.isspace():
        if AFTERNOON.search(half):
            hour = hour % 12 + 12
        elif MORNING.search(half):
            hour %= 12
    clock = f"{hour:02}:{match['minute']}:{match['rest'] or '00'}"
    if len(first) == 4:
        return f"{_year(first)}-{second:0>2}-{third:0>2} {clock}"
    sign = "/" if match["sign"] == "/" else "."
    return f"{first}{sign}{second}{sign}{_year(third)} {clock}"


def _year(digits: str) -> str:
    if len(digits) == 2:
        return f"20{digits}"
    return str(int(digits) - BUDDHIST) if len(digits) == 4 and 2400 < int(digits) < 2700 else digits
