"""WhatsApp's exports, in the ways in which phones write them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from talklike.chat.formats.whatsapp import WHATSAPP
from talklike.chat.read import read_chat
from talklike.chat.source import Head

if TYPE_CHECKING:
    from talklike.chat.table import Chat

Write = Callable[[str, str | bytes], Path]


def messages(chat: Chat) -> list[tuple[str, str]]:
    """Return who said what."""
    return chat.frame.select("author", "text").collect().rows()


def skipped(chat: Chat) -> dict[str, int]:
    """Return how many messages each reason kept out."""
    return {reason: skip.count for reason, skip in chat.report.skipped.items()}


STYLES = [
    style.format(order.replace(" ", separator), clock + seconds + half)
    for order in ("%y %m %d", "%y %d %m", "%m %d %y", "%d %m %y")
    for separator in "-/."
    for seconds in ("", ":%S")
    for clock, half in (("%H:%M", ""), ("%I:%M", " %p"))
    for style in ("{}, {} - %name:", "[{} {}] %name:")
]


def test_the_styles_are_those_that_users_of_another_reader_have_met(shared_data: Path) -> None:
    """All 96 of its list."""
    styles = json.loads((shared_data / "export-formats/whatstk/header_format_support.json").read_text(encoding="utf-8"))
    assert sorted(style["format"] for style in styles) == sorted(STYLES)


@pytest.mark.parametrize("style", STYLES)
def test_every_known_header_is_read(style: str, write: Write) -> None:
    """With years of two digits and of four, in a chat of three weeks."""
    people = ("wren", "otter two", "+44 7700 900123")
    for pattern in (style, style.replace("%y", "%Y")):
        times = [datetime(2020, 1, 11, 9, 30, 15, tzinfo=UTC) + timedelta(hours=7 * n) for n in range(60)]
        lines = [
            f"{time.strftime(pattern.replace('%name', '@')).replace('@', people[n % 3])} text {n}" for n, time in enumerate(times)
        ]
        chat = read_chat(write("chat.txt", "\n".join(lines)))
        seconds = 15 if "%S" in pattern else 0
        assert chat.report.format == "whatsapp"
        assert chat.frame.collect().select("time", "author", "text").rows() == [
            (time.replace(second=seconds), people[n % 3], f"text {n}") for n, time in enumerate(times)
        ]


@pytest.mark.parametrize(
    ("line", "time"),
    [
        ("31/12/2020, 23:59 - wren: hi", "2020-12-31 23:59:00"),
        ("12/31/20, 11:59\u202fPM - wren: hi", "2020-12-31 23:59:00"),
        ("\u200e[31.12.20, 23:59:58] wren: hi", "2020-12-31 23:59:58"),
        ("[31/12/2020, 11:59:58 p.\xa0m.] wren: hi", "2020-12-31 23:59:58"),
        ("31/12/2020 11:59 a. m. - wren: hi", "2020-12-31 11:59:00"),
        ("31/12/2020 à 23:59 - wren: hi", "2020-12-31 23:59:00"),
        ("31.12.2020 klo 23.59 - wren: hi", "2020-12-31 23:59:00"),
        ("31.12.2020 23.59 - wren: hi", "2020-12-31 23:59:00"),
        ("31-12-20 23:59 - wren: hi", "2020-12-31 23:59:00"),
        ("2020-12-31 23:59 - wren: hi", "2020-12-31 23:59:00"),
        ("2020. 12. 31. 23:59 - wren: hi", "2020-12-31 23:59:00"),
        ("2020. 12. 31. 오후 11:59 - wren: hi", "2020-12-31 23:59:00"),
        ("2020/12/31 下午11:59 - wren: hi", "2020-12-31 23:59:00"),
        ("[2020/12/31 凌晨12:10:05] wren: hi", "2020-12-31 00:10:05"),
        ("2020/12/31, 23:59 - wren: hi", "2020-12-31 23:59:00"),
        ("31.12.20 г., 23:59 ч. - wren: hi", "2020-12-31 23:59:00"),
        ("23:59, 31/12/2020 - wren: hi", "2020-12-31 23:59:00"),
        ("٣١\u200f/١٢\u200f/٢٠٢٠، ١١:٥٩ م - wren: hi", "2020-12-31 23:59:00"),
        ("31/12/2563 23:59 - wren: hi", "2020-12-31 23:59:00"),
        ("[12/31/2563 BE, 11:59:00 PM] wren: hi", "2020-12-31 23:59:00"),
        ("۱۳۹۹/۱۰/۱۱، ۲۳:۵۹ - wren: hi", "2020-12-31 23:59:00"),
        ("2020-12-31, 23 h 59 - wren: hi", "2020-12-31 23:59:00"),
        ("[2020-12-31 23 h 59 min 58 s] wren: hi", "2020-12-31 23:59:58"),
        ("31/12/20 a las 23:59 - wren: hi", "2020-12-31 23:59:00"),
        ("31.12.2020 11.59 ip. - wren: hi", "2020-12-31 23:59:00"),
        ("31/12/20, 11:59 PG - wren: hi", "2020-12-31 11:59:00"),
        ("31.12.20, 23:59:58: wren: hi", "2020-12-31 23:59:58"),
        ("31/12/2020, 23h59 - wren: hi", "2020-12-31 23:59:00"),
        ("31/12/2563 23:59 น. - wren: hi", "2020-12-31 23:59:00"),
        ("12/31/20, 11:59 in the evening - wren: hi", "2020-12-31 23:59:00"),
        ("31/12/2020 11:59 da noite - wren: hi", "2020-12-31 23:59:00"),
        ("[12/31/R2, 23:59:58] wren: hi", "2020-12-31 23:59:58"),
        ("12/31/20, 12:05 AM - wren: hi", "2020-12-31 00:05:00"),
        ("12/31/20, 12:05 PM - wren: hi", "2020-12-31 12:05:00"),
    ],
)
def test_phones_of_all_languages_write_headers(line: str, time: str, write: Write) -> None:
    """Brackets, half days, separators, digits, calendars."""
    chat = read_chat(write("chat.txt", line + "\n"))
    assert chat.report.format == "whatsapp"
    assert messages(chat) == [("wren", "hi")]
    assert chat.frame.collect()["time"].dt.strftime("%Y-%m-%d %H:%M:%S").to_list() == [time]


def test_the_apps_own_program_is_told_from_people(write: Write) -> None:
    """It answers in chats under a name of its own."""
    text = "".join(f"31/12/20, 23:5{n} - {name}: hi\n" for n, name in enumerate(("wren", "Meta AI") * 3))
    assert read_chat(write("a.txt", text)).report.bots == {"Meta AI"}


def test_a_text_may_begin_on_the_next_line(write: Write) -> None:
    """The empty first one is part of it, whether a space stands before it or not."""
    text = "31/12/20, 10:00 - wren: \n1. tea\n31/12/20, 10:01 - otter:\n2. cake\n"
    assert messages(read_chat(write("a.txt", text))) == [("wren", "\n1. tea"), ("otter", "\n2. cake")]


def test_lines_without_a_header_belong_to_the_message_before(write: Write) -> None:
    """Also empty ones; trailing spaces are the person's."""
    chat = read_chat(write("a.txt", "31/12/20, 23:58 - wren: one \n\nthree\n31/12/20, 23:59 - otter: two\r\n"))
    assert messages(chat) == [("wren", "one \n\nthree"), ("otter", "two")]


def test_lines_of_the_app_are_nobodys(write: Write) -> None:
    """Without a name, with a colon in a quoted subject, with the mark, and under the chat's own name."""
    text = """31/12/20, 10:00 - quay: Messages and calls are end-to-end encrypted. No one outside of this chat can read them.
31/12/20, 10:01 - wren created group "quay"
31/12/20, 10:02 - wren changed the subject from “tea: now” to “tea: later”
31/12/20, 10:03 - wren: hi
31/12/20, 10:04 - wren: hi again
31/12/20, 10:05 - wren changed the group description: come in
31/12/20, 10:06 - Missed voice call
31/12/20, 10:07 - otter: \u200eYou deleted this group's icon
31/12/20, 10:08 - \u202a+44 7700 900123\u202c left
"""
    chat = read_chat(write("a.txt", text))
    assert messages(chat) == [("wren", "hi"), ("wren", "hi again")]
    assert skipped(chat) == {"system line": 7}
    assert chat.report.skipped["system line"].places[0].endswith("a.txt:1")


@pytest.mark.parametrize("name", ["wren 🐦", "wren von der quay", "wren 2", "Prof. Oak", "a:b"])
def test_names_may_begin_with_another_name(name: str, write: Write) -> None:
    """More words make another person, not a line of the app."""
    said = "31/12/20, 10:00 - wren: hi\n31/12/20, 10:01 - wren: hi\n31/12/20, 10:02 - " + name + ": there\n"
    assert messages(read_chat(write("a.txt", said)))[2:] == [(name, "there")]


@pytest.mark.parametrize(
    "line",
    ["wren changed the subject to: tea", "You changed the group name to: tea", "wren hat den Betreff geändert zu: Tee"],
)
def test_lines_of_the_app_with_a_colon_are_nobodys(line: str, write: Write) -> None:
    """What follows a known name is what somebody did to the group."""
    said = f"31/12/20, 10:00 - wren: hi\n31/12/20, 10:01 - wren: hi\n31/12/20, 10:02 - {line}\n"
    assert skipped(read_chat(write("a.txt", said))) == {"system line": 1}


def test_names_with_a_colon_are_seen_by_their_repetition(write: Write) -> None:
    """Whose messages all begin with the same word and a colon has it in the name; a name ends at the first colon else."""
    said = [f"31/12/20, 10:0{n} - Dr: Otter: a: {n}\n31/12/20, 10:0{n} - wren: note: {n}" for n in range(3)]
    said[1] = said[1].replace("note: ", "")
    found = messages(read_chat(write("a.txt", "\n".join(said))))
    assert [author for author, _ in found[::2]] == ["Dr: Otter"] * 3
    assert found[:2] == [("Dr: Otter", "a: 0"), ("wren", "note: 0")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<Media omitted>", "media only"),
        ("<Medien ausgeschlossen>\nBoot.pdf", "media only"),
        ("IMG-20201231-WA0001.jpg (file attached)", "media only"),
        ("location: https://maps.google.com/?q=1.5,-2", "media only"),
        ("null", "media only"),
        ("This message was deleted", "deleted"),
        ("Se eliminó este mensaje.", "deleted"),
        ("POLL:\ntea or coffee?\nOPTION: tea (1 vote)\nOPTION: coffee (12 votes)", "poll"),
        ("Missed voice call", "system line"),
    ],
)
def test_what_the_app_says_in_place_of_text_is_left_out(text: str, reason: str, write: Write) -> None:
    """With its reason; tests/chat/test_whatsapp_text.py has more of it."""
    chat = read_chat(write("a.txt", f"31/12/20, 10:00 - wren: hi\n31/12/20, 10:01 - wren: {text}\n"))
    assert messages(chat) == [("wren", "hi")]
    assert skipped(chat) == {reason: 1}


def test_captions_stay_and_edits_go(write: Write) -> None:
    """On Android a caption follows its file, on iPhones it comes before."""
    android = "31/12/20, 10:00 - wren: IMG-20201231-WA0001.jpg (file attached)\nour boat\n"
    android += "31/12/20, 10:01 - otter: ha <This message was edited>\n"
    assert messages(read_chat(write("a.txt", android))) == [("wren", "our boat"), ("otter", "ha")]
    iphone = "\u200e[31.12.20, 10:00:00] wren: our boat \u200e<attached: 00000012-PHOTO-2020-12-31.jpg>\n"
    assert messages(read_chat(write("b.txt", iphone))) == [("wren", "our boat")]


def test_what_has_no_mark_in_a_file_with_marks_is_a_persons(write: Write) -> None:
    """On an iPhone; a file that lost its marks is read by what it says."""
    text = (
        "[31.12.20, 10:00:00] wren: {}image omitted\n[31.12.20, 10:00:01] otter: image omitted\n[31.12.20, 10:00:02] otter: hi\n"
    )
    assert messages(read_chat(write("a.txt", text.format("\u200e")))) == [("otter", "image omitted"), ("otter", "hi")]
    assert messages(read_chat(write("b.txt", text.format("")))) == [("otter", "hi")]


def test_a_placeholder_in_an_unknown_language_is_seen_by_its_repetition(write: Write) -> None:
    """What stands in angle brackets again and again is nobody's words."""
    said = "".join(f"31/12/20, 10:0{n} - wren: <tukuma vanun>\n31/12/20, 10:0{n} - otter: <sigh {n}>\n" for n in range(3))
    assert messages(read_chat(write("a.txt", said))) == [("otter", f"<sigh {n}>") for n in range(3)]


def test_what_iphones_attribute_to_a_group_or_to_who_did_it_is_nobodys(write: Write) -> None:
    """Also where the marks are gone: the notice tells which name is the group's."""
    text = """[14.08.24, 21:00:10] quay: Messages and calls are end-to-end encrypted. No one outside of this chat can read them.
[14.08.24, 21:00:10] wren: wren created group “quay”
[14.08.24, 21:00:11] quay: wren added you
[14.08.24, 21:00:12] wren: wren changed this group's icon
[14.08.24, 21:00:13] ~ otter: ~ otter joined using this group's invite link
[14.08.24, 21:01:57] quay: You're now an admin
[14.08.24, 21:02:00] wren: hello, I left the door open
[14.08.24, 21:02:01] otter: wren added a lot of sugar
"""
    chat = read_chat(write("a.txt", text))
    assert messages(chat) == [("wren", "hello, I left the door open"), ("otter", "wren added a lot of sugar")]
    assert skipped(chat) == {"system line": 6}
    marked = text.replace("wren created", "\u200ewren created").replace("quay: ", "quay: \u200e")
    assert messages(
        read_chat(write("b.txt", marked.replace("wren: wren", "wren: \u200ewren").replace("~ otter: ", "~ otter: \u200e")))
    ) == messages(chat)


def test_what_another_did_to_somebody_is_not_their_message(write: Write) -> None:
    """It stands under the name of whom it was done to; where the marks are gone, the two names tell."""
    text = """[14.08.24, 21:00:10] quay: Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt. Niemand sonst liest mit.
[14.08.24, 21:00:11] ~ otter: wren hat ~ otter hinzugefügt.
[14.08.24, 21:00:12] ~ Lim.: wren added ~ Lim.
[14.08.24, 21:00:13] quay: wren mengeluarkan heron
[14.08.24, 21:00:14] wren: welcome
[14.08.24, 21:00:15] ~ otter: wren hat den Tee gekocht
[14.08.24, 21:00:16] ~ Lim.: I am Lim.
"""
    chat = read_chat(write("a.txt", text))
    assert messages(chat) == [("wren", "welcome"), ("otter", "wren hat den Tee gekocht"), ("Lim.", "I am Lim.")]
    assert skipped(chat) == {"system line": 4}


def test_the_notice_in_a_chat_of_two_leaves_the_contact_a_person(write: Write) -> None:
    """The app attributes it on iPhones to the contact, whose name the file has too."""
    text = """[14.08.24, 21:00:10] wren: \u200eMessages and calls are end-to-end encrypted. Learn more.
[14.08.24, 21:00:11] wren: I left the door open
[14.08.24, 21:00:12] otter: ok
"""
    for said in (text, text.replace("\u200e", "")):
        chat = read_chat(write("WhatsApp Chat - wren.txt", said))
        assert messages(chat) == [("wren", "I left the door open"), ("otter", "ok")]


def test_the_whole_file_tells_day_from_month(write: Write) -> None:
    """The only day above 12 stands at the end, behind more messages than a batch holds."""
    lines = [f"{1 + n // 6000:02}/02/20, 10:00 - wren: {n}" for n in range(60_000)]
    chat = read_chat(write("a.txt", "\n".join([*lines, "13/02/20, 10:00 - wren: last"])))
    assert chat.frame.collect()["time"][0].isoformat() == "2020-02-01T10:00:00+00:00"
    assert any("day/month/year (no other order makes them dates)" in note for note in chat.report.notes)


def test_dates_that_go_back_or_lie_far_apart_tell_it_too(write: Write) -> None:
    """Where no day is above 12."""
    back = "\n".join(f"{day:02}/{month:02}/20, 10:00 - wren: hi" for month, day in [(1, 12), (2, 3), (3, 1)])
    assert "in other orders they would go back" in " ".join(read_chat(write("a.txt", back)).report.notes)
    near = "\n".join(f"02/{day:02}/20, 10:00 - wren: hi" for day in range(3, 9))
    times = read_chat(write("b.txt", near)).frame.collect()["time"]
    assert (times[-1] - times[0]).days == 5


@pytest.mark.parametrize(("day_first", "month"), [(True, 4), (False, 3)])
def test_the_user_has_the_last_word_on_the_order(day_first: bool, month: int, write: Write) -> None:
    """Where both are possible."""
    chat = read_chat(write("a.txt", "03/04/20, 10:00 - wren: hi\n"), day_first=day_first)
    assert chat.frame.collect()["time"][0].month == month
    assert any("as asked for" in note for note in chat.report.notes)


@pytest.mark.parametrize(
    "pasted",
    [
        "[12/30/20, 9:12:33 AM] otter: pasted",
        "[9:12 AM, 12/30/20] otter: pasted",
        "[30/12, 9:12] otter: pasted",
        "30-12-20 09:12 - otter: pasted",
        "31/12/20 is a Thursday: see you",
        "10:30 - breakfast: eggs",
    ],
)
@pytest.mark.parametrize("length", [4, 200])
def test_a_chat_inside_a_message_stays_inside(pasted: str, length: int, write: Write) -> None:
    """Someone pasted another phone's chat or a list of dates; its lines are of another style than the file's."""
    lines = [f"31/12/20, 10:{n % 60:02} - wren: text {n}" for n in range(length)]
    lines.insert(length // 2, pasted)
    chat = read_chat(write("a.txt", "\n".join(lines)))
    assert {author for author, _ in messages(chat)} == {"wren"}
    assert messages(chat)[length // 2 - 1] == ("wren", f"text {length // 2 - 1}\n{pasted}")


def test_a_chat_that_begins_a_message_stays_inside_though_its_style_is_the_files(write: Write) -> None:
    """An iPhone copies messages with the headers that it exports; all of them are older than the message."""
    text = """[31.12.20, 10:00:00] wren: [30.12.20, 09:00:00] otter: shall we?
[30.12.20, 09:00:05] wren: yes
and no
[31.12.20, 10:00:00] otter: true
"""
    found = messages(read_chat(write("a.txt", text)))
    assert found == [
        ("wren", "[30.12.20, 09:00:00] otter: shall we?\n[30.12.20, 09:00:05] wren: yes\nand no"),
        ("otter", "true"),
    ]


def test_styles_may_change_within_a_file(write: Write) -> None:
    """Two exports one behind the other, and clocks of which some have a half day."""
    text = """28/12/20, 10:00 - wren: one
28/12/20, 10:01 - wren: two
[29.12.20, 11:00:00] wren: three
[29.12.20, 11:59:00 PM] wren: four
[30.12.20, 00:10:00] wren: five
"""
    chat = read_chat(write("a.txt", text))
    assert [said for _, said in messages(chat)] == ["one", "two", "three", "four", "five"]
    assert chat.frame.collect()["time"].is_sorted()


def test_lines_before_the_first_message_are_told(write: Write) -> None:
    """A file may begin in the middle of one."""
    chat = read_chat(write("a.txt", "rest of a message\n31/12/20, 10:00 - wren: hi\n31/12/20, 10:01 - wren: ho\n"))
    assert messages(chat) == [("wren", "hi"), ("wren", "ho")]
    assert skipped(chat) == {"malformed": 1}


def test_names_lose_their_marks(write: Write) -> None:
    """Numbers come wrapped in marks, names from outside of the address book behind a tilde."""
    text = "31/12/20, 10:00 - \u202a+44 7700\xa0900123\u202c: a\n31/12/20, 10:01 - ~\u202fotter: b\n"
    assert [author for author, _ in messages(read_chat(write("a.txt", text)))] == ["+44 7700 900123", "otter"]


@pytest.mark.parametrize(
    ("file", "channel"),
    [
        ("WhatsApp Chat with wren.txt", "wren"),
        ("WhatsApp-Chat mit quay.txt", "quay"),
        ("Chat de WhatsApp con quay 🐟.txt", "quay 🐟"),
        ("Чат WhatsApp с контактом quay.txt", "quay"),
        ("Conversa_do_WhatsApp_com_quay_two.txt", "quay two"),
        ("quay ile WhatsApp Sohbeti.txt", "quay"),
        ("与quay的WhatsApp聊天.txt", "quay"),
        ("WhatsApp Chat - quay (1).txt", "quay"),
        ("quay.txt", "quay"),
    ],
)
def test_the_file_names_the_chat(file: str, channel: str, write: Write) -> None:
    """In the phone's language."""
    assert read_chat(write(file, "31/12/20, 10:00 - wren: hi\n")).frame.collect()["channel"][0] == channel


def test_an_export_with_media_is_read_from_its_zip_and_its_folder(tmp_path: Path) -> None:
    """The text lies beside pictures, on iPhones as ``_chat.txt``."""
    path = tmp_path / "WhatsApp Chat - quay.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("_chat.txt", "[31.12.20, 10:00:00] wren: hi\n")
        archive.writestr("00000012-PHOTO-2020-12-31.jpg", b"\xff\xd8\xff\0")
    chat = read_chat(path)
    assert chat.frame.collect().select("channel", "author", "text").rows() == [("quay", "wren", "hi")]


@pytest.mark.parametrize(
    "text",
    [
        "It was 10:00 - and then: nothing happened.\nNothing at all.\n",
        "2020-12-31 10:00:00 ERROR main: no such thing\n2020-12-31 10:00:01 INFO main: done\n",
        "[2020-12-31 10:00:00] local.ERROR: no such thing\n[2020-12-31 10:00:01] local.INFO: done\n",
        "2020-12-31 10:00:00 - main - INFO - read: a\n2020-12-31 10:00:01 - main - WARNING - not read: b\n",
        "[2015-06-29 00:08:13] wren, joining. (#quay)\n[2015-06-29 00:08:14] wren: hi\n",
        "1. tea\n2. cake\n",
        "",
    ],
)
def test_other_texts_are_not_taken(text: str) -> None:
    """Prose, logs of programs, IRC, lists."""
    found = WHATSAPP.detect(Head(text.encode(), ".txt", complete=True))
    assert found is None or found.confidence < 0.96  # IRC's own reader is surer of its logs


@pytest.mark.parametrize(
    ("file", "kept", "left_out"),
    [
        # What the README calls up to 2,000 messages.
        ("whatstk/lorem-2000.txt", 2000, {}),
        ("whatstk/lorem.txt", 500, {}),
        ("whatstk/lorem-merge-part1.txt", 300, {}),
        ("whatstk/lorem-merge-part2.txt", 300, {}),
        ("whatstk/pokemon.txt", 18, {"system line": 2}),
        ("chat-miner/whatsapp/test_[mmddyy]_24hrs.txt", 7, {"system line": 2}),
        ("chat-miner/whatsapp/test_ddmmyy_24hrs.txt", 7, {"system line": 2}),
        ("chat-miner/whatsapp/test_mmddyy_24hrs.txt", 7, {"system line": 2}),
        ("chat-miner/whatsapp/test_mmddyyyy_12hrs.txt", 7, {"system line": 2}),
        ("chat-miner/whatsapp/test_yyyymmdd_24hrs.txt", 7, {"system line": 2}),
        ("langchain-community/whatsapp_ios_chat.txt", 8, {"system line": 1, "media only": 3}),
        ("langchain-community/whatsapp_mixed.txt", 8, {"media only": 1, "deleted": 1}),
    ],
)
def test_published_samples_are_read_whole(file: str, kept: int, left_out: dict[str, int], shared_data: Path) -> None:
    """Looked through by eye: every message with its author and its time."""
    chat = read_chat(shared_data / "export-formats" / file)
    assert (chat.report.format, chat.report.kept, skipped(chat)) == ("whatsapp", kept, left_out)
    assert chat.frame.collect()["time"].null_count() == 0
