"""The card in a voice file, which may come from anyone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from talklike.errors import VoiceFileError
from talklike.voice.card import MAX_STATE, Card, IndexFacts, Sizes

MakeCard = Callable[..., Card]


def test_a_card_comes_back_from_its_json(make_card: MakeCard) -> None:
    """Reading undoes writing, and the same card gives the same JSON."""
    card = make_card(
        authors=("u1", "u2"),
        kind="stream",
        precision="int8",
        recipe={"hidden": 7, "learning_rate": 0.004},
        provenance={"sha256": "0" * 64, "messages": 12, "first": None},
        scores={"test": {"bits_per_character": 2.5, "bits_per_byte": 2.4}},
        sampling={"temperature": 0.5},
    )
    text = card.to_json()
    assert Card.from_json(text, "x.onnx") == card
    assert Card.from_json(text, "x.onnx").to_json() == text
    assert "😀" in text


def test_an_index_is_mentioned_where_there_is_one(make_card: MakeCard) -> None:
    """Its length and digest come back; a card without one is as it was before there were any."""
    card = make_card(novelty_index=IndexFacts(12, "0f" * 32))
    assert Card.from_json(card.to_json(), "x.onnx") == card
    assert "novelty" not in make_card().to_json()


def test_gates_are_mentioned_where_they_are_not_the_usual_ones(make_card: MakeCard) -> None:
    """They come back; others than there are, and int8 weights with them, are refused."""
    card = make_card(gates="hard_sigmoid")
    assert Card.from_json(card.to_json(), "x.onnx") == card
    assert "gates" not in make_card().to_json()
    for gates in ("relu", 3, None):
        raw = json.loads(card.to_json()) | {"gates": gates}
        with pytest.raises(VoiceFileError, match=rf"gates is {gates!r}"):
            Card.from_json(json.dumps(raw), "x.onnx")
    with pytest.raises(VoiceFileError, match="int8 weights don't go with hard_sigmoid gates"):
        Card.from_json(json.dumps(json.loads(card.to_json()) | {"precision": "int8"}), "x.onnx")


def test_signatures_are_mentioned_where_there_are_some(make_card: MakeCard) -> None:
    """The number of their rows comes back; a card without them is as it was before there were any."""
    card = make_card(signatures=1 << 18)
    assert Card.from_json(card.to_json(), "x.onnx") == card
    assert "signatures" not in make_card().to_json()


def test_names_of_later_versions_are_passed_over(make_card: MakeCard) -> None:
    """A field that this version doesn't know is no reason to refuse a voice."""
    raw = json.loads(make_card().to_json()) | {"mood": "cheerful"}
    assert Card.from_json(json.dumps(raw), "x.onnx") == make_card()


def test_parameters_are_counted(make_weights: Callable[..., dict[str, Any]]) -> None:
    """The count is the number of weights in the arrays; torch and ONNX hold two biases a layer, which count as one."""
    sizes = Sizes(symbols=300, authors=2, embedding=5, hidden=7, layers=3)
    stored = sum(array.size for array in make_weights(sizes).values())
    assert sizes.parameters == stored - 3 * 4 * 7


GARBLED = ["", "nonsense", "[" * 100_000, '{"a": ', "1" * 5_000, "\x00", '{"format_version": 2} trailing']


@pytest.mark.parametrize("text", GARBLED, ids=range(len(GARBLED)))
def test_what_is_not_json_is_refused(text: str) -> None:
    """Broken, deeply nested or huge JSON is a damaged card."""
    with pytest.raises(VoiceFileError, match=r"^x\.onnx: .*card") as caught:
        Card.from_json(text, "x.onnx")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["null", "[]", "3", '"card"', "true"])
def test_what_is_not_an_object_is_refused(text: str) -> None:
    """A card is a JSON object."""
    with pytest.raises(VoiceFileError, match="not an object"):
        Card.from_json(text, "x.onnx")


@pytest.mark.parametrize("version", [None, 0, 1, 3, "2", [], {}, 10**400])
def test_other_format_versions_are_refused(make_card: MakeCard, version: object) -> None:
    """The error says which version the voice has and which this talklike reads."""
    raw = json.loads(make_card().to_json()) | {"format_version": version}
    with pytest.raises(VoiceFileError, match=r"format version .* reads version 2") as caught:
        Card.from_json(json.dumps(raw), "x.onnx")
    assert len(str(caught.value)) < 300


GOOD_SIZES: dict[str, object] = {
    "symbols": 272,
    "authors": 1,
    "embedding": 5,
    "hidden": 7,
    "layers": 1,
    "orders": [2, 3],
    "buckets": 97,
    "memory": 3,
}

BAD_VALUES: list[tuple[str, object]] = [
    ("heads", 2),
    ("layers", 0),
    ("layers", -1),
    ("hidden", True),
    ("hidden", 7.0),
    ("hidden", "7"),
    ("hidden", 1 << 24),
    *[("orders", bad) for bad in (None, 2, [], [3, 2], [2, 2], [0, 2], [1], [2, 33], [2.0], [[2]], [1 << 80])],
    *[("buckets", bad) for bad in (0, 1, 1 << 24)],
    *[("memory", bad) for bad in (0, -3, None)],
]

BAD_SIZES: list[object] = [
    None,
    [],
    {},
    {"symbols": 272},
    {name: value for name, value in GOOD_SIZES.items() if name != "memory"},
    *[GOOD_SIZES | {name: value} for name, value in BAD_VALUES],
]

BAD: list[tuple[str, object]] = [
    ("alphabet", None),
    ("alphabet", 5),
    ("alphabet", ["a", "b"]),
    ("alphabet", "abca"),
    ("alphabet", "ab\ud800"),
    ("authors", "u1"),
    ("authors", []),
    ("authors", [1]),
    ("authors", {"u1": 1}),
    ("names", None),
    ("names", [None]),
    ("kind", "book"),
    ("kind", ["messages"]),
    ("precision", "float16"),
    ("precision", 8),
    ("recipe", None),
    ("recipe", []),
    ("provenance", "me"),
    ("scores", 3),
    ("sampling", [0.5]),
    *[("sizes", sizes) for sizes in BAD_SIZES],
    *[("novelty_index", index) for index in (None, 5, {}, {"bytes": 5}, [5, "0" * 64])],
    *[("novelty_index", {"bytes": length, "sha256": "0" * 64}) for length in (0, -1, True, 5.0, "5", (1 << 29) + 1, 10**400)],
    *[("novelty_index", {"bytes": 5, "sha256": digest}) for digest in (None, 0, "", "0" * 63, "G" * 64, "0" * 64 + "\n")],
    ("novelty_index", {"bytes": 5, "sha256": "0" * 64, "more": 1}),
    *[("signatures", rows) for rows in (None, True, 0, 512, 1025, -1024, 1024.0, "1024", 1 << 25, [1024])],
]


@pytest.mark.parametrize(("name", "value"), BAD, ids=range(len(BAD)))
def test_a_wrong_value_is_refused_and_named(make_card: MakeCard, name: str, value: object) -> None:
    """Each field is checked; the error is one short line that names it."""
    raw = json.loads(make_card().to_json()) | {name: value}
    with pytest.raises(VoiceFileError, match=rf"^x\.onnx: .*damaged.*{name}") as caught:
        Card.from_json(json.dumps(raw), "x.onnx")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("name", ["alphabet", "authors", "names", "kind", "sizes", "precision", "recipe", "scores", "sampling"])
def test_a_missing_field_is_refused_and_named(make_card: MakeCard, name: str) -> None:
    """No field that says what a voice is may be left out."""
    raw = json.loads(make_card().to_json())
    del raw[name]
    with pytest.raises(VoiceFileError, match=name):
        Card.from_json(json.dumps(raw), "x.onnx")


def test_all_mistakes_are_reported_together(make_card: MakeCard) -> None:
    """Two wrong fields are named in one error."""
    raw = json.loads(make_card().to_json()) | {"kind": "book", "precision": "float16"}
    with pytest.raises(VoiceFileError, match=r"kind is 'book'; precision is 'float16'"):
        Card.from_json(json.dumps(raw), "x.onnx")


def test_sizes_that_disagree_are_refused(make_card: MakeCard) -> None:
    """The alphabet and the authors must fit the sizes."""
    raw = json.loads(make_card(alphabet="abc").to_json())
    with pytest.raises(VoiceFileError, match="2 characters can't make 260 symbols"):
        Card.from_json(json.dumps(raw | {"alphabet": "ab"}), "x.onnx")
    with pytest.raises(VoiceFileError, match="1 authors, but 2 ids and 1 names"):
        Card.from_json(json.dumps(raw | {"authors": ["a", "b"]}), "x.onnx")
    with pytest.raises(VoiceFileError, match="1 authors, but 1 ids and 2 names"):
        Card.from_json(json.dumps(raw | {"names": ["a", "b"]}), "x.onnx")


def test_a_state_that_would_fill_the_memory_is_refused(make_card: MakeCard) -> None:
    """A card of a few bytes can't ask for gigabytes of state."""
    raw = json.loads(make_card().to_json())
    raw["sizes"] |= {"hidden": MAX_STATE // 2 + 1, "layers": 2}
    with pytest.raises(VoiceFileError, match="more than a voice may have"):
        Card.from_json(json.dumps(raw), "x.onnx")


def test_a_card_of_a_million_layers_is_refused(make_card: MakeCard) -> None:
    """Layers cost time and memory to describe before the graph is looked at, so a card can't ask for any number of them."""
    raw = json.loads(make_card().to_json())
    raw["sizes"] |= {"hidden": 1, "layers": 1 << 20}
    with pytest.raises(VoiceFileError, match="layers"):
        Card.from_json(json.dumps(raw), "x.onnx")


def test_an_alphabet_beyond_sixteen_bits_is_refused(make_card: MakeCard) -> None:
    """Encoded text has 16-bit ids, so an alphabet of 70,000 characters would be read wrongly."""
    many = "".join(map(chr, range(0x10000, 0x10000 + 70_000)))
    with pytest.raises(VoiceFileError, match=r"alphabet|characters|symbols"):
        Card.from_json(make_card(alphabet=many).to_json(), "x.onnx")
