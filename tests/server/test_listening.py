"""Tests of listening on an address."""

from __future__ import annotations

import pytest

from talklike.errors import RunError
from talklike.server.listening import listen


def test_a_free_port_is_taken() -> None:
    """Where none is named, any will do; what listens there is reached there."""
    with listen("127.0.0.1", 0) as found:
        assert found.getsockname()[1] > 0


def test_what_can_t_be_listened_on_is_told() -> None:
    """A port that is taken and a host that nobody knows: each in a sentence with what to try."""
    with listen("127.0.0.1", 0) as taken:
        for host, port in (("127.0.0.1", taken.getsockname()[1]), ("no such host.invalid", 0)):
            with pytest.raises(RunError, match="choose another with --host and --port"):
                listen(host, port)
