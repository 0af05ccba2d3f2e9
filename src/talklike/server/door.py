"""What every request passes: keys, size and type of the body before it is answered; counters and a log line when it is over."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import logging
import time
from typing import TYPE_CHECKING

from talklike.server.answers import ApiError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from talklike.server.metrics import Metrics
    from talklike.server.settings import Settings

LOG = logging.getLogger("talklike.server")
NO_ANSWER = 499
"""What the log says of requests whose client went away before an answer, as nginx does."""

OPEN = ("/health",)
"""Paths that need no key."""


class _TooLargeError(Exception):
    """A body has grown beyond the limit."""


class Door:
    """An ASGI application that lets requests in to another.

    Args:
        app: The other.
        settings: Keys and limits.
        metrics: Where requests are counted.
    """

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics) -> None:
        self._app = app
        self._settings = settings
        self._metrics = metrics
        self._keys = [_digest(key.encode()) for key in settings.keys]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = NO_ANSWER
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            if message["type"] == "http.request":
                size += len(message.get("body", b""))
                if size > self._settings.body:
                    raise _TooLargeError
            return message

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        async def unless_too_large(message: Message) -> None:
            if size <= self._settings.body:  # else the application says that it can't read the body; the reason is told below
                await noted(message)

        try:
            if (refusal := self._refusal(scope)) is not None:
                await refusal.response()(scope, receive, noted)
            else:
                with contextlib.suppress(_TooLargeError):
                    await self._app(scope, counted, unless_too_large)
                if size > self._settings.body:
                    await self._too_large().response()(scope, receive, noted)
        except Exception:
            LOG.exception('"a request failed"')  # JSON, as all of the log
            if status == NO_ANSWER:
                await ApiError(500, "something went wrong here", code="internal_error").response()(scope, receive, noted)
        finally:
            self._note(scope, status, time.perf_counter() - began)

    def _refusal(self, scope: Scope) -> ApiError | None:
        """Return why a request isn't let in, if so."""
        headers = dict(scope["headers"])
        if self._keys and scope["path"] not in OPEN:
            kind, _, key = headers.get(b"authorization", b"").partition(b" ")
            given = _digest(key.strip())
            # All keys are compared, each in constant time, so that time tells nothing.
            known = sum(hmac.compare_digest(given, one) for one in self._keys)
            if kind.lower() != b"bearer" or not known:
                return ApiError(401, "an API key is needed: Authorization: Bearer KEY", code="invalid_api_key")
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length[:20]) > self._settings.body:
            return self._too_large()
        kind = headers.get(b"content-type", b"").split(b";")[0].strip().lower()
        if scope["method"] == "POST" and kind != b"application/json":
            return ApiError(415, "the body must be application/json", code="unsupported_media_type")
        return None

    def _too_large(self) -> ApiError:
        return ApiError(413, f"the body has more than {self._settings.body:,} bytes", code="body_too_large")

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        """Count a request and log it: what was asked for and how it ended, never what was said."""
        route = scope.get("route")
        path = getattr(route, "path", "other")
        self._metrics.requests.labels(path, status).inc()
        self._metrics.seconds.labels(path).observe(seconds)
        line = {"method": scope["method"], "path": path, "status": status, "seconds": round(seconds, 4)}
        line |= scope.get("talklike", {})
        LOG.info(json.dumps(line))


def _digest(key: bytes) -> bytes:
    """Return a key's digest: keys of all lengths are compared alike."""
    return hashlib.sha256(key).digest()
