"""A voice writes: whatever the prompt, the seed and the options, what comes is text of the kind that was asked for."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from talklike.corpus.alphabet import END
from talklike.errors import AuthorNotFoundError, OptionError, VoiceFileError
from talklike.generation.voice import MESSAGE_LENGTH, STREAM_LENGTH, Voice, load_voice
from talklike.voice.card import Card
from talklike.voice.weights import packed
from talklike.voice.write import voice_bytes

if TYPE_CHECKING:
    from pathlib import Path

MakeBytes = Callable[..., bytes]
MakeCard = Callable[..., Card]
MakeVoice = Callable[..., Voice]
MakeWeights = Callable[..., dict[str, np.ndarray]]

WILD: dict[str, Any] = {"temperature": 100.0, "min_p": 0.0}


@pytest.fixture(scope="module")
def voice(make_voice: MakeVoice) -> Voice:
    """Return a voice of random weights that writes messages."""
    return make_voice()


@pytest.fixture(scope="module")
def book(make_voice: MakeVoice) -> Voice:
    """Return a voice of random weights that writes running text."""
    return make_voice(kind="stream")


@pytest.fixture(scope="module")
def biased(make_card: MakeCard, make_weights: MakeWeights) -> Voice:
    """Return a voice that would say nothing but END, were it let."""
    card = make_card()
    weights = make_weights(card.sizes)
    weights["output.bias"][END] = 50
    return Voice.from_bytes(voice_bytes(card, weights), threads=1)


@pytest.fixture(scope="module")
def biased_book(make_card: MakeCard, make_weights: MakeWeights) -> Voice:
    """Return a voice of running text that would say nothing but END, were it let."""
    card = make_card(kind="stream")
    weights = make_weights(card.sizes)
    weights["output.bias"][END] = 50
    return Voice.from_bytes(voice_bytes(card, weights), threads=1)


@settings(max_examples=60)
@given(st.text(), st.integers(0, 2**64), st.integers(1, 60))
@example("", 0, 1)
@example("\ud800", 0, 20)
@example("\x00\n\r\u2028", 0, 20)
@example("word " * 2000, 0, 20)
@example("😀" * 10_000, 0, 20)
def test_any_prompt_is_continued(voice: Voice, prompt: str, seed: int, most: int) -> None:
    """Whatever the prompt, the text begins with it, is valid UTF-8, is no longer than asked, and isn't empty after nothing."""
    text = voice.generate(prompt, seed=seed, max_chars=most, **WILD)
    assert text.startswith(prompt)
    written = text[len(prompt) :]
    assert len(written) <= most
    assert written.encode().decode() == written
    assert written or prompt
    assert voice.generate(prompt, seed=seed, max_chars=most, echo=False, **WILD) == written


@settings(max_examples=40)
@given(st.integers(0, 2**64), st.integers(1, 200), st.sampled_from(["", "hi", "😀"]))
def test_exactly_as_many_characters_as_asked(voice: Voice, book: Voice, seed: int, count: int, prompt: str) -> None:
    """With ``chars`` every text has exactly that length, emoji and bytes counted as the characters they spell."""
    for some in (voice, book):
        assert len(some.generate(prompt, chars=count, seed=seed, echo=False, **WILD)) == count
    assert len(book.generate(prompt, max_chars=count, seed=seed, echo=False, **WILD)) == count


def test_the_shorter_of_two_lengths_wins(voice: Voice) -> None:
    """Both lengths may be given."""
    assert len(voice.generate(chars=30, max_chars=10, seed=1, echo=False)) == 10
    assert len(voice.generate(chars=10, max_chars=30, seed=1, echo=False)) == 10


def test_default_lengths_are_those_of_the_kind(make_card: MakeCard, make_weights: MakeWeights, book: Voice) -> None:
    """A message that never ends, and running text, stop at their usual length."""
    card = make_card()
    weights = make_weights(card.sizes)
    weights["output.bias"][END] = -50
    endless = Voice.from_bytes(voice_bytes(card, weights), threads=1)
    assert len(endless.generate(seed=1)) == MESSAGE_LENGTH
    assert len(book.generate(seed=1)) == STREAM_LENGTH


def test_a_message_is_never_empty(biased: Voice) -> None:
    """After nothing, END isn't allowed first; after a prompt it is."""
    for seed in range(20):
        assert len(biased.generate(seed=seed)) == 1
        assert biased.generate("hi", seed=seed) == "hi"


def test_writing_through_has_no_empty_messages(biased: Voice) -> None:
    """With ``chars`` ends become newlines, and between two of them there is something."""
    for text in biased.generate_many(10, chars=40, seed=3, temperature=0.7):
        assert len(text) == 40
        assert not text.startswith("\n")
        assert text.count("\n") == 20


def test_running_text_never_ends(biased_book: Voice) -> None:
    """A voice of running text has seen END at the very beginning only, and never writes it."""
    alphabet = biased_book.alphabet
    for text in biased_book.generate_many(5, chars=100, seed=3, temperature=1.0):
        assert len(text) == 100
        # A random voice writes newlines of its own, but would write nothing but END if it could.
        assert text.count("\n") < 30
        assert END not in alphabet.encode(text)


@settings(max_examples=40)
@given(st.integers(0, 2**64), st.text(max_size=5), st.sampled_from([0.0, 0.7, 1.0, 100.0]))
def test_the_same_seed_gives_the_same_text(voice: Voice, seed: int, prompt: str, temperature: float) -> None:
    """A text is decided by its seed; streamed pieces join to it."""
    first = voice.generate(prompt, seed=seed, temperature=temperature, max_chars=50)
    assert voice.generate(prompt, seed=seed, temperature=temperature, max_chars=50) == first
    assert "".join(voice.stream(prompt, seed=seed, temperature=temperature, max_chars=50)) == first


def test_other_seeds_give_other_texts(voice: Voice) -> None:
    """Without a seed, or with others, texts differ; in a batch each text has draws of its own."""
    assert len({voice.generate(chars=50, temperature=1.0) for _ in range(5)}) == 5
    assert len({voice.generate(chars=50, temperature=1.0, seed=seed) for seed in range(5)}) == 5
    assert len(set(voice.generate_many(5, chars=50, temperature=1.0, seed=1))) == 5


@pytest.mark.parametrize("prompt", ["", "hello"])
def test_an_int8_text_is_the_same_for_the_same_count(make_card: MakeCard, make_weights: MakeWeights, prompt: str) -> None:
    """An int8 voice rounds all texts of a step on one scale; with the same seed and count it writes the same."""
    card = make_card(hidden=32, precision="int8")
    voice = Voice.from_bytes(voice_bytes(card, packed(make_weights(card.sizes), "int8")), threads=1)
    for count in (1, 9):
        again = [voice.generate_many(count, prompt, seed=5, max_chars=80, temperature=1.0) for _ in range(2)]
        assert again[0] == again[1]
    assert voice.generate(prompt, seed=5, max_chars=80) == voice.generate_many(1, prompt, seed=5, max_chars=80)[0]


@pytest.mark.parametrize("prompt", ["", "hello"])
def test_a_text_is_the_same_whatever_the_count(make_card: MakeCard, make_weights: MakeWeights, prompt: str) -> None:
    """Text i of a float32 batch is text i of a smaller or larger batch, though the others end sooner or later."""
    card = make_card(hidden=32)
    weights = make_weights(card.sizes)
    weights["output.bias"][END] = 4  # so that some messages are short and some long
    voice = Voice.from_bytes(voice_bytes(card, weights), threads=1)
    many = voice.generate_many(9, prompt, seed=5, max_chars=80, temperature=1.0)
    assert len({len(text) for text in many}) > 1
    for count in range(1, 9):
        assert voice.generate_many(count, prompt, seed=5, max_chars=80, temperature=1.0) == many[:count]
    assert voice.generate(prompt, seed=5, max_chars=80, temperature=1.0) == many[0]


@settings(max_examples=30)
@given(
    st.lists(st.text("etaoin \né", min_size=1, max_size=3), min_size=1, max_size=4),
    st.integers(0, 2**32),
    st.sampled_from([{"chars": 80}, {"max_chars": 80}]),
)
def test_no_stop_string_is_in_the_text(voice: Voice, book: Voice, stop: list[str], seed: int, length: dict[str, int]) -> None:
    """The text is what it would have been, up to the first stop string; streamed pieces join to it."""
    for some in (voice, book):
        options: dict[str, Any] = {"seed": seed, "temperature": 0.8, "echo": False, **length}
        text = some.generate(stop=stop, **options)
        assert not any(s in text for s in stop)
        assert some.generate(**options).startswith(text)
        assert "".join(some.stream(stop=stop, **options)) == text


def test_the_alphabet_decides_which_text_is_valid(make_voice: MakeVoice) -> None:
    """A voice that knows no character at all still writes valid UTF-8, byte by byte."""
    voice = make_voice(alphabet="")
    for text in voice.generate_many(5, chars=60, seed=2, **WILD):
        assert len(text) == 60
        assert "\ufffd" not in text


def test_streaming_comes_in_pieces(voice: Voice) -> None:
    """The prompt comes first unless it isn't wanted, then one piece after another."""
    pieces = list(voice.stream("hi", seed=1, chars=20))
    assert pieces[0] == "hi"
    assert len(pieces) > 10
    assert list(voice.stream("hi", seed=1, chars=20, echo=False)) == pieces[1:]
    assert "" not in list(voice.stream("", seed=1, chars=20))


def test_an_author_is_known_by_id_or_name(make_voice: MakeVoice) -> None:
    """Each author writes differently; an unknown one is an error that says who there is."""
    voice = make_voice(authors=("u1", "u2"), scale=2.0)
    texts = {author: voice.generate(author=author, chars=60, seed=1) for author in ("u1", "u2")}
    assert texts["u1"] != texts["u2"]
    assert voice.generate(chars=60, seed=1) == texts["u1"]
    assert voice.generate(author="name of u2", chars=60, seed=1) == texts["u2"]
    assert (voice.author_number(None), voice.author_number("u2"), voice.author_number("name of u1")) == (1, 2, 1)
    with pytest.raises(AuthorNotFoundError, match=r"'nobody'.*name of u1, name of u2"):
        voice.generate(author="nobody")


def test_sampling_comes_from_the_card_unless_given(make_voice: MakeVoice, voice: Voice) -> None:
    """A card's default sampling is used, and a single option replaces its own value only."""
    greedy = make_voice(sampling={"temperature": 0.0})
    assert greedy.generate(chars=40, seed=1) == voice.generate(chars=40, seed=2, temperature=0.0)
    assert greedy.generate(chars=40, seed=1, temperature=0.9) == voice.generate(chars=40, seed=1)
    narrow = make_voice(sampling={"top_k": 1})
    assert narrow.generate(chars=40, seed=1, temperature=50.0) == voice.generate(chars=40, seed=2, temperature=0.0)


@pytest.mark.parametrize(
    "options",
    [
        {"temperature": -1},
        {"temperature": float("nan")},
        {"top_k": -1},
        {"top_p": 0},
        {"min_p": 2},
        {"chars": 0},
        {"max_chars": -5},
        {"seed": -1},
        {"stop": [""]},
        {"stop": ["a", ""]},
    ],
)
def test_wrong_options_are_reported_at_the_call(voice: Voice, options: dict[str, Any]) -> None:
    """Also a stream that nobody has begun to read says at once that its options make no sense."""
    with pytest.raises(OptionError):
        voice.generate("hi", **options)
    with pytest.raises(OptionError):
        voice.stream("hi", **options)


def test_no_texts_at_all_is_an_error(voice: Voice) -> None:
    """A count is 1 or more."""
    with pytest.raises(OptionError, match="count is 0"):
        voice.generate_many(0)


def test_a_voice_shows_itself(make_voice: MakeVoice) -> None:
    """Whose voice, how large, how good; nothing about the quality of one that wasn't scored."""
    scored = make_voice(layers=2, scores={"test": {"bits_per_character": 2.345, "bits_per_byte": 2.3}})
    parameters = f"{scored.card.sizes.parameters:,}"
    assert repr(scored) == f"<Voice of name of u1: 2×7 LSTM, {parameters} parameters, float32, 2.35 bits per character>" or (
        repr(scored) == f"<Voice of name of u1: 2×7 LSTM, {parameters} parameters, float32, 2.34 bits per character>"
    )
    assert repr(make_voice(authors=("a", "b"), precision="int8")).startswith("<Voice of name of a, name of b: 1×7 LSTM, ")
    assert repr(make_voice(precision="int8")).endswith("parameters, int8>")


def test_a_voice_shows_itself_in_a_notebook(make_voice: Callable[..., Voice]) -> None:
    """A table of what its card says; a card may come from anyone, so what it lacks is left out and its text isn't markup."""
    html = make_voice(
        layers=2,
        orders=(2, 3),
        recipe={"name": "<i>own</i>"},
        provenance={"training_characters": 1234},
        scores={"test": {"bits_per_character": 2.345}, "odd": {"nats": 1.0}},
    )._repr_html_()
    assert "Voice of <b>name of u1</b>" in html
    assert "2×7 LSTM with an n-gram memory" in html
    assert "&lt;i&gt;own&lt;/i&gt;" in html
    assert "1,234 characters" in html
    assert ">2.345 bits per character<" in html
    assert "odd" not in html
    behind = make_voice(authors=("a", "b", "c"), provenance={"author": "a"})._repr_html_()
    assert "Voice of <b>name of a</b>" in behind
    assert "the room, 2 others known by name" in behind
    assert "Voice of <b>name of a, name of b</b>" in make_voice(authors=("a", "b"))._repr_html_()
    assert "recipe" not in make_voice(recipe={"name": 3}, provenance={"training_characters": "many"})._repr_html_()


@pytest.mark.parametrize(
    "values",
    [
        {"scores": {"test": 5}},
        {"scores": {"test": {"bits_per_character": "low"}}},
        {"sampling": {"temperature": "hot"}},
        {"sampling": {"temperature": 1000}},
        {"sampling": {"temperature": None}},
        {"sampling": {"top_k": 1.5}},
        {"sampling": {"top_p": [1]}},
    ],
)
def test_a_card_with_scores_or_sampling_of_nonsense_is_refused(make_bytes: MakeBytes, values: dict[str, Any]) -> None:
    """What a card says of quality and sampling is checked when it is read, not when it is used."""
    with pytest.raises(VoiceFileError, match=r"^mine\.onnx: "):
        Voice.from_bytes(make_bytes(**values), where="mine.onnx")


def test_a_voice_loads_from_a_file_with_any_number_of_threads(make_bytes: MakeBytes, tmp_path: Path) -> None:
    """A loaded voice writes what the one in memory writes."""
    path = tmp_path / "voice.onnx"
    path.write_bytes(make_bytes())
    texts = {load_voice(path, threads=threads).generate(seed=4, chars=50) for threads in (None, 1, 2)}
    assert texts == {Voice.from_bytes(make_bytes()).generate(seed=4, chars=50)}


def test_generating_needs_neither_torch_nor_onnx(make_bytes: MakeBytes, tmp_path: Path) -> None:
    """A program that only writes loads no package that only training needs."""
    path = tmp_path / "voice.onnx"
    path.write_bytes(make_bytes())
    script = f"""
import sys
import talklike
talklike.load_voice({str(path)!r}).generate("hi", seed=1)
print(sorted({{"torch", "onnx", "lightning_fabric", "polars", "matplotlib", "typer"}} & set(sys.modules)))
"""
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
