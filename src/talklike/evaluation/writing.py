"""What a voice writes to be judged by, and the real texts that it is compared with: equally long at most, beginning alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talklike.evaluation.material import PASSAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talklike.evaluation.material import Material
    from talklike.generation.voice import Voice

LONGEST = 500
"""Most characters of a message; of longer real ones so many count."""


def write(voice: Voice, material: Material, count: int, *, seed: int, **sampling: Any) -> list[str]:
    """Return texts of a voice as the judged author: messages, or of a running text passages.

    A passage goes on from what stands before a passage of the validation part, as real passages go on from something.

    Args:
        voice: The voice.
        material: Whose author.
        count: How many.
        seed: Decides which.
        **sampling: As for ``Voice.generate``; as the voice's card says without it.
    """
    if voice.card.kind == "messages":
        return voice.generate_many(count, author=material.author, seed=seed, max_chars=LONGEST, **sampling)
    before = material.validation
    each = -(-count // len(before))  # passages behind the same text
    found: list[str] = []
    for number, text in enumerate(before):
        wanted = min(each, count - len(found))
        if wanted < 1:
            break
        found += voice.generate_many(wanted, text, chars=PASSAGE, echo=False, seed=seed + number, **sampling)
    return found


def clipped(texts: Sequence[str]) -> list[str]:
    """Return real texts, as much of each as a generated one may have."""
    return [text[:LONGEST] for text in texts]
