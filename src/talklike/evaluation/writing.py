"""What a voice writes to be judged by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talklike.evaluation.material import PASSAGE

if TYPE_CHECKING:
    from talklike.evaluation.material import Material
    from talklike.generation.voice import Voice

LONGEST = 500
"""Most characters of a message."""


def write(voice: Voice, material: Material, count: int, *, seed: int, **sampling: Any) -> list[str]:
    """Return texts of a voice as the judged author: messages, or of a running text passages.

    Args:
        voice: The voice.
        material: Whose author.
        count: How many.
        seed: Decides which.
        **sampling: As for ``Voice.generate``; as the voice's card says without it.
    """
    length: dict[str, Any] = {"max_chars": LONGEST} if voice.card.kind == "messages" else {"chars": PASSAGE}
    return voice.generate_many(count, author=material.author, seed=seed, **length, **sampling)
