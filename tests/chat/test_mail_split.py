"""Cutting mailboxes into mails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from talklike.chat import mail_split
from talklike.chat.mail_split import begins_mail, begins_mbox, mails, unescaped

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADERS = b"From: wren@example.org\nSubject: tea\n"


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    """Yield data in pieces."""
    for start in range(0, len(data), size):
        yield data[start : start + size]


@pytest.mark.parametrize(
    "separator",
    [
        b"From wren@example.org Mon Jan  6 10:00:00 2020",
        b"From wren@example.org  Mon Jan  6 10:00:00 2020",
        b"From wren at example.org  Mon Jan  6 10:00:00 2020",
        b"From MAILER-DAEMON Mon Jan  6 10:00:00 2020 remote from example",
        b"From 1694218301234567890@xxx Mon Jan 06 10:00:00 +0000 2020",
        b"From - Mon Jan 06 10:00:00 2020",
        b"From - Mon Jan 06 2020 10:00:00",
        b"From wren Mon, Jan 06 10:00:00 2020 +0100",
        b"From wren@example.org Mon Jan  6 10:00 CET 2020",
        b"From ???@??? Mon Jan 06 10:00:00 2020",
        b"From wren@example.org Mon Jan  6 10:00:00 20",
        b"From ",
        b"From -",
        b"From ???@???",
    ],
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("size", [7, 1 << 20])
def test_mails_begin_at_lines_as_programs_write_them(separator: bytes, end: bytes, size: int) -> None:
    """With an empty line before or without; wherever the stream is cut."""
    first, second = HEADERS + b"\nhello\n", HEADERS + b"\nbye\n"
    for between in (b"\n", b""):
        data = separator + b"\n" + first + between + separator + b"\n" + second
        data = data.replace(b"\n", end)
        found = list(mails(pieces(data, size) if begins_mbox(data[:size]) else iter((data,))))
        assert [mail.data.split()[-1] for mail in found] == [b"hello", b"bye"]
        assert [mail.line for mail in found] == [1, 6 + len(between)]
        assert found[0].envelope == separator[len(b"From ") :].strip()
        assert all(mail.whole for mail in found)


@pytest.mark.parametrize(
    "line",
    [
        b"From now on there is cake.\nNote: tea too",
        b"From wren@example.org Mon Jan  6 10:00:00 2020\nis what stood there",
        b"From 2020 on, at 10:00,\nthere will be cake",
        b"From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\nFrom: otter@example.org\nSubject: [PATCH] tea",
        b"From Quay\nTo: Dora",
        b"From " + b"x" * 2000 + b" Mon Jan  6 10:00:00 2020\nFrom: x",
        b"From",
        b"From wren@example.org Mon Jan  6 10:00:00 2020",
    ],
)
def test_a_line_inside_a_mail_begins_none(line: bytes) -> None:
    """It needs a date, or nothing, and a header below it; patches of git have a date of their own."""
    data = b"From wren@example.org Mon Jan  6 10:00:00 2020\n" + HEADERS + b"\nhello\n\n" + line
    assert len(list(mails(iter((data,))))) == 1


def test_archives_of_the_usenet_have_numbers_in_place_of_dates() -> None:
    """A header of a program must follow."""
    data = (
        b"From -1457612112163574577\nX-Google-Language: ENGLISH\nFrom: a@b.org\n\nhello\n\nFrom 42\nX-Google-Language: x\n\nbye\n"
    )
    assert [mail.envelope for mail in mails(iter((data,)))] == [b"-1457612112163574577", b"42"]


def test_a_second_line_that_some_programs_write_is_passed_over() -> None:
    """ImportExportTools quotes the one that was there."""
    data = b"From a@b.org Fri Apr 11 15:36:11 2025\n>From - Sat Apr 12 2025 15:59:28\nX-Mozilla-Status: 0001\n\nhello\n"
    assert len(list(mails(iter((data + data,))))) == 2


def test_a_told_length_is_believed_where_a_mail_follows() -> None:
    """Inside it, a line that looks like the start of a mail is text; with a wrong length it isn't."""
    inner = b"From otter@example.org Mon Jan  6 10:00:00 2020\nSubject: quoted\n\nhi\n"
    head = b"From wren@example.org Mon Jan  6 10:00:00 2020\nFrom: wren@example.org\nContent-Length: %d\n\n"
    for length, count in ((len(inner), 2), (len(inner) - 3, 4), (len(inner) + 9999, 4), (0, 4)):
        data = (head % length + inner + b"\n") * 2
        for size in (11, 1 << 20):
            chunks = iter((data[:200], *pieces(data[200:], size)))
            assert len(list(mails(chunks))) == count


def test_of_a_long_mail_the_beginning_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the next is found behind it, at its line."""
    monkeypatch.setattr(mail_split, "LOOKED_AT", 5000)
    monkeypatch.setattr(mail_split, "KEPT_BEHIND", 100)
    start = b"From wren@example.org Mon Jan  6 10:00:00 2020\n"
    long = start + HEADERS + b"\n" + b"AAAA\n" * 4000
    data = (long + start + HEADERS + b"\nbye\n") * 3 + long
    for size in (300, 7000, 1 << 20):
        found = list(mails(pieces(data, size)))
        assert [mail.whole for mail in found] == [False, True] * 3 + [False]
        assert [len(mail.data) for mail in found[::2]] == [5000] * 4
        assert [mail.line for mail in found] == [1, 4005, 4010, 8014, 8019, 12023, 12028]
        assert all(mail.data.endswith(b"\nbye\n") for mail in found[1::2])


def test_a_file_without_a_first_line_is_one_mail() -> None:
    """Whatever stands in it."""
    data = b"\n" + HEADERS + b"\nFrom x\n\nFrom a@b.org Mon Jan  6 10:00:00 2020\nFrom: y\n\nhi\n"
    (mail,) = mails(pieces(data, 50))
    assert mail.data == data[1:]
    assert (mail.line, mail.envelope, mail.whole) == (2, b"", True)


def test_apple_mail_puts_the_length_before_and_a_list_behind() -> None:
    """The list is not part of the mail."""
    mail = HEADERS + b"\nhello\n"
    (found,) = mails(iter((b"%-10d\n" % len(mail) + mail + b"<?xml version='1.0'?><plist/>\n",)))
    assert (found.data, found.line) == (mail, 2)


def test_what_stands_before_the_first_mail_is_no_mail_of_the_mailbox() -> None:
    """It comes without an envelope, for the format to say so."""
    data = b"garbage\n\nFrom a@b.org Mon Jan  6 10:00:00 2020\n" + HEADERS + b"\nhi\n"
    assert [(mail.envelope != b"", mail.line) for mail in mails(iter((data,)))] == [(False, 1), (True, 3)]
    assert list(mails(iter((b"",)))) == []
    (only,) = mails(iter((b"From a@b.org Mon Jan  6 10:00:00 2020\nFrom:",)))
    assert only.data == b"From:"


def test_the_start_of_a_file_tells() -> None:
    """What begins like a sentence does not begin a mailbox."""
    assert begins_mbox(b"\r\n\nFrom x\nFrom: y\n")
    assert not begins_mbox(b"From what I know,\nthere is tea\n")
    assert not begins_mbox(b"From x")
    assert begins_mail(b"\nX-Mailer: y\n")
    assert begins_mail(b"123\nFrom: y\n")
    assert not begins_mail(b"dear all,\n")


def test_lines_get_back_what_they_had() -> None:
    """One mark less in both dialects that have them."""
    assert unescaped(b"a\n>From here\n>>From there\n> From me\n") == b"a\nFrom here\n>From there\n> From me\n"
