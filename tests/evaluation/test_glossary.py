"""The glossary explains what a reader meets."""

from __future__ import annotations

from talklike.evaluation.glossary import GLOSSARY


def test_every_term_is_explained_in_sentences() -> None:
    """None is empty, and each ends like a sentence."""
    assert GLOSSARY
    for term, meaning in GLOSSARY.items():
        assert term[0].isupper() or term[0].isdigit()
        assert len(meaning) > 40
        assert meaning.endswith(".")
