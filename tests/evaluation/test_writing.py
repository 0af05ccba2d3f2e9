"""What a voice writes to be judged by."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from talklike.evaluation.material import PASSAGE
from talklike.evaluation.writing import LONGEST, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from talklike.generation.voice import Voice
    from tests.evaluation.conftest import Judged


def test_messages_are_written_as_the_author(judged: Judged, make_voice: Callable[..., Voice]) -> None:
    """Whole messages, the same for the same seed; of a voice that knows several, that author's."""
    voice = make_voice(authors=("u1", "u2"))
    material = replace(judged.found.material, author="u2")
    found = write(voice, material, 3, seed=1)
    assert found == voice.generate_many(3, author="u2", seed=1, max_chars=LONGEST)
    assert found != write(voice, material, 3, seed=2)
    assert found != write(voice, material, 3, seed=1, temperature=0.1)


def test_a_running_text_is_written_in_passages(judged: Judged, make_voice: Callable[..., Voice]) -> None:
    """As long as those of the real text."""
    voice = make_voice(kind="stream")
    assert [len(text) for text in write(voice, replace(judged.found.material, author="u1"), 2, seed=1)] == [PASSAGE] * 2
