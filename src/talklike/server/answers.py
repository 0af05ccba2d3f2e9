"""Answers as JSON, and errors in OpenAI's shape."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import JSONResponse

from talklike.errors import BusyError, RunError, TalklikeError

KINDS = {400: "invalid_request_error", 401: "authentication_error", 404: "not_found_error", 429: "rate_limit_error"}
HEADERS = {
    401: {"WWW-Authenticate": "Bearer"},
    429: {"Retry-After": "1"},  # seconds
    503: {"Retry-After": "1"},
    504: {"x-should-retry": "false"},  # OpenAI's clients would have the text written twice more
}
"""What else an error's answer says, by its status."""


class ApiError(Exception):
    """A request that can't be answered.

    Args:
        status: HTTP status.
        message: What is wrong and what to do; never what was sent.
        code: A word that a program may look at.
        param: Which field is wrong.
    """

    def __init__(self, status: int, message: str, *, code: str | None = None, param: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.param = param

    @classmethod
    def of(cls, error: TalklikeError) -> ApiError:
        """Return what a mistake of the caller is over HTTP."""
        if isinstance(error, BusyError):
            return cls(429, str(error), code="rate_limit_exceeded")
        if isinstance(error, RunError):
            return cls(503, str(error), code="unavailable")
        return cls(400, str(error), code="invalid_value")

    @property
    def body(self) -> dict[str, Any]:
        """The body of the answer."""
        kind = KINDS.get(self.status, "server_error" if self.status >= 500 else "invalid_request_error")
        return {"error": {"message": str(self), "type": kind, "param": self.param, "code": self.code}}

    def response(self) -> Answer:
        """Return the answer."""
        return Answer(self.body, status_code=self.status, headers=HEADERS.get(self.status))


class Answer(JSONResponse):
    """JSON in ASCII, which also spells the halves of characters that a client may have sent."""

    def render(self, content: Any) -> bytes:
        """Return the body."""
        return compact(content)


def compact(content: Any) -> bytes:
    """Return a value as JSON in ASCII without spaces."""
    return json.dumps(content, separators=(",", ":")).encode()
