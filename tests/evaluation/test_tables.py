"""A report as tables of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talklike.evaluation.tables import NOTHING, percent, tables

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
