"""Judges a voice, as a job: ``python -m talklike.studio.report_job VOICE CHAT MESSAGES WORDS [AUTHOR]``.

WORDS are ``own``, or ``all`` where it learnt what its author didn't write themselves too (``read_chat``'s ``with_quotes``).
It tells ``stage`` with what it is doing (``name``) and how much of that is done (``share``), and keeps the report beside the
voice.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from talklike.chat.read import read_chat
from talklike.errors import RunError
from talklike.evaluation.evaluate import check, evaluate
from talklike.evaluation.history import history
from talklike.generation.voice import Voice
from talklike.studio.events import tell
from talklike.studio.reports import ALL, READING, digest, keep
from talklike.studio.workspace import Learnt
from talklike.voice.read import read_voice

EVERY = 0.25
"""Time between two news of the same stage [s]."""


def main(voice: Path, learnt: Learnt, messages: int, author: str | None = None) -> None:
    """Judge a voice and keep the report.

    Args:
        voice: The voice's file.
        learnt: What it learnt from.
        messages: How many messages it writes to be judged by.
        author: As whom it is judged; as the one it learnt without it.

    Raises:
        TalklikeError: It can't be judged.
    """
    check(messages, 0)
    if not os.access(voice.parent, os.W_OK):  # said now, rather than after minutes
        raise RunError(f"{voice.parent}: the report can't be kept there; copy the voice to a folder that is yours")
    last = ("", 0.0)

    def told(name: str, share: float) -> None:
        nonlocal last
        now = time.monotonic()
        if name != last[0] or now - last[1] > EVERY:
            last = name, now
            tell("stage", name=name, share=share)

    told(READING, 0.0)
    judged = digest(voice)
    card, data = read_voice(voice)
    loaded, read = Voice(card, data, where=str(voice)), read_chat(learnt.path, with_quotes=learnt.with_quotes)
    found = evaluate(loaded, read, author=author, messages=messages, loss=history(voice), file=str(voice), told=told)
    keep(voice, found, judged=judged, learnt=Learnt(learnt.path.resolve(), learnt.with_quotes), author=author)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Learnt(Path(sys.argv[2]), sys.argv[4] == ALL), int(sys.argv[3]), *sys.argv[5:6])
