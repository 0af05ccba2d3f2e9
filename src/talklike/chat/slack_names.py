"""What people and channels of a Slack workspace are called, from the lists beside the messages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from talklike.chat.json_values import identifier, listing, mapping
from talklike.chat.side_files import OfExport, objects_beside

if TYPE_CHECKING:
    from talklike.chat.tree import Tree

PEOPLE = re.compile(r"^(?:org_)?users\.json$")
"""The files that list people."""

CHANNELS = re.compile(r"^(?:channels|groups|dms|mpims)\.json$")
"""The files that list channels: open and private ones, conversations of two, and of several."""

SLACKBOT = "USLACKBOT"
"""Slack's own program, which the list of people counts among them."""

_SEVERAL = re.compile(r"mpdm-(.+)-\d+")


@dataclass
class Workspace:
    """Names by ids.

    Attributes:
        people: What people are called.
        bots: Which of them are programs.
        channels: What channels are called, by their ids and by the folders that their messages lie in.
        typed: Who has typed a message, as the messages show, so is no program.
    """

    people: dict[str, str] = field(default_factory=dict)
    bots: set[str] = field(default_factory=lambda: {SLACKBOT})
    channels: dict[str, str] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)

    def channel(self, folder: str) -> str | None:
        """Return what the channel is called whose messages lie in a folder."""
        known = self.channels.get(folder)
        if known is None and (found := _SEVERAL.fullmatch(folder)):
            return found[1].replace("--", ", ")
        return known or folder or None


def called(person: dict[str, Any]) -> str | None:
    """Return the name that Slack shows of somebody in a list of people, or of an author in a message (``user_profile``)."""
    profile = mapping(person.get("profile"))
    names = ((profile, "display_name"), (person, "display_name"), (person, "real_name"), (profile, "real_name"), (person, "name"))
    return next(filter(None, (identifier(where.get(key)) for where, key in names)), None)


def _workspace(tree: Tree) -> Workspace:
    found = Workspace()
    for one in objects_beside(tree, PEOPLE):
        for person in (one, *map(mapping, listing(one.get("members")))):
            key, name = identifier(person.get("id")), called(person)
            if key and name:
                found.people[key] = name
                if person.get("is_bot") is True:
                    found.bots.add(key)
    for one in objects_beside(tree, CHANNELS):
        key, folder = identifier(one.get("id")), identifier(one.get("name"))
        label = folder
        if folder is None or _SEVERAL.fullmatch(folder):
            members = filter(None, map(identifier, listing(one.get("members"))))
            label = ", ".join(found.people.get(member, member) for member in members) or folder
        for name in (key, folder):
            if name and label:
                found.channels[name] = label
    return found


WORKSPACE = OfExport(_workspace)
"""Reads the lists of an export once."""
