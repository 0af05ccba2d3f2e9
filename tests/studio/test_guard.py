"""Tests of who is let in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from talklike.studio.guard import COOKIE, HEADERS, Guard

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

TOKEN = "the-token"


async def inner(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer anyone."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": "in"})
        await send({"type": "websocket.close"})
        return
    await PlainTextResponse("in", headers={"referrer-policy": "origin"})(scope, receive, send)


def client(host: str, token: str | None = None, *, name: str = "localhost:8800") -> TestClient:
    """Return a client that calls the studio by a name."""
    return TestClient(Guard(inner, host, token), base_url=f"http://{name}", follow_redirects=False)


@pytest.mark.parametrize("name", ["localhost:8800", "127.0.0.1:1", "[::1]:8800", "127.9.9.9"])
def test_this_machine_is_let_in(name: str) -> None:
    """By each of its names for itself; every answer forbids the browser other hosts, unless it says so itself."""
    answer = client("127.0.0.1", name=name).get("/")
    assert answer.text == "in"
    assert answer.headers["content-security-policy"] == HEADERS["content-security-policy"]
    assert answer.headers["referrer-policy"] == "origin"


@pytest.mark.parametrize("name", ["evil.example", "localhost.evil.example", "192.168.0.7:8800", "[broken"])
def test_other_names_are_refused(name: str) -> None:
    """A page elsewhere can't reach the studio by giving its own name this machine's address."""
    answer = client("127.0.0.1").get("/", headers={"host": name})
    assert answer.status_code == 403
    assert "localhost only" in answer.text


@pytest.mark.parametrize("origin", ["http://evil.example", "http://localhost:9999", "null"])
def test_pages_of_other_hosts_are_refused(origin: str) -> None:
    """Neither requests nor sockets are open to them."""
    found = client("127.0.0.1")
    assert found.post("/", headers={"origin": origin}).status_code == 403
    with pytest.raises(WebSocketDisconnect) as closed, found.websocket_connect("/", headers={"origin": origin}):
        pass
    assert closed.value.code == 4403
    assert found.post("/", headers={"origin": "http://localhost:8800"}).text == "in"


def test_others_need_the_token() -> None:
    """Without it there is a page that asks for it; with it in the address, a cookie takes its place there at once."""
    found = client("0.0.0.0", TOKEN, name="studio.example")
    answer = found.get("/talk")
    assert (answer.status_code, "token, please" in answer.text) == (401, True)
    with pytest.raises(WebSocketDisconnect), found.websocket_connect("/", headers={"host": "studio.example"}):
        pass
    assert found.get("/?token=wrong").status_code == 401
    answer = found.get(f"/talk?voice=1&token={TOKEN}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/talk?voice=1")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "samesite=strict" in answer.headers["set-cookie"].lower()
    assert found.get("/talk").text == "in"
    with found.websocket_connect("/", headers={"cookie": f"{COOKIE}={TOKEN}"}) as socket:
        assert socket.receive_text() == "in"


def test_programs_bear_the_token() -> None:
    """The API's way works too; half a token and rubbish don't."""
    found = client("0.0.0.0", TOKEN, name="studio.example")
    assert found.get("/v1/models", headers={"authorization": f"Bearer {TOKEN}"}).text == "in"
    for headers in ({"authorization": f"Basic {TOKEN}"}, {"authorization": "Bearer the"}, {"cookie": f"{COOKIE}=;=,"}):
        assert found.get("/v1/models", headers=headers).status_code == 401
