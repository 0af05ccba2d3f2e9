"""A chat of 2.7 GB, the size of the tutorial's: ``talklike explore`` against pandas counting messages by author.

The file is made of the real rows of freeCodeCamp's Gitter rooms in the 26 columns of Kaggle's
``freecodecamp_casual_chatroom.csv``, text of several lines included, as often as the size needs, with new ids each time. Measured
are whole processes: ``talklike explore FILE --json``, which reads authors, names, times, texts and ids, drops repeated messages
and finds automated authors; and ``pandas.read_csv(FILE, usecols=…)["fromUser.id"].value_counts()``, once with the author's column
alone, which is the least there is, and once with the five columns that explore reads.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from benchmarks.peers.rivals.keras_process import PYTHON, need_peers
from benchmarks.process import Finished, program, shared_chat, talklike
from benchmarks.record import Figure, note, report
from talklike.chat.read import read_chat

if TYPE_CHECKING:
    from collections.abc import Iterator

GIGABYTES, QUICK_GIGABYTES = 2.7, 0.02
MOST_GIGABYTES = 1.0
LEAST_RATIO = 3.0
REPETITIONS = 3

COLUMNS = (
    "", "editedAt", "fromUser", "fromUser.avatarUrl", "fromUser.avatarUrlMedium", "fromUser.avatarUrlSmall",
    "fromUser.displayName", "fromUser.gv", "fromUser.id", "fromUser.invited", "fromUser.staff", "fromUser.url",
    "fromUser.username", "fromUser.v", "html", "id", "issues", "mentions", "meta", "readBy", "sent", "status", "text", "unread",
    "urls", "v",
)  # fmt: skip
READ = ("fromUser.id", "fromUser.displayName", "sent", "id", "text")
"""What explore reads of them."""

COUNT = "import sys, pandas\nprint(pandas.read_csv(sys.argv[1], usecols=sys.argv[2:])['fromUser.id'].value_counts().head(10))"


def write_chat(path: Path, rows: pl.DataFrame, size: int) -> int:
    """Write rows in Kaggle's layout, again and again with new ids, until the file has ``size`` bytes.

    Args:
        path: The file.
        rows: A message table.
        size: How many bytes at least.

    Returns:
        How many messages.
    """
    nick = pl.col("name").fill_null(pl.col("author"))
    picture = pl.concat_str(
        pl.lit("https://avatars0.githubusercontent.com/u/"), pl.col("author").hash() % 10**7, pl.lit("?v=3&s=")
    )
    html = pl.col("text").str.replace_all("&", "&amp;").str.replace_all("<", "&lt;").str.replace_all("\n", "<br>")
    filled = {
        "fromUser.avatarUrlMedium": picture + "128",
        "fromUser.avatarUrlSmall": picture + "60",
        "fromUser.displayName": nick,
        "fromUser.gv": pl.lit("3.0"),
        "fromUser.id": pl.col("author"),
        "fromUser.url": pl.concat_str(pl.lit("/"), nick),
        "fromUser.username": nick,
        "fromUser.v": pl.lit("1.0"),
        "html": html,
        "issues": pl.lit("[]"),
        "mentions": pl.lit("[]"),
        "meta": pl.lit("[]"),
        "readBy": pl.lit("22"),
        "sent": pl.col("time").dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ"),
        "text": pl.col("text"),
        "unread": pl.lit("False"),
        "urls": pl.lit("[]"),
        "v": pl.lit("1"),
    }
    table = rows.select(**{name: filled.get(name, pl.lit(None, pl.String)) for name in COLUMNS})
    with path.open("wb") as file:
        count = 0
        while file.tell() < size:
            numbers = pl.int_range(count, count + table.height, eager=True)
            numbered = table.with_columns(
                numbers.cast(pl.String).alias(""), (numbers * 2_654_435_761).cast(pl.String).str.zfill(24).alias("id")
            )
            numbered.write_csv(file, include_header=count == 0)
            count += table.height
    return count


def figures(quick: bool) -> Iterator[Figure]:
    """Yield times, memory and ratios.

    Raises:
        SkippedError: The chat or the peers aren't there.
    """
    need_peers()
    rows = read_chat(shared_chat("fcc-gitter", "all-rooms.tsv.gz")).frame.collect()
    with tempfile.TemporaryDirectory(prefix="talklike-benchmark-") as folder:
        chat = Path(folder) / "freecodecamp_casual_chatroom.csv"
        note("writing the chat")
        count = write_chat(chat, rows.head(2000) if quick else rows, round((QUICK_GIGABYTES if quick else GIGABYTES) * 1e9))
        del rows
        with chat.open("rb") as file:  # so that nobody is first to read it from the disk
            while file.read(1 << 24):
                pass
        runs = {
            "talklike explore": lambda: talklike("explore", str(chat), "--json"),
            "pandas, the author's column": lambda: program(str(PYTHON), "-c", COUNT, str(chat), "fromUser.id"),
            "pandas, the columns that explore reads": lambda: program(str(PYTHON), "-c", COUNT, str(chat), *READ),
        }
        found: dict[str, list[Finished]] = {name: [] for name in runs}
        for turn in range(1 if quick else REPETITIONS):
            for name in sorted(runs, key=lambda name: (list(runs).index(name) - turn) % len(runs)):
                note(name)
                found[name].append(runs[name]())
    read = json.loads(found["talklike explore"][0].output)["report"]["kept"]
    if read != count:
        raise RuntimeError(f"{count} messages were written and {read} read")
    details = {"messages": count, "file_gigabytes": round((QUICK_GIGABYTES if quick else GIGABYTES), 2)}
    seconds = {name: statistics.median(one.seconds for one in ones) for name, ones in found.items()}
    for name, ones in found.items():
        yield Figure(f"{name}, whole process", seconds[name], "s", details=details)
        peak = max(one.peak_bytes for one in ones) / 1e9
        most = MOST_GIGABYTES if name == "talklike explore" else None
        yield Figure(f"{name}, peak memory", peak, "GB", at_most=most, details=details)
    for name in list(runs)[1:]:
        ratio = seconds[name] / seconds["talklike explore"]
        yield Figure(f"explore against {name}", ratio, "times faster", at_least=LEAST_RATIO, details=details)


if __name__ == "__main__":
    sys.exit(report("peers.explore", figures, seed=0))
