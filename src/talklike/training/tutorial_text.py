"""The tutorial's text: an author's messages joined by spaces, read in windows that are never written out.

The tutorial holds a one-hot array of all windows, 40 × C numbers each: a gigabyte for 5 MB of text. A window is a place in the
text; only the windows of one step become arrays.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch

from talklike.corpus.alphabet import END, FIRST_CHARACTER
from talklike.errors import TooLittleTextError

if TYPE_CHECKING:
    from talklike.corpus.corpus import Corpus

_AT_ONCE = 1 << 22  # symbols


class Windows:
    """The windows of a text and the character after each.

    Args:
        ids: The text as indices of its characters, int64 (N,).
        window: Characters in a window.
        step: Characters from the start of one to that of the next.

    Raises:
        TooLittleTextError: The text is too short for one window.
    """

    def __init__(self, ids: torch.Tensor, window: int, step: int) -> None:
        self.ids = ids
        self.window = window
        self.step = step
        self._offsets = torch.arange(window, device=ids.device)
        if len(ids) <= window:
            raise TooLittleTextError(
                f"{len(ids):,} characters to learn from are less than a window of {window} and the one after; take a smaller "
                "--window, or a larger --fraction of the messages"
            )

    def __len__(self) -> int:
        """Return M, the number of windows."""
        return math.ceil((len(self.ids) - self.window) / self.step)

    def batch(self, which: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return some windows, int64 (B, W), and the character after each, (B,).

        Args:
            which: Numbers of windows, int64 (B,).
        """
        starts = which.to(self.ids.device) * self.step
        return self.ids[starts[:, None] + self._offsets].long(), self.ids[starts + self.window].long()

    def order(self, seed: int, epoch: int) -> torch.Tensor:
        """Return the order in which an epoch goes through the windows, int64 (M,); the same for the same seed and epoch."""
        return torch.from_numpy(np.random.default_rng([seed, epoch]).permutation(len(self)))


def joined(corpus: Corpus) -> np.ndarray:
    """Return the training text as the tutorial reads it: indices of characters, messages joined by spaces.

    Args:
        corpus: Built with ``every_character``, so that each character is a symbol.

    Returns:
        Column of each character, int32 (N,).

    Raises:
        TooLittleTextError: The messages hold no space, so there is nothing to join them by.
    """
    ids = corpus.train.ids[1:]
    text = np.empty(len(ids), np.int32)
    for start in range(0, len(ids), _AT_ONCE):
        text[start : start + _AT_ONCE] = ids[start : start + _AT_ONCE]
    ends = text == END
    text -= FIRST_CHARACTER
    if corpus.kind == "stream":
        return text
    if " " not in corpus.alphabet.characters:
        raise TooLittleTextError("the messages to learn from hold no space, by which the tutorial joins them; take more of them")
    text[ends] = corpus.alphabet.characters.index(" ")
    return text[:-1]  # nothing follows the last message


def share_of_ends(corpus: Corpus) -> float | None:
    """Return which share of the spaces of the joined text ends a message; None in a running text.

    Args:
        corpus: As for ``joined``.
    """
    if corpus.kind == "stream":
        return None
    space = FIRST_CHARACTER + corpus.alphabet.characters.index(" ")
    spaces = sum(
        int(np.count_nonzero(corpus.train.ids[start : start + _AT_ONCE] == space))
        for start in range(0, len(corpus.train.ids), _AT_ONCE)
    )
    return corpus.train.messages / (corpus.train.messages + spaces)
