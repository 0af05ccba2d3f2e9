"""Mattermost: its bulk export, posts as its API gives them, channels as a plugin and widespread scripts write them.

Layouts of JSON (of tables, see ``chat.mattermost_table``; of mattermost-dl, ``chat.mattermost_dl``): Mattermost's documentation
of the bulk loading format (version 1) and of ``GET /api/v4/channels/{id}/posts``; posts of the API as GrimoireLab's perceval
stores them;
https://gist.github.com/RobertKrajewski/5847ce49333062ea4be1a08f2913288c and what descends from it (``channel`` and ``posts`` with
``username``, ``created``, ``message``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from talklike.chat.format import Match
from talklike.chat.json_items import items
from talklike.chat.json_lines import first_items, first_lines, json_lines
from talklike.chat.json_values import identifier, listing, mapping, string, time
from talklike.chat.mattermost_dl import as_of_api, beside, is_post
from talklike.chat.mattermost_notices import ACTION, BY_PEOPLE, is_notice
from talklike.chat.mattermost_table import read_table, table_header
from talklike.chat.rows import Rows
from talklike.chat.side_files import OfExport, objects_beside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.format import Batch
    from talklike.chat.options import ReadOptions
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind
    from talklike.chat.tree import Tree

POSTS = (("posts", "*"), ("*",))
"""Where the posts are in a document of the API: by their ids, or in an array."""

LINE_TYPES = frozenset(
    {
        "version", "role", "scheme", "emoji", "team", "channel", "user", "bot", "post", "direct_channel", "direct_post",
    }
)  # fmt: skip
"""What a line of the bulk export can be."""

SIDE_FILES = re.compile("user|member|people|channel")
"""In the names of files that say what people and channels are called."""


class Mattermost:
    """Posts of Mattermost."""

    name = "mattermost"
    title = "Mattermost: bulk export (JSON Lines), posts of its API (JSON), exported channels (CSV), mattermost-dl (JSON)"
    rule = (
        "lines whose `type` (`version`, `user`, `post` …) names their only other field; JSON with `posts` (`create_at`); "
        "lines with `id`, `userId` and `createTime`; or a header with Post Creation Time, Post Message, Post Type"
    )
    limits = (
        "posts of the API and of mattermost-dl hold ids: names come from JSON files beside them (users, channels; `.meta.json`), "
        "if there are any"
    )
    kind: Kind = "messages"
    has_columns = False

    def detect(self, head: Head) -> Match | None:
        """Say whether the lines, values or columns are what Mattermost writes."""
        if (table := table_header(head)) is not None:
            return Match(0.96, f"the header of Mattermost's tables, separated by {table.by}")
        if not any(word in head.data for word in (b'"version"', b'"create_at"', b'"posts"', b'"createTime"')):
            return None
        lines = first_lines(head)
        if lines and all(_is_line(line) for line in lines):
            return Match(0.98, "each line is an object of Mattermost's bulk export")
        if lines and all(is_post(line) for line in lines):
            return Match(0.97, "each line is a post as mattermost-dl writes it")
        if any(_is_post(item.value) for item in first_items(head, *POSTS) if _is_in_posts(item.path)):
            return Match(0.97, "JSON with posts as Mattermost's API gives them")
        return None

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:
        """Yield the posts."""
        if (table := table_header(source.head)) is not None:
            yield from read_table(source, table, report)
            return
        first = first_lines(source.head)
        reading = _Reading(source, options, report)
        if first and _is_line(first[0]):
            yield from reading.bulk()
        elif first and is_post(first[0]):
            yield from reading.downloaded()
        else:
            yield from reading.api()


class _Reading:
    def __init__(self, source: Source, options: ReadOptions, report: ReadReport) -> None:
        self._source = source
        self._options = options
        self._report = report
        self._rows = Rows()

    def api(self) -> Iterator[Batch]:
        """Yield the posts of a page, or of a channel."""
        people, channels = _SIDE.of(self._source.tree)
        of_all: str | None = None
        for item in items(self._source, self._report, *POSTS):
            if item.path == ("channel",):
                of_all = _name_of_channel(mapping(item.value))
            if not _is_in_posts(item.path):
                continue
            value = item.value
            reason = _reason(value, self._options)
            if reason is None:
                user, channel = identifier(value.get("user_id")), identifier(value.get("channel_id"))
                self._add(
                    item.line,
                    value,
                    user or identifier(value.get("username")),
                    people.get(user or ""),
                    of_all if channel is None else channels.get(channel, channel),
                    identifier(value.get("id")),
                )
            else:
                self._report.skip(reason, 1, [self._source.place(item.line)])
            yield from self._rows.full()
        yield from self._rows.rest()

    def downloaded(self) -> Iterator[Batch]:
        """Yield the posts of a channel that mattermost-dl wrote."""
        told = beside(self._source)
        if not told.known:
            self._report.notes.append(f"{self._source.name}: who is who tells a file beside it, .meta.json, which isn't there")
        for item in json_lines(self._source, self._report):
            value = as_of_api(item.value, told)
            reason = _reason(value, self._options)
            if reason is None:
                user = identifier(value["user_id"])
                name = told.names.get(user or "") or identifier(value.get("username"))
                self._add(item.line, value, user, name, told.channel, identifier(value["id"]))
            else:
                self._report.skip(reason, 1, [self._source.place(item.line)])
            yield from self._rows.full()
        yield from self._rows.rest()

    def bulk(self) -> Iterator[Batch]:
        """Yield the posts of a bulk export and their replies; its users come before its posts."""
        people: dict[str, str] = {}
        channels: dict[tuple[str | None, str], str] = {}
        for item in json_lines(self._source, self._report):
            line = mapping(item.value)
            kind = line.get("type")
            value = mapping(line.get(kind)) if isinstance(kind, str) else {}
            if kind in ("user", "bot"):
                nick, name = identifier(value.get("username")), _person(value)
                if nick and name:
                    people[nick] = name
            elif kind == "channel":
                key, name = identifier(value.get("name")), identifier(value.get("display_name"))
                if key and name:
                    channels[identifier(value.get("team")), key] = name
            elif kind in ("post", "direct_post"):
                self._thread(item.line, value, people, channels)
                yield from self._rows.full()
            elif not (isinstance(kind, str) and kind in LINE_TYPES):
                self._report.skip("malformed", 1, [self._source.place(item.line)])
        yield from self._rows.rest()

    def _thread(
        self,
        line: int,
        post: dict[str, Any],
        people: dict[str, str],
        channels: dict[tuple[str | None, str], str],
    ) -> None:
        """Add a post and the replies inside it."""
        channel = identifier(post.get("channel"))
        if channel is None:
            members = sorted(filter(None, map(identifier, listing(post.get("channel_members")))))
            channel = ", ".join(members) or None
        else:
            channel = channels.get((identifier(post.get("team")), channel), channel)
        for value in (post, *listing(post.get("replies"))):
            reason = _reason(value, self._options)
            if reason is not None:
                self._report.skip(reason, 1, [self._source.place(line)])
                continue
            user = identifier(value.get("user"))
            self._add(line, value, user, people.get(user or ""), channel, None)

    def _add(
        self, line: int, value: dict[str, Any], author: str | None, name: str | None, channel: str | None, key: str | None
    ) -> None:
        props = mapping(value.get("props"))
        if _is_relayed(value):
            name = identifier(props.get("override_username")) or name
            author = f"webhook:{name}" if name else author
        self._rows.add(
            line,
            author,
            _text(value),
            name=name or author,
            time=time(value.get("create_at", value.get("created"))),
            channel=channel,
            id=key,
        )


def _is_line(value: dict[str, Any]) -> bool:
    kind = value.get("type")
    return isinstance(kind, str) and kind in LINE_TYPES and kind in value


def _is_in_posts(path: tuple[str | int, ...]) -> bool:
    return (len(path) == 2 and path[0] == "posts") or (len(path) == 1 and isinstance(path[0], int))


def _is_post(value: Any) -> bool:
    has = mapping(value)
    of_api = "create_at" in has and isinstance(has.get("user_id"), str)
    of_script = "created" in has and isinstance(has.get("username"), str) and "id" in has
    return (of_api or of_script) and isinstance(has.get("message"), str)


def _is_relayed(value: dict[str, Any]) -> bool:
    return mapping(value.get("props")).get("from_webhook") in ("true", True)


def _reason(value: Any, options: ReadOptions) -> str | None:
    """Return why something is no message of a person; None if it is one."""
    if not isinstance(value, dict) or "message" not in value:
        return "malformed"
    kind = value.get("type") or ""
    if not isinstance(kind, str):
        return "malformed"
    by = identifier(value.get("user")) or identifier(value.get("username"))
    if kind not in BY_PEOPLE or (not kind and is_notice(string(value["message"]) or "", by)):
        return "system line"
    if isinstance(value.get("delete_at"), int) and value["delete_at"] > 0:
        return "deleted"
    if _is_relayed(value) and not options.quotes:
        return "relayed"
    if not value["message"] and any(value.get(key) for key in ("file_ids", "attachments", "filenames", "files")):
        return "media only"
    return None


def _text(value: dict[str, Any]) -> str | None:
    text = string(value.get("message"))
    if text and value.get("type") == ACTION and len(text) > 1 and text.startswith("*") and text.endswith("*"):
        return text[1:-1]
    return text


def _person(value: dict[str, Any]) -> str | None:
    """Return what Mattermost calls a person: the nickname, else the full name, else the user name."""
    full = " ".join(filter(None, (identifier(value.get(key)) for key in ("first_name", "last_name"))))
    return identifier(value.get("nickname")) or full or identifier(value.get("display_name")) or identifier(value.get("username"))


def _name_of_channel(value: dict[str, Any]) -> str | None:
    return identifier(value.get("display_name")) or identifier(value.get("name"))


def _names(tree: Tree) -> tuple[dict[str, str], dict[str, str]]:
    """Return what people and channels are called, by their ids."""
    people, channels = {}, {}
    for one in objects_beside(tree, SIDE_FILES):
        key = identifier(one.get("id"))
        if key is None:
            continue
        if "username" in one and (name := _person(one)):
            people[key] = name
        elif "team_id" in one and (name := _name_of_channel(one)):
            channels[key] = name
    return people, channels


_SIDE = OfExport(_names)
MATTERMOST = Mattermost()
