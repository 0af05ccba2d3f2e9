"""What a user says of a chat."""

from __future__ import annotations

import pytest

from talklike.chat.options import ReadOptions, zone
from talklike.errors import OptionError


def test_nothing_is_said_by_default() -> None:
    """Then files speak for themselves, and times are UTC."""
    options = ReadOptions()
    assert (options.timezone, options.day_first, options.quotes, bool(options.columns)) == (None, None, False, False)
    assert zone(None) is None


@pytest.mark.parametrize("name", ["Europe/Berlin", "europe/berlin"])
def test_zones_have_their_usual_names(name: str) -> None:
    """In any case."""
    found = zone(name)
    assert found is not None
    assert found.key == "Europe/Berlin"


@pytest.mark.parametrize(
    ("name", "hint"), [("Berlin", "Europe/Berlin"), ("Europe/Berlim", "Europe/Berlin"), ("///", "write it as")]
)
def test_an_unknown_zone_is_told_what_it_may_mean(name: str, hint: str) -> None:
    """People type cities."""
    with pytest.raises(OptionError, match=hint):
        zone(name)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("localtime", "write it as"),
        ("posix/Europe/Berlin", r"did you mean Europe/Berlin\?"),
        ("right/Europe/Berlin", "Europe/Berlin"),
        ("Factory", "there is no time zone 'Factory'"),
        ("posixrules", "there is no time zone"),
    ],
)
def test_files_among_the_zones_that_are_none_are_refused(name: str, hint: str) -> None:
    """Polars knows the names of places only, and would say so in the middle of the reading."""
    with pytest.raises(OptionError, match=hint) as error:
        zone(name)
    assert f"did you mean {name}?" not in str(error.value)
