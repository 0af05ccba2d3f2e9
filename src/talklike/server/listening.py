"""Listens on an address, or says in a sentence why that can't be."""

from __future__ import annotations

import socket

from talklike.errors import RunError

BACKLOG = 2048
"""Connections that the system holds until they are accepted."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Args:
        host: Address; all of this machine's where it is 0.0.0.0.
        port: Port; 0 takes any that is free.

    Raises:
        RunError: The address is taken, unknown or forbidden.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listening = socket.socket(family, kind, protocol)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(BACKLOG)
        except OSError:
            listening.close()
            raise
    except (OSError, OverflowError, UnicodeError) as error:
        raise RunError(f"can't listen on {host}, port {port}: {error}; choose another with --host and --port") from error
    return listening
