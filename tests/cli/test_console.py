"""The console of tables and bars."""

from __future__ import annotations

import os

import pytest

from talklike.cli.console import Console


def test_a_reader_that_has_gone_is_told_to_the_caller() -> None:
    """Not decided by Rich, which would end the program with 1."""
    read, write = os.pipe()
    os.close(read)
    file = os.fdopen(write, "w", encoding="utf-8")
    with pytest.raises(BrokenPipeError):
        Console(file=file).print("the tide is in")
    with pytest.raises(BrokenPipeError):  # what couldn't be written is still there
        file.close()
