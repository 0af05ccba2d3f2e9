"""Copying: known answers at both ends, and figures that agree with trying everything."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.chat.read import read_chat
from talklike.evaluation.copying import CHARACTERS, LEAST, WORDS, Copying, TrainingText
from talklike.evaluation.word_index import words
from talklike.sample import sample_path

WORDY = st.lists(st.sampled_from(["the", "The", "boat", "leaks", "isn't", "😀", "ok", ",", "42"]), max_size=12).map(" ".join)


@pytest.fixture(scope="module")
def messages() -> list[tuple[str, str]]:
    """Return author and text of the bundled chat's messages."""
    table = read_chat(sample_path()).frame.select("author", "text").collect()
    return list(table.iter_rows())


def test_who_replays_training_messages_copies_everything(messages: list[tuple[str, str]]) -> None:
    """Of a "voice" that writes training messages at least 99 % is copied, and nothing is new; short ones count too."""
    said = random.Random(0).sample([text for _, text in messages], 200)
    assert min(map(len, said)) < LEAST
    found = TrainingText(messages).copied(said)
    assert (found.copied or 0) >= 0.99
    assert found.verbatim == found.verbatim_long == 1
    assert all(share == 0 for share in (*found.new_characters.values(), *found.new_words.values()))
    assert all(text.verbatim for text in found.texts)
    assert [text.longest for text in found.texts] == [len(text) for text in said]


def test_a_replay_of_beginnings_is_copied_but_not_verbatim(messages: list[tuple[str, str]]) -> None:
    """A message without its last characters is no training message, but all of it stands in one."""
    said = [text[:-3] for _, text in messages if len(text) > LEAST + 20][:100]
    found = TrainingText(messages).copied(said)
    assert found.copied == 1
    assert found.verbatim is not None
    assert found.verbatim < 0.05


def test_random_text_copies_nothing(messages: list[tuple[str, str]]) -> None:
    """Letters drawn at random stand nowhere for long."""
    draw = random.Random(1)
    said = ["".join(draw.choice("etaoin shrdlu") for _ in range(60)) for _ in range(200)]
    found = TrainingText(messages).copied(said)
    assert found.copied == found.verbatim == 0
    assert found.longest["most"] < 12
    assert (found.new_characters[16] or 0) > 0.999
    assert found.holding[16] == 0


def covered_by_trying(training: list[str], text: str, least: int) -> set[int]:
    """Return the characters of ``text`` that lie in a run of ``least`` that a training message holds."""
    starts = [s for s in range(len(text) - least + 1) if any(text[s : s + least] in one for one in training)]
    whole = range(len(text)) if text in training else range(0)
    return {position for start in starts for position in range(start, start + least)}.union(whole)


@given(st.lists(WORDY, min_size=1, max_size=6), st.lists(WORDY, min_size=1, max_size=4), st.integers(1, 12))
def test_figures_agree_with_trying_everything(training: list[str], texts: list[str], least: int) -> None:
    """Shares, spans and n-grams are what a search through all training messages finds."""
    found = TrainingText([(f"u{number}", text) for number, text in enumerate(training)]).copied(texts, least=least)
    hits = [covered_by_trying(training, text, least) for text in texts]
    characters = sum(map(len, texts))
    assert found.copied == (pytest.approx(sum(map(len, hits)) / characters) if characters else None)
    assert sum(found.sources.values()) == pytest.approx(1 if any(hits) else 0)
    for text, copied, expected in zip(texts, found.texts, hits, strict=True):
        assert {position for span in copied.spans for position in range(span.start, span.end)} == expected
        assert copied.verbatim == (text != "" and text in training)
        for span in copied.spans:
            assert text[span.start : span.end] in training[span.message]
            assert span.author == f"u{span.message}"
            longer = [text[max(0, span.start - 1) : span.end], text[span.start : span.end + 1]]
            assert all(len(one) == span.end - span.start or not any(one in t for t in training) for one in longer)
    for n in CHARACTERS:
        grams = [text[s : s + n] for text in texts for s in range(len(text) - n + 1)]
        new = sum(not any(gram in one for one in training) for gram in grams)
        assert found.new_characters[n] == (pytest.approx(new / len(grams)) if grams else None)
    said = [words(one) for one in training]
    for n in WORDS:
        known = {tuple(one[s : s + n]) for one in said for s in range(len(one) - n + 1)}
        asked = [tuple(w[s : s + n]) for w in map(words, texts) for s in range(len(w) - n + 1)]
        new = sum(gram not in known for gram in asked)
        assert found.new_words[n] == (pytest.approx(new / len(asked)) if asked else None)


def test_a_span_is_the_authors_own_if_they_said_it_too() -> None:
    """What several wrote counts as the author's; what only others wrote, as the first one's."""
    shared, others = "the tide turns at a quarter past nine", "nobody moors at the northern jetty"
    training = [("ann", shared), ("bob", f"{others} now"), ("cy", others), ("me", f"well, {shared}")]
    texts = [f"{shared}!", f"hm {others}"]
    mine = TrainingText(training, author="me").copied(texts)
    assert [(span.author, span.message) for text in mine.texts for span in text.spans] == [("me", 3), ("bob", 1)]
    anyones = TrainingText(training).copied(texts)
    assert [span.message for text in anyones.texts for span in text.spans] == [0, 1]
    assert list(mine.sources) == ["me", "bob"]


def test_overlapping_spans_count_once() -> None:
    """A character that two spans cover is copied once, from the first."""
    training = [("ann", "abcdefghij"), ("bob", "fghijklmno")]
    found = TrainingText(training).copied(["abcdefghijklmno"], least=6)
    assert [(span.start, span.end) for span in found.texts[0].spans] == [(0, 10), (5, 15)]
    assert found.copied == 1
    assert found.sources == {"ann": pytest.approx(2 / 3), "bob": pytest.approx(1 / 3)}


def test_nothing_to_compare_is_none() -> None:
    """Without texts, or with empty ones, there are no shares."""
    for texts in ([], [""]):
        found = TrainingText([("a", "hello")]).copied(texts)
        assert found.copied is None
        assert found.new_characters[8] is None
        assert found.new_words[2] is None
        assert found.longest["most"] == 0
    assert TrainingText([]).copied(["hello there"]).copied == 0


def test_the_figures_are_json(messages: list[tuple[str, str]]) -> None:
    """Everything but the texts goes into JSON by name."""
    found: Copying = TrainingText(messages).copied([text for _, text in messages[:5]])
    read = json.loads(json.dumps(found.to_dict()))
    assert read["texts"] == 5
    assert read["new_words"]["2"] == 0
    assert set(read["holding"]) == {"8", "16", "25", "32", "64"}
