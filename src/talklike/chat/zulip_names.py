"""What people and channels are called in a data export of Zulip: in ``realm.json``, beside the files of messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from talklike.chat.json_items import items
from talklike.chat.json_values import identifier, mapping
from talklike.chat.members import MOST, named_after
from talklike.chat.report import ReadReport
from talklike.chat.source import Source
from talklike.errors import ChatFileError

if TYPE_CHECKING:
    from talklike.chat.tree import Tree

PERSON, STREAM, GROUP = 1, 2, 3
"""Types of recipients."""


@dataclass
class Realm:
    """The names of an organisation; all ids are text.

    Attributes:
        people: Full names.
        bots: Addresses of Zulip's own bots.
        streams: Names of channels by their own ids.
        recipients: Types of recipients and ids of what they stand for, by their ids.
        members: The first few people who read a recipient, by its id.
    """

    people: dict[str, str] = field(default_factory=dict)
    bots: dict[str, str] = field(default_factory=dict)
    streams: dict[str, str] = field(default_factory=dict)
    recipients: dict[str, tuple[Any, str]] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)

    def channel(self, row: dict[str, Any]) -> str | None:
        """Return the name of a message's channel, or those of the people who talk to each other; the recipient's id without."""
        recipient = identifier(row.get("recipient"))
        kind, target = self.recipients.get(recipient or "", (None, ""))
        if kind == STREAM:
            return self.streams.get(target, recipient)
        people = {identifier(row.get("sender")) or "", target} if kind == PERSON else set(self.members.get(recipient or "", ()))
        return named_after(self.people[person] for person in people if person in self.people) or recipient

    def learn(self, table: object, row: dict[str, Any]) -> None:
        """Take the names out of a row of a table."""
        key = identifier(row.get("id"))
        if key is None:
            return
        if table in ("zerver_userprofile", "zerver_userprofile_mirrordummy"):
            if name := identifier(row.get("full_name")):
                self.people.setdefault(key, name)
        elif table == "zerver_userprofile_crossrealm":
            if email := identifier(row.get("email")):
                self.bots[key] = email
        elif table == "zerver_stream":
            if name := identifier(row.get("name")):
                self.streams[key] = name
        elif table == "zerver_recipient":
            self.recipients[key] = row.get("type"), identifier(row.get("type_id")) or ""
        elif table == "zerver_subscription":
            recipient, person = identifier(row.get("recipient")), identifier(row.get("user_profile"))
            if recipient and person:
                members = self.members.setdefault(recipient, [])
                if len(members) <= MOST:
                    members.append(person)


def realms(tree: Tree) -> dict[str, Realm]:
    """Return the names of each ``realm.json`` of an export, by its folder; damaged ones give what is readable."""
    found: dict[str, Realm] = {}
    for entry in tree.entries:
        path = PurePosixPath(entry.name)
        if path.name not in ("realm.json", "realm.json.gz"):
            continue
        realm = found.setdefault(path.parent.as_posix(), Realm())
        try:
            with Source(entry, tree) as source:
                for item in items(source, ReadReport("", "", ""), ("*", "*")):
                    realm.learn(item.path[0] if item.path else None, mapping(item.value))
        except ChatFileError:
            continue  # a damaged list of names is no reason not to read the messages
    return found
