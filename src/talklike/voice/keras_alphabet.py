"""Which characters the columns of someone's Keras model mean, as that person kept them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from talklike.errors import OptionError

MOST_BYTES = 1 << 28
"""Largest file that is read."""


def characters_of(given: str, columns: int) -> str:
    """Return the character of each column of a model.

    Args:
        given: The characters themselves; or the name of a file with them, in UTF-8: JSON of the tutorial's ``char_indices``, of
            its ``indices_char``, or a list; else any text, whose characters are sorted as the tutorial does.
        columns: How many there must be. A line end that an editor put at the end of the file may be one too many.

    Raises:
        OptionError: They are too few or too many, or the file can't be read.
    """
    file = Path(given)
    try:
        is_file = file.is_file()
    except (OSError, ValueError):  # too long for a name, or a NUL
        is_file = False
    text, where = (_read(file), str(file)) if is_file else (given, "the alphabet")
    listed = _listed(text)
    characters = "".join(sorted(set(text))) if listed is None else "".join(listed)
    if listed is None and len(characters) == columns + 1 and text.endswith("\n") and text.count("\n") == 1:
        characters = characters.replace("\n", "")
    wrong = listed is not None and (len(set(listed)) != len(listed) or any(len(one) != 1 for one in listed))
    if wrong or any("\ud800" <= c < "\ue000" for c in characters):
        raise OptionError(f"{where}: expected each character once, by itself, as in the notebook's char_indices")
    return checked(characters, columns, where)


def checked(characters: str, columns: int, where: str) -> str:
    """Return characters whose number is right.

    Raises:
        OptionError: It isn't.
    """
    if len(characters) != columns:
        raise OptionError(
            f"{where}: {len(characters):,} characters, but the model has {columns:,}; it takes those of the text that it was "
            "trained on, as in the notebook's char_indices"
        )
    return characters


def _read(file: Path) -> str:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise OptionError(f"{file}: too large for an alphabet; give the notebook's char_indices as JSON")
        return file.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise OptionError(f"{file}: not UTF-8; give the notebook's char_indices as JSON") from error
    except OSError as error:
        raise OptionError(f"{file}: can't be read: {error.strerror}") from error


def _listed(text: str) -> list[str] | None:
    """Return the characters that JSON lists, in order of their columns; None if it isn't JSON of one of the known kinds."""
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, dict) and value:
        if all(isinstance(column, int) for column in value.values()):
            pairs = [(column, character) for character, column in value.items()]
        elif all(isinstance(character, str) and column.isdecimal() for column, character in value.items()):
            pairs = [(int(column), character) for column, character in value.items()]
        else:
            return None
        pairs.sort()
        return [character for _, character in pairs] if [column for column, _ in pairs] == list(range(len(pairs))) else [""]
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return value
    return None
