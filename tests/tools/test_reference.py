"""The generated pages of the reference."""

from __future__ import annotations

import dataclasses
import re

import pytest

from talklike.training.plan import Amounts, make_wish, plan
from talklike.training.recipe import Recipe
from tools import reference

FOLDER = reference.ROOT / "docs" / "reference"
SEEN_BY_TRAIN = {"threads", "precision"}
"""Fields that follow from the machine: ``train`` gives them to the plan."""


def seconds_of_a_step(recipe: Recipe) -> float:
    """Return what a step could cost: a wider network more."""
    return recipe.hidden / 20_000


def test_what_follows_is_said_to_follow() -> None:
    """The fields without a default in the table are those that plans for other budgets and texts have otherwise."""
    texts = [
        Amounts(own=400, held_out=40),
        Amounts(own=600_000, held_out=60_000),
        Amounts(own=200_000, room=3_000_000, held_out=20_000),
        Amounts(own=700_000, room=900_000, held_out=20_000),
        Amounts(own=300_000, held_out=30_000, named=10),
        Amounts(own=30_000_000, held_out=300_000, named=10),
    ]
    plans = [plan(make_wish(budget, None, {}), text, seconds_of_a_step) for budget in ("30s", "10m", "2h") for text in texts]
    names = [field.name for field in dataclasses.fields(Recipe)]
    follow = {name for name in names if len({getattr(recipe, name) for recipe in plans}) > 1}
    assert follow | SEEN_BY_TRAIN == reference.FOLLOWS


def test_the_recipes_page_gives_no_default_where_there_is_none() -> None:
    """A field that follows has no number in the table, one that doesn't has its default."""
    page = reference.recipe_page()
    assert "| `learning_rate` | follows |" in page
    assert "| `clip` | `1.0` |" in page
    assert "MISSING" not in page


@pytest.mark.parametrize("name", ["cli.md", "recipe.md", "report.md", "formats.md", "sampling.md"])
def test_every_row_has_as_many_cells_as_its_table(name: str) -> None:
    """A ``|`` in a cell doesn't end it."""
    page = (FOLDER / name).read_text(encoding="utf-8")
    page = re.sub(r"^```.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)
    cells = 0
    for before, line in zip(["", *page.splitlines()], page.splitlines(), strict=False):
        if line.startswith("|"):
            found = len(re.findall(r"(?<!\\)\|", line))
            cells = cells if before.startswith("|") else found
            assert found == cells, line


def test_what_can_be_opened_stands_in_one_cell() -> None:
    """The studio's argument, which is one of three things."""
    assert r"| `[CHAT\|RUN\|VOICE]` | What to open" in reference.cli_page()


def test_the_page_begins_with_what_talklike_takes_itself() -> None:
    """Help, version and completion, before the first command."""
    top = reference.cli_page().partition("\n## ")[0]
    options = ("`-h`, `--help`", "`--version`", "`--install-completion`", "`--show-completion`")
    assert [option for option in options if f"| {option} | " not in top] == []
