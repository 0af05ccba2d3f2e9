"""Which parts of a text stand in the chat that a voice learnt from: looked up in a process of its own, which holds that chat."""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any

from talklike.errors import RunError, TalklikeError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from talklike.evaluation.copying import TrainingText
    from talklike.studio.workspace import Learnt

LEAST = 25
"""Fewest characters of a run that counts as copied, unless asked otherwise; as in the report."""

_training: TrainingText | str = "not read yet"  # in the process; or why it couldn't be read


class Copies:
    """Looks for copies.

    Args:
        voice: The voice's file.
        learnt: What it learnt from.
    """

    def __init__(self, voice: Path, learnt: Learnt) -> None:
        self._pool = ProcessPoolExecutor(
            1, multiprocessing.get_context("spawn"), initializer=_read, initargs=(str(voice), learnt)
        )

    async def find(self, texts: Sequence[str], least: int = LEAST) -> list[list[dict[str, Any]]]:
        """Return the copied spans of each text: ``start``, ``end`` and what is to be ``said`` of it.

        Args:
            texts: The texts.
            least: Fewest characters of a span.

        Raises:
            RunError: The chat can't be read, or isn't one that the voice can have learnt from.
        """
        try:
            found = await asyncio.wrap_future(self._pool.submit(_find, list(texts), least))
        except BrokenProcessPool as error:
            raise RunError("the search for copies has ended, perhaps for want of memory; switch it off and on again") from error
        except RuntimeError as error:  # the page is being left
            raise RunError("the search for copies was put away; switch it on again") from error
        if isinstance(found, str):
            raise RunError(found)
        return found

    def close(self) -> None:
        """Let the process go."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _read(voice: str, learnt: Learnt) -> None:
    """Read the chat, in the process. What goes wrong is told by ``_find``: here it would break the pool without a word."""
    global _training  # noqa: PLW0603  (the process has this one purpose)
    from talklike.chat.read import read_chat
    from talklike.evaluation.copying import TrainingText
    from talklike.evaluation.material import gather
    from talklike.voice.read import read_voice

    try:
        card, _ = read_voice(voice)
        material = gather(read_chat(learnt.path, with_quotes=learnt.with_quotes), card)
        _training = TrainingText(material.learnt, author=material.author)
    except TalklikeError as error:
        _training = str(error)


def _find(texts: list[str], least: int) -> list[list[dict[str, Any]]] | str:
    if isinstance(_training, str):
        return _training
    found = _training.copied(texts, least=least)
    return [
        [
            {"start": span.start, "end": span.end, "said": f"{span.end - span.start} characters of {span.author}'s"}
            for span in one.spans
        ]
        for one in found.texts
    ]
