"""The baselines, on texts where what each must cost is known."""

from __future__ import annotations

import importlib.util
import math
import random
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest

from talklike.corpus.alphabet import Alphabet
from talklike.errors import CorpusError
from talklike.evaluation import baselines as module
from talklike.evaluation.baselines import Baseline, baselines, left_out
from talklike.evaluation.kneser_ney import KneserNey

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

pytest.importorskip("pyppmd")

WORDS = ["tide", "rope", "crab", "gull", "mast", "pier", "salt", "sail", "knot", "fog", "net", "reef"]


def texts(seed: int, count: int) -> list[str]:
    """Return messages of a few words."""
    draw = random.Random(seed)
    return [" ".join(draw.choices(WORDS, k=draw.randint(1, 9))) for _ in range(count)]


TRAIN, VALIDATION, TEST = texts(0, 600), texts(1, 60), [*texts(2, 60), "", "réef"]
ALPHABET = Alphabet("".join(sorted(set("".join(TRAIN)))))


def by_name(found: tuple[Baseline, ...]) -> dict[str, Baseline]:
    """Return baselines by their names."""
    return {one.name: one for one in found}


@pytest.fixture(scope="module")
def found() -> dict[str, Baseline]:
    """Return what the baselines make of the messages."""
    return by_name(baselines(TRAIN, VALIDATION, TEST, ALPHABET))


def test_there_are_five_from_the_simplest_on(found: dict[str, Baseline]) -> None:
    """Each has a cost for each message that sums up to the whole, but xz, of which only the sum is known."""
    assert list(found) == ["uniform", "frequencies", "Kneser-Ney", "PPMd", "xz"]
    assert [one.name for one in found.values() if one.adaptive] == ["PPMd", "xz"]
    for one in found.values():
        assert one.detail
        if one.bits is None:
            assert one.name == "xz"
        else:
            assert one.bits.shape == (len(TEST),)
            assert one.bits.dtype == np.float64
            assert one.total_bits == pytest.approx(one.bits.sum())


def test_uniform_costs_the_choice_among_all_symbols(found: dict[str, Baseline]) -> None:
    """The end of a message is one symbol; a character outside the alphabet is its bytes."""
    symbols = [len(text) + 1 + text.count("é") for text in TEST]
    expected = [count * math.log2(len(ALPHABET)) for count in symbols]
    np.testing.assert_allclose(found["uniform"].bits, expected)  # type: ignore[arg-type]  # it has bits


def test_frequencies_are_those_of_the_training_text(found: dict[str, Baseline]) -> None:
    """Each symbol is counted once more than it occurs, so that none is impossible."""
    counts = Counter(character for text in TRAIN for character in text)
    total = sum(counts.values()) + len(TRAIN) + len(ALPHABET)
    bits = found["frequencies"].bits
    assert bits is not None
    ends = -math.log2((len(TRAIN) + 1) / total)
    assert bits[0] == pytest.approx(ends - sum(math.log2((counts[character] + 1) / total) for character in TEST[0]))
    assert bits[-2] == pytest.approx(ends)
    known = sum(math.log2((counts[character] + 1) / total) for character in "ref")
    assert bits[-1] == pytest.approx(ends - known - 2 * math.log2(1 / total))  # the two bytes of é never occur


def test_n_grams_read_the_messages_as_one_stream(found: dict[str, Baseline]) -> None:
    """What the messages cost together is what the model of the same order says of the whole stream."""
    stream, validation, test = (
        np.concatenate([np.zeros(1, np.uint16), ALPHABET.encode_messages(part)]) for part in (TRAIN, VALIDATION, TEST)
    )
    model = KneserNey.fit_best(stream, validation, symbols=len(ALPHABET))
    assert found["Kneser-Ney"].detail == f"order {model.order}"
    assert found["Kneser-Ney"].total_bits == pytest.approx(model.surprisal(test).sum() / math.log(2))


def test_cold_n_grams_don_t_know_the_message_before() -> None:
    """The same message costs the same wherever it stands, and in a stream it doesn't."""
    again = [TEST[0], TEST[1], TEST[0], TEST[2], TEST[0]]
    cold, warm = (by_name(baselines(TRAIN, VALIDATION, again, ALPHABET, cold=how))["Kneser-Ney"].bits for how in (True, False))
    assert cold is not None
    assert warm is not None
    np.testing.assert_allclose(cold[[2, 4]], cold[0])
    assert not np.allclose(warm[[2, 4]], warm[0])


def test_cold_n_grams_begin_as_messages_begin() -> None:
    """A first word that begins every message costs next to nothing after an END with an unknown past."""
    train, validation = ([f"well {text}" for text in part] for part in (TRAIN, VALIDATION))
    usual, unusual = "well tide", "tide well"
    bits = by_name(baselines(train, validation, [usual, unusual], ALPHABET, cold=True))["Kneser-Ney"].bits
    assert bits is not None
    assert bits[0] < 8 < 12 < bits[1]


def test_passages_have_no_ends() -> None:
    """A running text's passages cost their characters alone, and together what the text costs as a whole."""
    passages, held_out, test = (
        [part[n : n + 50] for n in range(0, len(part), 50)] for part in map(" ".join, (TRAIN, VALIDATION, TEST[:-1]))
    )
    found = by_name(baselines(passages, held_out, test, ALPHABET, ends=False))
    uniform = found["uniform"].bits
    assert uniform is not None
    np.testing.assert_allclose(uniform, [len(text) * math.log2(len(ALPHABET)) for text in test])
    whole = by_name(baselines(passages, held_out, ["".join(test)], ALPHABET, ends=False))
    for name in ("uniform", "frequencies", "Kneser-Ney", "PPMd", "xz"):
        assert found[name].total_bits == pytest.approx(whole[name].total_bits)


def test_better_methods_need_fewer_bits(found: dict[str, Baseline]) -> None:
    """Frequencies beat chance, and what knows the words beats frequencies."""
    bits = {name: one.total_bits for name, one in found.items()}
    assert bits["uniform"] > bits["frequencies"] > bits["xz"] > bits["PPMd"]
    assert bits["frequencies"] > bits["Kneser-Ney"]


def test_of_a_long_text_the_latest_is_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the earlier messages had not been there, and the detail says so."""
    monkeypatch.setattr(module, "MOST_LEARNT", sum(len(text) for text in TRAIN[-200:]))
    shortened = baselines(TRAIN, VALIDATION, TEST, ALPHABET)
    alone = baselines(TRAIN[-200:], VALIDATION, TEST, ALPHABET)
    assert [one.total_bits for one in shortened] == [one.total_bits for one in alone]
    assert ["the last" in one.detail for one in shortened] == [False, True, True, True, True]
    assert not any("the last" in one.detail for one in alone)


def test_what_a_package_is_missing_for_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are there, and a note says what to install."""
    find = importlib.util.find_spec

    def none_but(name: str, package: str | None = None) -> ModuleSpec | None:
        return None if name in ("pyppmd", "_lzma") else find(name, package)

    assert left_out() == {}
    monkeypatch.setattr(importlib.util, "find_spec", none_but)
    assert list(by_name(baselines(TRAIN, VALIDATION, TEST, ALPHABET))) == ["uniform", "frequencies", "Kneser-Ney"]
    assert "talklike[evaluate]" in left_out()["PPMd"]
    assert "liblzma" in left_out()["xz"]


@pytest.mark.parametrize(("train", "validation"), [([], VALIDATION), (TRAIN, [])])
def test_nothing_to_learn_from_or_to_choose_by_is_refused(train: list[str], validation: list[str]) -> None:
    """The error is one that a person can mend."""
    with pytest.raises(CorpusError):
        baselines(train, validation, TEST, ALPHABET)
