"""Workspaces with chats that have been read and runs that have been trained, made without processes and without training."""

from __future__ import annotations

import csv
import json
import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from talklike.studio import chat_job, chats
from talklike.studio.workspace import RECIPE, RECORD, Workspace
from tests.harbour_words import HARBOUR_WORDS

if TYPE_CHECKING:
    from pathlib import Path

    from talklike.studio.chats import ChatEntry

BOT = "tide_bot"
"""An author who says the same again and again."""


def chat_file(folder: Path, *, messages: int = 240) -> Path:
    """Write a chat of three people, one of whom has two names, and a bot."""
    choose = random.Random(3)
    path = folder / "harbour.csv"
    start = datetime(2024, 1, 1, tzinfo=UTC)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["time", "author", "text"])
        for number in range(messages):
            author = ("harbour master", "ferry", "gull", "Gull")[min(3, int(4 * choose.random() ** 1.5))]
            text = " ".join(choose.choices(HARBOUR_WORDS, k=choose.randint(2, 12)))
            table.writerow([(start + timedelta(hours=7 * number)).isoformat(), author, text])
            if number % 6 == 0:
                table.writerow([(start + timedelta(hours=7 * number)).isoformat(), BOT, "The tide is high at noon. Welcome!"])
    return path


def passed_on_file(folder: Path) -> Path:
    """Write a chat, as Telegram exports it, in which one of ten messages was forwarded, and another quotes what it answers."""
    messages = [
        {"id": n, "type": "message", "date": f"2024-01-{1 + n // 24:02}T{n % 24:02}:00:00"}
        | {"from": ("Ferry", "Gull")[n % 2], "from_id": f"user{n % 2}"}
        | {"text": f"> the gull says {n}\nthe tide is {n}" if n % 10 == 4 else f"low water {n}"}
        | ({"forwarded_from": "harbour office"} if n % 10 == 7 else {})
        for n in range(200)
    ]
    path = folder / "result.json"
    path.write_text(json.dumps({"name": "Pier", "type": "private_group", "id": 1, "messages": messages}), encoding="utf-8")
    return path


def read_into(workspace: Workspace, path: Path, **about: Any) -> ChatEntry:
    """Return a chat of a workspace that has been read, without a job."""
    entry = chats.get(workspace, chats.begin(workspace)).change(name=path.name, source=str(path), job="none", **about)
    (entry.folder / "upload").rmdir()
    chat_job.main(entry.folder)
    return chats.get(workspace, entry.id)


def run_in(workspace: Workspace, called: str, *, bits: tuple[float, ...] = (3.0, 2.5), **record: Any) -> Path:
    """Return the folder of a run that has been evaluated so often."""
    folder = workspace.folder / called
    folder.mkdir(parents=True)
    content = {"recipe": {"hidden": 128, "layers": 1}, "corpus": {"training_characters": 90_000, "author": "u1", "sha256": "0"}}
    (folder / RECIPE).write_text(json.dumps(content))
    lines = [
        {
            "step": 10 * place, "seconds": 6.0 * place, "characters": 600_000 * place, "train_bits_per_character": one + 0.1,
            "validation_bits_per_character": one, "best": True,
        }
        for place, one in enumerate(bits, 1)
    ]  # fmt: skip
    (folder / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    blocks = [
        f"--- step {line['step']}, {line['validation_bits_per_character']:.3f} bits\n[0.3] <b>tide\n[1.0] gull\n"
        for line in lines
    ]
    (folder / "samples.txt").write_text("\n".join(blocks))
    if record:
        (folder / RECORD).write_text(json.dumps(record))
    return folder
