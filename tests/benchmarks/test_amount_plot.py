"""The plot of how good a voice is for how much text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.amount_plot import draw

if TYPE_CHECKING:
    from pathlib import Path


def line(figure: str, value: float, **details: Any) -> dict[str, Any]:
    """Return a line as the benchmark prints it."""
    machine = {"cpu": "a processor", "cores": 2, "features": [], "system": "Linux"}
    return {
        "benchmark": "quality.amount",
        "date": "2026-01-01",
        "machine": machine,
        "figure": figure,
        "value": value,
        "details": details,
    }


def test_every_person_is_a_point_on_a_curve(tmp_path: Path) -> None:
    """Lines of other benchmarks and skipped ones are passed over."""
    lines = [
        line("wren, alone", 2.4, chat="#perl6 2009", training_characters=20_000),
        line("wren, room", 2.1, chat="#perl6 2009", training_characters=20_000),
        line("ann, alone", 2.2, chat="freeCodeCamp", training_characters=200_000),
        line("masak", 1.9) | {"benchmark": "quality.masak"},
    ]
    assert draw(lines, tmp_path / "plot.png") == 3
    assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")


def test_without_lines_the_plot_is_empty(tmp_path: Path) -> None:
    """Nothing measured, nothing drawn."""
    assert draw([], tmp_path / "plot.png") == 0
