"""Chats as Gmail kept them."""

from __future__ import annotations

import pytest

from talklike.chat.gmail_chats import NAMESPACE, Said, said

START = f'<con:conversation xmlns:con="{NAMESPACE}">'
MESSAGE = (
    '<cli:message to="otter@example.org" from="Wren@example.org/gmail.42" int:time-stamp="1384520125480" '
    'xmlns:cli="jabber:client" xmlns:int="google:internal"><cli:body>tea &amp; cake</cli:body>'
    '<x stamp="20131115T12:55:25" xmlns="jabber:x:delay"/><time ms="1384520125498" xmlns="google:timestamp"/></cli:message>'
)


def test_messages_come_with_their_author_and_time() -> None:
    """In both spellings of the XML."""
    plain = '<message from="otter@example.org" xmlns="jabber:client"><body>yes</body></message>'
    assert list(said(f"\n{START}{MESSAGE}{plain}</con:conversation>\n")) == [
        Said("wren@example.org", "tea & cake", "1384520125498"),
        Said("otter@example.org", "yes", None),
    ]


def test_a_time_may_stand_in_the_message() -> None:
    """Milliseconds since 1970; what is no number is no time."""
    for stamp, time in (("1384520125480", "1384520125480"), ("soon", None), ("9" * 30, None)):
        message = f'<m:message xmlns:m="jabber:client" xmlns:int="google:internal" int:time-stamp="{stamp}"/>'
        assert list(said(f"{START}{message}</con:conversation>")) == [Said(None, "", time)]


@pytest.mark.parametrize("xml", ["", "<a>", "\ud800<a/>", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "<a>" * 10_000, "\0<a/>"])
def test_what_is_no_conversation_says_nothing(xml: str) -> None:
    """Entities could swell without end, so none are read."""
    assert list(said(xml)) == []
