"""Lines that Mattermost writes in the name of people, where nothing marks them."""

from __future__ import annotations

import pytest

from talklike.chat.mattermost_notices import is_notice


@pytest.mark.parametrize(
    "text",
    [
        "wren joined the channel.",
        "wren has joined the channel.",
        "wren joined the channel as guest.",
        "@wren left the channel.",
        "wren left the team.",
        "wren archived the channel.",
        "wren unarchived the channel.",
        "wren updated the channel display name from: boats to: ferries",
        "wren updated the channel header to: tea\n\nat five",
        "wren removed the channel purpose (was: tea)",
        "otter added to the channel by wren.",
        "otter added to the channel by wren",
        "ot.ter-2 added to the team as guest by wren.",
        "otter was added to the channel by @wren.",
        "otter removed from the channel.",
        "otter was removed from the team.",
        "This channel has been converted to a Private Channel.",
        "This channel has been converted to a Public Channel and can be joined by any team member.",
    ],
)
def test_what_the_server_wrote_is_told(text: str) -> None:
    """With the author's name or, of what happened to others, without."""
    assert is_notice(text, "wren")
    assert not is_notice(text, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "wren",
        "hi",
        "otter joined the channel.",
        "otter added to the channel by heron.",
        "wren joined the channel. And left.",
        "wrenjoined the channel.",
        "I was removed from the channel.",
        "she was removed from the team.",
        "somebody was removed from the team.",
        "joined the channel.",
        "added to the channel by wren.",
        "wren joined the fun.",
    ],
)
def test_what_people_say_of_others_stays(text: str) -> None:
    """Or of themselves, in other words."""
    assert is_notice(text, "wren") is False


@pytest.mark.parametrize(
    "hostile",
    [
        "wren updated the channel header from: " + " to " * 700,
        "a." * 1900 + " added to the channel by heron",
        "a" * 1900 + "one removed from the channels",
        "x" * 10**6,
    ],
    ids=["header", "added", "removed", "long"],
)
def test_texts_made_to_take_long_are_told_too(hostile: str) -> None:
    """An expression that tries every way through them would not return."""
    assert is_notice(hostile, "wren") is False
