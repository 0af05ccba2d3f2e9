"""The bundled chat."""

from __future__ import annotations

import csv
import gzip
import io

from talklike.sample import sample_csv, sample_path


def test_the_bundled_chat_is_a_file_of_this_package() -> None:
    """It is installed, compressed, and small."""
    path = sample_path()
    assert path.is_file()
    assert path.suffixes == [".csv", ".gz"]
    assert path.stat().st_size < 2_000_000
    assert gzip.decompress(path.read_bytes()) == sample_csv()


def test_the_bundled_chat_has_the_shape_of_the_tutorial_s_file() -> None:
    """The columns that the tutorial reads are there, and every row has them all."""
    rows = list(csv.DictReader(io.StringIO(sample_csv().decode("utf-8"))))
    assert len(rows) > 5_000
    assert {"fromUser.id", "fromUser.username", "fromUser.displayName", "sent", "text"} <= rows[0].keys()
    assert all(None not in row and None not in row.values() for row in rows)


def test_one_author_wrote_enough_to_learn_from() -> None:
    """The most active person wrote the 100,000 characters that a good voice wants."""
    characters: dict[str, int] = {}
    for row in csv.DictReader(io.StringIO(sample_csv().decode("utf-8"))):
        characters[row["fromUser.username"]] = characters.get(row["fromUser.username"], 0) + len(row["text"])
    assert max(characters.values()) > 100_000
