"""Feeds damaged chats to the readers of all formats, for as long as wanted: ``make fuzz MINUTES=30``.

Each example is a chat written by a format's writer (``tests/chat/writers``) or a file given with ``--corpus``, damaged in one to
six places: bytes changed, taken out, put in, repeated or moved; in JSON also values of another kind in place of any value. It is
read as the format that wrote it, as the one that detection chooses, or as any other, alone, packed, or inside a zip. A finding is
whatever is neither a chat, all of whose messages are accounted for, nor one of talklike's own errors; an example that takes
longer than ``SLOWEST``; and one that makes the process grow past ``LARGEST``. Findings are kept as files, with what was raised
beside them.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import importlib
import io
import json
import random
import re
import resource
import signal
import sys
import time
import traceback
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the repository, when this is run as a script

from talklike.chat.formats import FORMATS
from talklike.chat.read import read_chat
from talklike.chat.table import SCHEMA
from talklike.errors import TalklikeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.chat.writers.writer import Writer

SLOWEST = 20  # seconds for a file of a few KB; a machine may be busy
LARGEST = 2 << 30
"""Memory of the whole process, libraries and their threads included [byte]."""

LARGEST_SEED = 200_000
"""Files of a corpus that are used; larger ones take too long to be read thousands of times [byte]."""

SHOWN_EVERY = 10.0  # seconds

TEXTS = (
    "hi", "what is said\nin two lines", "", " ", "\x00", "\ufeff", "\u200e", "a" * 5000, "😀" * 40, "<b>&lt;x</b>", "<@U1|a>",
    "> quoted\nmine", "12/31/20, 11:59 PM - wren: hi", "[12:00] <wren> hi", "From wren Thu Jan  1 00:00:00 1970", '"', "',;|\t",
    "\r", "\u2028", "-- \nwren", "\x1b[31m",
)  # fmt: skip
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 10**30, 1e308, float("nan"), "", "x" * 3000, "\ud800", [], {}, [[]], {"": None}, ["x", 1], {"$date": "x"},
    "2016-12-22T02:37:20Z", "99999-99-99", "1482374240",
)  # fmt: skip
PIECES = (
    b"\0",
    b"\xff",
    b"\xfe\xff",
    b'"',
    b"'",
    b"{",
    b"}",
    b"[",
    b"]" * 50,
    b"[" * 3000,
    b",",
    b"\n",
    b"\r\n",
    b"\t" * 7,
    b"<",
    b"&",
    b":",
    b"9" * 400,
)


class SlowError(Exception):
    """An example took too long."""


def writers() -> dict[str, Writer]:
    """Return how each format is written."""
    return {form.name: importlib.import_module(f"tests.chat.writers.{form.name.replace('-', '_')}").WRITER for form in FORMATS}


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return a file with damage in one to six places."""
    if chance.random() < 0.4 and data.lstrip()[:1] in (b"{", b"["):
        data = _other_values(data, chance)
        if chance.random() < 0.5:
            return data
    found = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        start = chance.randint(0, len(found))
        end = min(len(found), start + chance.choice((0, 0, 1, 1, 2, 8, 64, 1000)))
        way = chance.randrange(5)
        if way == 0:
            found[start:end] = chance.randbytes(chance.randint(0, 4))
        elif way == 1:
            found[start:start] = chance.choice(PIECES)
        elif way == 2:
            found[start:end] = found[start:end] * chance.randint(0, 4)
        elif way == 3:
            piece = found[start:end]
            del found[start:end]
            at = chance.randint(0, len(found))
            found[at:at] = piece
        else:
            del found[start + chance.randint(0, 200) : end]
    return bytes(found)


def _other_values(data: bytes, chance: random.Random) -> bytes:
    """Return JSON, or lines of it, with values of another kind in some places; what is no JSON as it is."""
    with contextlib.suppress(ValueError, RecursionError):
        return json.dumps(_changed(json.loads(data), chance, 0.03)).encode()
    lines = data.split(b"\n")
    for number, line in enumerate(lines):
        if chance.random() < 0.3:
            with contextlib.suppress(ValueError, RecursionError):
                lines[number] = json.dumps(_changed(json.loads(line), chance, 0.1)).encode()
    return b"\n".join(lines)


def _changed(value: Any, chance: random.Random, share: float) -> Any:
    if chance.random() < share:
        return chance.choice(ODD)
    if isinstance(value, dict):
        kept = [(key, _changed(inner, chance, share)) for key, inner in value.items() if chance.random() >= share / 2]
        return dict(kept)
    if isinstance(value, list):
        return [_changed(inner, chance, share) for inner in value]
    return value


def examples(chance: random.Random, corpus: list[Path]) -> Iterator[tuple[str, str | None, str, bytes]]:
    """Yield format written, format to read as (None detects it), name of the file, content."""
    known = writers()
    names = sorted(known)
    while True:
        if corpus and chance.random() < 0.4:
            path = chance.choice(corpus)
            wrote, name, data = path.name, path.name, path.read_bytes()
        else:
            wrote = chance.choice(names)
            how = known[wrote]
            authors = how.authors or ("chat",)
            rows = [(chance.choice(authors), chance.choice(TEXTS)) for _ in range(chance.randint(1, 12))]
            with contextlib.suppress(UnicodeEncodeError):
                data = how.write(rows)
            name = how.name
        data = damaged(data, chance)
        way = chance.random()
        form = None if way < 0.5 else wrote if way < 0.9 and wrote in known else chance.choice(names)
        if chance.random() < 0.1:
            name, data = name + ".gz", gzip.compress(data, 1)
        elif chance.random() < 0.15:
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w") as archive:
                archive.writestr(f"chat/{name}", data)
                archive.writestr("users.json", chance.choice((b"[]", b"{", b"null", b'[{"id": "U1", "profile": []}]')))
            name, data = "export.zip", packed.getvalue()
            if chance.random() < 0.3:
                data = damaged(data, chance)
        yield wrote, form, name, data


def fault(path: Path, form: str | None) -> str | None:
    """Read a file; return what is wrong with how that went, None if nothing is."""
    signal.alarm(SLOWEST)
    try:
        chat = read_chat(path, format=form)
        frame = chat.frame.collect()
        report = chat.report
        if frame.schema != SCHEMA or report.kept != frame.height:
            return f"kept {report.kept}, {frame.height} in the table, schema {frame.schema}"
        if frame["author"].null_count() or frame["text"].null_count():
            return "a message without author or text"
        for reason, skip in report.skipped.items():
            if len(skip.places) != min(skip.count, report.MOST_PLACES) or not all(
                re.search(r":[1-9]\d*$", p) for p in skip.places
            ):
                return f"{reason}: {skip.count} skipped, {len(skip.places)} places"
    except TalklikeError as error:
        if not str(error) or "\n" in str(error):
            return f"an error of no or several lines: {error!r}"
    except Exception:  # noqa: BLE001 - whatever comes is the finding
        return traceback.format_exc()
    finally:
        signal.alarm(0)
    return None


def main() -> int:
    """Fuzz; return 1 if something was found."""
    parser = argparse.ArgumentParser(description="Feed damaged chats to the readers of all formats.")
    parser.add_argument("--minutes", type=float, default=5.0, help="for how long")
    parser.add_argument("--seed", type=int, default=None, help="of the damage; another one each time without it")
    parser.add_argument("--corpus", type=Path, default=None, help="a folder of real exports to damage too")
    parser.add_argument("--findings", type=Path, default=Path("build/fuzz"), help="where findings are kept")
    given = parser.parse_args()
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)
    corpus = (
        [p for p in sorted(given.corpus.rglob("*")) if p.is_file() and p.stat().st_size <= LARGEST_SEED] if given.corpus else []
    )
    signal.signal(signal.SIGALRM, _too_slow)
    given.findings.mkdir(parents=True, exist_ok=True)
    ends = time.monotonic() + given.minutes * 60
    count = findings = 0
    seen: set[str] = set()
    shown = 0.0
    for wrote, form, name, data in examples(chance, corpus):
        if time.monotonic() > ends:
            break
        path = given.findings / name
        path.write_bytes(data)
        count += 1
        wrong = fault(path, form)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        if wrong is None and peak > LARGEST:
            wrong = f"the process grew to {peak:,} bytes"
            ends = 0.0  # it stays that large, so nothing after it could be judged
        if wrong is not None:
            kind = wrong.strip().splitlines()[-1][:60] + wrong[-300:-60]
            findings += 1
            if kind not in seen:
                seen.add(kind)
                kept = given.findings / f"finding-{seed}-{count}"
                kept.with_suffix(".input").write_bytes(data)
                kept.with_suffix(".txt").write_text(f"wrote {wrote}, read as {form}, name {name}\n{wrong}\n", encoding="utf-8")
                print(f"{kept}: {wrote} read as {form}: {wrong.strip().splitlines()[-1][:200]}", flush=True)
        path.unlink()
        if time.monotonic() - shown > SHOWN_EVERY and sys.stderr.isatty():
            shown = time.monotonic()
            print(f"\r{count:,} examples, {findings:,} findings", end="", file=sys.stderr, flush=True)
    print(f"seed {seed}: {count:,} examples in {given.minutes:g} minutes, {len(FORMATS)} formats, {findings:,} findings")
    return 1 if findings else 0


def _too_slow(*_: object) -> None:
    raise SlowError(f"an example took longer than {SLOWEST} s")


if __name__ == "__main__":
    sys.exit(main())
