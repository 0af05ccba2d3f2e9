"""Mail."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from talklike.chat.formats.mbox import MBOX
from talklike.chat.read import read_chat
from talklike.chat.source import Head
from talklike.errors import ChatFileError

if TYPE_CHECKING:
    from talklike.chat.table import Chat

Write = Callable[[str, str | bytes], Path]

SEPARATOR = "From wren@example.org Mon Jan  6 10:00:00 2020\n"
HEADERS = (
    "From: Wren <Wren@example.org>\nTo: otter@example.org\nSubject: Re: [quay] tea\n"
    "Date: Mon, 6 Jan 2020 11:00:00 +0100\nMessage-ID: <1@example.org>\n"
)


def mail(text: str = "at nine", *, more: str = "", headers: str = HEADERS) -> str:
    """Return a mail in a mailbox."""
    return f"{SEPARATOR}{headers}{more}\n{text}\n\n"


def reasons(chat: Chat) -> dict[str, list[str]]:
    """Return why mails are not kept, and where they begin."""
    return {reason: [place.rpartition(":")[2] for place in skip.places] for reason, skip in chat.report.skipped.items()}


def test_a_mail_becomes_a_message(write: Write) -> None:
    """By its address, with its name, thread and time."""
    chat = read_chat(
        write("All mail Including Spam and Trash.mbox", mail("at nine\n\nOn Monday, Otter wrote:\n> tea?\n\n-- \nwren"))
    )
    assert chat.report.format == "mbox"
    assert chat.frame.collect().rows() == [(datetime(2020, 1, 6, 10, tzinfo=UTC), "wren@example.org", "Wren", "tea", "at nine")]
    assert chat.report.skipped == {}
    assert chat.report.notes == []


def test_with_quotes_all_of_the_text_is_kept(write: Write) -> None:
    """To the letter."""
    text = "at nine\n\nOn Monday, Otter wrote:\n> tea?\n\n-- \nwren"
    assert read_chat(write("a.mbox", mail(text)), with_quotes=True).frame.collect()["text"].to_list() == [text]


def test_what_others_wrote_alone_is_no_message(write: Write) -> None:
    """Each with its reason and place."""
    path = write(
        "a.mbox",
        mail("---------- Forwarded message ---------\nFrom: x\n\nhi")
        + mail("> tea?")
        + mail("", more="Content-Type: image/png\n")
        + mail("hi", more="Content-Type: message/rfc822\n")
        + mail("-----BEGIN PGP MESSAGE-----\n")
        + mail("x", more="Content-Type: application/pkcs7-mime\n")
        + mail("\n")
        + mail("kept"),
    )
    assert reasons(read_chat(path)) == {
        "forwarded": ["1", "32"],
        "quotation only": ["13"],
        "media only": ["22"],
        "encrypted": ["42", "52"],
        "empty": ["62"],
    }


@pytest.mark.parametrize(
    "more",
    [
        "Auto-Submitted: auto-replied\n",
        "Auto-Submitted: auto-generated; x=y\n",
        "X-Autoreply: yes\n",
        "Precedence: auto_reply\n",
        "Return-Path: <>\n",
        "X-List-Administrivia: yes\n",
        "Content-Type: text/calendar; method=REQUEST\n",
        "Content-Type: multipart/report; boundary=x\n",
        "Content-Type: multipart/digest; boundary=x\n",
    ],
)
def test_what_programs_send_is_a_system_line(more: str, write: Write) -> None:
    """Answering machines, hosts, calendars, lists."""
    chat = read_chat(write("a.mbox", mail() + mail(more=more)))
    assert reasons(chat) == {"system line": ["10"]}


def test_hosts_are_nobody(write: Write) -> None:
    """Whoever they are called."""
    for author in ("MAILER-DAEMON@example.org", "Mail Delivery <Postmaster@example.org>", "MAILER DAEMON <>"):
        chat = read_chat(write("a.mbox", mail() + mail(headers=f"From: {author}\nDate: x\n")))
        assert reasons(chat) == {"system line": ["10"]}
    chat = read_chat(write("a.mbox", mail(more="Auto-Submitted: no\nReturn-Path: <wren@example.org>\nPrecedence: list\n")))
    assert chat.report.kept == 1


def test_thunderbird_keeps_deleted_mails_until_it_compacts_a_folder(write: Write) -> None:
    """They are marked."""
    chat = read_chat(write("Inbox", "".join(mail(more=f"X-Mozilla-Status: {status}\n") for status in ("0001", "0009", "x"))))
    assert reasons(chat) == {"deleted": ["11"], "duplicate id": ["21"]}


def test_the_same_mail_under_several_labels_is_one_message(write: Write, tmp_path: Path) -> None:
    """In one file or in several of a zip."""
    write("Inbox.mbox", mail() + mail("yes", headers=HEADERS.replace("<1@", "<2@")))
    with zipfile.ZipFile(tmp_path / "takeout.zip", "w") as archive:
        for name in ("Takeout/Mail/Inbox.mbox", "Takeout/Mail/Important.mbox"):
            archive.write(tmp_path / "Inbox.mbox", name)
        archive.writestr("Takeout/archive_browser.html", "<html>")
    chat = read_chat(tmp_path / "takeout.zip")
    assert chat.frame.collect()["text"].to_list() == ["at nine", "yes"]
    assert chat.report.skipped["duplicate id"].count == 2


def test_escaped_lines_are_as_they_were_written(write: Write) -> None:
    """In a mailbox; in a file of one mail nothing is escaped."""
    assert read_chat(write("a.mbox", mail("hi\n>From here"))).frame.collect()["text"].to_list() == ["hi\nFrom here"]
    assert read_chat(write("a.eml", HEADERS + "\nhi\n>From here\nhi")).frame.collect()["text"].to_list() == ["hi\nhi"]


@pytest.mark.parametrize(
    "content",
    [
        HEADERS + "\nat nine\n",
        "\n" + HEADERS + "\nat nine\n",
        (HEADERS + "\nat nine\n").replace("\n", "\r\n"),
        "Return-Path: <wren@example.org>\nReceived: from a by b;\n Mon, 6 Jan 2020 10:00:00 +0000\n" + HEADERS + "\nat nine",
        f"{len(HEADERS) + 9}\n{HEADERS}\nat nine\n<?xml version='1.0'?>",
    ],
)
def test_a_file_may_be_one_mail(content: str, write: Write) -> None:
    """As .eml, in a Maildir, or as Apple Mail stores it (.emlx)."""
    path = write("1578304800.M42P7.quay:2,S", content)
    chat = read_chat(path)
    assert chat.report.format == "mbox"
    assert chat.frame.collect().select("author", "text").rows() == [("wren@example.org", "at nine")]


def test_a_maildir_is_read_as_a_folder(tmp_path: Path) -> None:
    """Each of its files is a mail."""
    for folder in ("cur", "new", "tmp"):
        (tmp_path / folder).mkdir()
    for number in range(3):
        (tmp_path / "cur" / f"{number}.quay:2,S").write_text(HEADERS.replace("<1@", f"<{number}@") + f"\ntea {number}\n")
    (tmp_path / "dovecot-uidlist").write_text("3 V1578304800 N4\n1 :0.quay\n")
    chat = read_chat(tmp_path)
    assert chat.frame.collect()["text"].to_list() == ["tea 0", "tea 1", "tea 2"]


def test_apple_mail_exports_a_folder(tmp_path: Path) -> None:
    """With the mailbox in it."""
    (tmp_path / "Quay.mbox").mkdir()
    (tmp_path / "Quay.mbox" / "mbox").write_text(mail())
    (tmp_path / "Quay.mbox" / "table_of_contents").write_bytes(b"\0\1\2")
    assert read_chat(tmp_path / "Quay.mbox").report.kept == 1


@pytest.mark.parametrize(
    "text",
    [
        "From the beginning I knew.\n\nIt was tea.\n",
        "From: my diary\n\nDear diary,\n",
        "From: London\nTo: Quay\n\nmind the gap\n",
        "Date: today\nFrom: me\n\nhi\n",
        "1\n00:00:01,000 --> 00:00:02,000\nhi\n",
        "From what I know,\nthis: is\nthat: too\n\n",
        "author,text\nwren,hi\n",
        '{"From": "x"}',
        "",
        "From ",
        "From \n",
    ],
)
def test_other_files_are_not_taken(text: str) -> None:
    """Not what begins with the word, nor with something that looks like a header."""
    assert MBOX.detect(Head(text.encode(), ".txt", complete=True)) is None


def test_mails_that_say_little_are_known_too() -> None:
    """With less confidence."""
    few = b"From: a@b.org\nTo: c@d.org\nSubject: tea\nDate: today\n\nhi\n"
    match = MBOX.detect(Head(few, "", complete=True))
    assert match is not None
    assert match.confidence < 0.95


def test_gmail_kept_chats_as_mails(write: Write) -> None:
    """Until 2013 whole conversations in XML, later one message each, without a date or a subject."""
    said = "".join(
        f'<m:message from="{author}" xmlns:m="jabber:client"><m:body>{text}</m:body>'
        f'<time ms="{time}" xmlns="google:timestamp"/></m:message>'
        for author, text, time in (
            ("wren@example.org/1", "tea?", 1384520125498),
            ("otter@example.org", "yes", 1384520126498),
        )
    )
    xml = f'<con:conversation xmlns:con="google:archive:conversation">{said}</con:conversation>'
    old = "X-Gmail-Labels: Chat\nFrom: wren@example.org\nSubject: Chat with Wren\nContent-Type: text/xml\n"
    new = "From 169@xxx Mon Jan 06 10:00:00 +0000 2020\nX-Gmail-Labels: Chat\nFrom: Wren <wren@example.org>\n\nhey\n\n"
    chat = read_chat(write("Chat.mbox", mail(xml, headers=old) + new + mail("<a>google:archive:conversation", headers=old)))
    assert chat.frame.collect().select("time", "author", "channel", "text").rows() == [
        (datetime(2013, 11, 15, 12, 55, 25, 498000, tzinfo=UTC), "wren@example.org", "Chat with Wren", "tea?"),
        (datetime(2013, 11, 15, 12, 55, 26, 498000, tzinfo=UTC), "otter@example.org", "Chat with Wren", "yes"),
        (datetime(2020, 1, 6, 10, tzinfo=UTC), "wren@example.org", None, "hey"),
    ]
    assert reasons(chat) == {"malformed": ["15"]}


def test_without_a_subject_the_list_is_the_channel(write: Write) -> None:
    """Where there is one."""
    chat = read_chat(write("a.mbox", mail(headers="From: a@b.org\nDate: x\nList-Id: Quay <quay.example.org>\n")))
    assert chat.frame.collect()["channel"].to_list() == ["Quay <quay.example.org>"]


def test_without_an_author_the_mailbox_may_tell(write: Write) -> None:
    """In the line before the mail; a zone that no date tells is noted."""
    chat = read_chat(
        write("a.mbox", mail(headers="Subject: x\nReceived: y\n") + SEPARATOR.replace("wren@example.org", "") + "To: a\n\nhi\n")
    )
    assert chat.frame.collect().select("author", "time").rows()[0] == ("wren@example.org", datetime(2020, 1, 6, 10, tzinfo=UTC))
    assert any("times without a zone" in note for note in chat.report.notes)


def test_a_damaged_mailbox_is_read_where_it_can_be(write: Write) -> None:
    """What stands before the first mail is counted, NUL bytes are passed over, headers that are none end the headers."""
    data = mail("a\0b").encode() + mail(headers="From: otter@example.org\n\xff\xfe\n").encode("latin-1")
    assert read_chat(write("a.mbox", data)).frame.collect()["text"].to_list() == ["ab", "ÿþ\n\nat nine"]
    chat = read_chat(write("b.mbox", b"no header\n" + data.replace(b"\0", b"")), format="mbox")
    assert (chat.report.kept, reasons(chat)) == (2, {"malformed": ["1"]})
    with pytest.raises(ChatFileError, match="no message"):
        read_chat(write("c.mbox", "hello\n"), format="mbox")


def test_of_long_mails_the_beginning_is_looked_at(write: Write) -> None:
    """Which a note tells."""
    long = mail("tea\n" + "x" * 60 + "\n" * (5 << 20))
    chat = read_chat(write("a.mbox", long + mail(headers=HEADERS.replace("<1", "<2"))))
    assert chat.report.kept == 2
    assert [note.rpartition(": ")[2] for note in chat.report.notes] == ["1"]


def test_real_mailboxes(shared_data: Path) -> None:
    """Six mails: a multipart one, two of lists, one in Latin-1 of a web archive, one in an unknown character set."""
    folder = shared_data / "export-formats" / "perceval" / "mbox"
    chat = read_chat(folder)
    frame = chat.frame.collect()
    assert chat.report.files == {"mbox": 4}
    assert (frame.height, chat.report.skipped, frame["author"].n_unique()) == (6, {}, 6)
    assert frame["time"].null_count() == 0
    assert frame.filter(pl.col("text").str.contains(r"(?m)^>|wrote:$|mailing list$")).is_empty()
    assert set(frame["name"]) >= {"Danilo Šegan", "Lucía Charlie"}
