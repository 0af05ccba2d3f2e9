"""The layouts of Meta's downloads; what is read of them is in the tests of the two formats."""

from __future__ import annotations

import json

import pytest

from talklike.chat.meta_export import app_of, is_download
from talklike.chat.source import Head


def head(content: object, path: str = "") -> Head:
    """Return the head of a file that holds this."""
    return Head(json.dumps(content).encode(), ".json", complete=True, path=path)


MESSAGE = {"sender_name": "Wren", "timestamp_ms": 1577186580000, "content": "hi"}
CHAT = {"participants": [{"name": "Wren"}], "messages": [MESSAGE], "title": "Wren"}


@pytest.mark.parametrize(
    "content",
    [
        CHAT,
        {"messages": [MESSAGE]},
        {"messages": [{"sender_name": "Wren", "timestamp": 1526378400, "content": "hi", "type": "Generic"}]},
        {"messages": [{"senderName": "Wren", "timestamp": 1526378400000, "text": "hi", "type": "text", "isUnsent": False}]},
        [{"participants": ["wren"], "conversation": [{"sender": "wren", "created_at": "2019-08-08T10:00:00+00:00"}]}],
    ],
)
def test_the_layouts_are_recognised(content: object) -> None:
    """Of all years."""
    assert is_download(head(content))


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"messages": []},
        {"messages": {"sender_name": 1}},
        {"messages": [{"senderName": "Wren", "timestamp": 1}]},
        {"messages": [{"sender_name": "Wren"}]},
        {"messages": [{"sender": "wren", "created_at": "2019"}]},
        [{"conversation": {"sender": "wren", "created_at": "2019"}}],
        [MESSAGE],
    ],
)
def test_what_lacks_their_fields_is_none(content: object) -> None:
    """Although some are there."""
    assert not is_download(head(content))


def test_the_content_says_whose_it_is_before_the_path_does() -> None:
    """The paths of pictures, and lines that only one of the apps writes; names of chats say nothing."""
    of_instagram = CHAT | {"messages": [MESSAGE | {"photos": [{"uri": "your_instagram_activity/messages/inbox/x/1.jpg"}]}]}
    assert app_of(head(of_instagram, "facebook.zip/message_1.json")) == "instagram"
    assert app_of(head({"messages": [MESSAGE | {"content": "Liked a message"}]})) == "instagram"
    assert app_of(head(CHAT | {"messages": [MESSAGE | {"sticker": {"uri": "messages/stickers_used/1.png"}}]})) == "messenger"
    assert app_of(head(CHAT)) is None
    assert (
        app_of(head(CHAT, "instagram-wren/your_instagram_activity/messages/inbox/facebookuser_12/message_1.json")) == "instagram"
    )
    assert app_of(head(CHAT, "facebook-wren-2024/messages/inbox/instagrammer_12/message_1.json")) == "messenger"
    assert app_of(head(CHAT, "inbox/instagrammer_12/message_1.json")) is None
