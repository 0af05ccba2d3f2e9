"""Errors in OpenAI's shape, JSON in ASCII."""

from __future__ import annotations

import json

import pytest

from talklike.errors import BusyError, OptionError, RunError, TalklikeError
from talklike.server.answers import Answer, ApiError, compact


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (OptionError("x"), 400, "invalid_request_error"),
        (BusyError("x"), 429, "rate_limit_error"),
        (RunError("x"), 503, "server_error"),
    ],
)
def test_mistakes_have_their_status(error: TalklikeError, status: int, kind: str) -> None:
    """What a caller can mend is a 4xx with OpenAI's type, a dead process a 503."""
    found = ApiError.of(error)
    assert found.status == status
    assert found.body["error"]["type"] == kind
    assert set(found.body["error"]) == {"message", "type", "param", "code"}


def test_errors_say_when_to_try_again() -> None:
    """429 and 503 say when, 401 how; what took too long would do so again."""
    assert ApiError(504, "x").response().headers["x-should-retry"] == "false"
    assert ApiError(404, "x").body["error"]["type"] == "not_found_error"
    assert ApiError(429, "x").response().headers["retry-after"] == "1"
    assert ApiError(401, "x").response().headers["www-authenticate"] == "Bearer"
    assert ApiError(500, "x").body["error"]["type"] == "server_error"


def test_halves_of_characters_are_spelt() -> None:
    """A lone surrogate, which UTF-8 can't hold, is no error."""
    assert json.loads(compact({"a": "\ud800é"})) == {"a": "\ud800é"}
    assert bytes(Answer("\ud800").body) == b'"\\ud800"'
