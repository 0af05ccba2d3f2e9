"""A mailbox in which each mail is encoded as mail programs of today do it."""

from __future__ import annotations

import base64

from hypothesis import strategies as st

from tests.chat.writers.writer import LINES, Rows, Writer, time_of

AUTHORS = ("wren@example.org", "otter@example.org", "gull+quay@example.com")


def write(rows: Rows) -> bytes:
    """Return messages in a file."""
    return b"".join(
        (
            f"From {author} {time_of(i):%a %b %d %H:%M:%S %Y}\n"
            f"From: =?utf-8?b?{base64.b64encode('Wrén'.encode()).decode()}?= <{author}>\n"
            f"To: quay@example.org\n"
            f"Subject: Re: [quay] the ferry\n"
            f"Date: {time_of(i):%a, %d %b %Y %H:%M:%S} +0000\n"
            f"Message-ID: <{i}@example.org>\n"
            "MIME-Version: 1.0\n"
            "Content-Type: text/plain; charset=utf-8\n"
            "Content-Transfer-Encoding: base64\n\n"
        ).encode()
        + base64.encodebytes(text.encode())
        + b"\n"
        for i, (author, text) in enumerate(rows)
    )


def _is_plain(text: str) -> bool:
    """Return whether no line of a text has what marks a quotation, a signature or what leads to them."""
    return not any(">" in line or "＞" in line or line.strip()[:1] in tuple("-_—=*") for line in text.split("\n"))


def _as_written(text: str) -> bool:
    return text == text.strip() and ":" not in text and "：" not in text and "begin " not in text


WRITER = Writer(write, st.one_of(LINES).filter(_is_plain).filter(_as_written), AUTHORS)
