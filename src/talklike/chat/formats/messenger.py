"""Facebook Messenger: the download of an account, and that of its end-to-end encrypted chats; see ``chat.meta_export``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talklike.chat.format import Match
from talklike.chat.meta_export import app_of, is_download, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.format import Batch
    from talklike.chat.options import ReadOptions
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind


class Messenger:
    """Downloads of Messenger."""

    name = "messenger"
    title = "Messenger (Facebook): the download as JSON, end-to-end encrypted chats too"
    rule = "JSON with `messages` that have `sender_name` and `timestamp_ms`, or `senderName` and `timestamp`"
    limits = "the download as web pages; the app's own lines are told by their words, which are not known in all languages"
    kind: Kind = "messages"
    has_columns = False

    def detect(self, head: Head) -> Match | None:
        """Say whether the document holds messages; one that Instagram may have written as well is taken too."""
        if not is_download(head):
            return None
        app = app_of(head)
        if app == "instagram":
            return None
        if app is None:
            return Match(0.96, "JSON with messages as Messenger and Instagram download them")
        return Match(0.98, "JSON with messages as Messenger downloads them")

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:  # noqa: ARG002 - as in every format
        """Yield the messages."""
        yield from read(source, report)


MESSENGER = Messenger()
