"""Messages of Zulip, on invented ones; no real export could be had."""

from __future__ import annotations

import itertools
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from talklike.chat.formats.zulip import ZULIP
from talklike.chat.read import read_chat
from talklike.chat.source import Source

Write = Callable[[str, str | bytes], Path]
NUMBERS = itertools.count(100)


def message(content: str, **changes: Any) -> dict[str, Any]:
    """Return a message of the API."""
    return {
        "id": next(NUMBERS), "sender_id": 7, "sender_full_name": "wren", "sender_email": "user7@quay.example",
        "sender_realm_str": "quay", "content": content, "content_type": "text/html", "timestamp": 1594708608, "type": "stream",
        "display_recipient": "boats", "subject": "nets", "is_me_message": False, "reactions": [],
    } | changes  # fmt: skip


BOT = {"sender_id": 1, "sender_email": "notification-bot@zulip.com", "sender_full_name": "Notification Bot"}
GATEWAY = {"sender_id": 2, "sender_email": "emailgateway@zulip.com", "sender_realm_str": "zulipinternal"}


def page(*messages: Any) -> str:
    """Return a page of the API."""
    return json.dumps({"result": "success", "msg": "", "messages": messages, "found_newest": True, "anchor": 7}, indent=1)


def texts(path: Path, **options: Any) -> list[str]:
    """Return what was said."""
    return read_chat(path, **options).frame.collect()["text"].to_list()


def test_a_page_gives_authors_times_and_channels(write: Write) -> None:
    """People who talk to each other have a channel named after them."""
    people = [{"id": 7, "full_name": "wren"}, {"id": 8, "full_name": "otter"}]
    chat = read_chat(
        write("p.json", page(message("<p>hi</p>"), message("<p>psst</p>", type="private", display_recipient=people, sender_id=8)))
    )
    assert chat.report.format == "zulip"
    when = datetime(2020, 7, 14, 6, 36, 48, tzinfo=UTC)
    assert chat.frame.collect().rows() == [(when, "7", "wren", "boats", "hi"), (when, "8", "wren", "otter, wren", "psst")]


def test_html_and_markdown_are_told_apart(write: Write) -> None:
    """By what the message says of itself, else by how it begins."""
    both = [
        message("<p>a &amp; b</p>"),
        message("a &amp; @**otter**", content_type="text/x-markdown"),
        message("<p>typed</p>", content_type="text/x-markdown"),
    ]
    bare = [
        {key: value for key, value in one.items() if key != "content_type"} for one in (message("<p>c</p>"), message("**d**"))
    ]
    assert texts(write("p.json", page(*both, *bare))) == ["a & b", "a &amp; @otter", "<p>typed</p>", "c", "**d**"]


def test_what_nobody_wrote_is_left_out_and_told(write: Write) -> None:
    """Zulip's own bots, the mail of others, uploads, quotations, what was deleted."""
    path = write(
        "p.json",
        page(
            message("<p>kept</p>"),
            message("<p>Stream created</p>", **BOT),
            message("<p>reminder</p>", sender_realm_str="zulipinternal", sender_email="x@zulip.com"),
            message("<p>a mail</p>", **GATEWAY),
            message('<p><a href="/user_uploads/2/a/x.png">x.png</a></p>'),
            message("<blockquote><p>old</p></blockquote>"),
            message("<p>(deleted)</p>"),
            message("<p></p>"),
        ),
    )
    skipped = {reason: skip.count for reason, skip in read_chat(path).report.skipped.items()}
    expected = {"system line": 2, "relayed": 1, "media only": 1, "quotation only": 1, "deleted": 1, "empty": 1}
    assert skipped == expected
    assert texts(path, with_quotes=True) == ["kept", "a mail", "> old"]


def test_other_bots_are_people(write: Write) -> None:
    """Who looks automated is decided elsewhere."""
    assert texts(write("p.json", page(message("<p>beep</p>", sender_email="beep-bot@quay.zulipchat.com")))) == ["beep"]


def test_actions_are_given_as_on_irc(write: Write) -> None:
    """``/me waves`` is *waves*; a text that is none stays."""
    path = write(
        "p.json", page(message("<p>/me waves</p>", is_me_message=True), message("<p>/me? no</p>"), message("<p>/me no</p>"))
    )
    assert texts(path) == ["waves", "/me? no", "/me no"]


def test_polls_and_lists_of_tasks_are_not_what_was_said(write: Write) -> None:
    """The app shows them as such, and the command that made them stays in the text; without parts it made none."""
    parts = [{"msg_type": "widget", "content": "{}", "sender_id": 7, "id": 1, "message_id": 1}]
    path = write(
        "p.json",
        page(
            message("<p>/poll Which net?<br>\nred<br>\ngreen</p>", submessages=parts),
            message("<p>/poll Which rope?</p>"),
            message("/todo pack", content_type="text/x-markdown", submessages=parts),
            message("<p>/poll is what you type</p>", submessages=[]),
            message("<p>/polls are fun</p>"),
            message("<p>see /poll</p>"),
        ),
    )
    assert texts(path) == ["/poll is what you type", "/polls are fun", "see /poll"]
    assert {reason: skip.count for reason, skip in read_chat(path).report.skipped.items()} == {"poll": 2, "media only": 1}


def test_what_the_button_for_calls_writes_is_no_message(write: Write) -> None:
    """Alone; with words of the sender's own, or as another label, it stays."""
    link = '<a href="https://calls.example/7">Join video call.</a>'
    typed = "[Click to join video call](https://calls.example/7)"
    bodies = [f"<p>{link}</p>", f"<p>now: {link}</p>", "<p>Join video call.</p>"]
    plain = [message(text, content_type="text/x-markdown") for text in (typed, "[Join](https://calls.example/7)")]
    path = write("p.json", page(*map(message, bodies), *plain))
    assert texts(path) == ["now: Join video call.", "Join video call.", "[Join](https://calls.example/7)"]
    assert read_chat(path).report.skipped["system line"].count == 2


def test_quotations_inside_a_message_are_left_out(write: Write) -> None:
    """With who said them; unless they are asked for."""
    said = '<span class="user-mention silent">heron</span> <a href="#narrow/near/9">said</a>:'
    html = f"<p>{said}</p><blockquote>old</blockquote><p>mine</p>"
    path = write("p.json", page(message(html)))
    assert texts(path) == ["mine"]
    assert texts(path, with_quotes=True) == ["heron said:\n\n> old\n\nmine"]


def test_an_array_of_messages_is_read(write: Write) -> None:
    """Repeated ones once: pages overlap."""
    one = message("<p>hi</p>")
    chat = read_chat(write("p.json", json.dumps([one, message("<p>ho</p>"), message("<p>hu</p>"), one])))
    assert chat.report.format == "zulip"
    assert chat.report.kept == 3
    assert chat.report.skipped["duplicate id"].count == 1


def test_an_archive_has_fewer_fields(tmp_path: Path) -> None:
    """Names stand for ids, the folder for the channel."""
    folder = tmp_path / "boats"
    folder.mkdir()
    lines = [
        {"content": "<p>hi</p>", "id": 1, "sender_full_name": "wren", "timestamp": 1594708608},
        {"content": "<p>created</p>", "id": 2, "sender_full_name": "Notification Bot", "timestamp": 1594708608},
    ]
    for name in ("nets.json", "ropes.json"):
        (folder / name).write_text(json.dumps(lines))
        lines = [{**line, "id": line["id"] + 10} for line in lines]  # type: ignore[operator]  # ids are numbers
    chat = read_chat(tmp_path)
    assert chat.frame.collect().select("author", "name", "channel", "text").rows() == [("wren", "wren", "boats", "hi")] * 2
    assert chat.report.skipped["system line"].count == 2


EXPORT: dict[str, Any] = {
    "realm.json": {
        "zerver_userprofile": [{"id": 7, "full_name": "wren"}, {"id": 8, "full_name": "otter"}],
        "zerver_userprofile_crossrealm": [{"id": 1, "email": BOT["sender_email"]}, {"id": 2, "email": GATEWAY["sender_email"]}],
        "zerver_stream": [{"id": 3, "name": "boats"}],
        "zerver_recipient": [{"id": 11, "type": 2, "type_id": 3}, {"id": 12, "type": 1, "type_id": 7}],
    },
    "messages-000001.json": {
        "zerver_message": [
            {
                "id": 1,
                "sender": 7,
                "recipient": 11,
                "content": "hi @**otter|8**",
                "rendered_content": "<p>",
                "date_sent": 1594708608.5,
            },
            {"id": 2, "sender": 1, "recipient": 11, "content": "stream created", "date_sent": 1594708609.0},
            {"id": 3, "sender": 2, "recipient": 11, "content": "a mail", "date_sent": 1594708609.0},
        ],
        "zerver_usermessage": [{"id": 1, "message": 1, "user_profile": 7, "flags_mask": 1}],
    },
    "messages-000002.json": {
        "zerver_message": [{"id": 4, "sender": 8, "recipient": 12, "content": "/me nods", "date_sent": 1594708610}]
    },
}


@pytest.mark.parametrize("packed", [False, True])
def test_a_data_export_has_its_names_beside_it(packed: bool, tmp_path: Path) -> None:
    """In a folder or packed; its Markdown is what people typed."""
    if packed:
        with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
            for name, content in EXPORT.items():
                archive.writestr(f"zulip-export-x/{name}", json.dumps(content))
    else:
        for name, content in EXPORT.items():
            (tmp_path / name).write_text(json.dumps(content))
    chat = read_chat(tmp_path / "e.zip" if packed else tmp_path)
    times = [datetime(2020, 7, 14, 6, 36, *when, tzinfo=UTC) for when in ((48, 500_000), (50, 0))]
    expected = [(times[0], "7", "wren", "boats", "hi @otter"), (times[1], "8", "otter", "otter, wren", "nods")]
    assert chat.frame.collect().rows() == expected
    assert {reason: skip.count for reason, skip in chat.report.skipped.items()} == {"system line": 1, "relayed": 1}


def test_a_file_of_an_export_alone_has_ids_for_names(write: Write) -> None:
    """Nobody says who is who."""
    chat = read_chat(write("messages-000001.json", json.dumps(EXPORT["messages-000001.json"])))
    assert chat.frame.collect().select("author", "name", "channel").rows()[0] == ("7", "7", "11")


@pytest.mark.parametrize("odd", [None, True, 7, 1e300, float("nan"), "", "\ud800", [], [[]], {}, {"a": 1}, "x" * 2000])
def test_any_value_may_stand_anywhere(odd: Any, write: Write) -> None:
    """Each message is kept or counted, whatever one of its fields holds."""
    first = message("<p>kept</p>")
    changed = [{**message("<p>a</p>"), key: odd} for key in first]
    changed += [{"content": odd, "sender_full_name": odd, "timestamp": odd}, {"content": "<p>a</p>", "sender_full_name": odd}]
    chat = read_chat(write("p.json", page(first, odd, *changed)))
    assert chat.report.read == len(changed) + 2
    rows = EXPORT["messages-000001.json"]["zerver_message"]
    chat = read_chat(
        write(
            "e.json",
            json.dumps({"zerver_message": [rows[0], odd, *[{**rows[0], "id": i, key: odd} for i, key in enumerate(rows[0])]]}),
        )
    )
    assert chat.report.read == len(rows[0]) + 2


@pytest.mark.parametrize(
    "text",
    [
        '{"messages": []}',
        '{"messages": [{"sender_name": "wren", "content": "hi", "timestamp_ms": 1}]}',
        '[{"sender_full_name": "wren", "content": "hi", "timestamp": 1, "mood": "calm"}]',
        '{"zerver_message": [{"id": 1}]}',
        '{"zerver_realm": [{"id": 1, "name": "zerver_message"}]}',
        'she wrote "sender_full_name" and "zerver_message" on the wall',
    ],
)
def test_other_files_are_not_taken(text: str, write: Write) -> None:
    """Not even those that share a field or two."""
    with Source.of(write("other.json", text)) as source:
        assert ZULIP.detect(source.head) is None
