"""The graph of a step: its large-alphabet form, and what it takes from a file."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import onnx
import pytest

from talklike.corpus.alphabet import END
from talklike.generation import step_graph as module
from talklike.generation.rows import Rows, primed
from talklike.generation.voice import Voice
from talklike.voice.onnx_bytes import model_bytes
from talklike.voice.read import arrays

MakeVoice = Callable[..., Voice]


def test_a_large_alphabet_is_multiplied(make_voice: MakeVoice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the table of what each symbol adds, an int8 voice says about the same, and a row still depends on itself alone."""
    found = {}
    for table in (True, False):
        if not table:
            monkeypatch.setattr(module, "LARGEST_TABLE", 0)
        engine = make_voice(hidden=24, layers=2, precision="int8").engine
        ids = np.random.default_rng(0).integers(0, engine.card.sizes.symbols, (5, 30))
        start = primed(engine, np.array([END]), np.array([1]))
        for count in (1, 5):
            rows = Rows(engine)
            rows.add(start, 1, times=count)
            found[table, count] = np.stack([rows.step(ids[:count, t]).copy() for t in range(30)], axis=1)
    np.testing.assert_array_equal(found[False, 1], found[False, 5][:1])
    assert np.abs(found[False, 5] - found[True, 5]).max() < 0.1


def test_a_row_for_each_author_and_symbol_says_the_same(make_voice: MakeVoice, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the last bit what a table of authors and one of symbols say, for all authors beside each other."""
    found = []
    for most in (module.LARGEST_PAIRS, 0):
        monkeypatch.setattr(module, "LARGEST_PAIRS", most)
        engine = make_voice(hidden=24, authors=("wren", "otter"), precision="int8").engine
        start = primed(engine, np.array([END]), np.array([1]))
        rows = Rows(engine)
        for author in range(3):
            rows.add(start, author)
        found.append([rows.step(np.array([one, END, 258])).copy() for one in range(257, 262)])
    np.testing.assert_array_equal(found[0], found[1])
    assert not np.array_equal(found[0][0][0], found[0][0][2])


@pytest.mark.parametrize("precision", ["float32", "int8"])
def test_it_is_a_valid_graph(make_voice: MakeVoice, make_bytes: Callable[..., bytes], precision: str) -> None:
    """Each name is made before it is read, once, and the onnx package finds nothing wrong with float32's."""
    card = make_voice(layers=2, orders=(2, 3), precision=precision).card
    graph, constants = module.step_graph(card.sizes, precision, arrays(make_bytes(layers=2, orders=(2, 3), precision=precision)))
    known = set(graph.inputs) | set(constants)
    for node in graph.nodes:
        assert set(node.inputs) - {""} <= known, node
        made = set(node.outputs) - {""}
        assert not made & known
        known |= made
    assert set(graph.outputs) <= known
    model = onnx.load_from_string(model_bytes(graph, constants, {"": 18, "com.microsoft": 1}))
    if precision == "float32":
        onnx.checker.check_model(model)
