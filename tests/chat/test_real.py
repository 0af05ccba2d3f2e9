"""The real logs beside the repository: counts of an independent reader, and who is a bot there."""

from __future__ import annotations

import csv
import gzip
import io
import re
from typing import TYPE_CHECKING

import polars as pl
import pytest

from talklike.chat.authors import authors
from talklike.chat.read import read_chat
from talklike.chat.report import ReadReport
from talklike.chat.table import SCHEMA, Chat

if TYPE_CHECKING:
    from pathlib import Path

KAGGLE = "fcc-kaggle-sample/freecodecamp_casual_chatroom"

# File, format, rows read, kept, authors, characters. Counted with Python's csv module: rows as shared/data/README.md says, less
# blank texts, rows without an author and message ids seen before.
LOGS = [
    (f"{KAGGLE}.pipe.csv", "freecodecamp", 151, 147, 27, 7_903),
    (f"{KAGGLE}.rebuilt.csv", "freecodecamp", 151, 147, 27, 7_903),
    (f"{KAGGLE}_anon.pipe.csv", "freecodecamp-anon", 343, 339, 46, 21_657),
    ("fcc-gitter/Casual.tsv", "gitter-history", 9_645, 9_423, 502, 556_926),
    ("fcc-gitter/DataScience.tsv", "gitter-history", 7_636, 7_589, 217, 1_231_476),
    ("fcc-gitter/all-rooms.tsv.gz", "gitter-history", 211_983, 209_865, 7_466, 16_912_383),
    ("raku-irc/perl6-2009.csv.gz", "delimited", 382_700, 382_677, 1_093, 19_941_125),
    ("southpark/Season-2.csv", "delimited", 6_416, 6_416, 442, 345_248),
    ("lm/tinyshakespeare.txt", "text", 2, 2, 1, 1_115_394),
    ("lm/warandpeace.txt.gz", "text", 4, 4, 1, 3_227_579),
]


@pytest.mark.parametrize(("name", "form", "read", "kept", "people", "characters"), LOGS, ids=[log[0] for log in LOGS])
def test_counts_are_those_of_an_independent_reader(
    name: str, form: str, read: int, kept: int, people: int, characters: int, shared_data: Path
) -> None:
    """Every row is kept or accounted for."""
    chat = read_chat(shared_data / name)
    found = authors(chat)
    assert (chat.report.format, chat.report.read, chat.report.kept) == (form, read, kept)
    assert (found.height, found["characters"].sum()) == (people, characters)


def test_every_text_is_what_pythons_csv_reads(shared_data: Path) -> None:
    """Character by character, on the log with quotes, delimiters and line breaks in its texts."""
    chat = read_chat(shared_data / "fcc-gitter/Casual.tsv")
    with (shared_data / "fcc-gitter/Casual.tsv").open(newline="") as file:
        rows = list(csv.reader(file, delimiter="\t"))
    seen: set[str] = set()
    expected = []
    for row in rows:
        if row[6].strip() and row[5] not in seen:
            expected.append((row[3], row[6]))
        seen.add(row[5])
    assert chat.frame.select("author", "text").collect().rows() == expected


def test_skipped_places_are_the_lines_in_the_file(shared_data: Path) -> None:
    """Also after thousands of texts with line breaks."""
    path = shared_data / "fcc-gitter/all-rooms.tsv.gz"
    lines = gzip.decompress(path.read_bytes()).decode().split("\n")
    chat = read_chat(path)
    for place in chat.report.skipped["empty"].places:
        fields = next(csv.reader(io.StringIO(lines[int(place.rsplit(":", 1)[1]) - 1]), delimiter="\t"))
        assert len(fields) == 7
        assert not fields[6].strip()


def ubuntu(folder: Path) -> Chat:
    """Return the #ubuntu logs, read ad hoc."""
    text = "\n".join(path.read_text(errors="replace") for path in sorted(folder.glob("*/*.raw.txt")))
    rows = re.findall(r"^\[\d\d:\d\d\] <([^>]+)> (.*\S.*)$", text, re.MULTILINE)
    frame = pl.DataFrame({"author": [nick for nick, _ in rows], "text": [said for _, said in rows]})
    empty = pl.lit(None, pl.String)
    table = frame.select(pl.lit(None, SCHEMA["time"]).alias("time"), "author", name="author", channel=empty, text="text")
    return Chat(table.lazy(), ReadReport("ubuntu", "made", "made"))


# Looked through by eye: everyone who is flagged, the hundred with the highest shares and the forty most active of each log.
BOTS = {
    "fcc-gitter/all-rooms.tsv.gz": {"camperbot", "purdybot", "jkkcameback", "Sumanthjois"},
    "fcc-gitter/Casual.tsv": {"camperbot", "purdybot"},
    "fcc-gitter/DataScience.tsv": {"camperbot"},
    "raku-irc/perl6-2009.csv.gz": {
        "p6eval", "dalek", "pugs_svn", "lambdabot", "phenny", "ng_feed", "lisppaste3", "rakudo_svn", "zaslon", "buubot",
        "pasteling", "mubot", "hugme", "pointme", "ianebot",
    },
    "southpark/Season-2.csv": set(),
    f"{KAGGLE}_anon.pipe.csv": set(),
    "ubuntu-irc": {"ubottu", "ubotu"},
}  # fmt: skip
"""Who is automated in the real logs; jkkcameback and Sumanthjois are people who posted the same over and over."""


@pytest.mark.parametrize("name", BOTS)
def test_bots_are_told_from_people(name: str, shared_data: Path) -> None:
    """All of them, and nobody else."""
    path = shared_data / name
    found = authors(ubuntu(path) if path.is_dir() else read_chat(path))
    assert set(found.filter("automated")["name"]) == BOTS[name]
    assert found.filter("automated")["reason"].null_count() == 0
    assert found.filter(~pl.col("automated"))["reason"].null_count() == found.filter(~pl.col("automated")).height
