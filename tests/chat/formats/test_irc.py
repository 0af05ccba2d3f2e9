"""IRC logs in the styles of clients, bouncers and bots, on invented lines; the real ones at the end."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from talklike.chat.formats.irc import IRC
from talklike.chat.read import read_chat
from talklike.chat.source import Head
from talklike.errors import ChatFileError

if TYPE_CHECKING:
    from talklike.chat.report import ReadReport
    from talklike.chat.table import Chat

Write = Callable[[str, str | bytes], Path]

ZNC = """\
[23:58:01] *** Joins: wren (~wren@example.org)
[23:58:10] <wren> hi all
[23:58:12] <otter> wren: ahoy
[23:59:00] * otter waves
[23:59:30] -boatbot- the tide is out
[23:59:40] *** wren sets mode: +o otter
[23:59:50] *** otter is now known as otter|tea
[23:59:55] *** Quits: wren (~wren@example.org) (Quit: bye)
"""
IRSSI = """\
--- Log opened Mon Jan 01 23:57:05 2018
23:57 -!- wren [~wren@example.org] has joined #kelp
23:57 [Users #kelp]
23:57 [@otter] [ wren ]
23:57 -!- Irssi: #kelp: Total of 2 nicks [1 ops, 0 halfops, 0 voices, 1 normal]
23:58 < wren> hi all
23:58 <@otter> wren: ahoy
23:59  * otter waves
23:59 -boatbot:#kelp- the tide is out
--- Day changed Tue Jan 02 2018
00:01 -!- otter is now known as otter|tea
00:01 -!- mode/#kelp [+o wren] by otter|tea
00:02 < wren> good night
00:03 -!- wren [~wren@example.org] has quit [Quit: bye]
--- Log closed Tue Jan 02 00:04:00 2018
"""
WEECHAT = """\
2018-01-01 23:57:05\t-->\twren (~wren@example.org) has joined #kelp
2018-01-01 23:57:06\t--\tTopic for #kelp is "boats"
2018-01-01 23:58:00\twren\thi all
2018-01-01 23:58:30\t@otter\twren: ahoy
2018-01-01 23:59:00\t *\totter waves
2018-01-01 23:59:10\t--\tNotice(boatbot): the tide is out
2018-01-02 00:01:00\t--\totter is now known as otter|tea
2018-01-02 00:02:00\t+wren\tgood\tnight
2018-01-02 00:03:00\t<--\twren (~wren@example.org) has quit (Quit: bye)
2018-01-02 00:03:01\t=!=\tirc: error
2018-01-02 00:03:02\t\tno prefix
"""
HEXCHAT = """\
**** BEGIN LOGGING AT Sun Dec 31 23:57:05 2017

Dec 31 23:57:05 *\tNow talking on #kelp
Dec 31 23:57:05 *\tTopic for #kelp is: boats
Dec 31 23:57:05 *\tTopic for #kelp set by otter!otter@example.org (Sat Dec 30 10:00:00 2017)
Dec 31 23:57:09 *\twren (~wren@example.org) has joined
Dec 31 23:58:00 <wren>\thi all
Dec 31 23:58:30 <@otter>\twren: ahoy
Dec 31 23:59:00 *\totter waves
Dec 31 23:59:02 *\totter gives channel operator status to wren
Dec 31 23:59:04 *\totter gives wren a fish
Dec 31 23:59:10 -boatbot-\tthe tide is out
Jan 01 00:01:00 *\totter is now known as otter|tea
Jan 01 00:02:00 <wren>\tgood night
Jan 01 00:03:00 *\twren has quit (Quit: bye)
**** ENDING LOGGING AT Mon Jan  1 00:04:00 2018
"""
XCHAT = """\
**** BEGIN LOGGING AT Sun Dec 31 23:57:05 2017

Dec 31 23:57:05 -->\tYou are now talking on #kelp
Dec 31 23:57:05 ---\tTopic for #kelp is boats
Dec 31 23:57:06 -->\twren (~wren@example.org) has joined #kelp
Dec 31 23:58:00 <wren>\thi all
Dec 31 23:59:00 *\totter waves
Jan 01 00:01:00 ---\totter is now known as otter|tea
Jan 01 00:02:00 <wren>\tgood night
Jan 01 00:03:00 <--\twren has quit (Quit: bye)
"""
MIRC = """\
Session Start: Mon Jan 01 23:57:05 2018
Session Ident: #kelp
\x0303[23:57] * Now talking in #kelp
\x0303[23:57] * Topic is 'boats'
\x0303[23:57] * Set by otter!otter@example.org on Sat Dec 30 10:00:00
03[23:57] * wren (~wren@example.org) has joined #kelp
[23:58] <@otter> \x02wren\x02: \x0304,01ahoy\x03 there\x0f
\x0306[23:59] * otter waves
[23:59] <wren> hi all
Session Time: Tue Jan 02 00:00:00 2018
\x0303[00:01] * otter is now known as otter|tea
\x0303[00:01] * otter|tea sets mode: +o wren
[00:02] <wren> good night
\x0302[00:03] * wren (~wren@example.org) Quit (Quit: bye)
\x0302[00:04] * Disconnected
Session Close: Tue Jan 02 00:04:00 2018
"""
SUPYBOT = """\
2018-01-01T23:57:05  *** wren has joined #kelp
2018-01-01T23:58:00  <wren> hi all
2018-01-01T23:58:30  <otter> wren: ahoy
2018-01-01T23:59:00  * otter waves
2018-01-01T23:59:10  -boatbot- the tide is out
2018-01-02T00:01:00  *** otter is now known as otter|tea
2018-01-02T00:02:00  <wren> good night
2018-01-02T00:03:00  *** wren has quit IRC
"""
EGGDROP = """\
[00:00] --- Mon Jan  1 2018
[23:57] wren (~wren@example.org) joined #kelp.
[23:57] #kelp: mode change '+o wren' by otter!otter@example.org
[23:58] <wren> hi all
[23:58] <otter> wren: ahoy
[23:59] Action: otter waves
[00:00] --- Tue Jan  2 2018
[00:01] Nick change: otter -> otter|tea
[00:01] Topic changed on #kelp by wren!~wren@example.org: more boats
[00:02] <wren> good night
[00:03] wren (~wren@example.org) left irc: bye
[00:03] Last message repeated 2 time(s).
"""
DIRCPROXY = """\
[01 Jan 23:57] --> wren (~wren@example.org) joined the channel
[01 Jan 23:58] <wren!~wren@example.org> -hi all
[01 Jan 23:58] <otter!~otter@example.org> +wren: ahoy
[01 Jan 23:59] * otter waves
[02 Jan 00:01] --- otter changed nick to otter|tea
[02 Jan 00:02] <wren!~wren@example.org> good night
[02 Jan 00:03] *** You disconnected
"""
TEXTUAL = """\
[2018-01-01T23:57:05+0100] wren (~wren@example.org) joined the channel
[2018-01-01T23:58:00+0100] <wren> hi all
[2018-01-01T23:58:30+0100] <@otter> wren: ahoy
[2018-01-01T23:59:00+0100] • otter: waves
[2018-01-02T00:01:00+0100] otter is now known as otter|tea
[2018-01-02T00:01:10+0100] ChanServ sets mode +o wren
[2018-01-02T00:02:00+0100] <wren> good night
[2018-01-02T00:03:00+0100] wren (~wren@example.org) left IRC (Quit: bye)
"""
LOUNGE = """\
[2018-01-01T23:57:05.123Z] *** wren (~wren@example.org) joined
[2018-01-01T23:58:00.250Z] <wren> hi all
[2018-01-01T23:58:30.000Z] <otter> wren: ahoy
[2018-01-01T23:59:00.000Z] * otter waves
[2018-01-02T00:01:00.000Z] *** otter changed nick to otter|tea
[2018-01-02T00:02:00.000Z] <wren> good night
"""
KONVERSATION = """\
[Monday, 1 January 2018] [23:57:05] Join\twren (~wren@example.org) has joined this channel.
[Monday, 1 January 2018] [23:58:00] <wren>\thi all
[Monday, 1 January 2018] [23:58:30] <otter>\twren: ahoy
[Monday, 1 January 2018] [23:59:00] *\totter waves
[Dienstag, 2. Januar 2018] [00:01:00] Nick\totter is now known as otter|tea.
[Dienstag, 2. Januar 2018] [00:02:00] <wren>\tgood night
"""
BARE_COLONS = """\
[2018-01-01 23:57:05] wren, joining. (#kelp)
[2018-01-01 23:58:00] wren: hi all
[2018-01-01 23:58:30] otter: wren: ahoy
[2018-01-01 23:59:00] *otter waves
[2018-01-01 23:59:10] *shrug
[2018-01-02 00:02:00] wren: good night
[2018-01-02 00:03:00] wren, quitting. (Quit: bye)
"""
LIMECHAT = """\
23:57 wren has joined (~wren@example.org)
23:58 wren: hi all
23:58 otter: wren: ahoy
23:59 otter is now known as otter|tea
00:02 wren: good night
"""
RBOT = """\
[2018/01/01 23:57:05] @ wren joined channel #kelp
[2018/01/01 23:58:00] <wren> hi all
[2018/01/01 23:58:30] <otter> wren: ahoy
[2018/01/01 23:59:00] * otter waves
[2018/01/02 00:01:00] @ otter is now known as otter|tea
[2018/01/02 00:02:00] <wren> good night
[2018/01/02 00:03:00] @ Quit: wren: bye
"""
OLD_UBUNTU = """\
=== wren [~wren@example.org]  has joined #kelp
[23:58] <wren> hi all
[23:58] <otter> wren: ahoy
=== otter waves
=== heron waves
=== otter [~otter@example.org]  has left #kelp []
=== otter is now known as otter|tea
=== mode/#kelp [+o wren]  by ChanServ
[00:02] <wren> good night
"""
MEETBOT = """\
23:58:00 <wren> hi all
23:58:30 <otter> wren: ahoy
23:59:00 * otter waves
00:02:00 <wren> good night
"""

IRCCLOUD = """\
#kelp
[2018-01-01 23:57:05] → Joined channel #kelp
[2018-01-01 23:57:06] * Channel mode is +nt
[2018-01-01 23:57:09] → wren joined (~wren@example.org)
[2018-01-01 23:58:00] <wren> hi all
[2018-01-01 23:58:30] <otter> wren: ahoy
[2018-01-01 23:59:00] — otter waves
[2018-01-01 23:59:10] * ChanServ set +o wren
[2018-01-02 00:01:00] — otter is now known as otter|tea
[2018-01-02 00:02:00] <wren> good night
[2018-01-02 00:03:00] ⇐ wren quit (~wren@example.org): bye
[2018-01-02 00:04:00] * Socket closed
"""
PIDGIN = """\
Conversation with #kelp at Mon 01 Jan 2018 11:57:05 PM CET on otter@irc.example.org (irc)
(23:57:05) wren [~wren@example.org] entered the room.
(23:58:00) wren: hi all
(23:58:30) otter: wren: ahoy
(23:59:00) ***otter waves
(00:01:00) otter is now known as otter|tea
(00:02:00) wren: good night
(00:03:00) wren left the room (quit: bye).
"""
NO_SPACE = """\
--- Log opened Mon Jan 01 00:00:05 2018
23:58:00< wren> hi all
23:58:30<@otter> wren: ahoy
23:59:00 * otter waves
23:59:01-!- otter is now known as otter|tea
--- Day changed Tue Jan 02 2018
00:02:00< wren> good night
"""

HI, AHOY, WAVES, NIGHT = ("wren", "hi all"), ("otter", "wren: ahoy"), ("otter", "waves"), ("wren", "good night")
STYLES = [
    "znc", "irssi", "weechat", "hexchat", "xchat", "mirc", "supybot", "eggdrop", "dircproxy", "textual", "lounge", "konversation",
    "bot", "limechat", "rbot", "ubuntu", "irccloud", "pidgin", "no space", "meetbot",
]  # fmt: skip
RENAMED = {("otter", "otter|tea"): 1}


def messages(chat: Chat) -> list[tuple[str, str]]:
    """Return who said what."""
    return chat.frame.select("author", "text").collect().rows()


def times(chat: Chat) -> list[str | None]:
    """Return when, as text."""
    return [time and f"{time:%Y-%m-%d %H:%M:%S}" for time in chat.frame.collect()["time"]]


def skipped(chat: Chat) -> dict[str, int]:
    """Return how many lines were left out, by reason."""
    return {reason: skip.count for reason, skip in chat.report.skipped.items()}


@pytest.mark.parametrize(
    ("name", "log", "said", "last", "system", "changes"),
    [
        ("2018-01-01.log", ZNC, [HI, AHOY, WAVES], "2018-01-01 23:59:00", 5, RENAMED),
        ("#kelp.log", IRSSI, [HI, AHOY, WAVES, NIGHT], "2018-01-02 00:02:00", 11, RENAMED),
        ("x.weechatlog", WEECHAT, [HI, AHOY, WAVES, ("wren", "good\tnight")], "2018-01-02 00:02:00", 7, RENAMED),
        ("#kelp.log", HEXCHAT, [HI, AHOY, WAVES, ("otter", "gives wren a fish"), NIGHT], "2018-01-01 00:02:00", 10, RENAMED),
        ("#kelp.log", XCHAT, [HI, WAVES, NIGHT], "2018-01-01 00:02:00", 6, RENAMED),
        ("log.txt", MIRC, [("otter", "wren: ahoy there"), WAVES, HI, NIGHT], "2018-01-02 00:02:00", 12, RENAMED),
        ("#kelp.log", SUPYBOT, [HI, AHOY, WAVES, NIGHT], "2018-01-02 00:02:00", 4, RENAMED),
        ("kelp.log", EGGDROP, [HI, AHOY, WAVES, NIGHT], "2018-01-02 00:02:00", 8, RENAMED),
        ("2018-kelp.log", DIRCPROXY, [HI, AHOY, WAVES, NIGHT], "2018-01-02 00:02:00", 3, RENAMED),
        ("2018-01-01.txt", TEXTUAL, [HI, AHOY, WAVES, NIGHT], "2018-01-01 23:02:00", 4, RENAMED),
        ("#kelp.log", LOUNGE, [HI, AHOY, WAVES, NIGHT], "2018-01-02 00:02:00", 2, RENAMED),
        ("kelp.log", KONVERSATION, [HI, AHOY, WAVES, NIGHT], "2018-01-02 00:02:00", 2, RENAMED),
        ("29.txt", BARE_COLONS, [HI, AHOY, WAVES, NIGHT], "2018-01-02 00:02:00", 2, {}),
        ("2018-01-01_libera.txt", LIMECHAT, [HI, AHOY, NIGHT], "2018-01-02 00:02:00", 2, RENAMED),
        ("kelp.log", RBOT, [HI, AHOY, WAVES, NIGHT], "2018-01-02 00:02:00", 3, RENAMED),
        ("2018-01-01.raw.txt", OLD_UBUNTU, [HI, AHOY, WAVES, NIGHT], "2018-01-02 00:02:00", 5, RENAMED),
        ("#kelp.txt", IRCCLOUD, [HI, AHOY, WAVES, NIGHT], "2018-01-02 00:02:00", 8, RENAMED),
        ("kelp.txt", PIDGIN, [HI, AHOY, WAVES, NIGHT], "2018-01-02 00:02:00", 4, RENAMED),
        ("#kelp.log", NO_SPACE, [HI, AHOY, WAVES, NIGHT], "2018-01-02 00:02:00", 3, RENAMED),
        ("meeting.2018-01-01-23.58.log.txt", MEETBOT, [HI, AHOY, WAVES, NIGHT], "2018-01-02 00:02:00", 0, {}),
    ],
    ids=STYLES,
)
def test_each_style_is_read(
    name: str,
    log: str,
    said: list[tuple[str, str]],
    last: str,
    system: int,
    changes: dict[tuple[str, str], int],
    write: Write,
) -> None:
    """Messages and actions with their authors and times; what the client tells is left out, nick changes are reported."""
    chat = read_chat(write(name, log), follow_nicks=False)
    assert chat.report.format == "irc"
    assert messages(chat) == said
    assert times(chat)[-1] == last
    assert skipped(chat).get("system line", 0) == system
    assert skipped(chat).get("malformed", 0) == log.count("*shrug")
    assert dict(chat.report.renamed) == changes


@pytest.mark.parametrize("log", [ZNC, IRSSI, WEECHAT, HEXCHAT, MIRC, SUPYBOT, EGGDROP, TEXTUAL, KONVERSATION, BARE_COLONS])
def test_windows_line_ends_change_nothing(log: str, write: Write) -> None:
    """They belong to no text and no nick."""
    one = read_chat(write("2018-01-01.log", log)).frame.collect()
    other = read_chat(write("2018-01-01.log", log.replace("\n", "\r\n"))).frame.collect()
    assert other.equals(one)


def test_confidence_is_high_for_a_log_and_none_for_others() -> None:
    """Whatever the file is called."""
    for log in (ZNC, IRSSI, WEECHAT, HEXCHAT, XCHAT, MIRC, SUPYBOT, EGGDROP, DIRCPROXY, TEXTUAL, LOUNGE, KONVERSATION, LIMECHAT):
        match = IRC.detect(Head(log.encode(), "", complete=True))
        assert match is not None
        assert match.confidence >= 0.95


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "It was a dark night.\nThe tide was out.\n" * 5,
        "WREN: To sea, or not to sea.\n\nOTTER: Aye.\n" * 5,
        "WREN. To sea.\nOTTER. Aye.\n[Exeunt]\n" * 5,
        "10:30 Wren: the boats are in\n10:45 Otter: all of them\n" * 5,
        "[00:12.00] The tide is out\n[00:15.20] <00:15.30> The <00:15.90> boats are in\n" * 5,
        "1\n00:00:01,000 --> 00:00:04,000\nHi all.\n\n" * 5,
        "00:01.000 --> 00:04.000\n<v Wren>Hi all.\n\n" * 5,
        "12/31/20, 11:59 PM - Wren: hi\n" * 5,
        "[31/12/2020, 23:59:00] Wren: hi\n" * 5,
        "[2020-12-31, 23:59:00] Wren: <Media omitted>\n" * 5,
        "2020-12-31 23:59:00\tINFO\tthe boats are in\n2020-12-31 23:59:10\tERROR\tthey are not\n" * 5,
        "2020-12-31 23:59:00 INFO server started\n" * 5,
        "[12:00:00] [Server thread/INFO]: <wren> hi\n" * 5,
        "10:00:00\t From Wren : hi\n10:00:10\tWren:\thi\n" * 5,
        "[12:00] *** starting\n[12:01] *** done\n" * 5,
        "<html>\n<body>\n<p> hi </p>\n<p> ho </p>\n</body></html>\n",
        "<AE01> = 0x12;\n<AE02> = 0x13;\n" * 3,
        "<U0041> /x41 LETTER A\n<U0042> /x42 LETTER B\n<U0043> /x43 LETTER C\n",
        "* buy rope\n* mend nets\n* paint the boat\n",
        "=== Heading ===\n\nText of the section.\n" * 5,
        "09:00 Wren joined\n17:00 Otter left\n" * 5,
        "author,text\nwren,hi\notter,ho\n",
        '{"a": 1}\n',
    ],
)
def test_other_text_is_no_log(text: str) -> None:
    """Prose, plays, lyrics, subtitles, markup, lists, other apps' exports and logs of programs."""
    match = IRC.detect(Head(text.encode(), ".txt", complete=True))
    assert match is None or match.confidence < 0.5


def test_lines_without_times_are_read_where_people_talk(write: Write) -> None:
    """As they are copied from a window; there is no time."""
    chat = read_chat(write("kelp.txt", "<wren> hi\n<otter> ho\n* otter waves\n<wren> a fish!\n*** otter has quit IRC\n"))
    assert chat.report.format == "irc"
    assert messages(chat) == [("wren", "hi"), ("otter", "ho"), ("otter", "waves"), ("wren", "a fish!")]
    assert times(chat) == [None] * 4


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("2018-03-04.log", "2018-03-04 23:58:00"),
        ("#kelp_20180304.log", "2018-03-04 23:58:00"),
        ("kelp_20180304.log.txt", "2018-03-04 23:58:00"),
        ("#kelp.log.04Mar2018", "2018-03-04 23:58:00"),
        ("irc.libera.#kelp.2018-03-04.weechatlog", "2018-03-04 23:58:00"),
        ("2018/03/04.txt", "2018-03-04 23:58:00"),
        ("2018-03/04.log", "2018-03-04 23:58:00"),
        ("2018/03/04/#kelp.log", "2018-03-04 23:58:00"),
        ("#kelp.log", None),
        ("20181304.log", None),
        ("2018-02-31.log", None),
    ],
)
def test_the_day_comes_from_the_path(name: str, first: str | None, tmp_path: Path) -> None:
    """From the file's name, else from the folders; without one there is no time, which a note says."""
    path = tmp_path / "logs" / name
    path.parent.mkdir(parents=True)
    path.write_text(MEETBOT)
    for given in (path, tmp_path / "logs"):
        chat = read_chat(given)
        assert times(chat)[0] == first
        assert any("of which nothing tells the date, left empty: 4" in note for note in chat.report.notes) is (first is None)


def test_a_day_goes_on_after_midnight(write: Write) -> None:
    """Where the clock goes back by half a day, not where it goes back by an hour."""
    lines = ["[22:00] <wren> a", "[23:10] <wren> b", "[22:50] <wren> c", "[00:05] <wren> d", "[00:01] <otter> e"]
    assert times(read_chat(write("2018-12-31.log", "\n".join(lines)))) == [
        "2018-12-31 22:00:00",
        "2018-12-31 23:10:00",
        "2018-12-31 22:50:00",
        "2019-01-01 00:05:00",
        "2019-01-01 00:01:00",
    ]


def test_a_year_comes_from_the_log_and_goes_on(write: Write) -> None:
    """Dates without a year; without any they are no times."""
    lines = "Nov 30 10:00:00 <wren> a\nDec 31 10:00:00 <wren> b\nJan 02 10:00:00 <otter> c\nFeb 30 10:00:00 <wren> d\n"
    head = "**** BEGIN LOGGING AT Thu Nov 30 09:00:00 2017\n\n"
    assert times(read_chat(write("#kelp.log", head + lines))) == [
        "2017-11-30 10:00:00",
        "2017-12-31 10:00:00",
        "2018-01-02 10:00:00",
        None,
    ]
    assert times(read_chat(write("#kelp.log", lines))) == [None] * 4
    assert times(read_chat(write("#kelp-2017.log", lines)))[2] == "2018-01-02 10:00:00"


def test_clocks_of_twelve_hours_and_foreign_months_are_understood(write: Write) -> None:
    """As the settings of clients have them."""
    lines = "[12:05 AM] <wren> a\n[12:05 PM] <wren> b\n[1:05:09 pm] <otter> c\n"
    assert times(read_chat(write("2018-01-01.log", lines))) == [
        "2018-01-01 00:05:00",
        "2018-01-01 12:05:00",
        "2018-01-01 13:05:09",
    ]
    german = "--- Log opened Do Mär 01 10:00:00 2018\n10:00 < wren> a\n--- Day changed Di Okt 02 2018\n10:00 < otter> b\n"
    assert times(read_chat(write("#kelp.log", german))) == ["2018-03-01 10:00:00", "2018-10-02 10:00:00"]


def test_zones_are_applied_and_their_lack_is_told(write: Write) -> None:
    """Also where a log has both."""
    lines = "2018-01-01T10:00:00+0200 <wren> a\n2018-01-01T10:00:00 <wren> b\n2018-01-01T10:00:00-0530 <otter> c\n"
    chat = read_chat(write("#kelp.log", lines), timezone="Europe/Berlin")
    assert times(chat) == ["2018-01-01 08:00:00", "2018-01-01 09:00:00", "2018-01-01 15:30:00"]
    assert chat.report.notes == ["times without a zone, taken as Europe/Berlin: 1"]


def test_days_in_numbers_are_read_like_any_other_apps(write: Write) -> None:
    """Which is the month, all dates of the file tell."""
    lines = "[01/02/2018 10:00:00] <wren> a\n[31/01/2018 11:00:00] <otter> b\n"
    assert times(read_chat(write("kelp.log", lines))) == ["2018-02-01 10:00:00", "2018-01-31 11:00:00"]


def test_seconds_since_1970_are_times(write: Write) -> None:
    """As ii and dircproxy write them."""
    lines = "1514764800 <wren> a\n@1514764801 <otter!~o@example.org> +b\n1514764802 -!- wren(w@example.org) has joined #kelp\n"
    chat = read_chat(write("out", lines))
    assert messages(chat) == [("wren", "a"), ("otter", "b")]
    assert chat.frame.collect()["time"][0] == datetime(2018, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "text", "channel"),
    [
        ("#kelp.log", MEETBOT, "#kelp"),
        ("%23kelp.log", MEETBOT, "#kelp"),
        ("libera_#kelp_20180101.log", MEETBOT, "#kelp"),
        ("irc.libera.##kelp.js.weechatlog", MEETBOT, "##kelp.js"),
        ("channel_#kelp.libera_2018.01.01.log", MEETBOT, "#kelp"),
        ("#kelp-irc/2018-01-01.log", MEETBOT, "#kelp-irc"),
        ("kelp/2018/2018-01-01", MEETBOT, "#kelp"),
        ("kelp-irc/raw/2018-01-01_03.raw.txt", MEETBOT, "#kelp"),
        ("kelp_20180101.log.txt", MEETBOT, "#kelp"),
        ("2018-01-01.log", IRSSI, "#kelp"),
        ("x.log", BARE_COLONS, "#kelp"),
        ("x.log", IRCCLOUD, "#kelp"),
        ("x.log", PIDGIN, "#kelp"),
        ("x.log", MIRC, "#kelp"),
        ("x.log", SUPYBOT.replace("#kelp", "#Kelp"), "#kelp"),
        ("wren.log", MEETBOT, "wren"),
        ("wren/2018-01-01.log", MEETBOT, "wren"),
        ("logs/2018-01-01.log", MEETBOT, None),
        ("log.txt", MEETBOT, None),
    ],
)
def test_the_channel_comes_from_the_path_or_the_log(name: str, text: str, channel: str | None, tmp_path: Path) -> None:
    """A name with # in the path wins, then what the log tells; a talk of two is called after the other."""
    path = tmp_path / "irclogs" / name
    path.parent.mkdir(parents=True)
    path.write_text(text)
    assert read_chat(tmp_path / "irclogs").frame.collect()["channel"].unique().to_list() == [channel]


def test_a_log_of_several_channels_names_them(write: Write) -> None:
    """As irssi does where it logs by level."""
    chat = read_chat(write("all.log", "10:00 <@wren:#kelp> a\n10:01 <otter:#reef> b\n10:02 < otter> c\n"))
    assert chat.frame.select("author", "channel").collect().rows() == [("wren", "#kelp"), ("otter", "#reef"), ("otter", "#all")]


def test_marks_of_rank_are_no_part_of_a_nick(write: Write) -> None:
    """Whatever clients put before it; brackets and bars are part of it."""
    marks = ["@", "+", "%", "&", "~", " ", "@+", ""]
    lines = "".join(f"[10:00] <{mark}wren> hi\n" for mark in marks) + "[10:01] <[otter]|tea> hi\n[10:02] * @wren waves\n"
    assert [who for who, _ in messages(read_chat(write("#kelp.log", lines)))] == ["wren"] * 8 + ["[otter]|tea", "wren"]


def test_texts_stay_as_they_are(write: Write) -> None:
    """Brackets, stars, spaces in front and behind, times and nicks inside."""
    texts = ["<otter> hi", "  two spaces", "* waves", "a\tb ", "[10:00] x", "> y", "*** z has joined #kelp", "<", "é 😀 \u200b."]
    lines = "".join(f"[10:00:00] <wren> {text}\n" for text in texts)
    assert [text for _, text in messages(read_chat(write("#kelp.log", lines)))] == texts


def test_an_empty_message_is_left_out_as_such(write: Write) -> None:
    """With a space behind the nick or without, or only a colour."""
    chat = read_chat(
        write("#kelp.log", "[10:00] <wren>\n[10:00] <wren> \n[10:01] <otter> \x0304\n[10:02] * wren\n[10:03] <wren> hi\n")
    )
    assert skipped(chat) == {"empty": 4}


def test_actions_that_speak_of_joins_are_actions(write: Write) -> None:
    """Only the words of clients are no action."""
    did = [
        "sets the table",
        "gives up",
        "removes them",
        "is now happy",
        "has left the building",
        "changes topic",
        "joined in",
        "quit",
        "→ tea.",
        "left the channel open",
    ]
    lines = "".join(f"[10:00] * wren {what}\n" for what in did)
    assert messages(read_chat(write("#kelp.log", "[09:59] <wren> hi\n" + lines)))[1:] == [("wren", what) for what in did]


@pytest.mark.parametrize(
    "line",
    [
        "* wren (~w@example.org) has joined #kelp",
        "* wren has joined #kelp",
        "* wren (~w@example.org) a rejoint #kelp",
        "* wren has left #kelp (bye)",
        "* wren has quit (Quit: bye)",
        "* wren has quit IRC",
        "* wren has quit",
        "* wren joined the channel",
        "* wren left the channel",
        "wren (w@example.org) returned to #kelp.",
        "-wren (w@example.org)- hi",
        "* wren sets mode: +o otter",
        "* wren sets ban on *!*@example.org",
        "* wren removes voice from otter",
        "* wren has changed the topic to: boats",
        "* wren changes topic to 'boats'",
        "* wren was kicked by otter (no)",
        "* wren has kicked otter from #kelp (no)",
        "* Topic is 'boats'",
        "* Set by wren on Mon Jan 01 10:00:00",
        "* Disconnected (timeout).",
        "* You have been kicked from #kelp by wren (no)",
        "*** wren waves",
        "-!- wren waves",
        "-wren- hi",
        "-wren(~w@example.org)- hi",
        ">wren< hi",
        "--> wren [~w@example.org] has joined #kelp",
        "<-- wren (~w@example.org) has quit (a > b)",
        "<-> wren is now known as otter",
        "→ wren joined (~w@example.org)",
        "wren (~w@example.org) joined #kelp.",
        "wren has joined (~w@example.org)",
        "wren kicked from #kelp by otter: no",
        "You're now known as wren",
        "[Users #kelp]",
    ],
)
def test_what_clients_tell_is_nobodys_message(line: str, write: Write) -> None:
    """Joins, parts, modes, topics, kicks and notices, in the words of many clients."""
    chat = read_chat(write("#kelp.log", f"[10:00] <wren> hi\n[10:00] {line}\n[10:00] <otter> ho\n"))
    assert messages(chat) == [("wren", "hi"), ("otter", "ho")]
    assert skipped(chat) == {"system line": 1}


@pytest.mark.parametrize(
    "line",
    [
        "[10:00] *** wren is now known as wren_",
        "[10:00] * wren is now known as wren_",
        "[10:00] -!- wren is now known as wren_",
        "[10:00] --- wren is now known as wren_",
        "[10:00] *** @wren is now known as wren_",
        "=== wren is now known as wren_",
        "[10:00] Nick change: wren -> wren_",
        "[10:00] *** wren changed nick to wren_",
        "[10:00] wren is now known as wren_",
        "[10:00] * wren → wren_",
        "[10:00] *** wren is now known as wren_.",
    ],
)
def test_nick_changes_unite_a_persons_nicks(line: str, write: Write) -> None:
    """However the client says so."""
    chat = read_chat(write("#kelp.log", f"[09:00] <wren> hi\n[09:01] <wren> ho\n{line}\n[10:01] <wren_> hey\n"))
    assert chat.report.renamed == {("wren", "wren_"): 1}
    assert messages(chat) == [("wren", "hi"), ("wren", "ho"), ("wren", "hey")]
    assert chat.frame.collect()["name"].to_list() == ["wren", "wren", "wren_"]


def test_a_column_for_whom_something_is_said_to_is_no_text(write: Write) -> None:
    """It may be empty; texts of WeeChat's logs that have a tab are whole."""
    lines = ["2016-12-22T10:00:00.000Z\twren\t\tanyone?", "2016-12-22T10:01:00.000Z\totter\twren\tme\ttoo"] * 6
    chat = read_chat(write("7.tsv", "\n".join(lines)))
    assert chat.report.format == "irc"
    assert messages(chat)[:2] == [("wren", "anyone?"), ("otter", "me\ttoo")]
    chat = read_chat(write("quay.weechatlog", "2016-12-22 10:00:00\twren\tlook\tthere\n2016-12-22 10:01:00\totter\tah\n"))
    assert messages(chat) == [("wren", "look\tthere"), ("otter", "ah")]


def test_raw_actions_are_actions(write: Write) -> None:
    """Bots that log what the network sends leave the marks in."""
    chat = read_chat(write("#kelp.log", "[10:00] <wren> \x01ACTION waves\x01\n[10:01] <otter> \x01 hi\n"))
    assert messages(chat) == [("wren", "waves"), ("otter", "\x01 hi")]


def test_lines_that_are_none_are_malformed(write: Write) -> None:
    """Behind a time or without one, with the line's number; blank ones are nothing."""
    path = write("#kelp.log", "[10:00] <wren> hi\n\n[10:00] wren hi\nand more\n   \n<otter> hi\n" + "[10:00] <otter> ho\n" * 7)
    chat = read_chat(path)
    assert messages(chat) == [("wren", "hi")] + [("otter", "ho")] * 7
    assert chat.report.skipped["malformed"].places == [f"{path}:3", f"{path}:4", f"{path}:6"]
    assert list(chat.report.skipped) == ["malformed"]


def test_bytes_that_are_not_utf8_are_repaired_line_by_line(write: Write) -> None:
    """Clients of one channel wrote in different encodings."""
    chat = read_chat(write("#kelp.log", "[10:00] <wren> é\n".encode() + b"[10:01] <otter> \xe9\n"))
    assert messages(chat) == [("wren", "é"), ("otter", "é")]
    assert chat.report.notes[0].startswith("1 line is not UTF-8")


def test_a_log_of_joins_alone_says_so(write: Write) -> None:
    """It is a log without messages, no unknown file."""
    with pytest.raises(ChatFileError, match="holds no message"):
        read_chat(
            write("2018-01-01.log", "[10:00] *** Joins: wren (w@example.org)\n[10:01] *** Quits: wren (w@example.org) ()\n")
        )


def test_any_file_can_be_read_if_asked_for(write: Write) -> None:
    """What isn't a line of a log is malformed."""
    with pytest.raises(ChatFileError, match="2 malformed"):
        read_chat(write("a.txt", "It was a dark night.\nThe tide was out.\n"), format="irc")


def test_files_of_a_folder_and_an_archive_are_days_in_order(tmp_path: Path) -> None:
    """Each is read on its own; packed ones too."""
    folder = tmp_path / "kelp" / "2018"
    folder.mkdir(parents=True)
    (folder / "2018-01-02").write_text("[00:01] <wren> b\n")
    (folder / "2018-01-01.log.gz").write_bytes(gzip.compress(b"[10:00] <wren> a\n"))
    (folder / "2018-01-10").write_text("[09:00] <otter> c\n")
    with zipfile.ZipFile(tmp_path / "kelp.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"kelp/2018/{path.name}")
    for given in (tmp_path / "kelp", tmp_path / "kelp.zip"):
        chat = read_chat(given)
        assert times(chat) == ["2018-01-01 10:00:00", "2018-01-02 00:01:00", "2018-01-10 09:00:00"]
        assert chat.frame.collect()["channel"].unique().to_list() == ["#kelp"]


@pytest.mark.parametrize(
    "line",
    [
        "[10:00] <" + "a" * 50_000,
        "[10:00] <" + "a " * 50_000 + ">",
        "[10:00] -" + "-a" * 50_000,
        "[10:00] * " + "a" * 50_000 + " is now known as b",
        "[10:00] [" + "]" * 50_000 + "(" + "@" * 50_000,
        "[10:00] a (" + "@" * 50_000,
        "[10:00] " + "a@" * 50_000,
        "[10:00]" + " " * 100_000 + "x",
        "--- " + "Jan 1 " * 20_000,
        "[" * 100_000,
        "1" * 100_000,
        "2018-01-01 10:00:00\t" + "\ta" * 50_000,
        "\x03" * 100_000,
    ],
)
def test_lines_made_to_take_long_are_read_over(line: str, write: Write) -> None:
    """A pattern that goes back and forth over a line would not return."""
    path = write("#kelp.log", "[10:00] <wren> hi\n" * 9 + (line + "\n") * 3 + "[10:00] <otter> ho\n")
    chat = read_chat(path, format="irc")
    assert messages(chat)[-1] == ("otter", "ho")


def test_a_line_longer_than_a_block_is_one_malformed_line(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its rest is not taken for another line, and lines are counted on."""
    irc = import_module("talklike.chat.formats.irc")
    monkeypatch.setattr(irc, "line_blocks", _small_blocks)
    monkeypatch.setattr(irc, "is_cut", lambda data: not data.endswith(b"\n") and len(data) > 60)
    path = write("#kelp.log", "[10:00] <wren> hi\n[10:01] <wren> " + "x" * 300 + "\n[10:02] <otter> ho\nnothing\n")
    chat = read_chat(path, format="irc")
    assert messages(chat) == [("wren", "hi"), ("otter", "ho")]
    assert chat.report.skipped["malformed"].places == [f"{path}:2", f"{path}:4"]


def _small_blocks(source: object, report: ReadReport) -> object:
    from talklike.chat.lines import line_blocks

    return line_blocks(source, report, 64)  # type: ignore[arg-type]  # a source, as in the function that this stands for


# File or folder, messages and actions kept, authors, channels, lines left out. The table beside the logs counts only lines with
# <nick>; kept are also actions, less messages without text, and nicks that changes unite are one author.
REAL = [
    # 427,467 lines with <nick> by 1,317 nicks and 12,005 actions, by 1,328 together; 47 are empty, one of them only behind a code
    # for a colour; somebody wrote the words of a part behind /me, which is taken for one.
    ("raku-irc/perl6-2010.tar.gz", 439_424, 1_235, {"#perl6"}, {"system line": 114_232, "empty": 47}),
    # 3,616 lines with <nick> by 116 nicks, 103 actions.
    ("raku-irc/perl6-2010-07-29.txt", 3_718, 117, {"#perl6"}, {"system line": 306, "empty": 1}),
    # 25,470 lines with <nick> by 2,622 nicks, 115 actions; of the older ones (=== nick waves) those of people who speak.
    ("ubuntu-irc", 25_579, 2_615, {"#ubuntu"}, {"system line": 1_915, "empty": 6}),
    ("export-formats/qtox-irc", 1_108, 8, {"#qtox"}, {"system line": 64}),
    ("export-formats/selendroid-irc", 322, 7, {"#selendroid"}, {"system line": 141}),
    ("export-formats/irclog2html/2005-01-08-test1.log", 6, 2, {"#pov"}, {"system line": 2}),
    ("export-formats/irclog2html/2005-01-09-test2.log", 50, 3, {"#pov"}, {"system line": 7}),
    ("export-formats/irclog2html/2009-01-14-dircproxy.log", 9, 3, {"#dircproxy"}, {"system line": 16}),
    ("export-formats/irclog2html/2009-01-15-dircproxy.log", 218, 7, {"#dircproxy"}, {"system line": 4, "empty": 3}),
    ("export-formats/irclog2html/2009-01-16-dircproxy.log", 12, 4, {"#dircproxy"}, {"system line": 17, "empty": 2}),
    ("export-formats/irclog2html/2011-01-16-hybrid-charset.log", 2, 2, {"#hybrid-charset"}, {}),
    # Two lines have no text, one has a star and a nick that says nothing.
    ("export-formats/perceval/supybot/supybot_2012_10_17.log", 6, 2, {"#ceph"}, {"system line": 3, "empty": 2, "malformed": 1}),
    ("export-formats/perceval/supybot/supybot_2012_10_18.log", 4, 3, {"#ceph"}, {"system line": 4}),
    # A line whose nick has no brackets.
    ("export-formats/perceval/supybot/supybot_invalid_msg.log", 4, 2, {"#ceph"}, {"system line": 4, "malformed": 1}),
    # A line whose bracket is an entity.
    ("export-formats/perceval/supybot/supybot_valid.log", 49, 12, {"#ceph"}, {"system line": 47, "empty": 1, "malformed": 1}),
]


@pytest.mark.parametrize(("name", "kept", "people", "channels", "left_out"), REAL, ids=[log[0] for log in REAL])
def test_real_logs_are_read_to_the_last_line(
    name: str, kept: int, people: int, channels: set[str], left_out: dict[str, int], shared_data: Path
) -> None:
    """Every line is a message or accounted for, every message has a time."""
    chat = read_chat(shared_data / name)
    frame = chat.frame.collect()
    assert chat.report.files.get("irc")
    assert (frame.height, frame["author"].n_unique()) == (kept, people)
    assert set(frame["channel"]) == channels
    assert skipped(chat) == left_out
    assert frame["time"].null_count() == 0


def test_no_other_real_file_is_taken(shared_data: Path) -> None:
    """Books, tables and other apps' exports are none."""
    from talklike.chat.source import Source
    from talklike.chat.tree import open_tree

    for path in sorted(shared_data.rglob("*")):
        if not path.is_file() or "irc" in str(path.relative_to(shared_data)) or "supybot" in str(path):
            continue
        with open_tree(path) as tree:
            for entry in tree.entries[:40]:
                with Source(entry, tree) as source:
                    assert IRC.detect(source.head) is None, entry.name
