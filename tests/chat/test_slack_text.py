"""Slack's markup and blocks as people see them."""

from __future__ import annotations

from typing import Any

import pytest

from talklike.chat.slack_text import blocks_text, plain

PEOPLE, CHANNELS = {"U111": "wren"}, {"C222": "quay"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<@U111> <@U111|old name> <@U999> <@W999|otter>", "@wren @wren @U999 @otter"),
        ("<#C222> <#C222|old> <#C999|general> <#C999|> <#C999>", "#quay #quay #general #C999 #C999"),
        ("<!here> <!channel|@channel> <!everyone>", "@here @channel @everyone"),
        ("<!subteam^S1|@boats> <!subteam^S1|boats> <!subteam^S1>", "@boats @boats @S1"),
        ("<!date^1392734382^{date_num}|February 18, 2014> <!odd>", "February 18, 2014 <!odd>"),
        ("<https://quay.example> <https://quay.example/a_b|the quay>", "https://quay.example the quay"),
        ("<mailto:wren@quay.example|wren@quay.example> <mailto:wren@quay.example>", "wren@quay.example wren@quay.example"),
        ("<tel:+44123|+44 123>", "+44 123"),
        ("&lt;b&gt; &amp;amp; &quot; &#39;", "<b> &amp; &quot; &#39;"),
        ("&lt;@U111&gt; &amp;lt;", "<@U111> &lt;"),
        ("<https://quay.example/?a=1&amp;b=2>", "https://quay.example/?a=1&b=2"),
        (":smile: *bold* _it_ ~no~ `<@U111>` ```a &lt; b```", ":smile: *bold* _it_ ~no~ `@wren` ```a < b```"),
        ("a < b <div> <> <@> <#> <!>", "a < b <div> <> <@> <#> <!>"),
        ("<" * 5000 + "x" * 5000, "<" * 5000 + "x" * 5000),
    ],
)
def test_markup_becomes_what_people_see(text: str, expected: str) -> None:
    """Names where they are known, ids where not; what programs left raw stays."""
    assert plain(text, PEOPLE, CHANNELS) == expected


def section(*elements: dict[str, Any]) -> dict[str, Any]:
    """Return a line of a rich text."""
    return {"type": "rich_text_section", "elements": list(elements)}


def words(text: str, **style: bool) -> dict[str, Any]:
    """Return a piece of text."""
    return {"type": "text", "text": text, "style": style}


def test_blocks_give_their_text() -> None:
    """Everything that people can type, as it would stand in the text."""
    line = section(
        words("hi "), {"type": "user", "user_id": "U111"}, words(" "), {"type": "channel", "channel_id": "C9"}, words(" "),
        {"type": "emoji", "name": "wave"}, words(" "), {"type": "link", "url": "https://q.example"}, words(" "),
        {"type": "link", "url": "https://q.example", "text": "q"}, words(" "), {"type": "broadcast", "range": "here"}, words(" "),
        {"type": "usergroup", "usergroup_id": "S1"}, words(" "), words("x", code=True),
        {"type": "date", "timestamp": 1, "fallback": " 1970"}, {"type": "color", "value": " #fff"},
    )  # fmt: skip
    parts = [
        line,
        {"type": "rich_text_list", "style": "ordered", "elements": [section(words("a")), section(words("b"))]},
        {"type": "rich_text_list", "style": "bullet", "elements": [section(words("c"))]},
        {"type": "rich_text_quote", "elements": [words("q\nr")]},
        {"type": "rich_text_preformatted", "elements": [words("code")]},
    ]
    blocks = [{"type": "rich_text", "elements": parts}, {"type": "section", "text": {"type": "mrkdwn", "text": "by a program"}}]
    assert blocks_text(blocks, PEOPLE, {}) == (
        "hi @wren #C9 :wave: https://q.example q @here @S1 `x` 1970 #fff\n1. a\n2. b\n• c\n> q\n> r\n```code```"
    )


def test_blocks_may_be_anything() -> None:
    """What is none is left out; what is too deep is cut."""
    deep: dict[str, Any] = section(words("x"))
    for _ in range(100):
        deep = {"type": "rich_text_list", "elements": [deep]}
    odd: dict[str, Any] = {
        "type": "rich_text_section",
        "elements": [None, 5, {"type": []}, {"type": "user"}, {"type": "text", "text": ["x"]}],
    }
    assert blocks_text([{"type": "rich_text", "elements": [odd]}], {}, {}) == "@"
    others: list[Any] = [None, "x", [None, 1, {}], [{"type": "rich_text", "elements": {}}]]
    for blocks in others:
        assert blocks_text(blocks, {}, {}) == ""
    assert "x" not in blocks_text([{"type": "rich_text", "elements": [deep]}], {}, {})
