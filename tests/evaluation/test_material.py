"""What a voice is judged on: just what training held out, found again in the chat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from talklike.chat.read import read_chat
from talklike.corpus.canaries import canaries
from talklike.corpus.choose import automated, choose_author
from talklike.corpus.corpus import build_corpus
from talklike.errors import AuthorNotFoundError, OptionError, TooLittleTextError
from talklike.evaluation import material
from talklike.evaluation.material import gather
from talklike.sample import sample_path

if TYPE_CHECKING:
    from pathlib import Path

    from talklike.chat.table import Chat
    from talklike.corpus.corpus import Corpus
    from talklike.corpus.encode import Part
    from talklike.voice.card import Card

MakeCard = Callable[..., "Card"]
MakeChat = Callable[..., "Chat"]
WHO = choose_author(read_chat(sample_path())).author


@pytest.fixture(scope="module")
def chat() -> Chat:
    """Return the bundled chat."""
    return read_chat(sample_path())


def card_of(make_card: MakeCard, corpus: Corpus, author: str | None, **recipe: Any) -> Card:
    """Return the card that a voice trained on a corpus has."""
    return make_card(
        alphabet=corpus.alphabet.characters, authors=corpus.authors, kind=corpus.kind, recipe=recipe,
        provenance={"sha256": corpus.sha256, "author": author, "left_out": list(corpus.left_out)},
    )  # fmt: skip


def messages_of(corpus: Corpus, part: Part, author: int | None = None) -> list[str]:
    """Return the messages of a part, of one author if wanted, decoded from its symbols."""
    found, begin = [], 1
    for end in (part.ids[1:] == 0).nonzero()[0] + 1:
        if author is None or part.authors[end] == author:
            found.append(corpus.alphabet.decode(part.ids[begin:end]))
        begin = end + 1
    return found


@pytest.mark.parametrize("room", [0, 3])
@pytest.mark.parametrize("lowercase", [False, True])
def test_the_author_s_parts_are_those_of_training(
    chat: Chat, make_card: MakeCard, tmp_path: Path, room: int, lowercase: bool
) -> None:
    """Alone and with the room behind him, as the card says."""
    corpus = build_corpus(chat, WHO, tmp_path, room=room, lowercase=lowercase)
    found = gather(chat, card_of(make_card, corpus, WHO, room=room, lowercase=lowercase, fraction=1.0))
    assert found.same
    assert (found.author, found.speaker, found.left_out) == (WHO, 1, 0)
    assert list(found.train) == messages_of(corpus, corpus.target)
    assert list(found.validation) == messages_of(corpus, corpus.validation)
    assert list(found.test) == messages_of(corpus, corpus.test)
    assert sorted(text for _, text in found.learnt) == sorted(messages_of(corpus, corpus.train))
    assert ({who for who, _ in found.learnt} == {WHO}) == (not room)


@pytest.mark.parametrize("author", [WHO, None])
def test_whom_training_left_out_is_left_out(chat: Chat, make_card: MakeCard, tmp_path: Path, author: str | None) -> None:
    """As the card says: not searched for copies, not told apart from, not read before a message."""
    bots = automated(chat)
    assert bots
    corpus = build_corpus(chat, author, tmp_path, room=3, left_out=bots)
    card = card_of(make_card, corpus, author, room=3)
    found = gather(chat, card)
    assert found.same
    said = set(chat.frame.filter(pl.col("author").is_in(bots)).collect()["text"])
    assert not said & {*(text for _, text in found.learnt), *found.others_train, *found.others_test}
    assert not said & {turn.text for context in found.contexts for turn in context}
    assert not gather(chat, replace(card, provenance=card.provenance | {"left_out": None})).same


def test_any_author_of_a_room_voice_can_be_judged(chat: Chat, make_card: MakeCard, tmp_path: Path) -> None:
    """His messages are those of the room's parts that are his; whom it doesn't know by name can't be."""
    corpus = build_corpus(chat, None, tmp_path, room=3)
    card = card_of(make_card, corpus, None, room=3)
    second = gather(chat, card, corpus.authors[1])
    assert second.speaker == 2
    assert list(second.train) == messages_of(corpus, corpus.train, 2)
    assert list(second.test) == messages_of(corpus, corpus.test, 2)
    assert gather(chat, card).author == corpus.authors[0]
    unknown = chat.authors()["author"][-1]
    with pytest.raises(AuthorNotFoundError, match="can be judged as"):
        gather(chat, card, unknown)


def test_another_chat_is_noticed(chat: Chat, make_card: MakeCard, tmp_path: Path) -> None:
    """The same chat without its first days isn't what the voice learnt from."""
    corpus = build_corpus(chat, WHO, tmp_path)
    card = card_of(make_card, corpus, WHO)
    assert not gather(replace(chat, frame=chat.frame.slice(500)), card).same


def test_planted_canaries_don_t_make_it_another_chat(chat: Chat, make_card: MakeCard, tmp_path: Path) -> None:
    """They follow from the recipe."""
    corpus = build_corpus(chat, WHO, tmp_path, canaries=canaries(5, 2), canary_times=3)
    assert gather(chat, card_of(make_card, corpus, WHO, seed=5, canaries=2, canary_times=3)).same
    assert not gather(chat, card_of(make_card, corpus, WHO, seed=6, canaries=2, canary_times=3)).same


def talk(*, timed: bool = True) -> list[tuple[str, int | None, str, str]]:
    """Return author, hour, channel and text of messages in two channels that take turns."""
    rows = []
    for hour in range(120):
        who, channel = ("me", "ann", "bob")[hour % 3], ("a", "b")[hour % 2]
        rows.append((who, hour if timed else None, channel, f"{who} said {hour:03} of the many things there are"))
    return rows


def chat_of(make_chat: MakeChat, rows: list[tuple[str, int | None, str, str]]) -> Chat:
    """Return a chat of rows."""
    chat = make_chat([text for *_, text in rows])
    times = [None if hour is None else datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=hour) for _, hour, _, _ in rows]
    whole = chat.frame.collect().with_columns(
        author=pl.Series([who for who, *_ in rows]), channel=pl.Series([channel for _, _, channel, _ in rows]),
        time=pl.Series(times, dtype=pl.Datetime("us", "UTC")),
    )  # fmt: skip
    return replace(chat, frame=whole.lazy())


def test_contexts_are_what_stood_before_in_the_channel(
    make_chat: MakeChat, make_card: MakeCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nearest messages of anyone there, oldest first, as many as are read; and the author's own among them."""
    chat = chat_of(make_chat, talk())
    corpus = build_corpus(chat, "me", tmp_path, room=2)
    monkeypatch.setattr(material, "REACH", 150)
    found = gather(chat, card_of(make_card, corpus, "me", room=2))
    assert found.test[-1].startswith("me said 117")
    last, own = found.contexts[-1], found.own[-1]
    assert [turn.text.split(" of")[0] for turn in last] == ["me said 111", "bob said 113", "ann said 115"]
    knows = {author: number for number, author in enumerate(corpus.authors, 1)}
    assert [turn.author for turn in last] == [knows.get(who, 0) for who in ("me", "bob", "ann")]
    assert sorted(knows.values()) == [1, 2]
    assert [turn.text.split(" of")[0] for turn in own] == ["me said 099", "me said 105", "me said 111"]
    assert {turn.author for turn in own} == {1}


@pytest.mark.parametrize("timed", [True, False])
def test_others_are_parted_where_the_author_is(
    make_chat: MakeChat, make_card: MakeCard, tmp_path: Path, timed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What others wrote before his first held-out message, and from then on; a sample where there is much."""
    rows = talk(timed=timed)
    chat = chat_of(make_chat, rows)
    card = card_of(make_card, build_corpus(chat, "me", tmp_path), "me")
    found = gather(chat, card)
    first = next(place for place, (*_, text) in enumerate(rows) if text == found.validation[0])
    assert list(found.others_train) == [text for who, _, _, text in rows[:first] if who != "me"]
    assert list(found.others_test) == [text for who, _, _, text in rows[first:] if who != "me"]
    monkeypatch.setattr(material, "MOST_OTHERS", 5)
    fewer = gather(chat, card, seed=1)
    assert len(fewer.others_train) == 5
    assert set(fewer.others_train) < set(found.others_train)


def test_of_much_text_the_author_s_own_and_the_latest_is_searched(
    chat: Chat, make_card: MakeCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And how much isn't is told."""
    corpus = build_corpus(chat, WHO, tmp_path, room=2)
    own = sum(map(len, messages_of(corpus, corpus.target)))
    whole = sum(map(len, messages_of(corpus, corpus.train)))
    monkeypatch.setattr(material, "MOST_LEARNT", own + 10_000)
    found = gather(chat, card_of(make_card, corpus, WHO, room=2))
    kept = sum(len(text) for _, text in found.learnt)
    assert own <= kept <= own + 10_000
    assert found.left_out == whole - kept


def test_of_many_held_out_messages_the_first_are_scored(
    chat: Chat, make_card: MakeCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that each follows the one before it, for those who go on learning."""
    corpus = build_corpus(chat, WHO, tmp_path)
    monkeypatch.setattr(material, "MOST_TESTED", 7)
    found = gather(chat, card_of(make_card, corpus, WHO))
    assert list(found.test) == messages_of(corpus, corpus.test)[:7]


@pytest.mark.parametrize("timed", [True, False])
def test_a_long_message_before_is_read_at_its_end(
    make_chat: MakeChat, make_card: MakeCard, tmp_path: Path, timed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rather than none; without times too, where channels take turns in the file."""
    chat = chat_of(make_chat, talk(timed=timed))
    corpus = build_corpus(chat, "me", tmp_path)
    monkeypatch.setattr(material, "REACH", 20)
    found = gather(chat, card_of(make_card, corpus, "me"))
    assert [turn.text for turn in found.contexts[-1]] == ["ann said 115 of the many things there are"[-20:]]
    assert [turn.text for turn in found.own[-1]] == ["me said 111 of the many things there are"[-20:]]


def test_who_can_be_judged_is_told(chat: Chat, make_card: MakeCard, tmp_path: Path) -> None:
    """Of one author's voice only that one, even if it knows others by name; and a chat without him is another chat."""
    corpus = build_corpus(chat, WHO, tmp_path, room=3)
    card = card_of(make_card, corpus, WHO, room=3)
    with pytest.raises(AuthorNotFoundError, match=f"can be judged as {WHO}$"):
        gather(chat, card, corpus.authors[1])
    elsewhere = replace(chat, frame=chat.frame.filter(pl.col("author") != WHO))
    with pytest.raises(AuthorNotFoundError, match="give the chat that the voice learnt from"):
        gather(elsewhere, card)


def test_a_running_text_is_judged_by_passages(make_chat: MakeChat, make_card: MakeCard, tmp_path: Path) -> None:
    """Each with the text right before it."""
    text = "".join(f"{number} times the sea came in. " for number in range(800))
    chat = make_chat([text], kind="stream")
    corpus = build_corpus(chat, "u1", tmp_path)
    found = gather(chat, card_of(make_card, corpus, "u1"))
    assert found.same
    whole = "".join(found.train) + "".join(found.validation) + "".join(found.test)
    assert whole == text
    assert {len(passage) for passage in found.test[:-1]} == {material.PASSAGE}
    for number, (passage, before) in enumerate(zip(found.test, found.own, strict=True)):
        at = len(text) - len("".join(found.test[number:]))
        assert text[at : at + len(passage)] == passage
        assert before[0].text == text[at - material.REACH : at]
    assert (found.others_train, found.others_test) == ((), ())
    renamed = make_chat([text], author="another file", kind="stream")
    assert gather(renamed, card_of(make_card, corpus, "u1")).same
    with pytest.raises(OptionError, match="learnt from messages"):
        gather(chat, make_card())


def test_too_little_of_the_author_is_told(make_chat: MakeChat, make_card: MakeCard) -> None:
    """As in training."""
    with pytest.raises(TooLittleTextError):
        gather(make_chat(["hello"] * 20), make_card(provenance={"author": "u1"}))
