"""The app's own phrases."""

from __future__ import annotations

import unicodedata

import pytest

from talklike.chat.whatsapp_phrases import (
    ATTACHED,
    CALLS,
    DELETED,
    DELETED_BY,
    DOES,
    EDITED,
    LIVE,
    MISSED,
    OMITTED,
    YOU,
    is_encryption_notice,
)


def test_phrases_are_as_they_are_compared() -> None:
    """In lower case, composed, without brackets and full stops."""
    for phrase in (*OMITTED, *DELETED, *EDITED, *ATTACHED, *LIVE, *CALLS, *MISSED, *YOU, *DOES):
        assert phrase == phrase.lower().strip()
        assert unicodedata.is_normalized("NFC", phrase)
        assert not phrase.endswith((".", "。", ">"))
    assert all(phrase == phrase.lower() for phrase in DELETED_BY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Messages and calls are end-to-end encrypted. Learn more.", True),
        ("Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.", True),
        ("訊息和通話經端對端加密。對話以外的任何人均無法查看或聆聽。", True),
        ("end-to-end?", False),
        ("see you at the end of the quay, at ten", False),
    ],
)
def test_the_notice_of_encryption(text: str, expected: bool) -> None:
    """A sentence, not a word."""
    assert is_encryption_notice(text) == expected
