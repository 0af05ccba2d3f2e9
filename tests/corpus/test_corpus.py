"""From a chat to encoded streams on disk."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

from talklike.chat.table import Chat
from talklike.corpus.alphabet import END
from talklike.corpus.canaries import canaries
from talklike.corpus.corpus import MIN_CHARACTERS, Corpus, build_corpus
from talklike.errors import CorpusError, TooLittleTextError

if TYPE_CHECKING:
    from pathlib import Path

    from talklike.corpus.encode import Part

MakeChat = Callable[..., Chat]


def texts_of(corpus: Corpus, part: Part) -> list[str]:
    """Return the messages of a part, decoded."""
    ids = part.ids.tolist()
    assert ids[0] == END
    messages: list[list[int]] = [[]]
    for i in ids[1:]:
        if i == END:
            messages.append([])
        else:
            messages[-1].append(i)
    assert messages.pop() == []
    return [corpus.alphabet.decode(message) for message in messages]


def sentences(count: int) -> list[str]:
    """Return different messages of about 30 characters."""
    return [f"message number {n} says {n * 7919 % 1000}" for n in range(count)]


def test_messages_are_split_by_time(make_chat: MakeChat, tmp_path: Path) -> None:
    """Whatever the order of the rows, the first nine tenths by time train, and the rest is halved."""
    texts = sentences(200)
    order = random.Random(5).sample(range(200), 200)
    corpus = build_corpus(make_chat([texts[n] for n in order], times=order), "u1", tmp_path)
    assert texts_of(corpus, corpus.train) == texts[:180]
    assert texts_of(corpus, corpus.validation) == texts[180:190]
    assert texts_of(corpus, corpus.test) == texts[190:]
    assert corpus.first == datetime(2020, 1, 1, tzinfo=UTC)
    assert corpus.last == datetime(2020, 1, 9, 7, tzinfo=UTC)


def test_only_the_chosen_author_is_learnt_from(make_chat: MakeChat, tmp_path: Path) -> None:
    """Other people's messages are nowhere in the corpus."""
    texts = sentences(100)
    authors = ["u1" if n % 2 else "u2" for n in range(100)]
    corpus = build_corpus(make_chat(texts, author=authors), "u1", tmp_path, name="Anna")
    found = [t for part in (corpus.train, corpus.validation, corpus.test) for t in texts_of(corpus, part)]
    assert found == texts[1::2]
    assert (corpus.authors, corpus.names) == (("u1",), ("Anna",))
    assert corpus.kind == "messages"


@pytest.mark.parametrize("with_quotes", [True, False])
def test_quoted_lines_are_learnt_from_only_where_they_were_asked_for(
    make_chat: MakeChat, tmp_path: Path, *, with_quotes: bool
) -> None:
    """``read_chat(with_quotes=True)`` reaches the corpus."""
    said = sentences(100)
    chat = replace(make_chat([f"> is it {n}?\n{text}" for n, text in enumerate(said)]), with_quotes=with_quotes)
    texts = texts_of(corpus := build_corpus(chat, "u1", tmp_path), corpus.train)
    assert texts == ([f"> is it {n}?\n{text}" for n, text in enumerate(said[:90])] if with_quotes else said[:90])


def test_messages_without_a_time_keep_the_order_of_the_file(make_chat: MakeChat, tmp_path: Path) -> None:
    """Without times, the order of the rows is the order of time."""
    texts = sentences(100)
    corpus = build_corpus(make_chat(texts, times=[None] * 100), "u1", tmp_path)
    assert texts_of(corpus, corpus.train) == texts[:90]
    assert texts_of(corpus, corpus.test) == texts[95:]
    assert corpus.first is None
    assert corpus.last is None


def test_equal_times_keep_the_order_of_the_file(make_chat: MakeChat, tmp_path: Path) -> None:
    """Messages of one second stay in the order in which they were written."""
    texts = sentences(100)
    corpus = build_corpus(make_chat(texts, times=[n // 10 for n in range(100)]), "u1", tmp_path)
    assert texts_of(corpus, corpus.train) == texts[:90]


def test_nothing_held_out_is_in_the_alphabet(make_chat: MakeChat, tmp_path: Path) -> None:
    """A character that is frequent only after the split is spelt in bytes, and still comes back."""
    texts = [*sentences(90), *["ÿÿÿÿÿÿÿÿÿ"] * 10]
    corpus = build_corpus(make_chat(texts), "u1", tmp_path)
    assert "ÿ" not in corpus.alphabet.characters
    assert set(corpus.alphabet.characters) <= set("".join(texts[:90]))
    assert texts_of(corpus, corpus.test) == texts[95:]


def test_parts_are_counted_in_messages_characters_and_bytes(make_chat: MakeChat, tmp_path: Path) -> None:
    """The end of each message counts as one character and one byte, as a newline would."""
    texts = [*sentences(90), *["naïve 😀"] * 10]
    corpus = build_corpus(make_chat(texts), "u1", tmp_path)
    assert corpus.train.messages == 90
    assert corpus.train.characters == sum(len(t) + 1 for t in texts[:90])
    assert corpus.train.utf8_bytes == sum(len(t.encode()) + 1 for t in texts[:90])
    assert corpus.test.messages == 5
    assert corpus.test.characters == 5 * 8
    assert corpus.test.utf8_bytes == 5 * 12
    assert len(corpus.test) == len(corpus.test.ids) - 1


def test_arrays_are_memory_mapped(make_chat: MakeChat, tmp_path: Path) -> None:
    """The encoded text lies on disk, and authors of a solo voice take no memory."""
    corpus = build_corpus(make_chat(sentences(100)), "u1", tmp_path)
    for name in ("train", "validation", "test"):
        part = getattr(corpus, name)
        assert isinstance(part.ids, np.memmap)
        assert part.ids.dtype == np.uint16
        assert (tmp_path / f"{name}.u16").stat().st_size == 2 * len(part.ids)
        assert part.authors.shape == part.ids.shape
        assert (part.authors == 1).all()
        assert part.authors.strides == (0,)


def test_a_fraction_keeps_the_first_by_time(make_chat: MakeChat, tmp_path: Path) -> None:
    """With half of the messages, nothing of the second half is in any part."""
    texts = sentences(200)
    corpus = build_corpus(make_chat(texts[::-1], times=range(200)[::-1]), "u1", tmp_path, fraction=0.5)
    assert texts_of(corpus, corpus.train) == texts[:90]
    assert texts_of(corpus, corpus.test) == texts[95:100]


def test_the_dates_are_those_of_the_messages_used(make_chat: MakeChat, tmp_path: Path) -> None:
    """With a fraction, the last date is that of the last message in the corpus, not in the chat."""
    corpus = build_corpus(make_chat(sentences(240)), "u1", tmp_path, fraction=0.5)
    assert corpus.first == datetime(2020, 1, 1, tzinfo=UTC)
    assert corpus.last == datetime(2020, 1, 5, 23, tzinfo=UTC)


def test_lowercase_folds_all_text(make_chat: MakeChat, tmp_path: Path) -> None:
    """With lowercase, no capital is left, in the alphabet or in the held-out text."""
    texts = [text.upper() for text in sentences(100)]
    corpus = build_corpus(make_chat(texts), "u1", tmp_path, lowercase=True)
    assert not any(c.isupper() for c in corpus.alphabet.characters)
    assert texts_of(corpus, corpus.test) == [text.lower() for text in texts[95:]]


def running(corpus: Corpus, part: Part) -> str:
    """Return the text of a part of running text."""
    assert part.ids[0] == END
    assert END not in part.ids[1:]
    return corpus.alphabet.decode(part.ids[1:].tolist())


def test_running_text_is_split_by_position(make_chat: MakeChat, tmp_path: Path) -> None:
    """A book is one stream: newlines are characters, and the parts follow one another without a gap."""
    text = "\n".join(sentences(100))
    corpus = build_corpus(make_chat([text], times=[None], kind="stream"), "u1", tmp_path)
    parts = [running(corpus, part) for part in (corpus.train, corpus.validation, corpus.test)]
    assert "".join(parts) == text
    assert len(parts[0]) == len(text) - round(len(text) / 10)
    assert len(parts[2]) - len(parts[1]) in (0, 1)
    assert "\n" in corpus.alphabet.characters
    assert [part.messages for part in (corpus.train, corpus.validation, corpus.test)] == [0, 0, 0]
    assert [part.characters for part in (corpus.train, corpus.validation, corpus.test)] == [len(p) for p in parts]


@pytest.mark.parametrize("width", [1, 37, 1000])
def test_running_text_is_the_same_however_it_is_cut_into_rows(make_chat: MakeChat, tmp_path: Path, width: int) -> None:
    """Rows of running text are cut anywhere, so newlines and spaces at their edges are kept."""
    text = "\n\n".join(sentences(60)) + "\n  indented,   spaced\n\n"
    pieces = [text[n : n + width] for n in range(0, len(text), width)]
    corpus = build_corpus(make_chat(pieces, times=[None] * len(pieces), kind="stream"), "u1", tmp_path)
    found = "".join(running(corpus, part) for part in (corpus.train, corpus.validation, corpus.test))
    assert found.strip() == text.strip()


def test_too_few_messages_say_how_many_are_needed(make_chat: MakeChat, tmp_path: Path) -> None:
    """An author of nine messages, or of none, can't be split."""
    with pytest.raises(TooLittleTextError, match=r"only 9 messages .*at least 10"):
        build_corpus(make_chat(["word " * 100] * 9), "u1", tmp_path)
    with pytest.raises(TooLittleTextError, match=r"only 0 messages .*at least 10"):
        build_corpus(make_chat(["word " * 100] * 9), "nobody", tmp_path)


def test_too_little_text_says_how_much_is_needed(make_chat: MakeChat, tmp_path: Path) -> None:
    """Many short messages, or a short running text, are counted in characters."""
    with pytest.raises(TooLittleTextError, match=f"only 180 characters .*at least {MIN_CHARACTERS}"):
        build_corpus(make_chat(["ok"] * 100), "u1", tmp_path)
    with pytest.raises(TooLittleTextError, match=f"only 499 characters .*at least {MIN_CHARACTERS}"):
        build_corpus(make_chat(["x" * 499], kind="stream"), "u1", tmp_path)


def test_the_fingerprint_changes_with_text_and_author(make_chat: MakeChat, tmp_path: Path) -> None:
    """Equal text gives an equal SHA-256; one other character, order, author, kind or fraction another one."""
    texts = sentences(100)
    last_changed = [*texts[:-1], texts[-1] + "!"]
    first_changed = ["n" + texts[0][1:], *texts[1:]]
    swapped = [texts[1], texts[0], *texts[2:]]
    base = build_corpus(make_chat(texts), "u1", tmp_path).sha256
    assert len(base) == 64
    assert build_corpus(make_chat(texts), "u1", tmp_path).sha256 == base
    others = [
        build_corpus(make_chat(last_changed), "u1", tmp_path),
        build_corpus(make_chat(first_changed), "u1", tmp_path),
        build_corpus(make_chat(swapped), "u1", tmp_path),
        build_corpus(make_chat(texts, author="u2"), "u2", tmp_path),
        build_corpus(make_chat(texts, kind="stream"), "u1", tmp_path),
        build_corpus(make_chat(texts), "u1", tmp_path, fraction=0.9),
    ]
    assert len({base, *(corpus.sha256 for corpus in others)}) == 7


def test_more_text_than_is_encoded_at_once(make_chat: MakeChat, tmp_path: Path) -> None:
    """Text is encoded some at a time; where it is cut leaves no trace."""
    texts = [f"{n} " + "long message é " * 1000 for n in range(100)]
    corpus = build_corpus(make_chat(texts), "u1", tmp_path)
    found = [t for part in (corpus.train, corpus.validation, corpus.test) for t in texts_of(corpus, part)]
    assert found == [text.rstrip() for text in texts]


def test_a_folder_that_cannot_be_written_is_a_corpus_error(make_chat: MakeChat, tmp_path: Path) -> None:
    """What the disk refuses is one line that names the file."""
    with pytest.raises(CorpusError, match=r"missing/messages\.u16: can't be written: [^\n]+$"):
        build_corpus(make_chat(sentences(100)), "u1", tmp_path / "missing")


def room_chat(make_chat: MakeChat, others: int = 3) -> Chat:
    """Return a chat in which u0 … u3 take turns."""
    texts = sentences(400)
    return make_chat(texts, author=[f"u{n % (others + 1)}" for n in range(400)])


def test_the_room_stands_behind_one_authors_voice(make_chat: MakeChat, tmp_path: Path) -> None:
    """Everyone's messages train, the author's own are a part of their own, and what is held out is as without the room."""
    (tmp_path / "solo").mkdir()
    chat = room_chat(make_chat)
    alone = build_corpus(chat, "u1", tmp_path / "solo")
    corpus = build_corpus(chat, "u1", tmp_path, name="Anna", room=2)
    assert corpus.own is not None
    for found, should in ((corpus.own, alone.train), (corpus.validation, alone.validation), (corpus.test, alone.test)):
        assert texts_of(corpus, found) == texts_of(alone, should)
        assert set(found.authors.tolist()) == {1}
    assert corpus.room
    assert corpus.target is corpus.own
    assert texts_of(corpus, corpus.train) == sentences(361)  # u1's first held-out message is number 361
    assert corpus.authors == ("u1", corpus.authors[1])
    assert corpus.names[0] == "Anna"
    assert corpus.names[1] == f"name of {corpus.authors[1]}"
    assert set(corpus.train.authors.tolist()) == {0, 1, 2}
    assert corpus.sha256 != alone.sha256


def test_a_room_voice_learns_from_all_and_is_tested_on_all(make_chat: MakeChat, tmp_path: Path) -> None:
    """Without an author, the last tenth of all messages is held out."""
    corpus = build_corpus(room_chat(make_chat), None, tmp_path, room=10)
    assert corpus.own is None
    assert corpus.target is corpus.train
    assert texts_of(corpus, corpus.train) == sentences(360)
    assert texts_of(corpus, corpus.test) == sentences(400)[380:]
    assert set(corpus.authors) == {"u0", "u1", "u2", "u3"}
    assert set(corpus.test.authors.tolist()) == {1, 2, 3, 4}


@pytest.mark.parametrize("author", [None, "u1"])
def test_whom_is_left_out_of_the_room_is_nowhere(make_chat: MakeChat, tmp_path: Path, author: str | None) -> None:
    """Neither learnt nor held out, nor known by name; the author's own parts are what they were; it says who that is."""
    (tmp_path / "all").mkdir()
    chat = room_chat(make_chat)
    everyone = build_corpus(chat, author, tmp_path / "all", room=10)
    corpus = build_corpus(chat, author, tmp_path, room=10, left_out=["u3"])
    assert (everyone.left_out, corpus.left_out) == ((), ("u3",))
    assert set(corpus.authors) == {"u0", "u1", "u2"}
    learnt = texts_of(corpus, corpus.train)
    assert set(learnt) < set(texts_of(everyone, everyone.train))
    assert not {text for text in learnt if int(text.split()[2]) % 4 == 3}
    if author is not None:
        assert corpus.own is not None
        assert everyone.own is not None
        assert texts_of(corpus, corpus.own) == texts_of(everyone, everyone.own)
        assert texts_of(corpus, corpus.test) == texts_of(everyone, everyone.test)


def test_a_running_text_has_no_room(make_chat: MakeChat, tmp_path: Path) -> None:
    """The error says so."""
    with pytest.raises(CorpusError, match="nobody else is in the room"):
        build_corpus(make_chat(["abc " * 1000], kind="stream"), "u1", tmp_path, room=3)


def test_canaries_are_planted_among_the_training_messages_only(make_chat: MakeChat, tmp_path: Path) -> None:
    """Each as often as asked for; the messages stay, what is held out stays, and the fingerprint is another one."""
    chat, secrets = make_chat(sentences(100)), canaries(3, 2)
    (tmp_path / "plain").mkdir()
    plain = build_corpus(chat, "u1", tmp_path / "plain")
    corpus = build_corpus(chat, "u1", tmp_path, canaries=secrets, canary_times=4)
    trained = texts_of(corpus, corpus.train)
    planted = [canary.text for canary in secrets]
    assert [text for text in trained if text not in planted] == sentences(90)
    assert [trained.count(text) for text in planted] == [4, 4]
    assert trained[:3] != planted[:1] * 3
    assert texts_of(corpus, corpus.validation) == texts_of(plain, plain.validation)
    assert texts_of(corpus, corpus.test) == texts_of(plain, plain.test)
    assert corpus.train.messages == 98
    assert corpus.train.characters == plain.train.characters + 4 * sum(len(text) + 1 for text in planted)
    assert corpus.sha256 != plain.sha256
    assert build_corpus(chat, "u1", tmp_path / "plain", canaries=canaries(4, 2), canary_times=4).sha256 != corpus.sha256
    assert build_corpus(chat, "u1", tmp_path / "plain", canaries=(), canary_times=4).sha256 == plain.sha256


@pytest.mark.parametrize("author", ["u1", None])
def test_in_a_room_canaries_are_the_authors(make_chat: MakeChat, tmp_path: Path, author: str | None) -> None:
    """With everyone behind, they are among everyone's messages and among the author's own, with the author's value."""
    secrets = canaries(0, 3)
    corpus = build_corpus(room_chat(make_chat), author, tmp_path, room=3, canaries=secrets, canary_times=2)
    for part in (corpus.train, corpus.own):
        if part is None:
            continue
        texts = texts_of(corpus, part)
        assert [texts.count(canary.text) for canary in secrets] == [2, 2, 2]
        ends = np.flatnonzero(part.ids == END)
        values = {int(part.authors[end]) for end, text in zip(ends[1:], texts, strict=True) if text in {c.text for c in secrets}}
        assert values == {1}


def test_a_running_text_takes_no_canaries(make_chat: MakeChat, tmp_path: Path) -> None:
    """The error says so."""
    with pytest.raises(CorpusError, match="train without --canaries"):
        build_corpus(make_chat(["abc " * 1000], kind="stream"), "u1", tmp_path, canaries=canaries(0, 1))


def test_every_character_can_be_a_symbol(make_chat: MakeChat, tmp_path: Path) -> None:
    """However rare, in the order of their code points, and only those of the training part."""
    texts = [*sentences(90), *["later \u00fc"] * 10]
    texts[3] += " \u2603"
    corpus = build_corpus(make_chat(texts), "u1", tmp_path, every_character=True)
    assert corpus.alphabet.characters == "".join(sorted(set("".join(texts[:90]))))
    assert texts_of(corpus, corpus.train) == texts[:90]


def test_more_characters_than_ids_are_refused(make_chat: MakeChat, tmp_path: Path) -> None:
    """Where each is to be a symbol; the number is said."""
    every = "".join(map(chr, [*range(0x3400, 0xD000), *range(0x10000, 0x17000)]))
    texts = [every[start : start + 1000] for start in range(0, len(every), 1000)] * 2
    with pytest.raises(CorpusError, match="different characters, and at most 65,279 can be symbols each"):
        build_corpus(make_chat(texts), "u1", tmp_path, every_character=True)
