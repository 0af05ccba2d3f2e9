"""Streams: what travels together, and what comes when."""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING

import httpx

from tests.server.running import PATIENCE, post

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tests.server.running import Running


def test_characters_travel_together(server: Running) -> None:
    """A text of a thousand characters takes far fewer events, of which the first has little and the last says why it ended."""
    answer = post(server, stream=True, max_tokens=1000, min_tokens=1000)
    events = [json.loads(line[6:]) for line in answer.text.split("\n\n") if line and "[DONE]" not in line]
    texts = [event["choices"][0]["text"] for event in events]
    assert len("".join(texts)) == 1000
    assert len(texts) < 500
    assert [event["choices"][0]["finish_reason"] for event in events] == [None] * (len(events) - 1) + ["length"]
    assert len({event["id"] for event in events}) == 1


def test_the_end_of_a_text_waits_for_no_pause(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """However seldom events are sent, the last comes when the text is finished; the client would give up before the next."""
    monkeypatch.setattr(import_module("talklike.server.writing"), "TOGETHER", 10 * PATIENCE)
    answer = post(server, stream=True, max_tokens=1000, min_tokens=1000)
    events = [json.loads(line[6:]) for line in answer.text.split("\n\n") if line and "[DONE]" not in line]
    assert sum(len(event["choices"][0]["text"]) for event in events) == 1000
    assert len(events) == 2


def test_events_come_while_the_text_is_written(small: Callable[..., Running]) -> None:
    """The first event is there long before the text is."""
    server = small(length=1_000_000)
    body = {"model": "harbour", "stream": True, "max_tokens": 1_000_000, "min_tokens": 1_000_000, "seed": 1}
    with (
        httpx.Client(base_url=server.url, timeout=PATIENCE) as client,
        client.stream("POST", "/v1/completions", json=body) as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()  # kept: letting it go closes the connection, and the server stops writing
        first = next(lines)
        assert server.voices.by_name["harbour"].scheduler.active == 1
        assert 0 < len(json.loads(first[6:])["choices"][0]["text"]) < 1000


def test_usage_comes_last_if_asked_for(server: Running) -> None:
    """A chunk without choices, before the end; without the wish, no chunk has it."""
    for wish in (True, False):
        answer = post(server, prompt="tea", stream=True, stream_options={"include_usage": wish})
        events = [json.loads(line[6:]) for line in answer.text.split("\n\n") if line and "[DONE]" not in line]
        assert (events[-1]["choices"] == []) == wish
        if wish:
            assert events[-1]["usage"]["prompt_tokens"] == 3
            assert all(event["usage"] is None for event in events[:-1])
        else:
            assert not any("usage" in event for event in events)


def test_log_probabilities_in_streams(server: Running) -> None:
    """The pieces' symbols and offsets, put together, are those of the whole answer."""
    whole = post(server, prompt="tea", echo=True, logprobs=1).json()["choices"][0]["logprobs"]
    answer = post(server, prompt="tea", echo=True, logprobs=1, stream=True)
    events = [json.loads(line[6:]) for line in answer.text.split("\n\n") if line and "[DONE]" not in line]
    pieces = [event["choices"][0]["logprobs"] for event in events]
    assert [token for piece in pieces for token in piece["tokens"]] == whole["tokens"]
    assert [one for piece in pieces for one in piece["token_logprobs"]] == whole["token_logprobs"]
    assert [one for piece in pieces for one in piece["text_offset"]] == whole["text_offset"]
