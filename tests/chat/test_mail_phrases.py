"""The words that mail programs write: kept so that they can be found."""

from __future__ import annotations

import pytest

from talklike.chat import mail_phrases

LISTS = {name: value for name, value in vars(mail_phrases).items() if name.isupper()}


@pytest.mark.parametrize("name", LISTS)
def test_phrases_are_folded_as_the_mails_are(name: str) -> None:
    """One with a capital would never be found, one that is empty always, one that stands twice is a slip."""
    phrases = list(LISTS[name])
    assert phrases
    assert [phrase for phrase in phrases if phrase != phrase.casefold()] == []
    assert [phrase for phrase in phrases if not phrase.strip()] == []
    assert len(set(phrases)) == len(phrases)
