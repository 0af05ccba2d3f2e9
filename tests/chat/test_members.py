"""What conversations without names are called."""

from __future__ import annotations

from talklike.chat.members import MOST, named_after


def test_a_conversation_is_named_after_its_members() -> None:
    """Each once, in an order that doesn't depend on the file's."""
    assert named_after(["wren", "otter", "wren"]) == named_after(["otter", "wren"]) == "otter, wren"
    assert named_after([]) is None


def test_of_many_members_the_first_stand_for_all() -> None:
    """A name is no list."""
    names = [f"nick{i:02}" for i in range(MOST + 1)]
    assert named_after(names[:-1]) == ", ".join(names[:-1])
    assert named_after(names) == ", ".join(names[:-1]) + ", …"
