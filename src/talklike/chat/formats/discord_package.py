"""Discord's own data package: what one account wrote, a folder a channel.

Layouts: packages of 2018 to 2023 (``messages.csv``) and later (``messages.json``). The names of the outermost folders are in the
language of the account; those of the files inside are not.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import polars as pl

from talklike.chat.discord_markup import MARKED_UP, plain
from talklike.chat.discord_tables import header, read_fields, without
from talklike.chat.format import Batch, Match
from talklike.chat.json_items import items
from talklike.chat.json_lines import first_items
from talklike.chat.json_values import identifier, listing, mapping, string, time
from talklike.chat.rows import Rows
from talklike.chat.side_files import OfExport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.options import ReadOptions
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind
    from talklike.chat.tree import Tree

HEADER = frozenset({"id", "timestamp", "contents", "attachments"})
"""The columns of the tables, and in small letters the fields of the objects."""

MESSAGES = ("*",)
"""Where the messages are in a document: it is an array of them."""

NOBODY = "me"
"""The author where the package doesn't say whose it is."""

_CHANNEL = re.compile(r"c?(\d{1,20})")
_DIRECT = re.compile(r"^Direct Message with (.+?)(?:#\d{1,4})?$")
_ZONE = re.compile(r"(?:Z|[+-]\d\d:?\d\d)$")


@dataclass(frozen=True)
class _Package:
    """What stands beside the messages: whose they are, and what people and channels are called."""

    author: str
    name: str
    people: dict[str, str]
    channels: dict[str, dict[str, str]]  # by the folder that holds the channels' folders


class DiscordPackage:
    """Messages of a data package."""

    name = "discord-package"
    title = "Discord: the data package that it sends you (JSON or CSV)"
    rule = "messages of `ID`, `Timestamp`, `Contents` and `Attachments`, as JSON array or CSV"
    limits = "it holds only what you wrote yourself; the author is the account of its `user.json`, else `me`"
    kind: Kind = "messages"
    has_columns = False

    def detect(self, head: Head) -> Match | None:
        """Say whether the messages are those of a data package."""
        if b"Contents" not in head.data or b"Timestamp" not in head.data:
            return None
        if any(_is_message(item.value) for item in first_items(head, MESSAGES)):
            return Match(0.97, "a JSON array of messages as in Discord's data package")
        found = header(head, HEADER)
        if found is not None and len(found.names) == len(HEADER):
            return Match(0.97, "the columns of messages in Discord's data package")
        return None

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:  # noqa: ARG002 - as in every format
        """Yield the messages of a channel."""
        package = _PACKAGE.of(source.tree)
        channel = _channel(source, package)
        found = None if source.head.data.lstrip().startswith(b"[") else header(source.head, HEADER)
        if found is None:
            yield from _objects(source, report, package, channel)
            return
        for batch in read_fields(source, report, found, {name: name for name in HEADER}):
            text, files = batch.frame["contents"].str.strip_chars(), batch.frame["attachments"].str.strip_chars()
            rows = without(batch, (text == "") & (files != ""), "media only", source, report)
            yield Batch(_columns(rows.frame, package, channel), rows.lines)


def _objects(source: Source, report: ReadReport, package: _Package, channel: str | None) -> Iterator[Batch]:
    rows = Rows()
    for item in items(source, report, MESSAGES):
        value = mapping(item.value)
        text = string(value.get("Contents", ""))
        if "ID" not in value or text is None:
            report.skip("malformed", 1, [source.place(item.line)])
            continue
        if not text.strip() and value.get("Attachments"):
            report.skip("media only", 1, [source.place(item.line)])
            continue
        when = time(value.get("Timestamp"))
        rows.add(
            item.line,
            package.author,
            plain(text, package.people, {}),
            name=package.name,
            time=None if when is None else _in_utc(when),
            channel=channel,
            id=identifier(value.get("ID")),
        )
        yield from rows.full()
    yield from rows.rest()


def _columns(frame: pl.DataFrame, package: _Package, channel: str | None) -> pl.DataFrame:
    text = frame["contents"]
    marked = text.str.contains(MARKED_UP)
    if marked.any():
        text = text.scatter(marked.arg_true(), [plain(one, package.people, {}) for one in text.filter(marked)])
    return frame.select(
        author=pl.lit(package.author),
        name=pl.lit(package.name),
        channel=pl.lit(channel, pl.String),
        time=pl.Series([_in_utc(one) for one in frame["timestamp"]], dtype=pl.String),
        id="id",
        text=text,
    )


def _in_utc(when: str) -> str:
    """Return a time with its zone; without one it is UTC."""
    when = when.strip()
    return when if not when or _ZONE.search(when) else f"{when}Z"


def _is_message(value: Any) -> bool:
    return {"ID", "Timestamp", "Contents"} <= set(mapping(value))


def _channel(source: Source, package: _Package) -> str | None:
    """Return what a channel is called: in the list of all, in the file beside the messages, else by its folder."""
    folder = source.inner.parent
    found = _CHANNEL.fullmatch(folder.name)
    listed = package.channels.get(str(folder.parent), {}).get(found[1]) if found else None
    if listed is None:
        beside = mapping(_json(source.tree, str(folder / "channel.json")))
        server = identifier(mapping(beside.get("guild")).get("name"))
        listed = identifier(beside.get("name"))
        if listed and server:
            listed = f"{listed} in {server}"
    return listed or folder.name or None


def _package(tree: Tree) -> _Package:
    paths = [PurePosixPath(entry.name) for entry in tree.entries]
    account = _account(tree, paths)
    people = {}
    for one in (account, *(mapping(friend).get("user") for friend in listing(account.get("relationships")))):
        key, name = identifier(mapping(one).get("id")), _called(mapping(one))
        if key and name:
            people[key] = name
    channels = {}
    for path in paths:
        if path.name == "index.json":
            named = mapping(_json(tree, str(path))).items()
            channels[str(path.parent)] = {key: _DIRECT.sub(r"\1", name) for key, value in named if (name := identifier(value))}
    author = identifier(account.get("id")) or NOBODY
    return _Package(author, people.get(author, author), people, channels)


def _account(tree: Tree, paths: list[PurePosixPath]) -> dict[str, Any]:
    """Return the account, from the file that lies least deep."""
    for path in sorted((path for path in paths if path.name == "user.json"), key=lambda path: len(path.parts)):
        found = mapping(_json(tree, str(path)))
        if "username" in found:
            return found
    return {}


def _called(value: dict[str, Any]) -> str | None:
    return identifier(value.get("global_name")) or identifier(value.get("username"))


def _json(tree: Tree, name: str) -> Any:
    """Return what a file beside the messages holds; None if that is no JSON."""
    try:
        return json.loads(tree.content(name) or b"null")
    except (ValueError, RecursionError):
        return None


_PACKAGE = OfExport(_package)
DISCORD_PACKAGE = DiscordPackage()
