"""The server as a process: signals, addresses, logs."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest

from talklike.errors import RunError
from talklike.server.run import serve
from talklike.server.settings import Settings
from tests.server.running import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def launched(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run ``talklike serve`` on a free port; yield the process and its address."""
    command = [sys.executable, "-m", "talklike", "serve", *arguments, "--port", "0"]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=os.environ | {"NO_COLOR": "1"}
    )
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        found = re.search(r"at (http://\S+)/v1", line)
        assert found, line
        yield process, found[1]
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE)


def ask(url: str, found: list[Any], **body: Any) -> threading.Thread:
    """Ask for a text in a thread; its answer is added to ``found``."""

    def post() -> None:
        try:
            answer = httpx.post(f"{url}/v1/completions", json={"seed": 1} | body, timeout=PATIENCE)
            found.append(answer.json())
        except (httpx.HTTPError, ValueError) as error:  # the server is gone, or was before the body was whole
            found.append(error)

    thread = threading.Thread(target=post)
    thread.start()
    return thread


def wait_until_writing(url: str) -> None:
    """Wait until a text is being written."""
    while 'active{model="harbour"} 1.0' not in httpx.get(f"{url}/metrics", timeout=PATIENCE).text:
        pass


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_lets_texts_be_finished(voice_files: list[str], sign: signal.Signals) -> None:
    """What was begun comes whole; then the process ends, without a traceback."""
    found: list[Any] = []
    with launched(voice_files[0], "--max-chars", "30000") as (process, url):
        thread = ask(url, found, max_tokens=20_000, min_tokens=20_000)
        wait_until_writing(url)
        process.send_signal(sign)
        thread.join(PATIENCE)
        _, err = process.communicate(timeout=PATIENCE)
    assert len(found[0]["choices"][0]["text"]) == 20_000
    assert "Traceback" not in err
    assert process.returncode in (0, 130, -sign)
    assert all(json.loads(line) for line in err.splitlines() if line.startswith("{"))


def test_all_of_the_log_is_json(voice_files: list[str]) -> None:
    """What uvicorn warns of, too."""
    with launched(voice_files[0]) as (process, url):
        address = urlsplit(url)
        with socket.create_connection((address.hostname or "", address.port or 0), timeout=PATIENCE) as connection:
            connection.sendall(b"garbage\r\n\r\n")
            while connection.recv(1024):
                pass
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=PATIENCE)
    lines = [json.loads(line) for line in err.splitlines()]
    assert [(line["level"], line["log"]) for line in lines] == [("WARNING", "Invalid HTTP request received.")]


def test_a_second_signal_stops_at_once(voice_files: list[str]) -> None:
    """Who asks twice doesn't wait for a text of ten million characters."""
    found: list[Any] = []
    with launched(voice_files[0], "--max-chars", "10000000") as (process, url):
        thread = ask(url, found, max_tokens=10_000_000, min_tokens=10_000_000)
        wait_until_writing(url)
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.5)
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)
        thread.join(PATIENCE)
    assert len(found) == 1


def test_a_waiting_time_ends(voice_files: list[str]) -> None:
    """After the time that was given, it stops though a text isn't finished."""
    found: list[Any] = []
    with launched(voice_files[0], "--max-chars", "10000000", "--shutdown", "1") as (process, url):
        thread = ask(url, found, max_tokens=10_000_000, min_tokens=10_000_000)
        wait_until_writing(url)
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
        thread.join(PATIENCE)


def test_others_may_reach_it_and_that_is_said(voice_files: list[str]) -> None:
    """Beyond this machine without a key, a warning comes; with one none."""
    with launched(voice_files[0], "--host", "0.0.0.0") as (process, url):
        assert httpx.get(url.replace("0.0.0.0", "127.0.0.1") + "/health", timeout=PATIENCE).status_code == 200
        assert process.stderr is not None
        assert "no API key is set" in process.stderr.readline()


def test_addresses_that_cannot_be_listened_on(voice_files: list[str]) -> None:
    """One line says which and what to do, before any voice is loaded."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for host in ("127.0.0.1", "203.0.113.1", "no such host", "x" * 300):
            with pytest.raises(RunError, match=r"can't listen on .*--host and --port"):
                serve(["missing.onnx"], host, port, Settings(), print)
