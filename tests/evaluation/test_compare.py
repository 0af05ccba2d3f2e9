"""Voices side by side."""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest

from talklike.errors import OptionError
from talklike.evaluation.compare import compare, row_of

if TYPE_CHECKING:
    from tests.evaluation.conftest import Judged


def test_a_voice_beside_itself_is_no_better(judged: Judged, monkeypatch: pytest.MonkeyPatch) -> None:
    """The difference of the same messages' bits is nothing, and its interval too; temperature changes what it writes alone.

    The chat is gone through once.
    """
    module = import_module("talklike.evaluation.compare")
    gather = Mock(wraps=module.gather)
    monkeypatch.setattr(module, "gather", gather)
    told: list[tuple[str, float]] = []
    pair = [("a", judged.voice), ("b", judged.voice)]
    rows = compare(pair, judged.chat, temperatures=(0.5, 1.0), messages=40, told=lambda *one: told.append(one))
    assert [(row.label, row.temperature) for row in rows] == [("a", 0.5), ("a", 1.0), ("b", 0.5), ("b", 1.0)]
    assert (rows[0].fewer, rows[0].fewer_ends) == (None, None)
    assert (rows[2].fewer, rows[2].fewer_ends) == (0.0, (0.0, 0.0))
    assert rows[0].bits == rows[1].bits
    assert rows[0].self_bleu != rows[1].self_bleu
    gather.assert_called_once()
    assert told == [("a", 0.0), ("a", 0.5), ("a", 1.0), ("b", 0.0), ("b", 0.5), ("b", 1.0)]


def test_a_row_is_what_the_report_says(judged: Judged) -> None:
    """The same voice, seed and messages give the same figures by both ways."""
    report = json.loads(json.dumps(judged.found.to_dict()))
    row = compare([("mossy", judged.voice)], judged.chat, messages=60)[0]
    from dataclasses import fields

    again = row_of(report, "mossy")
    for field in fields(row):
        expected, found = getattr(row, field.name), getattr(again, field.name)
        if isinstance(expected, float | tuple):
            assert found == pytest.approx(expected, abs=1e-3), field.name


def test_too_few_messages_say_nothing(judged: Judged) -> None:
    """As with ``evaluate``."""
    with pytest.raises(OptionError, match="messages are 2,"):
        compare([("a", judged.voice)], judged.chat, messages=2)
