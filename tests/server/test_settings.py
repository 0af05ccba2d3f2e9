"""What a server allows."""

from __future__ import annotations

from typing import Any

import pytest

from talklike.errors import OptionError
from talklike.server.settings import Settings, is_local


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"timeout": 0}, "timeout is 0, must be above 0"),
        ({"timeout": float("nan")}, "timeout is nan"),
        ({"streams": -1, "body": 0}, "streams is -1.*; body is 0"),
        ({"keys": ("",)}, "an API key is empty"),
        ({"keys": ("a b",)}, "an API key"),
        ({"keys": ("schlüssel",)}, "an API key"),
    ],
)
def test_nonsense_is_refused(values: dict[str, Any], message: str) -> None:
    """All that is wrong is named, keys themselves never."""
    with pytest.raises(OptionError, match=message):
        Settings(**values)


def test_which_hosts_are_local() -> None:
    """Loopback addresses are, all others aren't."""
    assert all(map(is_local, ["127.0.0.1", "127.1.2.3", "::1", "localhost"]))
    assert not any(map(is_local, ["0.0.0.0", "::", "192.168.0.2", "example.org"]))
