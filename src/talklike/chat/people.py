"""The same person under several ids: as the user says (``merged``), as nick changes show, or as names suggest."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from talklike.chat.authors import find_author
from talklike.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from talklike.chat.table import Chat

LEAST_RENAMES = 2
"""Nick changes between two names with nothing in common, below which they may be those of different people."""

ONE_LETTER = "names that differ in one letter"

LOOKED_AT = 2_000
"""Authors, most active first, among whom alike ones are looked for."""

SHORTEST_ALIKE = 6
"""Letters of a name from which one letter more, less or other is no other name."""

LONGEST_ALIKE = 40
"""Letters of a name up to which such names are looked for: a name is kept once for each of its letters."""

_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_LONG_NUMBER = re.compile(r"\d{4,}[\W_]*$")
_SHORT_NUMBER = re.compile(r"(?<=\D)\d{1,3}$")
_STATE = re.compile(
    r"(?:[\W_]+(?:away|afk|gone|out|off|offline|idle|busy|brb|work|atwork|home|athome|school|class|lunch|dinner|food|meeting|mtg"
    r"|sleep|sleeping|asleep|zz+|phone|mobile|mob|tablet|laptop|desktop|cloud|bnc|znc|web|alt)|(?<=\w\w\w)(?:afk|away))$"
)
_GUEST = re.compile(
    r"(?:guest|user|anon|anonymous|visitor|unknown|nobody|someone|webuser|webchat|mib|androirc|androuser|irc|ircuser|java|nick|name"
    r"|noname|newbie|test|me)(?:[\W_]*[0-9a-f]*\d[0-9a-z]*|[\W_]*)"
)
_OPAQUE = re.compile(r"[0-9a-f-]{16,}|[\d+() -]{5,}|[UWB][0-9A-Z]{7,}|[^@]*\d{6,}[^@]*")
"""Ids that a machine gave: nobody spells them alike by being the same person."""


@dataclass(frozen=True)
class Suggestion:
    """Two authors who may be one person.

    Attributes:
        author: Id of the less active.
        into: Id of the more active, whose it would become.
        reason: What is alike.
    """

    author: str
    into: str
    reason: str


def merged(chat: Chat, pairs: Sequence[str]) -> Chat:
    """Return the chat with authors united.

    Args:
        chat: The chat.
        pairs: ``A=B`` each, ids or display names: everything of A becomes B's, with B's most recent name.

    Raises:
        OptionError: A pair isn't one, says the same author twice or says two things of one, or pairs go round in a circle.
        AuthorNotFoundError: Nobody is called so, or several are.
    """
    if not pairs:
        return chat
    into: dict[str, str] = {}
    for pair, (before, after) in zip(pairs, checked(pairs), strict=True):
        one, other = find_author(chat, before), find_author(chat, after)
        if one == other:
            raise OptionError(f"--merge {pair!r}: both are the author {one!r} already")
        if into.setdefault(one, other) != other:
            raise OptionError(f"--merge: {one!r} can't become both {into[one]!r} and {other!r}")
    ends = {one: _end(one, into) for one in into}
    latest = (
        chat.frame.filter(pl.col("author").is_in(sorted(set(ends.values()))))
        .with_row_index("row")
        .group_by("author")
        .agg(pl.col("name").sort_by("time", "row", nulls_last=False).last())
        .collect(engine="streaming")
    )
    called = dict(latest.iter_rows())
    author = pl.col("author")
    frame = chat.frame.with_columns(
        author=author.replace(ends),
        name=pl.when(author.is_in(list(ends)))
        .then(author.replace({one: called[end] for one, end in ends.items()}))
        .otherwise(pl.col("name")),
    )
    return replace(chat, frame=frame)


def checked(pairs: Sequence[str]) -> list[tuple[str, str]]:
    """Return pairs written ``A=B`` as two names each.

    Raises:
        OptionError: One isn't.
    """
    found = []
    for pair in pairs:
        before, _, after = (part.strip() for part in pair.partition("="))
        if not before or not after:
            raise OptionError(f"--merge {pair!r}: write A=B, two ids or names; everything of A becomes B's")
        found.append((before, after))
    return found


def followed(chat: Chat) -> Chat:
    """Return the chat with the nicks of one person united, as far as nick changes show that they are one's.

    Two nicks are united if one was seen to become the other and both are the same but for case, digits at the end, signs
    around and words like ``|away``; or if the rarer one (with those so like it) was only ever linked to the other,
    ``LEAST_RENAMES`` times at least. Names that a server or client gives (``Guest12345``) unite nobody; nor do names that end
    in four digits or more, unless they share those. The most active nick is the id; ``name`` stays the nick that was used.

    Args:
        chat: The chat; ``report.renamed`` holds the changes. The report gets a note.
    """
    if not chat.report.renamed:
        return chat
    counted = chat.frame.group_by("author").agg(messages=pl.len()).collect(engine="streaming")
    messages = dict(counted.iter_rows())
    into = united(chat.report.renamed, messages)
    if not into:
        return chat
    people = len(set(into.values()))
    chat.report.notes.append(
        f"nick changes followed: {len(into) + people:,} nicks are those of {people:,} {'person' if people == 1 else 'people'} "
        "(--separate-nicks leaves them apart)"
    )
    return replace(chat, frame=chat.frame.with_columns(author=pl.col("author").replace(into)))


def united(renamed: Mapping[tuple[str, str], int], messages: Mapping[str, int]) -> dict[str, str]:
    """Return for each nick that is another one's too the person's most active nick; only nicks that wrote.

    Args:
        renamed: How often a nick became another.
        messages: How much each nick wrote.
    """
    links = Counter[tuple[str, str]]()
    for (old, new), count in renamed.items():
        if old != new and not is_guest(old) and not is_guest(new):
            links[(min(old, new), max(old, new))] += count
    groups = _Groups()
    for one, other in links:
        if stem(one) == stem(other):
            groups.join(one, other)
    wrote: Counter[str] = Counter()
    for nick in {nick for link in links for nick in link}:
        wrote[groups.of(nick)] += messages.get(nick, 0)
    outside: dict[str, Counter[str]] = defaultdict(Counter)
    random: set[str] = set()
    for (one, other), count in links.items():
        first, second = groups.of(one), groups.of(other)
        if first != second:
            outside[first][second] += count
            outside[second][first] += count
        random.update(groups.of(nick) for nick in (one, other) if _LONG_NUMBER.search(nick))
    alone = {
        first: next(iter(others))
        for first, others in outside.items()
        if len(others) == 1 and others.total() >= LEAST_RENAMES and first not in random
    }
    for first, second in alone.items():
        if second not in random and (wrote[first], first) < (wrote[second], second):
            groups.join(first, second)
    people: dict[str, list[str]] = defaultdict(list)
    for nick in sorted({nick for link in links for nick in link if nick in messages}):
        people[groups.of(nick)].append(nick)
    found: dict[str, str] = {}
    for nicks in people.values():
        most = max(nicks, key=lambda nick: messages[nick])
        found |= {nick: most for nick in nicks if nick != most}
    return found


def is_guest(nick: str) -> bool:
    """Return whether a nick is one that servers and clients give to anybody.

    >>> [is_guest(nick) for nick in ("Guest12345", "mib_3f9a2c", "tadzik1")]
    [True, True, False]
    """
    return _GUEST.fullmatch(_EDGES.sub("", nick.lower())) is not None


def stem(nick: str) -> str:
    """Return what stays of a nick when it is changed for a while: no case, signs around, short number or word of absence.

    >>> [stem(nick) for nick in ("Wren", "wren_", "wren`", "[wren]", "wren|away", "wren2", "wren-afk", "wren2017")]
    ['wren', 'wren', 'wren', 'wren', 'wren', 'wren', 'wren', 'wren2017']
    """
    whole = found = nick.casefold()
    while True:
        shorter = _EDGES.sub("", found)
        shorter = _STATE.sub("", shorter)
        if not _LONG_NUMBER.search(shorter):
            shorter = _SHORT_NUMBER.sub("", shorter)
        if shorter == found:
            return found if len(found) > 1 else whole
        if len(shorter) < 2:
            return whole if len(found) == len(whole) else found
        found = shorter


def suggestions(authors: pl.DataFrame) -> list[Suggestion]:
    """Return pairs of authors who look like the same person, those first that would matter most.

    Args:
        authors: Columns ``author``, ``name`` and ``messages`` as ``talklike.chat.authors.authors`` gives them; automated ones are
            left out where it says so.
    """
    if "automated" in authors.columns:
        authors = authors.filter(~pl.col("automated"))
    rows = list(authors.head(LOOKED_AT).select("author", "name", "messages").iter_rows())
    named = {author: name for author, name, _ in rows}
    order = {author: number for number, (author, _, _) in enumerate(rows)}
    found: dict[tuple[str, str], str] = {}
    for reason, keys in (
        ("the same name under two ids", lambda author, name: {name.strip()} if name.strip() != author else ()),
        ("names that differ only in case and signs", _spellings),
        ("nicks of one stem", _stems),
        (ONE_LETTER, _near),
    ):
        shared: dict[str, list[str]] = defaultdict(list)
        for author, name, _ in rows:
            if not is_guest(name):
                for key in keys(author, name):
                    shared[key].append(author)
        for alike in shared.values():
            for author in alike[1:]:
                pair = (author, alike[0])
                if pair[0] != pair[1] and pair not in found and (reason != ONE_LETTER or _one_letter_apart(named, pair)):
                    found[pair] = reason
    best: dict[str, Suggestion] = {}
    for (author, into), reason in sorted(found.items(), key=lambda item: (order[item[0][0]], order[item[0][1]])):
        best.setdefault(author, Suggestion(author, into, reason))
    return list(best.values())


def _words(author: str, name: str) -> list[str]:
    """Return the id and the name of an author, as far as a person chose them."""
    return [word for word in dict.fromkeys((name.strip(), author)) if word and not _OPAQUE.fullmatch(word)]


def _spellings(author: str, name: str) -> set[str]:
    plain = (unicodedata.normalize("NFKD", word.casefold()) for word in _words(author, name))
    keys = {"".join(char for char in word if char.isalnum()) for word in plain}
    return {key for key in keys if len(key) > 2}


def _stems(author: str, name: str) -> set[str]:
    keys = {stem(word) for word in _words(author, name) if " " not in word}
    return {key for key in keys if len(key) > 3}


def _near(author: str, name: str) -> Iterable[str]:
    """Yield what two names share if one letter is more, less or other, and now and then if they are further apart."""
    for key in _spellings(author, name):
        if SHORTEST_ALIKE <= len(key) <= LONGEST_ALIKE and not any(char.isdigit() for char in key):
            yield key
            yield from (key[:at] + key[at + 1 :] for at in range(1, len(key)))


def _one_letter_apart(named: Mapping[str, str], pair: tuple[str, str]) -> bool:
    """Return whether a spelling of one author is one of the other but for a letter that is not the first."""
    ones, others = (_spellings(author, named[author]) for author in pair)
    return any(_apart(one, other) for one in ones for other in others if min(len(one), len(other)) >= SHORTEST_ALIKE)


def _apart(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    same = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) == len(long):
        return 0 < same < len(short) and short[same + 1 :] == long[same + 1 :]
    return same > 0 and len(short) + 1 == len(long) and short[same:] == long[same + 1 :]


def _end(one: str, into: Mapping[str, str]) -> str:
    """Return whose an author becomes in the end."""
    seen = {one}
    end = into[one]
    while end in into:
        if end in seen:
            raise OptionError(f"--merge: {one!r} would become itself; leave one of the pairs out")
        seen.add(end)
        end = into[end]
    return end


class _Groups:
    """Nicks in groups (union–find)."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def of(self, nick: str) -> str:
        """Return the nick that stands for a nick's group."""
        while (above := self._above.get(nick, nick)) != nick:
            self._above[nick] = self._above.get(above, above)
            nick = above
        return nick

    def join(self, one: str, other: str) -> None:
        """Make two groups one."""
        first, second = sorted((self.of(one), self.of(other)))
        self._above[second] = first
