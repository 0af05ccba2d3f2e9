"""Tests of the text that pages send."""

from __future__ import annotations

import json

import nicegui.client
import nicegui.json
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.studio.page_text import listen, parsed, whole


@given(st.text(st.characters(), max_size=20))
def test_what_a_browser_sends_is_read(text: str) -> None:
    """Whole characters stay as they are, however they are spelt; each half becomes a question mark."""
    fit = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")  # two halves that fit are a character
    expected = fit.encode("utf-8", "replace").decode()
    assert parsed(json.dumps({"value": [text]})) == {"value": [expected]}


def test_spelt_out_it_is_no_half() -> None:
    """Backslash, u, d and so on are six characters, if that is what somebody types."""
    typed = "\\ud83d"
    assert parsed(json.dumps(typed)) == typed
    assert parsed(json.dumps([json.dumps("\ud83d")])) == [json.dumps("\ud83d")]


def test_halves_are_found_in_everything() -> None:
    """In names and in lists too; what is no text stays."""
    assert whole({"a\udc00": ["\ud83d", {"b": "gull \U0001f426"}], "n": [1, 2.5, None, True]}) == {
        "a?": ["?", {"b": "gull \U0001f426"}],
        "n": [1, 2.5, None, True],
    }


def test_what_is_no_json_is_refused() -> None:
    """With or without a half in it."""
    for text in ("{", '{"\\ud83d'):
        with pytest.raises(ValueError, match="line 1"):
            parsed(text)


def test_every_event_is_read_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """NiceGUI's own parser, which refuses a half, is replaced where its client looks it up."""
    monkeypatch.setattr(nicegui.json, "loads", nicegui.json.loads)  # put back afterwards
    listen()
    listen()
    assert vars(nicegui.client)["json"].loads('["\\ud83d", "\\ud83d\\udc26"]') == ["?", "\U0001f426"]
