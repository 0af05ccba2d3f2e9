"""How the terminal shows a judgement."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from talklike.cli.evaluation_view import EvaluationView, print_evaluation
from talklike.evaluation.tables import Table

if TYPE_CHECKING:
    import pytest


def test_names_can_t_drive_the_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither by control characters nor by Rich's own markup."""
    evil = "\x1b[31m[bold]x[/bold]"
    table = Table(evil, ("", evil), ((evil, evil),), evil)
    monkeypatch.setattr(import_module("talklike.cli.evaluation_view"), "tables", lambda _: [table])
    print_evaluation({"voice": {"name": evil}, "verdict": [evil] * 3, "notes": [evil]})
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert shown.count("[bold]x[/bold]") == 10


def test_in_a_pipe_there_is_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing at all is written to standard error."""
    with EvaluationView() as view:
        view.told("writing", 0.5)
        view.told("writing", 1.0)
    assert capsys.readouterr().err.strip() == ""
