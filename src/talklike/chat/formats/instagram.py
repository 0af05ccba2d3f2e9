"""Instagram: the download of an account, in the layout of Messenger's or, until 2020, with all conversations in one file."""

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


class Instagram:
    """Downloads of Instagram."""

    name = "instagram"
    title = "Instagram: the download as JSON, of today and until 2020"
    rule = "as Messenger's, with Instagram's paths or lines; or an array with `conversation` of `sender`, `created_at`, `text`"
    limits = "the download as web pages; the app's own lines are told by their words, which are not known in all languages"
    kind: Kind = "messages"
    has_columns = False

    def detect(self, head: Head) -> Match | None:
        """Say whether the document holds messages; one that says nothing of its app is taken for Messenger's first."""
        if not is_download(head):
            return None
        app = app_of(head)
        if app is None:
            # Scripts that cut a chat out of a download leave nothing but its messages.
            bare = b'"participants"' not in head.data and b'"title"' not in head.data and b'"thread' not in head.data
            return Match(0.97 if bare else 0.95, "JSON with messages as Instagram and Messenger download them")
        return Match(0.98, "JSON with messages as Instagram downloads them") if app == "instagram" else None

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:  # noqa: ARG002 - as in every format
        """Yield the messages."""
        yield from read(source, report)


INSTAGRAM = Instagram()
