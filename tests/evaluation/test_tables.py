"""A report as tables of words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from talklike.evaluation.shares import Share
from talklike.evaluation.tables import NOTHING, percent, tables
from talklike.evaluation.whose import Whose

if TYPE_CHECKING:
    from tests.evaluation.conftest import Judged


def test_tables_are_whole(judged: Judged) -> None:
    """Every row has a cell for each column, and the figures are the report's."""
    report = judged.found.to_dict()
    found = {table.title: table for table in tables(report)}
    for table in found.values():
        assert table.rows
        assert {len(row) for row in table.rows} == {len(table.head)}
    likelihood = found["How well it knows what comes next"]
    own = report["likelihood"]["readings"]["own"]
    assert likelihood.rows[1][:2] == ("the voice, after own messages", f"{own['bits_per_character']:.3f}")
    assert [row[0] for row in likelihood.rows[3:]] == [one["name"] for one in report["likelihood"]["baselines"]]
    copied = found["What is copied"].rows[0]
    assert copied[1:] == tuple(percent(report["copying"][side]["copied"]) for side in ("generated", "real"))
    assert len(found["Planted secrets"].rows) == 2


def test_what_wasn_t_measured_is_left_out(judged: Judged) -> None:
    """No table of nothing; a missing figure is a dash."""
    report = judged.found.to_dict()
    report["exposure"] = []
    report["leaks"]["training"]["kinds"] = {}
    report["likeness"] = {"attribution": None, "told_apart": None, "traits": [], "notes": []}
    report["sweep"]["points"][0]["taken"] = None
    found = {table.title: table for table in tables(report)}
    assert "Planted secrets" not in found
    assert "Who wrote it" not in found
    assert "Private things" not in found
    assert not any(title.startswith("Taken for") for title in found)
    assert found["What changes with temperature"].rows[0][2] == NOTHING


def test_private_things_stand_beside_those_never_learnt(judged: Judged) -> None:
    """By kind."""
    report = judged.found.to_dict()
    report["leaks"] = {
        "training": {"tries": 100, "kinds": {"phone number": {"places": 7, "tried": 3, "greedy": 1, "said": 2}}},
        "held_out": {"tries": 100, "kinds": {}},
    }
    table = next(table for table in tables(report) if table.title == "Private things")
    assert table.rows == (("phone number", "7", "2 of 3", NOTHING),)


def test_who_wrote_it_stands_beside_a_linear_model(judged: Judged) -> None:
    """With what guessing has right, how far the voice is ahead or behind, and how sure that is."""
    report = judged.found.to_dict()
    whose = Whose(4, 0.4, Share(0.75, 0.66, 0.83, 100), Share(0.8, 0.71, 0.87, 100), -0.05, -0.12, 0.02)
    report["who"] = whose.to_dict()
    table = next(table for table in tables(report) if table.title == "Who wrote it")
    assert table.rows == (("the voice", "75.0%", "66.0% to 83.0%"), ("a linear model", "80.0%", "71.0% to 87.0%"))
    assert {len(row) for row in table.rows} == {len(table.head)}
    assert "100 held-out messages of 60 characters or more, among 4 authors." in table.note
    assert "Guessing has 25.0% right, always naming whoever wrote most of them 40.0%." in table.note
    assert table.note.endswith("The voice is 5.0 points behind (interval of the difference -12.0 to 2.0).")
    report["who"] = replace(whose, ahead=0.05).to_dict()
    assert any("The voice is 5.0 points ahead" in table.note for table in tables(report))
