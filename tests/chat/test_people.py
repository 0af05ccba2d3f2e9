"""The same person under several ids: what is united, and what never is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.chat.authors import authors, find_author
from talklike.chat.people import _near, checked, followed, is_guest, merged, stem, suggestions, united
from talklike.chat.read import read_chat
from talklike.chat.report import ReadReport
from talklike.chat.table import SCHEMA, Chat
from talklike.errors import AuthorNotFoundError, OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Renamed = dict[tuple[str, str], int]


def chat_of(rows: Sequence[tuple[str, str]], renamed: Renamed | None = None) -> Chat:
    """Return a chat of (author, name) with a text each."""
    frame = pl.DataFrame({"author": [a for a, _ in rows], "name": [n for _, n in rows], "text": ["x"] * len(rows)})
    table = frame.select(
        pl.lit(None, SCHEMA["time"]).alias("time"), "author", "name", pl.lit(None, pl.String).alias("channel"), "text"
    )
    report = ReadReport("made", "made", "made", kept=len(rows), renamed=Counter(renamed or {}))
    return Chat(table.lazy(), report)


PEOPLE = [("u1", "Wren"), ("u2", "Dora"), ("u1", "Wren K."), ("u3", "old pike"), ("u4", "Dora B.")]


def ids(chat: Chat) -> list[str]:
    """Return the authors of all messages."""
    return chat.frame.collect()["author"].to_list()


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], ["u1", "u2", "u1", "u3", "u4"]),
        (["u4=u2"], ["u1", "u2", "u1", "u3", "u2"]),
        (["Dora B.=dora"], ["u1", "u2", "u1", "u3", "u2"]),
        ([" u3 = Wren "], ["u1", "u2", "u1", "u1", "u4"]),
        (["u4=u2", "u2=u1"], ["u1", "u1", "u1", "u3", "u1"]),
        (["u2=u1", "u4=u2", "u4=u2"], ["u1", "u1", "u1", "u3", "u1"]),
    ],
)
def test_everything_of_one_author_becomes_the_others(pairs: list[str], expected: list[str]) -> None:
    """By id or name, over several steps, with the name that the other has now; all else stays."""
    before = chat_of(PEOPLE)
    after = merged(before, pairs)
    assert ids(after) == expected
    assert after.frame.collect().drop("author", "name").equals(before.frame.collect().drop("author", "name"))
    names = dict(authors(after).select("author", "name").iter_rows())
    assert names["u1"] == "Wren K."
    if "u2" in names:
        assert names["u2"] == "Dora"


@pytest.mark.parametrize(
    ("pairs", "error", "words"),
    [
        (["u1"], OptionError, "--merge 'u1': write A=B"),
        (["=u1"], OptionError, "write A=B"),
        (["u1= "], OptionError, "write A=B"),
        (["u1=u1"], OptionError, "both are the author 'u1' already"),
        (["Wren=u1"], OptionError, "both are the author 'u1' already"),
        (["u1=u2", "u2=u1"], OptionError, "'u1' would become itself"),
        (["u1=u2", "u2=u3", "u3=u2"], OptionError, "would become itself"),
        (["u1=u2", "u1=u3"], OptionError, "'u1' can't become both 'u2' and 'u3'"),
        (["u1=nobody"], AuthorNotFoundError, "no author 'nobody'"),
        (["Wrenn=u2"], AuthorNotFoundError, "did you mean"),
    ],
)
def test_a_pair_that_makes_no_sense_is_an_error_that_says_so(pairs: list[str], error: type, words: str) -> None:
    """Malformed, unknown, the same twice, two things of one, or round in a circle."""
    with pytest.raises(error, match=words):
        merged(chat_of(PEOPLE), pairs)


def test_a_malformed_pair_is_told_before_a_long_reading(tmp_path: Path) -> None:
    """Nothing is opened for it."""
    with pytest.raises(OptionError, match="write A=B"):
        read_chat(tmp_path / "missing.csv", merge=["wren"])
    assert checked(["a=b=c"]) == [("a", "b=c")]


@pytest.mark.parametrize(
    ("renamed", "expected"),
    [
        ({("wren", "wren_"): 1}, {"wren_": "wren"}),  # a shared stem: once is enough
        ({("wren", "wren|away"): 1, ("wren|away", "wren_"): 1}, {"wren_": "wren"}),  # through one that never wrote
        ({("wren", "tern"): 1}, {}),  # nothing in common, once
        ({("wren", "tern"): 1, ("tern", "wren"): 1}, {"tern": "wren"}),  # twice, and nobody else
        ({("wren", "tern"): 5, ("tern", "gull"): 1}, {}),  # the rarer one is linked to two people
        ({("wren", "tern"): 5, ("wren", "gull"): 2}, {"tern": "wren", "gull": "wren"}),  # the more active one may be
        ({("wren", "Guest12345"): 9, ("Guest12345", "gull"): 9}, {}),  # a guest is anybody
        ({("wren", "tern7788"): 9}, {}),  # a random number is anybody, too
        ({("tern7788", "tern7788_"): 1}, {"tern7788_": "tern7788"}),  # unless the number is the same
        ({("wren", "wren"): 9}, {}),
        ({("WREN", "wren"): 1}, {"WREN": "wren"}),
    ],
)
def test_nick_changes_unite_only_what_is_one_person_beyond_doubt(renamed: Renamed, expected: dict[str, str]) -> None:
    """The most active nick is the id."""
    wrote = {"wren": 100, "gull": 50, "tern": 20, "wren_": 10, "WREN": 1, "tern7788": 30, "tern7788_": 2, "Guest12345": 5}
    assert united(renamed, wrote) == expected


NICKS = st.sampled_from(["ann", "ann_", "ann|away", "bo", "bo2", "cy", "cy4711", "Guest1", "Guest22"])


@given(
    renamed=st.dictionaries(st.tuples(NICKS, NICKS), st.integers(1, 3), max_size=12),
    wrote=st.dictionaries(NICKS, st.integers(1, 9), max_size=8),
)
def test_uniting_is_sound_whatever_was_renamed(renamed: Renamed, wrote: dict[str, int]) -> None:
    """Only nicks that wrote, never a guest, always towards the more active, in one step, whatever the order of changes."""
    found = united(renamed, wrote)
    for nick, into in found.items():
        assert nick in wrote
        assert into in wrote
        assert wrote[into] >= wrote[nick]
        assert into not in found
        assert not is_guest(nick)
        assert not is_guest(into)
    assert united(dict(reversed(renamed.items())), dict(reversed(wrote.items()))) == found


def test_following_keeps_the_nick_as_the_name_and_says_how_many() -> None:
    """Old nicks can still be asked for."""
    rows = [("wren", "wren"), ("wren_", "wren_"), ("wren", "wren"), ("dora", "dora")]
    chat = followed(chat_of(rows, {("wren_", "wren"): 3}))
    assert ids(chat) == ["wren", "wren", "wren", "dora"]
    assert chat.frame.collect()["name"].to_list() == ["wren", "wren_", "wren", "dora"]
    assert find_author(chat, "wren_") == "wren"
    assert chat.report.notes == ["nick changes followed: 2 nicks are those of 1 person (--separate-nicks leaves them apart)"]


def test_a_chat_without_nick_changes_stays_as_it_is() -> None:
    """Nothing is counted for it either."""
    for renamed in ({}, {("gull", "tern"): 1}):
        chat = chat_of([("wren", "wren"), ("wren_", "wren_")], renamed)
        assert followed(chat) is chat
        assert chat.report.notes == []


@pytest.mark.parametrize(
    ("nick", "expected"),
    [
        ("wren", "wren"), ("[wren]", "wren"), ("wren__", "wren"), ("wren`", "wren"), ("wren1", "wren"), ("Wren|AFK", "wren"),
        ("wren-work", "wren"), ("wrenaway", "wren"), ("wren_zzz", "wren"), ("wren|away2", "wren"), ("wren2017", "wren2017"),
        ("wren2017_", "wren2017"), ("away", "away"), ("_", "_"), ("7", "7"), ("k_", "k_"), ("tide_away_", "tide"), ("éa_", "éa"),
    ],
)  # fmt: skip
def test_the_stem_is_what_stays(nick: str, expected: str) -> None:
    """Short numbers, signs and words of absence go, as long as a name is left."""
    assert stem(nick) == expected


@given(st.text(max_size=12))
def test_any_nick_has_a_stem(nick: str) -> None:
    """The stem of a stem is itself."""
    assert bool(stem(nick)) == bool(nick.casefold())


@pytest.mark.parametrize("nick", ["Guest1", "guest_99", "[Guest12]", "mib_3f9a2c", "user123", "webchat77", "anon", "Guest1234_"])
def test_guests_are_anybody(nick: str) -> None:
    """What servers and clients give."""
    assert is_guest(nick)


@pytest.mark.parametrize("nick", ["wren", "guestbook_keeper", "userland", "mibrowning", "tester", "wren12"])
def test_people_are_no_guests(nick: str) -> None:
    """However much their names sound like one."""
    assert not is_guest(nick)


def looks_alike(people: Mapping[str, str], automated: Sequence[str] = ()) -> list[tuple[str, str, str]]:
    """Return the suggestions for authors (id → name), the most active first."""
    frame = pl.DataFrame(
        {
            "author": list(people),
            "name": list(people.values()),
            "messages": list(range(len(people), 0, -1)),
            "automated": [author in automated for author in people],
        }
    )
    return [(found.author, found.into, found.reason) for found in suggestions(frame)]


@pytest.mark.parametrize(
    ("people", "reason"),
    [
        ({"id-1": "Wren Keel", "id-2": "Wren Keel"}, "the same name"),
        ({"Wren_K": "Wren_K", "wrenk": "wrenk"}, "case and signs"),
        ({"1": "Émile Zo", "2": "emile zo"}, "case and signs"),
        ({"wren": "wren", "wren2": "wren2"}, "stem"),
        ({"wren": "wren", "wren-afk": "wren-afk"}, "stem"),
        ({"szymon": "szymon", "szymonx": "szymonx"}, "one letter"),
        ({"molecules": "molecules", "molcules": "molcules"}, "one letter"),
        ({"marmion": "marmion", "marmian": "marmian"}, "one letter"),
    ],
)
def test_who_looks_alike_is_suggested(people: dict[str, str], reason: str) -> None:
    """The less active into the more active, with the reason."""
    ((author, into, why),) = looks_alike(people)
    assert [into, author] == list(people)
    assert reason in why


@pytest.mark.parametrize(
    "people",
    [
        {"wren": "wren", "tern": "tern"},
        {"user1": "user1", "user2": "user2"},
        {"55b977f00fc9f982beab7883": "wren", "55b977f00fc9f982beab7884": "gull"},
        {"Woman 1": "Woman 1", "Woman 2": "Woman 2"},
        {"jkramer": "jkramer", "mkramer": "mkramer"},
        {"shaduk": "shaduk", "shauky": "shauky"},
        {"": "", "x": ""},
        {"wren" * 11: "wren" * 11, "wren" * 11 + "s": "wren" * 11 + "s"},
        {"+49 170 1234567": "+49 170 1234567", "+49 170 1234568": "+49 170 1234568"},
    ],
)
def test_who_does_not_is_not(people: dict[str, str]) -> None:
    """Short names, numbers, ids that machines gave."""
    assert looks_alike(people) == []


def test_suggestions_leave_bots_out_and_name_everyone_once() -> None:
    """What matters most comes first."""
    people = {"wren": "wren", "gull": "gull", "wren_": "wren_", "Gull": "Gull", "wren2": "wren2"}
    assert [pair[:2] for pair in looks_alike(people)] == [("wren_", "wren"), ("Gull", "gull"), ("wren2", "wren")]
    assert [pair[:2] for pair in looks_alike(people, ["gull", "wren"])] == [("wren2", "wren_")]
    assert suggestions(pl.DataFrame(schema={"author": pl.String, "name": pl.String, "messages": pl.Int64})) == []


def test_long_names_are_not_spelt_out_letter_by_letter() -> None:
    """That would take memory that grows with the square of a name's length."""
    assert len(list(_near("wrenwren" * 5, ""))) == 40
    assert list(_near("wrenwren" * 5 + "s", "")) == []
