"""Reports that are kept beside the voices that they judge.

::

    RUN/report.html, report.json    what ``talklike evaluate`` writes; for a file ALICE.onnx in no run, ``ALICE.report.html`` …
    RUN/report.about.json           which voice was judged, by its SHA-256, on which chat, read how, as whom
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from talklike.studio.workspace import Learnt
from talklike.voice.write import atomic_write

if TYPE_CHECKING:
    from talklike.evaluation.evaluate import Evaluation
    from talklike.studio.workspace import VoiceEntry, Workspace

KIND = "report"
"""What jobs that judge a voice are called."""

OWN, ALL = "own", "all"
"""Which words such a job reads: only what authors wrote themselves, or what they quoted and forwarded too."""

READING = "reading the chat"
STAGES = (
    READING, "gathering texts", "reading held-out messages", "writing", "looking for copies", "comparing with the author",
    "asking who wrote what", "trying temperatures", "looking for leaks",
)  # fmt: skip
"""What is done, in order; all but the first as ``talklike.evaluation.evaluate`` tells it."""


@dataclass(frozen=True)
class Report:
    """A report that was kept.

    Attributes:
        content: What ``Evaluation.to_dict`` returned.
        about: ``voice`` (SHA-256), ``chat``, ``with_quotes`` and ``author``.
        fresh: Whether the voice is still the one that was judged.
    """

    content: dict[str, Any]
    about: dict[str, Any]
    fresh: bool


def report_file(voice: Path, ending: str) -> Path:
    """Return where a report of a voice lies.

    Args:
        voice: The voice's file.
        ending: ``html``, ``json`` or ``about.json``.
    """
    stem = "report" if voice.name == "voice.onnx" else f"{voice.stem}.report"
    return voice.with_name(f"{stem}.{ending}")


def kept_report(voice: Path) -> Report | None:
    """Return the report of a voice; None if there is none that can be read."""
    try:
        content = json.loads(report_file(voice, "json").read_text(encoding="utf-8"))
        about = json.loads(report_file(voice, "about.json").read_text(encoding="utf-8"))
        fresh = about["voice"] == digest(voice)
        return Report(content, about, fresh) if content["verdict"] and report_file(voice, "html").is_file() else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep(voice: Path, evaluation: Evaluation, *, judged: str, learnt: Learnt, author: str | None) -> None:
    """Keep a report beside its voice.

    Args:
        voice: The voice's file.
        evaluation: What was found.
        judged: SHA-256 of the file when it was read.
        learnt: What it was judged on.
        author: As whom, if that was asked for.

    Raises:
        RunError: The folder can't be written.
    """
    about = {"voice": judged, "chat": str(learnt.path), "with_quotes": learnt.with_quotes, "author": author}
    texts = {"html": evaluation.html(), "json": json.dumps(evaluation.to_dict(), indent=2), "about.json": json.dumps(about)}
    for ending, text in texts.items():
        atomic_write(report_file(voice, ending), text.encode("utf-8", "replace"))


def digest(voice: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(voice.read_bytes()).hexdigest()


def chat_for(workspace: Workspace, entry: VoiceEntry) -> Learnt | None:
    """Return what a voice learnt from: what its training read, else what it was judged on last; None if it isn't known."""
    known = workspace.chat_of(entry.id)
    if known is not None:
        return known
    report = kept_report(entry.path)
    about = report.about if report else {}
    path = Path(str(about.get("chat", "")))
    return Learnt(path, about.get("with_quotes") is True) if path.is_absolute() and path.exists() else None
