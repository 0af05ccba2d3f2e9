"""Discord's markup as people see it."""

from __future__ import annotations

import re

import pytest

from talklike.chat.discord_markup import MARKED_UP, NOTICE, plain, untagged

PEOPLE, CHANNELS = {"111": "wren"}, {"222": "quay"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<@111> and <@!111>", "@wren and @wren"),
        ("<@999> <@&333>", "@999 @333"),
        ("<#222> <#999>", "#quay #999"),
        ("<:wave:444><a:dance_1:555>", ":wave::dance_1:"),
        ("<t:1646492400> <t:1646492400:R>", "2022-03-05 15:00 2022-03-05 15:00"),
        ("<t:99999999999999:R> <t:999999999999>", "<t:99999999999999:R> <t:999999999999>"),
        ("</play song:666>", "/play song"),
        ("a < b > c <3 <@> <#> <::1> <t:x> <https://quay.example>", "a < b > c <3 <@> <#> <::1> <t:x> <https://quay.example>"),
        ("<@\N{ARABIC-INDIC DIGIT ONE}>", "<@\N{ARABIC-INDIC DIGIT ONE}>"),
    ],
)
def test_markup_becomes_what_people_see(text: str, expected: str) -> None:
    """Names where they are known, ids where not; what only looks like markup stays."""
    assert plain(text, PEOPLE, CHANNELS) == expected
    assert text == expected or re.search(MARKED_UP, text)


@pytest.mark.parametrize(
    ("name", "expected"), [("wren#1234", "wren"), ("wren#0", "wren"), ("wren", "wren"), ("c#12", "c#12"), ("#0000", "#0000")]
)
def test_the_number_behind_a_name_goes(name: str, expected: str) -> None:
    """Unless nothing would be left."""
    assert untagged(name) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Added a recipient.", "Added wren to the group.", "Removed a recipient.", "Removed wren from the group.",
        "Left the group.", "Started a call that lasted 1,234 minutes.", "Changed the channel name.",
        "Changed the channel name: quay",
        "Changed the channel icon.", "Pinned a message.", "Started a thread.", "Joined the server.",
    ],
)  # fmt: skip
def test_notices_are_known(text: str) -> None:
    """All sentences that DiscordChatExporter writes, and nothing around them."""
    assert re.fullmatch(NOTICE, text)
    assert not re.fullmatch(NOTICE, f"{text}\nwhy")
    assert not re.fullmatch(NOTICE, f"He {text}")
