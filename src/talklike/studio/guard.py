"""Who is let in: pages of this address only, and from elsewhere only with the token."""

from __future__ import annotations

import hmac
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.responses import PlainTextResponse, RedirectResponse, Response

from talklike.server.settings import is_local

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "talklike-studio"
LASTS = 30 * 86400
"""How long a browser keeps the token [s]."""

HEADERS = {
    # The browser itself refuses every request to another host, whatever a page asks for.
    "content-security-policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; frame-src 'self' blob: data:; "
    "frame-ancestors 'self'; form-action 'self'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
SIGN_IN = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>talklike</title>
<body style="font: 17px/1.5 system-ui, sans-serif; max-width: 26rem; margin: 15vh auto; padding: 0 1.2rem">
<main><h1 style="font-size: 1.5rem">The studio's token, please</h1>
<p>It stands in the address that <code>talklike studio</code> printed when it started.</p>
<form><label>Token <input name="token" type="password" required style="font: inherit; width: 100%; margin: .3rem 0 1rem"></label>
<button style="font: inherit">Open</button></form></main></body></html>"""


class Guard:
    """An ASGI application that lets requests in to another.

    Args:
        app: The other.
        host: The address that the studio listens on. On one that only this machine reaches, names of other hosts are refused, so
            that no page elsewhere can reach the studio by giving its own name this machine's address.
        token: What requests must bear, as ``?token=`` once, in a cookie from then on, or as ``Authorization: Bearer``; None lets
            all in.
    """

    def __init__(self, app: ASGIApp, host: str, token: str | None) -> None:
        self._app = app
        self._local = is_local(host)
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, receive, self._with_headers(send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4403})
        else:
            await refusal(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        """Return what to answer instead of letting a request in, if so."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get("host", "")
        if self._local and not is_local(_name(host)):
            return PlainTextResponse("the studio answers to localhost only; start it with --host to be reached by a name", 403)
        if (origin := headers.get("origin")) is not None and urlsplit(origin).netloc != host:
            return PlainTextResponse("requests from the pages of other hosts are refused", 403)
        if self._token is None:
            return None
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = dict(query).get("token")
        if scope["type"] == "http" and given is not None and self._is_token(given):
            rest = urlencode([(name, value) for name, value in query if name != "token"])
            welcome = RedirectResponse(scope["path"] + ("?" + rest if rest else ""), 303)
            welcome.set_cookie(COOKIE, given, max_age=LASTS, httponly=True, samesite="strict")
            return welcome
        kind, _, bearer = headers.get("authorization", "").partition(" ")
        if self._is_token(_cookie(headers.get("cookie", ""))) or (kind.lower() == "bearer" and self._is_token(bearer.strip())):
            return None
        return Response(SIGN_IN, 401, media_type="text/html; charset=utf-8")

    def _is_token(self, given: str) -> bool:
        return self._token is not None and hmac.compare_digest(given.encode(), self._token.encode())

    @staticmethod
    def _with_headers(send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name.lower() for name, _ in message["headers"]}
                more = [(n.encode(), v.encode()) for n, v in HEADERS.items() if n.encode() not in own]
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        return sending


def _name(host: str) -> str:
    """Return the name in a ``Host`` header, without the port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _cookie(header: str) -> str:
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""
