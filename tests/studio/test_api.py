"""Tests of the API beside the pages."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import httpx
import pytest

from talklike.studio.api import Api, is_api
from talklike.studio.workspace import VOICE, Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return an empty workspace."""
    return Workspace(tmp_path / "runs")


def put(workspace: Workspace, name: str, data: bytes) -> Path:
    """Put a voice into a run."""
    folder = workspace.folder / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / VOICE).write_bytes(data)
    (folder / "recipe.json").write_text("{}")
    return folder / VOICE


def test_voices_come_and_go(workspace: Workspace, make_bytes: Callable[..., bytes]) -> None:
    """What is served is what is there when it is asked for; a damaged file is left out, and one written anew is read again."""

    async def ask() -> None:
        api = Api(workspace)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url="http://studio") as client:

            async def models() -> list[str]:
                return sorted(model["id"] for model in (await client.get("/v1/models")).json()["data"])

            assert await models() == []
            gull = put(workspace, "gull", make_bytes(seed=1))
            put(workspace, "broken", b"no voice")
            assert await models() == ["gull"]
            before = (await client.get("/v1/models/gull")).json()["authors"]
            put(workspace, "gull", make_bytes(seed=2, authors=("u1", "u2")))
            os.utime(gull, (5, 5))
            assert (await client.get("/v1/models/gull")).json()["authors"] != before
            gull.unlink()
            assert await models() == []
            assert (await client.get("/health")).status_code == 200
            assert "talklike_requests" in (await client.get("/metrics")).text
        api.close()

    asyncio.run(ask())


def test_a_voice_writes(workspace: Workspace, make_bytes: Callable[..., bytes], make_voice: Callable[..., object]) -> None:
    """Its process starts when it is asked for a text, which is the library's."""
    put(workspace, "gull", make_bytes(seed=1, scale=1.0))

    async def ask() -> str:
        api = Api(workspace)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url="http://studio") as client:
            body = {"model": "gull", "prompt": "tide", "seed": 3, "max_tokens": 20}
            answer = await client.post("/v1/completions", json=body, timeout=60)
        api.close()
        text: str = answer.json()["choices"][0]["text"]
        return text

    voice = make_voice(seed=1, scale=1.0)
    assert "tide" + asyncio.run(ask()) == voice.generate("tide", seed=3, max_chars=20)  # type: ignore[attr-defined]  # a Voice


def test_voices_of_one_name_are_numbered(workspace: Workspace, tmp_path: Path, make_bytes: Callable[..., bytes]) -> None:
    """A voice that lies elsewhere may be called like a run."""
    put(workspace, "gull", make_bytes(seed=1))
    elsewhere = tmp_path / "gull.onnx"
    elsewhere.write_bytes(make_bytes(seed=2))
    workspace.add(elsewhere)

    async def ask() -> list[str]:
        api = Api(workspace)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url="http://studio") as client:
            found = [model["id"] for model in (await client.get("/v1/models")).json()["data"]]
        api.close()
        return found

    assert sorted(asyncio.run(ask())) == ["gull", "gull-2"]


def test_which_paths_are_the_apis() -> None:
    """Pages and the API share an address without getting in each other's way."""
    assert all(is_api(path) for path in ("/v1/models", "/health", "/metrics", "/docs"))
    assert not any(is_api(path) for path in ("/", "/train", "/runs", "/talk", "/report", "/studio/chats", "/_nicegui_ws/"))
