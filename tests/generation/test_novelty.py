"""The guard against copying, against the rule spelt out in plain Python, and in voices that would copy if they could."""

from __future__ import annotations

import queue
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.corpus.alphabet import END, FIRST_BYTE, FIRST_CHARACTER, Alphabet
from talklike.errors import OptionError, VoiceFileError
from talklike.evaluation.copying import TrainingText
from talklike.generation.novelty import Guard, Novelty, spelt_twice
from talklike.generation.request import Request
from talklike.generation.sampling import Sampling
from talklike.generation.scheduler import Failed, Piece, Scheduler, Ticket
from talklike.generation.utf8 import START, Utf8
from talklike.generation.voice import Voice
from talklike.voice.novelty_index import LENGTH, NoveltyIndex, extended, index_of
from talklike.voice.write import with_index

MakeBytes = Callable[..., bytes]

ALPHABET = Alphabet("abcdefgh")
V = len(ALPHABET)
UTF8 = Utf8(V)
FREE = np.zeros(V, np.float32)
NEWLINE = FIRST_BYTE + ord("\n")
LETTERS = st.lists(st.sampled_from([END, NEWLINE, *range(FIRST_CHARACTER, FIRST_CHARACTER + 4)]), max_size=60)


def novelty(streams: Sequence[Sequence[int]], alphabet: Alphabet = ALPHABET) -> Novelty:
    """Return what guards texts against copying from some streams of symbols."""
    index = NoveltyIndex(index_of([np.array(stream, np.uint16) for stream in streams]))
    return Novelty(index, alphabet, Utf8(len(alphabet)))


def known(index: NoveltyIndex, run: Sequence[int]) -> bool:
    """Return whether a run is known."""
    total = 0
    for symbol in run:
        total = extended(total, symbol)
    return index.holds(total)


def forbidden(index: NoveltyIndex, text: Sequence[int], symbol: int, longest: int, *, through: bool = False) -> bool:
    """Return whether a symbol would complete as many known runs in a row as a copy of ``longest`` + 1 symbols holds."""
    if symbol == END and not through:
        return False
    message = [NEWLINE if one == END and through else one for one in (*text, symbol)]
    while END in message:
        message = message[message.index(END) + 1 :]
    needed = longest + 2 - LENGTH
    if len(message) < longest + 1:
        return False
    return all(known(index, message[len(message) - LENGTH - n : len(message) - n]) for n in range(needed))


SLICES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40)), max_size=4)


@given(LETTERS, SLICES, LETTERS, st.integers(16, 22), st.booleans(), st.booleans())
def test_the_guard_is_what_its_rule_says(
    learnt: list[int], slices: list[tuple[int, int]], more: list[int], longest: int, as_prompt: bool, through: bool
) -> None:
    """Whatever was written or prompted, exactly the symbols are masked that would complete a copy, or what looks like one."""
    made = novelty([learnt])
    text = [symbol for start, length in slices for symbol in learnt[start : start + length]] + more[:5]
    guard = Guard(made, longest, text if as_prompt else (), through=through)
    if not as_prompt:
        for symbol in text:
            guard.add(symbol)
    logits = FREE.copy()
    logits[FIRST_BYTE : FIRST_BYTE + 256] = -np.inf
    found = guard.apply(logits)
    for symbol in (END, *range(FIRST_CHARACTER, V)):
        assert (found[symbol] == -np.inf) == forbidden(made.index, text, symbol, longest, through=through), symbol


@pytest.mark.parametrize("longest", [16, 17, 22])
@pytest.mark.parametrize("through", [False, True])
def test_pieces_of_what_was_learnt_are_guarded_at_every_symbol(longest: int, through: bool) -> None:
    """Of pieces, some too short and some too long, exactly what the rule says is masked, wherever in them the text is."""
    draw = np.random.default_rng(longest)
    learnt = draw.choice([END, NEWLINE, *range(FIRST_CHARACTER, V)], 400, p=[0.01, 0.02, *[0.97 / 8] * 8]).tolist()
    made = novelty([learnt])
    guard = Guard(made, longest, through=through)
    text: list[int] = []
    masked = 0
    logits = FREE.copy()
    logits[FIRST_BYTE : FIRST_BYTE + 256] = -np.inf
    while len(text) < 800:
        start, length = draw.integers(0, 360), draw.integers(10, 40)
        for symbol in learnt[start : start + length]:
            guard.add(symbol)
            text.append(symbol)
            found = np.isneginf(guard.apply(logits))
            expected = [
                forbidden(made.index, text[-60:], one, longest, through=through) for one in (END, *range(FIRST_CHARACTER, V))
            ]
            assert [found[END], *found[FIRST_CHARACTER:]] == expected
            masked += sum(expected)
    assert masked > 50


@given(LETTERS, SLICES, st.integers(16, 22), st.integers(1, 7), st.booleans())
def test_it_is_no_matter_how_often_it_is_asked(
    learnt: list[int], slices: list[tuple[int, int]], longest: int, every: int, through: bool
) -> None:
    """A guard that is asked at every symbol masks what one masks that is asked now and then, and only when it says it acts."""
    made = novelty([[*learnt, *learnt[::2], *learnt]])
    text = [symbol for start, length in slices for symbol in [*learnt, *learnt][start : start + length]]
    often, seldom = Guard(made, longest, through=through), Guard(made, longest, through=through)
    for number, symbol in enumerate(text):
        often.add(symbol)
        seldom.add(symbol)
        found = often.apply(FREE)
        if number % every == 0:
            acted = seldom.apply(FREE + made.always) if seldom.due and seldom.acts() else FREE + made.always
            assert (acted == found).all()


@given(st.text("ab", min_size=40, max_size=200), st.integers(16, 30), st.integers(0, 2**32))
def test_no_copy_longer_than_asked_for_is_written(learnt: str, longest: int, seed: int) -> None:
    """A writer that would go on copying at any price is stopped each time."""
    made = novelty([ALPHABET.encode(learnt).tolist()])
    guard = Guard(made, longest)
    draw = np.random.default_rng(seed)
    start = int(draw.integers(0, len(learnt) - 20))
    text = ""
    for _ in range(120):
        found = next((n for n in range(len(text), -1, -1) if text[len(text) - n :] in learnt), 0)
        at = learnt.find(text[len(text) - found :], 0 if text else start) + found
        wanted = FREE + draw.random(V).astype(np.float32)
        wanted[END] = wanted[FIRST_BYTE : FIRST_BYTE + 256] = -np.inf
        if at < len(learnt):
            wanted[ALPHABET.encode(learnt[at])[0]] += 100
        symbol = int(guard.apply(wanted).argmax())
        guard.add(symbol)
        text += ALPHABET.decode([symbol])
    assert not any(text[n : n + longest + 1] in learnt for n in range(len(text) - longest))


def test_a_run_goes_on_from_the_prompt() -> None:
    """What is written never lengthens a copy beyond the limit, even where the prompt is a longer one already."""
    learnt = [FIRST_CHARACTER + n % 7 for n in range(60)]
    made = novelty([learnt])
    for prompted, masked in ((19, False), (20, True), (30, True)):
        found = Guard(made, 20, learnt[:prompted]).apply(FREE)
        assert np.isneginf(found[learnt[prompted]]) == masked
        assert not np.isneginf(found[END])
        assert np.isfinite(found[FIRST_CHARACTER:]).sum() >= 6  # others may come
    found = Guard(made, 20, [*learnt[:30], END]).apply(FREE)
    assert np.isfinite(found[FIRST_CHARACTER:]).all()  # another message


def test_a_message_of_several_lines_is_not_copied_in_several() -> None:
    """Where the end of a message reads as a newline it is taken for one, in what was written and in what may come."""
    learnt = ALPHABET.encode("abcdefghabcdefgh\nhgfedcba").tolist()
    written = [END if symbol == NEWLINE else symbol for symbol in learnt]
    made = novelty([learnt])
    for length, masked in ((16, END), (17, written[17]), (22, written[22])):
        apart, through = (Guard(made, length, written[:length], through=through) for through in (False, True))
        assert np.isneginf(through.apply(FREE)[masked])
        assert not np.isneginf(apart.apply(FREE)[masked])


def test_it_gives_way_where_nothing_else_may_come() -> None:
    """Where the only symbols that are allowed would copy, they may come, and the text neither ends by itself nor fails."""
    learnt = [FIRST_CHARACTER] * 40
    guard = Guard(novelty([learnt]), 16, learnt[:16])
    only = np.full(V, -np.inf, np.float32)
    only[FIRST_CHARACTER] = 1
    assert (guard.apply(only) == only).all()
    only[END] = -5
    found = guard.apply(only)
    assert np.flatnonzero(np.isfinite(found)).tolist() == [END]


def test_characters_of_the_alphabet_are_their_own_symbols() -> None:
    """No byte may complete a character that has a symbol: the copy would not be recognised."""
    alphabet = Alphabet("aé€")
    guard = Guard(novelty([], alphabet), 20)
    e, euro = "é".encode(), "€".encode()
    free = np.zeros(len(alphabet), np.float32)
    assert np.isneginf(guard.apply(free)[FIRST_BYTE + ord("a")])
    assert np.isfinite(guard.apply(free)[FIRST_BYTE + ord("b")])
    assert np.isfinite(guard.apply(free)[FIRST_BYTE + e[0]])
    guard.add(FIRST_BYTE + e[0])
    assert np.flatnonzero(np.isneginf(guard.apply(free))).tolist() == [FIRST_BYTE + e[1]]
    guard.add(FIRST_BYTE + 0xA8)  # è
    for byte in euro[:2]:
        assert np.isfinite(guard.apply(free)[FIRST_BYTE + byte])
        guard.add(FIRST_BYTE + byte)
    assert np.flatnonzero(np.isneginf(guard.apply(free))).tolist() == [FIRST_BYTE + euro[2]]
    guard.add(END)
    assert np.isneginf(guard.apply(free)[FIRST_BYTE + ord("a")])


def test_bytes_that_lead_nowhere_are_masked_too() -> None:
    """Where every character that begins so has a symbol, so may not be begun; what is left can always be finished."""
    full = "".join(map(chr, range(0x4E00, 0x4E40))) + "".join(map(chr, range(0x10000, 0x10040)))  # E4 B8 .., F0 90 80 ..
    alphabet = Alphabet(full + "".join(map(chr, range(0x80, 0xC0))))  # C2 ..
    utf8 = Utf8(len(alphabet))
    spelt = spelt_twice(alphabet, utf8)
    assert FIRST_BYTE + 0xB8 in spelt[b"\xe4"].tolist()
    assert FIRST_BYTE + 0x80 in spelt[b"\xf0\x90"].tolist()
    assert FIRST_BYTE + 0xC2 in spelt[b""].tolist()
    assert FIRST_BYTE + 0xE4 not in spelt[b""].tolist()


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
)
def test_the_usual_spelling_is_never_masked(characters: str, text: str) -> None:
    """Any text can be written, in just the symbols that the alphabet gives it."""
    alphabet = Alphabet("".join(dict.fromkeys(characters + text[::2])))
    utf8 = Utf8(len(alphabet))
    guard = Guard(novelty([], alphabet), 20)
    state = START
    for symbol in alphabet.encode(text).tolist():
        assert np.isfinite(guard.apply(utf8.penalty[state])[symbol])
        guard.add(symbol)
        state = utf8.after_list[state][symbol]


def test_a_prompt_may_end_within_a_character() -> None:
    """The text after it begins anew."""
    guard = Guard(novelty([]), 20, [FIRST_BYTE + 0xE2, FIRST_BYTE + 0x82])
    assert np.isneginf(guard.apply(FREE)[FIRST_BYTE + ord("a")])


def test_values_that_make_no_sense_are_refused() -> None:
    """Shorter copies than the index knows of can't be forbidden."""
    for value in (-1, 1, LENGTH - 1, True, 20.0, "20"):
        with pytest.raises(OptionError, match=r"^novelty is .*, must be 0 \(off\) or a whole number from 16 on$"):
            Sampling(novelty=value)  # type: ignore[arg-type]  # what a client may send
    assert Sampling(novelty=LENGTH).novelty == LENGTH


WRITING: dict[str, Any] = {"temperature": 0.6, "min_p": 0.05}


@pytest.fixture(scope="module")
def data(make_bytes: MakeBytes) -> bytes:
    """Return a voice without an index."""
    return make_bytes(precision="int8", hidden=16, orders=(2, 3), alphabet="etaoin é", scale=1.5)


@pytest.fixture(scope="module")
def own(data: bytes) -> list[str]:
    """Return texts of that voice."""
    return Voice.from_bytes(data, threads=1).generate_many(12, seed=1, chars=150, **WRITING)


@pytest.fixture(scope="module")
def guarded(data: bytes, own: list[str]) -> Voice:
    """Return the voice with an index of its own texts, so that it wants to copy."""
    alphabet = Voice.from_bytes(data, threads=1).alphabet
    stream = np.concatenate([[END], *(np.append(alphabet.encode(line), END) for text in own for line in text.split("\n"))])
    return Voice.from_bytes(with_index(data, index_of([stream.astype(np.uint16)])), threads=1)


def test_a_voice_is_kept_from_copying(guarded: Voice, own: list[str]) -> None:
    """The same seeds give other texts, in which no copy is longer than asked for; without the option the texts are the same."""
    assert guarded.generate_many(12, seed=1, chars=150, **WRITING) == own
    learnt = TrainingText([("u1", line) for text in own for line in text.split("\n")])
    for longest in (16, 25):
        texts = guarded.generate_many(12, seed=1, chars=150, novelty=longest, **WRITING)
        assert [len(text) for text in texts] == [150] * 12
        lines = [line for text in texts for line in text.split("\n")]
        assert learnt.copied(lines).longest["most"] <= longest < learnt.copied(own).longest["most"]


def test_no_more_is_copied_through_the_ends_of_messages(data: bytes) -> None:
    """A text of several short messages copies no message of several lines, newlines counted."""
    free = Voice.from_bytes(data, threads=1)
    options: dict[str, Any] = WRITING | {"seed": 1, "chars": 150, "logit_bias": {END: 12.0}}
    own = free.generate_many(12, **options)
    assert min(text.count("\n") for text in own) >= 5
    stream = np.concatenate([[END], *(np.append(free.alphabet.encode(text), END) for text in own)]).astype(np.uint16)
    voice = Voice.from_bytes(with_index(data, index_of([stream])), threads=1)
    learnt = TrainingText([("u1", text) for text in own])
    for longest in (16, 25):
        texts = voice.generate_many(12, novelty=longest, **options)
        assert [len(text) for text in texts] == [150] * 12
        assert learnt.copied(texts).longest["most"] <= longest


@pytest.mark.parametrize("longest", [16, 17, 25])
@pytest.mark.parametrize("length", [{"chars": 120}, {"max_chars": 120, "min_chars": 60}])
@pytest.mark.parametrize(
    "more",
    [{}, {"temperature": 0.0}, {"temperature": 1.3, "min_p": 0.001}, {"top_p": 0.9, "min_p": 0.0}, {"temperature_end": 0.2}],
)
@pytest.mark.parametrize("prompt", ["", "a tin"])
def test_picked_together_is_picked_one_by_one(
    guarded: Voice, longest: int, length: dict[str, int], more: dict[str, Any], prompt: str
) -> None:
    """Guarded texts are the same alone, in a batch, and where each asks for everything, as with a bias, even of nothing."""
    options: dict[str, Any] = WRITING | more | length | {"novelty": longest, "seed": 4}
    together = guarded.generate_many(6, prompt, **options)
    assert together == guarded.generate_many(6, prompt, logit_bias={"e": 0.0}, **options)
    assert together[0] == guarded.generate(prompt, **options)


@pytest.mark.parametrize("more", [{}, {"mirostat": 2}, {"temperature": 0.0}, {"regex": "[a-z]{30,60}"}, {"logprobs": 2}])
def test_alone_in_a_batch_and_scheduled_are_the_same(guarded: Voice, more: dict[str, Any]) -> None:
    """A seed gives the same text alone, among others, and in the server's scheduler beside texts that aren't guarded."""
    wish = guarded.request(count=4, seed=1, max_chars=80, min_chars=60, **(WRITING | {"novelty": 16} | more))
    alone = ["".join(piece for n, piece, _ in guarded.write(wish) if n == number) for number in range(4)]
    free = guarded.request(count=4, seed=1, max_chars=80, min_chars=60, **(WRITING | more))
    expected = ["".join(piece for n, piece, _ in guarded.write(free) if n == number) for number in range(4)]
    woken: queue.Queue[list[Ticket]] = queue.Queue()
    scheduler = Scheduler(guarded, streams=8, queue=100, on_events=woken.put)
    tickets = [scheduler.submit(wish), scheduler.submit(free)]
    told: dict[int, list[Any]] = {id(ticket): [] for ticket in tickets}
    while not all(ticket.done and not ticket.pending for ticket in tickets):
        for ticket in woken.get(timeout=60):
            told[id(ticket)] += ticket.take()
    found = [["".join(e.text for e in told[id(t)] if isinstance(e, Piece) and e.number == n) for n in range(4)] for t in tickets]
    assert scheduler.close(finish=True, timeout=60)
    assert found == [alone, expected]
    single = guarded.request(seed=1, max_chars=80, min_chars=60, **(WRITING | {"novelty": 16} | more))
    assert "".join(piece for _, piece, _ in guarded.write(single)) == alone[0]


def test_an_index_that_knows_everything_does_no_harm(data: bytes, make_bytes: MakeBytes) -> None:
    """However bad an index is, messages end and running text goes on."""
    everything = np.full(100, 255, np.uint8)
    voice = Voice.from_bytes(with_index(data, everything), threads=1)
    texts = voice.generate_many(5, seed=2, max_chars=300, min_chars=50, novelty=20, **WRITING)
    assert all(50 <= len(text) <= 300 for text in texts)
    assert all(len(text) <= 20 for text in voice.generate_many(5, seed=2, max_chars=300, novelty=20, **WRITING))
    book = Voice.from_bytes(with_index(make_bytes(kind="stream"), everything), threads=1)
    assert len(book.generate(seed=2, chars=200, novelty=20)) == 200


def test_a_voice_without_an_index_says_so(data: bytes, make_bytes: MakeBytes) -> None:
    """The error tells what to train with, wherever the option comes from; off is off for every voice."""
    voice = Voice.from_bytes(data, threads=1)
    with pytest.raises(OptionError, match="train with --novelty-index"):
        voice.generate("e", max_copied=20)
    request = Request(sampling=Sampling(novelty=20))
    with pytest.raises(OptionError, match="train with --novelty-index"):
        list(voice.write(request))
    woken: queue.Queue[list[Ticket]] = queue.Queue()
    scheduler = Scheduler(voice, on_events=woken.put)
    ticket = scheduler.submit(request)
    woken.get(timeout=60)
    assert [type(event) for event in ticket.take()][-1] is Failed
    assert scheduler.close(finish=True, timeout=60)
    assert voice.generate("e", seed=1, novelty=0) == voice.generate("e", seed=1)
    with pytest.raises(VoiceFileError, match="train with --novelty-index"):
        Voice.from_bytes(make_bytes(sampling={"novelty": 20}))
