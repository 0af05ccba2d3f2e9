"""Mattermost's channels as mattermost-dl writes them: a file of posts, one a line, and a file that tells who and where.

Layout: mattermost-dl 1, its forks, and what the tool wrote before (``quay--tea.data.json``, ``quay--tea.meta.json``). Fields
have names of their own and are left out where they are empty, also the text. Replies are lines like all others.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from talklike.chat.json_values import identifier, listing, mapping

if TYPE_CHECKING:
    from talklike.chat.source import Source

DATA, META = ".data.json", ".meta.json"
"""How the names of a channel's two files end."""

OF_API = {
    "id": "id", "userId": "user_id", "userName": "username", "createTime": "create_at", "deleteTime": "delete_at",
    "specialMsgType": "type", "message": "message", "attachments": "files",
}  # fmt: skip
"""What its fields are called in Mattermost's API."""

_ID = re.compile(r"[a-z0-9]{26}")


@dataclass(frozen=True)
class Beside:
    """What the file beside a channel's posts tells.

    Attributes:
        users: What people log in as, by their ids.
        names: What they are called, by their ids.
        channel: What the channel is called.
        known: Whether the file is there and can be read.
    """

    users: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    channel: str | None = None
    known: bool = True


def is_post(value: dict[str, Any]) -> bool:
    """Return whether an object is a post as mattermost-dl writes it, to judge from its ids and time."""
    ids = all(isinstance(value.get(key), str) and _ID.fullmatch(value[key]) for key in ("id", "userId"))
    return ids and type(value.get("createTime")) is int and isinstance(value.get("message", ""), str)


def as_of_api(value: object, beside: Beside) -> dict[str, Any]:
    """Return a post as Mattermost's API would give it; an empty object for what is none.

    Args:
        value: A line.
        beside: What is told of the channel.
    """
    has = mapping(value)
    if "id" not in has or "userId" not in has:
        return {}
    post: dict[str, Any] = {"message": ""} | {of: has[key] for key, of in OF_API.items() if key in has}
    user = beside.users.get(identifier(has["userId"]) or "")
    return post | {"props": mapping(has.get("misc")).get("props")} | ({"username": user} if user else {})


def beside(source: Source) -> Beside:
    """Return what stands in the file beside a channel's posts, or of the channel in their file's name.

    Args:
        source: The file of posts.
    """
    stem = source.inner.name.removesuffix(DATA)
    data = source.tree.content(str(source.inner.with_name(stem + META))) if source.inner.name.endswith(DATA) else None
    if data is None:
        return Beside(channel=source.stem.removesuffix(".data"), known=False)
    try:
        told = mapping(json.loads(data))
    except (ValueError, RecursionError):  # a damaged list of names is no reason not to read the messages
        return Beside(channel=stem, known=False)
    channel = mapping(told.get("channel"))
    users, names = {}, {}
    for one in map(mapping, [*listing(channel.get("members")), *listing(told.get("users"))]):
        key, user = identifier(one.get("id")), identifier(one.get("name"))
        if key and user:
            users[key], names[key] = user, _person(one) or user
    between = ", ".join(sorted(users.values())) if channel.get("type") == "Direct" else None
    return Beside(users, names, identifier(channel.get("name")) or between or stem)


def _person(user: dict[str, Any]) -> str:
    """Return what Mattermost calls a person, as far as it isn't the user name: the nickname, else the full name."""
    full = " ".join(filter(None, (identifier(user.get(key)) for key in ("firstName", "lastName"))))
    return identifier(user.get("nickname")) or full
