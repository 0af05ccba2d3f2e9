"""Signal's chats as text, line by line."""

from __future__ import annotations

import pytest

from talklike.chat.signal_text import Said, blocks, body, markdown, short


def lines(text: str) -> list[tuple[int, str]]:
    """Return the lines of a text with their numbers."""
    return list(enumerate(text.removesuffix("\n").split("\n"), start=1))


def kept(found: list[Said]) -> list[tuple[str | None, str | None, str | None, str | None]]:
    """Return what is a message."""
    return [(one.author, one.name, one.time, one.text) for one in found if one.reason is None]


MARKDOWN = """[2023-04-05 09:15:01] Me: hello there  

[2023-04-05 09:16] Wren: 

> hello there
>
> again

yes, hi
> two lines  
(- Me: 👍, Otter: 😂 -)

[2023-04-05, 09:17] Otter: no space here
[2023-04-05 09:20:00] No-Sender: who?  
"""  # noqa: W291 - signal-export ends its lines so


def test_markdown_is_read_without_what_was_added() -> None:
    """Two spaces, reactions, quotations; three kinds of dates."""
    found = list(markdown(lines(MARKDOWN), quotes=False))
    assert kept(found) == [
        ("Me", "Me", "2023-04-05 09:15:01", "hello there"),
        ("Wren", "Wren", "2023-04-05 09:16", "yes, hi\n> two lines"),
        ("Otter", "Otter", "2023-04-05 09:17", "no space here"),
        (None, None, "2023-04-05 09:20:00", "who?"),
    ]
    assert [one.line for one in found] == [1, 3, 13, 14]
    quoted = kept(list(markdown(lines(MARKDOWN), quotes=True)))[1]
    assert quoted[3] == "> hello there\n>\n> again\n\nyes, hi\n> two lines"


@pytest.mark.parametrize(
    ("written", "text", "reason"),
    [
        ("look  ![a.jpg](./media/a.jpg)  ", "look", None),
        ("look  [2020_00_a [1] (b).pdf](./media/2020_00_a%20[1]%20(b).pdf)  ![c.jpg](./media/c.jpg)  ", "look", None),
        ("![a.jpg](./media/a.jpg)  ", "", "media only"),
        ("[other](./media/a%20b.jpg)  ", "", "media only"),
        ("  [😀](../exported_stickers/abc/1.webp)  ", "", "media only"),
        ("  \n(( 😀 ))", "", "media only"),
        ("hi  \n(- Wren: 👍 -)\n(( 😀 ))", "hi", None),
        ("(This message was deleted)", "(This message was deleted)", "deleted"),
        ("Incoming call  ", "Incoming call", "system line"),
        ("Missed video call  ", "Missed video call", "system line"),
        ("Outgoing voice call (accepted, 3m 2s)  ", "Outgoing voice call (accepted, 3m 2s)", "system line"),
        ("Incoming call from work  ", "Incoming call from work", None),
        ("see [docs](https://example.org)  ", "see [docs](https://example.org)", None),
        ("see [docs](./media/a) (or not)  ", "see [docs](./media/a) (or not)", None),
        ("(I think so)  ", "(I think so)", None),
        ("  ", "", None),
        ("", "", None),
        ("> my own\n> quotation  ", "> my own\n> quotation", None),
    ],
)
def test_the_body_of_a_message(written: str, text: str, reason: str | None) -> None:
    """Files, stickers and reactions stand at its end."""
    assert body(written.split("\n"), quotes=False) == (text, reason)


def test_lines_before_the_first_message_are_malformed() -> None:
    """They belong to nobody."""
    found = list(markdown(lines("# A title\n\n[2023-04-05 09:15] Me: hi  \n"), quotes=False))
    assert [(one.line, one.reason) for one in found] == [(1, "malformed"), (3, None)]


def test_a_message_without_end_is_cut() -> None:
    """A file may go on for ever without another header."""
    found = list(markdown([(1, "[2023-04-05 09:15] Me: hi"), *((i, "x" * 100_000) for i in range(2, 40))], quotes=False))
    assert found[-1].line == 1
    assert len(found[-1].text or "") < 1 << 20
    assert {one.reason for one in found[:-1]} == {"malformed"}


def test_short_text_is_read_without_the_details() -> None:
    """Replies, edits and files stand in brackets before the text."""
    text = """2023-01-02 15:04 You: hi
there
2023-01-02 15:05 Wren: [reply to You on 2023-01-02 15:04, edited, 2 attachments] well
2023-01-02 15:05 Wren: [1 attachment]
2023-01-02 15:06 Wren: [call-history message]
2023-01-02 15:07 You:
2023-01-02 15:08 You: a: b [c]
2023-01-02 15:08 Unknown: [edited] x
"""
    found = list(short(lines(text)))
    assert [(one.line, one.author, one.text) for one in found if one.reason is None] == [
        (1, "You", "hi\nthere"),
        (3, "Wren", "well"),
        (6, "You", ""),
        (7, "You", "a: b [c]"),
        (8, None, "x"),
    ]
    assert [one.reason for one in found if one.reason] == ["media only", "system line"]


LONG = """Conversation: Quay (group)

From: You
Type: outgoing
Sent: Mon, 2 Jan 2023 15:04:05 +0100
Reaction: 👍 from Wren

first line

second after an empty one

From: Wren (+31612345678)
Type: incoming
Sent: Tue, 3 Jan 2023 09:04:05 +0100
Received: Tue, 3 Jan 2023 09:04:06 +0100

> From: You
> Sent: Mon, 2 Jan 2023 15:04:05 +0100
>
> first line
> second

my answer

From: Wren (+31612345678)
Type: incoming
Sent: Tue, 3 Jan 2023 09:05:05 +0100
Received: Tue, 3 Jan 2023 09:05:06 +0100
Attachment: no filename (image/jpeg, 123 bytes)

From: Otter (otter.12)
Type: incoming
Sent: Tue, 3 Jan 2023 09:06:05 +0100
Received: Tue, 3 Jan 2023 09:06:06 +0100
Edited: 2 versions

| Version: 2
| Sent: Tue, 3 Jan 2023 09:07:05 +0100
|
| > From: You
| > Sent: Mon, 2 Jan 2023 15:04:05 +0100
| >
| > first line
|
| newest text
|
| goes on
|
| Version: 1
| Sent: Tue, 3 Jan 2023 09:06:05 +0100
|
| old text

Type: group-v2-change
Sent: Tue, 3 Jan 2023 09:08:05 +0100
Received: Tue, 3 Jan 2023 09:08:05 +0100

From: Unknown
Type: incoming
Sent: Tue, 3 Jan 2023 09:09:05 +0100
Received: Tue, 3 Jan 2023 09:09:06 +0100

Type: is a word
From: nobody

"""


def test_long_text_is_read_without_quotations_and_old_versions() -> None:
    """Empty lines belong to a text, and so do lines that merely look like fields."""
    found = list(blocks(lines(LONG), quotes=False))
    assert [(one.line, one.author, one.name, one.text) for one in found if one.reason is None] == [
        (3, "You", "You", "first line\n\nsecond after an empty one"),
        (12, "+31612345678", "Wren", "my answer"),
        (31, "otter.12", "Otter", "newest text\n\ngoes on"),
        (58, None, None, "Type: is a word\nFrom: nobody"),
    ]
    assert [one.reason for one in found if one.reason] == ["media only", "system line"]
    assert {one.channel for one in found} == {"Quay"}
    assert found[0].time == "Mon, 2 Jan 2023 15:04:05 +0100"
    assert [one.text for one in blocks(lines(LONG), quotes=True)][1] == "> first line\n> second\n\nmy answer"


def test_long_text_of_the_first_sigtop() -> None:
    """It named the conversation in each message, and to whom it went."""
    text = """Conversation: Wren
Type: outgoing
To: Wren
Sent: Mon, 2 Jan 2023 15:04:05 +0100

hi

Conversation: Otter
Type: incoming
From: Otter
Sent: Mon, 2 Jan 2023 15:05:05 +0100
Received: Mon, 2 Jan 2023 15:05:05 +0100

yo

"""
    found = list(blocks(lines(text), quotes=False))
    assert [(one.line, one.channel, one.author, one.text) for one in found] == [
        (1, "Wren", "You", "hi"),
        (8, "Otter", "Otter", "yo"),
    ]


@pytest.mark.parametrize(
    "hostile",
    [
        "[a](./media/a)" * 20_000,
        "[" * 50_000 + "](./media/a)",
        "[reply to x on 2020-01-01 10_00, " * 5000,
        "(- " * 90_000,
    ],
    ids=["files", "brackets", "replies", "reactions"],
)
def test_messages_made_to_take_long_stay_as_they_are(hostile: str) -> None:
    """A pattern that tries every way through them would not return."""
    text = hostile + "b"
    assert body([text], quotes=False) == (text, None)
    assert [one.text for one in short([(1, f"2020-01-01 10:00 You: {text}")])] == [text]
    assert [one.text for one in markdown([(1, f"[2020-01-01 10:00] wren: {text}")], quotes=False)] == [text]
