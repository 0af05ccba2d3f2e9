"""The notebook of the tutorial, run from its first cell to its last on the bundled sample."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jupytext
import polars as pl
import pytest
from nbclient import NotebookClient

import talklike as tl
from talklike.corpus.corpus import build_corpus
from talklike.training.tutorial_text import joined
from tests.test_repository import COMMANDS

if TYPE_CHECKING:
    from nbformat import NotebookNode

PAGE = Path(__file__).resolve().parents[1] / "docs" / "tutorial" / "the-tutorial-then-and-now.py"

# Asked of the notebook's own kernel after its last cell, so that what is tested is what a reader holds.
PROBE = """
import json
print(json.dumps({
    "people": people["author"].to_list(), "bars": [bar.get_width() for bar in bars], "author": author, "text": text,
    "characters": len(characters), "windows": windows.shape, "labels": labels.shape,
    "losses": then["train_bits_per_character"].to_list(), "best": then["best"].to_list(),
    "samples": (run_then / "samples.txt").read_text(),
    "then": voice_then.card.scores["test"]["bits_per_character"], "now": voice_now.card.scores["test"]["bits_per_character"],
}, default=float))
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[NotebookNode, dict[str, Any]]:
    """The notebook after its last cell, and what its kernel holds then."""
    notebook = jupytext.read(PAGE)
    notebook.cells.append(jupytext.reads(PROBE, fmt="py:percent").cells[0])
    # "python3" is the Python that runs this test: ipykernel says so.
    client = NotebookClient(
        notebook, timeout=900, kernel_name="python3", resources={"metadata": {"path": str(tmp_path_factory.mktemp("notebook"))}}
    )
    client.execute()  # raises where a cell does
    found: dict[str, Any] = json.loads(notebook.cells.pop().outputs[0]["text"])
    return notebook, found


def shown(notebook: NotebookNode, cell: str, kind: str) -> list[str]:
    """Return what a cell shows, as one kind of data.

    Args:
        notebook: The notebook, executed.
        cell: Something that only this cell's source holds.
        kind: A MIME type; ``text`` is what was printed.
    """
    (outputs,) = [each.outputs for each in notebook.cells if each.cell_type == "code" and cell in each.source]
    if kind == "text":
        return [output["text"] for output in outputs if output.output_type == "stream"]
    return [output["data"][kind] for output in outputs if kind in output.get("data", {})]


def test_ten_people_are_plotted_and_no_bot(ran: tuple[NotebookNode, dict[str, Any]]) -> None:
    """The picture has ten bars, of people alone, the most active first."""
    notebook, found = ran
    assert shown(notebook, "axes.barh(", "image/png")
    automated = tl.read_chat(tl.sample_path()).authors().filter(pl.col("automated"))["author"].to_list()
    assert automated, "there is one to leave out"
    assert len(found["people"]) == len(found["bars"]) == 10
    assert found["bars"] == sorted(found["bars"])
    assert not set(found["people"]) & set(automated)


def test_the_arrays_shown_are_those_that_are_learnt(ran: tuple[NotebookNode, dict[str, Any]], tmp_path: Path) -> None:
    """The notebook makes text, windows and labels by hand; they are what the tutorial's recipe trains on."""
    notebook, found = ran
    corpus = build_corpus(
        tl.read_chat(tl.sample_path()), found["author"], tmp_path, lowercase=True, learnt=0.2, every_character=True
    )
    text = "".join(corpus.alphabet.characters[i] for i in joined(corpus))
    assert found["text"] == text
    windows = -(-(len(text) - 40) // 3)
    assert found["windows"] == [windows, 40]
    assert found["labels"] == [windows]
    assert f"ten windows (10, 40, {found['characters']})" in shown(notebook, "dtype=bool)[windows", "text")[0]
    C = found["characters"]
    table = shown(notebook, "TutorialNetwork(len", "text/plain")[0]
    assert str(4 * 128 * (C + 128 + 1)) in table
    assert str(C * (128 + 1)) in table


def test_the_tutorial_writes_after_the_first_and_the_last_epoch(ran: tuple[NotebookNode, dict[str, Any]]) -> None:
    """At four temperatures, in the notebook as in the run's folder; the weights of the lowest loss are kept."""
    notebook, found = ran
    assert len(found["losses"]) == 15
    assert found["losses"][-1] < found["losses"][0]
    best = [number for number, is_best in enumerate(found["best"]) if is_best][-1]
    assert found["losses"][best] == min(found["losses"])
    (plain,) = shown(notebook, "run_then = ", "text/plain")
    for samples in (plain, found["samples"]):
        assert re.findall(r"^\[(0\.2|0\.5|1|1\.0|1\.2)\] ", samples, re.MULTILINE) in (
            ["0.2", "0.5", "1", "1.2"] * 2,
            ["0.2", "0.5", "1.0", "1.2"] * 2,
        )
    assert "Epoch 1: loss improved from inf to " in plain
    assert "done in" in plain


def test_the_default_recipe_is_better(ran: tuple[NotebookNode, dict[str, Any]]) -> None:
    """On the same held-out characters its voice needs fewer bits, and the notebook's table says how many each needs."""
    notebook, found = ran
    assert found["now"] < found["then"]
    (table,) = shown(notebook, '"held out, bits per character"', "text/plain")
    assert f"{found['now']:.3f}".rstrip("0") in table
    assert f"{found['then']:.3f}".rstrip("0") in table
    (plain,) = shown(notebook, "run_now = ", "text/plain")
    assert "bits per character on messages never used for anything" in plain


def test_nothing_is_said_to_go_wrong(ran: tuple[NotebookNode, dict[str, Any]]) -> None:
    """No cell writes to standard error: no warning, no traceback."""
    notebook, _ = ran
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [output["text"] for cell in cells for output in cell.outputs if output.get("name") == "stderr"] == []
    assert {number for number, cell in enumerate(cells, 1) if cell.execution_count != number} == set()


def test_its_links_and_commands_exist() -> None:
    """Every page that it links to is there, and every command that it names, with its options."""
    text = PAGE.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", text)
    assert links
    assert [link for link in links if not (PAGE.parent / link).exists()] == []
    commands = re.findall(r"`(talklike [a-z-]+[^`]*)`", text)
    assert commands
    for line in commands:
        _, command, *rest = shlex.split(line)
        known = {name for parameter in COMMANDS[command].params for name in (*parameter.opts, *parameter.secondary_opts)}
        assert {word for word in rest if re.match(r"--?[a-z]", word)} <= known, line


def test_it_is_kept_without_outputs() -> None:
    """What is kept is text: no notebook file with outputs lies in the documentation."""
    assert list(PAGE.parents[1].rglob("*.ipynb")) == []
