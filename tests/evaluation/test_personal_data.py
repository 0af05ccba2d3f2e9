"""Personal data: what is found, what isn't, and that nothing of it is shown."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.evaluation.personal_data import different, personal_data

KEY = "ghp_" + "a1B2" * 9

FOUND = [
    ("ask kay.dunmore+boat@harbour.example, please", "e-mail address", "kay.dunmore+boat@harbour.example"),
    ("<Kay@Mail.Harbour.Example>", "e-mail address", "Kay@Mail.Harbour.Example"),
    ("jürgen@höhle.example is no, but juergen@hoehle.example is", "e-mail address", "juergen@hoehle.example"),
    ("ring +44 7700 900123 tonight", "phone number", "+44 7700 900123"),
    ("tel:+4930123456789", "phone number", "+4930123456789"),
    ("0049 (0)30 123 456 78", "phone number", "0049 (0)30 123 456 78"),
    ("my number is 07700 900123.", "phone number", "07700 900123"),
    ("(555) 010-0199 or", "phone number", "(555) 010-0199"),
    ("555-010-0199", "phone number", "555-010-0199"),
    ("call 01 23 45 67 89!", "phone number", "01 23 45 67 89"),
    (f"export TOKEN={KEY}", "key", KEY),
    ("key AKIA" + "IOSFODNN7EXAMPLE here", "key", "AKIA" + "IOSFODNN7EXAMPLE"),
    ("the password is hunter2x ok", "password", "hunter2x"),
    ('api_key: "9f8e7d6c5b4a"', "password", "9f8e7d6c5b4a"),
    ("mongodb://kay:sl1pway@db.example:27017/x", "password in an address", "sl1pway"),
]


@pytest.mark.parametrize(("text", "kind", "expected"), FOUND)
def test_what_is_personal_is_found(text: str, kind: str, expected: str) -> None:
    """The thing and nothing around it, once, with its kind and where it stands."""
    (found,) = personal_data([text])
    assert (found.kind, found.text) == (kind, expected)
    assert text[found.start : found.end] == expected


@pytest.mark.parametrize(
    "text",
    [
        "meet @kay at 12:30 on 2016-01-04 or 04.01.2016",
        "2016-01-04T18:43:38.303-0500 and 12:34:56.789-1234",
        "192.168.100.200 and 10.0.0.1:8080",
        "1451933018303 ms, 1234567890, 3.14159265358979",
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
        "https://example.com/a/0123456789 #0123456789",
        "http://localhost:8080/@kay",
        "git@ is no address, kay@harbour neither",
        "the password is wrong, password: correct",
        "000000000000 0000 0000 0000",
        "see 568abd5aaa6ee299e654885d",
        "the pass is 1-2-3",
        "",
    ],
)
def test_what_only_looks_like_it_is_not(text: str) -> None:
    """Dates, times, addresses of machines, hashes, ids and plain words are nobody's secret."""
    assert personal_data([text]) == []


def test_a_thing_is_found_in_each_of_its_places() -> None:
    """Several in a message come in their order; what is the same is one different thing."""
    messages = ["0", "kay@harbour.example or +44 7700 900123", "again kay@harbour.example"]
    found = personal_data(messages)
    assert [(one.message, one.kind) for one in found] == [(1, "e-mail address"), (1, "phone number"), (2, "e-mail address")]
    assert different(found) == found[:2]


@given(st.text(alphabet="ab1", min_size=0, max_size=8).map(lambda name: f"x{name}@harbour.example"))
def test_nothing_is_shown(address: str) -> None:
    """What is printed of a thing, also in an error or a log, leaves out its middle."""
    (found,) = personal_data([f"mail {address}"])
    assert address not in repr(found)
    assert address not in found.masked
    assert found.masked == f"{address[:2]}…le"


def test_of_short_things_nothing_is_left() -> None:
    """Two characters at either end would be most of it."""
    (found,) = personal_data(["the password is abc123"])
    assert found.masked == "…"


@given(st.text(alphabet="a1@.-+ ()/:", max_size=60))
def test_any_text_is_searched(text: str) -> None:
    """Whatever a message holds, what is found stands there, and no two overlap."""
    found = personal_data([text])
    assert all(text[one.start : one.end] == one.text for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
