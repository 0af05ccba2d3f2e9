"""How likely symbols were."""

from __future__ import annotations

import numpy as np
import pytest

from talklike.corpus.alphabet import Alphabet
from talklike.generation.scored import score


def test_log_probabilities_are_those_of_the_softmax() -> None:
    """Large logits overflow nothing; alternatives come in order."""
    alphabet = Alphabet("aé")
    logits = np.full(259, -1000, np.float32)
    logits[[257, 258, 0xC3 + 1]] = [1000, 999, 998]
    found = score(alphabet, logits, 258, 2)
    expected = 999 - (1000 + np.log(1 + np.exp(-1) + np.exp(-2)))
    assert found.logprob == pytest.approx(expected)
    assert (found.text, found.data) == ("é", "é".encode())
    assert [symbol for symbol, _ in found.top] == [257, 258]
    assert score(alphabet, logits, 0xC3 + 1, 0).text == "\\xc3"
    assert score(alphabet, logits, 0, 0).text == "\n"
