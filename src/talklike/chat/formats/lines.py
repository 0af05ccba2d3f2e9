"""One message a line, all by one author, named after the file; never detected, only asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from talklike.chat.format import Batch, Match
from talklike.chat.lines import BLOCK, is_cut, line_blocks
from talklike.chat.source import COLUMNAR
from talklike.errors import ChatFileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from talklike.chat.format import Rows
    from talklike.chat.options import ReadOptions
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind


class Lines:
    """One message a line."""

    name = "lines"
    title = "one message a line: one author, named after the file (only if asked for)"
    rule = "never by itself, only with `--format lines`"
    limits = "no authors, no times"
    kind: Kind = "messages"
    has_columns = False

    def detect(self, head: Head) -> Match | None:
        """Say that any text would do, which is never enough unless it is asked for."""
        return None if head.data.startswith(COLUMNAR) else Match(0.0, "as asked for")

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:  # noqa: ARG002 - as in every format
        """Yield the lines.

        Raises:
            ChatFileError: A line is longer than ``BLOCK``.
        """
        first = 1
        for data in line_blocks(source, report):
            if is_cut(data):
                raise ChatFileError(f"{source.place(first)}: the line is longer than {BLOCK >> 20} MiB; --format text reads it")
            lines = [line.removesuffix("\r") for line in data.decode().removesuffix("\n").split("\n")]
            frame = pl.DataFrame({"text": lines}).select(pl.lit(source.stem).alias("author"), "text")
            yield Batch(frame, _numbered(first))
            first += len(lines)


def _numbered(first: int) -> Callable[[Rows], Rows]:
    return lambda rows: np.asarray(rows + first, np.int64)


LINES = Lines()
