"""Keys, sizes, types, and the log."""

from __future__ import annotations

import json
import logging
import socket
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import openai
import pytest

from tests.server.running import PATIENCE, post

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.server.running import Running


def test_keys(small: Callable[..., Running]) -> None:
    """With keys, only who bears one is answered; whether the server is there may be asked without."""
    server = small(keys=("first-key", "second-key"))
    assert server.client.get("/health").status_code == 200
    for path in ("/v1/models", "/metrics", "/docs", "/openapi.json", "/nothing"):
        assert server.client.get(path).status_code == 401
    for header in ("Bearer wrong", "Bearer", "first-key", "Basic first-key", "Bearer first-keyx", "Bearer first-ke"):
        assert server.client.get("/v1/models", headers={"Authorization": header}).status_code == 401
    for key in ("first-key", "second-key"):
        assert server.client.get("/v1/models", headers={"Authorization": f"Bearer {key}"}).status_code == 200
    assert post(server).json()["error"]["code"] == "invalid_api_key"
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="wrong", max_retries=0, timeout=PATIENCE) as client:
        with pytest.raises(openai.AuthenticationError):
            client.models.list()
        assert client.with_options(api_key="second-key").models.list().data


def test_large_bodies_are_refused(small: Callable[..., Running]) -> None:
    """Whether their length is said or only seen."""
    server = small(body=1000)
    large = json.dumps({"model": "harbour", "prompt": "a" * 2000}).encode()
    headers = {"Content-Type": "application/json"}

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(large), 100):
            yield large[start : start + 100]

    for content in (large, pieces()):
        answer = server.client.post("/v1/completions", content=content, headers=headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("length", ["-1", "x", "9" * 40])
def test_lengths_that_are_none(server: Running, length: str) -> None:
    """What isn't HTTP gets a 4xx, and the server goes on."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=PATIENCE) as connection:
        connection.sendall(f"POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode())
        assert connection.recv(20).startswith(b"HTTP/1.1 4")
    assert server.client.get("/health").status_code == 200


def logged(caplog: pytest.LogCaptureFixture, count: int) -> list[logging.LogRecord]:
    """Return the server's log once it has so many lines: they are written when an answer is out."""
    until = time.monotonic() + PATIENCE
    while len(records := [record for record in caplog.records if record.name == "talklike.server"]) < count:
        assert time.monotonic() < until
        time.sleep(0.005)
    return records


def test_the_log_tells_what_but_not_what_was_said(small: Callable[..., Running], caplog: pytest.LogCaptureFixture) -> None:
    """A JSON object a request; no text, no query, no key."""
    server = small(keys=("the-key",))
    with caplog.at_level(logging.INFO, logger="talklike.server"):
        headers = {"Authorization": "Bearer the-key"}
        body: dict[str, Any] = {
            "model": "harbour",
            "prompt": "a secret prompt",
            "max_tokens": 20,
            "seed": 1,
            "stop": ["secret stop"],
        }
        text = server.client.post("/v1/completions?secret=query", json=body, headers=headers).json()["choices"][0]["text"]
        stream = server.client.post("/v1/completions", json=body | {"stream": True}, headers=headers)
        assert stream.status_code == 200
        server.client.post("/v1/completions", json=body | {"n": "secret value"}, headers=headers)
        server.client.get("/secret/path", headers=headers)
        lines = [json.loads(record.getMessage()) for record in logged(caplog, 4)]
    assert sorted((line["path"], line["status"]) for line in lines) == [
        ("/v1/completions", 200), ("/v1/completions", 200), ("/v1/completions", 400), ("other", 404),
    ]  # fmt: skip
    assert [line["characters"] for line in lines if line["status"] == 200] == [len(text)] * 2
    whole = json.dumps(lines)
    assert "secret" not in whole
    assert "the-key" not in whole


def test_an_error_of_ours_is_a_500_without_details(
    small: Callable[..., Running], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What goes wrong here is logged, and the client is told no more than that."""
    from talklike.server import app

    def broken(*_: Any) -> None:
        raise ZeroDivisionError("inner details")

    server = small()
    monkeypatch.setattr(app, "Job", broken)
    with caplog.at_level(logging.ERROR, logger="talklike.server"):
        answer = post(server)
        records = logged(caplog, 1)
    assert answer.status_code == 500
    assert "inner details" not in answer.text
    assert answer.json()["error"]["type"] == "server_error"
    assert any(record.exc_info for record in records)
