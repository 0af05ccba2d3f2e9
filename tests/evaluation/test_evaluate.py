"""The whole judgement of a voice, on the bundled chat."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import jsonschema_rs
import pytest

from talklike.errors import OptionError
from talklike.evaluation.copying import TrainingText
from talklike.evaluation.evaluate import LEAST_MESSAGES, evaluate
from talklike.evaluation.shares import Share
from talklike.evaluation.whose import Whose, whose
from tests.evaluation.styles import loud, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from talklike.chat.table import Chat
    from talklike.generation.voice import Voice
    from tests.evaluation.conftest import Judged

SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "report.schema.json"


def closed(schema: Any) -> bool:
    """Return whether every object of a schema says which fields it has, or what all of them are, and describes each."""
    if isinstance(schema, list):
        return all(map(closed, schema))
    if not isinstance(schema, dict):
        return True
    said = "additionalProperties" in schema or schema.get("type") != "object"
    described = all("description" in field for field in schema.get("properties", {}).values())
    return said and described and all(map(closed, schema.values()))


def test_the_report_is_as_its_schema_says(judged: Judged) -> None:
    """With messages and without; the schema leaves nothing open and describes every field."""
    schema = json.loads(SCHEMA.read_text())
    assert closed(schema)
    validator = jsonschema_rs.validator_for(schema)
    asked = Whose(3, 0.5, Share(0.8, 0.7, 0.9, 40), Share(0.7, 0.6, 0.8, 40), 0.1, -0.05, 0.25)
    for texts, answer in ((True, None), (False, None), (True, asked), (False, asked)):
        found = replace(judged.found, whose=answer)
        report = json.loads(json.dumps(found.to_dict(texts=texts), allow_nan=False))
        assert (report["who"] is None) == (answer is None)
        assert [error.message for error in validator.iter_errors(report)] == []


def test_without_texts_nobody_s_words_are_in_it(judged: Judged) -> None:
    """Not even the voice's; canaries are nobody's."""
    report = judged.found.to_dict(texts=False)
    report.pop("exposure")
    said = json.dumps(report)
    page = judged.found.html(texts=False)
    others = {who for who, _ in judged.found.material.learnt} - {judged.found.material.author}
    others |= set(judged.chat.authors()["author"]) - {judged.found.material.author}
    assert not [who for who in others if who in said or who in page]
    assert judged.found.source not in said
    for text in (*judged.found.material.test, *judged.found.written):
        if len(text) > 15:
            assert json.dumps(text)[1:-1] not in said
            assert text not in page


def test_figures_are_those_of_the_parts(judged: Judged) -> None:
    """What is reported of copying is what the training text says of what was written."""
    found = judged.found
    assert len(found.written) == 60
    training = TrainingText(found.material.learnt, author=found.material.author)
    assert found.to_dict()["copying"]["generated"] == training.copied(found.written).to_dict()
    assert found.to_dict()["copying"]["real"] == training.copied([text[:500] for text in found.material.test]).to_dict()
    assert found.material.same
    assert found.notes == ()


def test_canaries_are_ranked(judged: Judged) -> None:
    """Those that the voice's recipe says were planted."""
    assert len(judged.found.exposure) == 2
    assert [one["canary"][:12] for one in judged.found.to_dict()["exposure"]] == ["my code for "] * 2


def test_the_verdict_says_only_what_stands_in_the_report(judged: Judged) -> None:
    """Three sentences about this author; the last one says that the run was still learning."""
    said = judged.found.verdict
    assert len(said) == 3
    assert said[2].startswith(("Give it more text", "Train it longer"))
    assert "mossy_keel" in " ".join(said)


def test_progress_is_told_from_nothing_to_all(judged: Judged) -> None:
    """For every stage."""
    stages = list(dict.fromkeys(stage for stage, _ in judged.told))
    assert list(judged.found.seconds) == stages
    for stage in stages:
        shares = [share for name, share in judged.told if name == stage]
        assert shares == sorted(shares)
        assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_a_chat_that_isn_t_the_voice_s_is_told_first(judged: Judged) -> None:
    """Then messages taken as held out may have been learnt."""
    other = replace(judged.chat, frame=judged.chat.frame.slice(500))
    found = evaluate(judged.voice, other, messages=LEAST_MESSAGES, temperatures=(1.0,))
    assert "not exactly the chat" in found.notes[0]
    assert not found.to_dict()["chat"]["same"]


def test_what_couldn_t_be_compared_is_told(judged: Judged, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that is missing, and why likeness wasn't asked."""
    monkeypatch.setattr(import_module("talklike.evaluation.evaluate"), "left_out", lambda: {"PPMd": "needs the package pyppmd"})
    lonely = replace(judged.found, likeness=replace(judged.found.likeness, notes=("Hardly anyone else writes.",)))
    assert lonely.notes == ("PPMd is not among the simple methods: it needs the package pyppmd.", "Hardly anyone else writes.")


def test_a_room_s_voice_that_couldn_t_be_asked_who_wrote_what_says_so(judged: Judged) -> None:
    """Not one author's, which has nobody to tell apart."""
    card = judged.voice.card
    room = replace(card, authors=("a", "b"), names=("a", "b"), provenance=card.provenance | {"author": None})
    found = replace(judged.found, voice=cast("Voice", SimpleNamespace(card=room, default_sampling=judged.voice.default_sampling)))
    assert [note for note in found.notes if "Who wrote what was not asked: fewer than 20" in note]
    asked = Whose(2, 0.5, Share(0.8, 0.7, 0.9, 40), Share(0.7, 0.6, 0.8, 40), 0.1, -0.05, 0.25)
    assert replace(found, whose=asked).notes == ()


def test_a_room_s_voice_is_asked_who_wrote_what(make_chat: Callable[..., Chat], make_voice: Callable[..., Voice]) -> None:
    """Whoever of its authors it is judged as; a voice of one author isn't asked."""
    texts = [" ".join(pair) for style in (plain, loud) for pair in zip(*[iter(style(2400, 1))] * 6, strict=True)]
    chat = make_chat([text for pair in zip(texts[:400], texts[400:], strict=True) for text in pair], author=["al", "bo"] * 400)
    voice = make_voice(authors=("bo", "al"), recipe={"room": 2}, scale=0.1)
    told: list[str] = []
    found = evaluate(
        voice, chat, author="al", messages=LEAST_MESSAGES, temperatures=(1.0,), seed=4, told=lambda stage, _: told.append(stage)
    )
    assert found.whose == whose(voice, chat, seed=4)
    assert found.whose is not None
    assert (found.whose.voice.texts, found.whose.linear.share) == (40, 1.0)
    assert found.to_dict(texts=False)["who"] == found.whose.to_dict()
    assert "Who wrote it" in found.html()
    assert "asking who wrote what" in told


def test_too_few_messages_say_nothing(judged: Judged) -> None:
    """It is said how many are needed."""
    with pytest.raises(OptionError, match=f"must be from {LEAST_MESSAGES}"):
        evaluate(judged.voice, judged.chat, messages=5)


def test_the_same_seed_finds_the_same(judged: Judged) -> None:
    """All figures but the seconds."""
    again = evaluate(judged.voice, judged.chat, messages=60, temperatures=(0.5, 1.0), loss=judged.found.loss, file="mossy.onnx")
    assert replace(again, seconds={}).to_dict() == replace(judged.found, seconds={}).to_dict()


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"messages": 20_000}, "messages are 20000"),
        ({"seed": -1}, "seed is -1"),
        ({"seed": 1 << 32}, "seed is"),
        ({"temperatures": (-1.0,)}, "temperature is -1"),
    ],
)
def test_what_makes_no_sense_is_told_at_once(judged: Judged, values: dict[str, Any], says: str) -> None:
    """Not after minutes."""
    told: list[str] = []
    with pytest.raises(OptionError, match=says):
        evaluate(judged.voice, judged.chat, told=lambda stage, _: told.append(stage), **values)
    assert told == []
