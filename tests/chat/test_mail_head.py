"""The headers of a mail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.chat.mail_head import MOST, envelope_date, mailbox, sender, sent, split_head, thread


def test_headers_end_with_an_empty_line() -> None:
    """Lines that begin with a space belong to the one before; names have no case."""
    head, rest = split_head(b"From: a@b.org\r\nSUBJECT: tea\r\n\tand cake\r\nTo : x\r\nReceived: 1\r\nReceived: 2\r\n\r\nhi\r\n")
    assert (head.text("from"), head.text("subject"), head.text("to"), rest) == ("a@b.org", "tea and cake", "x", b"hi\r\n")
    assert list(head.texts("received")) == ["1", "2"]
    assert "subject" in head
    assert "date" not in head
    assert head.text("date") == ""
    assert head


@pytest.mark.parametrize(
    ("data", "subject", "rest"),
    [
        (b"Subject: a\nhello\n", "a", b"hello\n"),
        (b"Subject: a", "a", b""),
        (b">From x 10:00\nSubject: a\n\n", "a", b""),
        (b"\nhello", "", b"hello"),
        (b"hello", "", b"hello"),
        (b"", "", b""),
        (b" folded\nSubject: a\n\n", "", b" folded\nSubject: a\n\n"),
    ],
)
def test_what_is_no_header_ends_them(data: bytes, subject: str, rest: bytes) -> None:
    """Broken programs leave out the empty line."""
    head, left = split_head(data)
    assert (head.text("subject"), left) == (subject, rest)
    assert bool(head) == bool(subject)


def test_headers_without_end_are_cut() -> None:
    """What is beyond is the body."""
    head, rest = split_head(b"Subject: a\nX: " + b"y" * MOST + b"\nTo: z\n\nhi")
    assert head.text("subject") == "a"
    assert "to" not in head
    assert rest


@pytest.mark.parametrize(
    ("value", "address", "name"),
    [
        ("wren@example.org", "wren@example.org", None),
        ("Wren <wren@example.org>", "wren@example.org", "Wren"),
        ('"Wren, W. \\"W\\"" <wren@example.org>', "wren@example.org", 'Wren, W. "W"'),
        ("wren@example.org (Wren of Quay)", "wren@example.org", "Wren of Quay"),
        ("wren at example.org (=?utf-8?q?Wr=C3=A9n?=)", "wren@example.org", "Wrén"),
        ("<wren@example.org>", "wren@example.org", None),
        ("wren@example.org <wren@example.org>", "wren@example.org", None),
        ("=?utf-8?q?Wren_=3Cgull=40example=2Ecom=3E?= <wren@example.org>", "wren@example.org", "Wren <gull@example.com>"),
        ("=?utf-8?q?Wren_=3Cwren=40example=2Eorg=3E?=", "wren@example.org", "Wren"),
        ("Wren <mailto:wren@example.org>, Otter <otter@example.org>", "wren@example.org", "Wren"),
        ("Wren", "Wren", "Wren"),
        ("", None, None),
        ("<>", None, None),
    ],
)
def test_addresses_are_found(value: str, address: str | None, name: str | None) -> None:
    """However they are written."""
    assert mailbox(value) == (address, name)


@pytest.mark.parametrize(
    ("lines", "author", "name"),
    [
        (b"From: Wren <Wren@Example.ORG>", "wren@example.org", "Wren"),
        (b"Sender: Wren <wren@example.org>", "wren@example.org", "Wren"),
        (
            b"From: 'Wren' via Quay <quay@example.org>\nX-Original-From: Wren <wren@example.org>\nReply-To: quay@example.org",
            "wren@example.org",
            "Wren",
        ),
        (b"From: Wren via Quay <quay@example.org>\nReply-To: wren@example.org, quay@example.org", "wren@example.org", "Wren"),
        (
            b"From: Wren via Quay <quay@example.org>\nReply-To: quay@example.org\nList-Id: <quay.example.org>",
            "wren <quay@example.org>",
            "Wren",
        ),
        (b"From: Wren <wren@example.org>\nReply-To: Gull <gull@example.org>", "wren@example.org", "Wren"),
        (b"From: Wren <notifications@example.com>\nX-GitHub-Sender: wren42", "wren42 <notifications@example.com>", "Wren"),
        (b"Subject: x", None, None),
    ],
)
def test_the_author_is_who_wrote_and_not_the_list(lines: bytes, author: str | None, name: str | None) -> None:
    """Lists put their address in place of the author's where the author's host forbids passing mail on."""
    assert sender(split_head(lines + b"\n\n")[0]) == (author, name)


@pytest.mark.parametrize(
    ("date", "time"),
    [
        ("Mon, 6 Jan 2020 10:00:00 +0100", "2020-01-06T09:00:00Z"),
        ("Mon, 06 Jan 2020 10:00:00 +0100 (CET)", "2020-01-06T09:00:00Z"),
        ("6 Jan 2020 10:00 -0500", "2020-01-06T15:00:00Z"),
        ("Mon, 6 Jan 2020 10:00:00 GMT", "2020-01-06T10:00:00Z"),
        ("Mon, 6 Jan 2020 10:00:00 EST", "2020-01-06T15:00:00Z"),
        ("Mon, 6 Jul 2020 10:00:00 MESZ", "2020-07-06T08:00:00Z"),
        ("Mon Jan  6 10:00:00 CET 2020", "2020-01-06T09:00:00Z"),
        ("Mon Jan  6 10:00:00 2020", "2020-01-06T10:00:00"),
        ("Mon, 6 Jan 2020 10:00:00", "2020-01-06T10:00:00"),
        ("Mon, 6 Jan 20 10:00:00 +0000", "2020-01-06T10:00:00Z"),
        ("Mon, 6 Jan 2020 23:59:60 +0000", "2020-01-06T23:59:59Z"),
        ("Thu, 1 Jan 1970 00:00:00 +0000", "no time"),
        ("Mon, 6 Jan 2020 10:00:00 +9999", "no time"),
        ("99 Foo 2020", "no time"),
        ("Mon, 32 Jan 2020 10:00:00 +0000", "no time"),
        ("yesterday", "no time"),
    ],
)
def test_dates_are_read_with_their_zones(date: str, time: str) -> None:
    """In UTC; without a zone where none is told."""
    assert sent(split_head(f"Date: {date}\n\n".encode())[0], "") == time


def test_without_a_date_hosts_and_mailboxes_tell() -> None:
    """The last host first, then the line before the mail."""
    received = b"Received: from a by b; Mon, 6 Jan 2020 10:00:00 +0100\nReceived: from c by a; Mon, 6 Jan 2020 09:00:00 +0000\n\n"
    assert sent(split_head(received)[0], "x Tue Jan  7 10:00:00 2020") == "2020-01-06T09:00:00Z"
    assert sent(split_head(b"Date: ?\n" + received)[0], "") == "2020-01-06T09:00:00Z"
    assert sent(split_head(b"X: y\n\n")[0], "wren@example.org Tue Jan  7 10:00:00 2020") == "2020-01-07T10:00:00"
    assert sent(split_head(b"X: y\n\n")[0], "169@xxx Tue Jan 07 10:00:00 +0000 2020") == "2020-01-07T10:00:00Z"
    assert sent(split_head(b"X: y\n\n")[0], "- Tue Jan 07 10:00:00 2020") == "2020-01-07T10:00:00"
    assert sent(split_head(b"X: y\n\n")[0], "") is None
    assert envelope_date("wren at example.org  Tue Jan  7 10:00:00 2020") == "wren at example.org  Tue Jan  7 10:00:00 2020"


@pytest.mark.parametrize(
    "subject",
    [
        "Re: ferry times", "RE: AW: Fwd: ferry times", "[quay] Re: ferry times", "Re: [quay] ferry times", "Re[2]: ferry times",
        "Antw: ferry times", "TR : ferry times", "R: I: ferry times", "回复：ferry times", "Ynt: ferry times",
        " SV: VS: ferry times ", "Re(3): ferry times",
    ],
)  # fmt: skip
def test_a_thread_is_what_its_subjects_have_in_common(subject: str) -> None:
    """In all languages."""
    assert thread(subject) == "ferry times"


def test_a_subject_may_be_nothing_but_a_prefix() -> None:
    """Then it is kept; words that begin like one are words."""
    assert thread("Re: ") == "Re:"
    assert thread("[quay]") == "[quay]"
    assert thread("Reality: a review") == "Reality: a review"
    assert thread("i:robot") == "i:robot"
    assert thread("") is None


@given(data=st.binary(max_size=300))
def test_any_bytes_are_taken(data: bytes) -> None:
    """Nothing in a header stops the reading."""
    head, _ = split_head(b"From: " + data + b"\nDate: " + data + b"\nReceived: " + data)
    sender(head)
    sent(head, head.text("from"))
    thread(head.text("from"))
