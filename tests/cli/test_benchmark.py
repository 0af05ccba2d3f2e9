"""Tests of ``talklike benchmark``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import torch

from talklike.cli import benchmark as command
from talklike.training import benchmark as measuring
from talklike.training import then_and_now
from talklike.training.benchmark import Benchmark, Figure, SpeedUp

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., Any]

MACHINE = {"processor": "Harbour 9000", "threads": 2, "load": 0.5, "torch": "2.13.0", "gpu": "Lighthouse"}


def figure(device: str, network: str, task: str, rate: float) -> Figure:
    """Return a figure with an interval of a tenth."""
    return Figure(device, network, task, rate, 0.9 * rate, 1.1 * rate, "int8")


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], int]]:
    """Answer every call with two devices' figures, and return what was asked for."""
    asked: list[tuple[list[str], int]] = []
    tasks = ("train", "write", "write 32")
    figures = [figure(device, "1×384", task, 1000 * n) for n, device in ((1, "cpu"), (9, "cuda")) for task in tasks]
    ups = [SpeedUp("cuda", "cpu", "1×384", "train", 9.0, 8.5, 9.5)]

    def answer(devices: list[str], *, rounds: int, told: Callable[[int, int], object]) -> Benchmark:
        asked.append((devices, rounds))
        told(1, 1)
        return Benchmark(MACHINE, figures, ups, ["There is no moon."])

    monkeypatch.setattr(measuring, "benchmark", answer)
    return asked


def test_the_table(talklike: Run, measured: list[tuple[list[str], int]]) -> None:
    """The devices of one task stand together; the second has its speed-up with an interval; notes go to standard error."""
    ran = talklike("benchmark", "--device", "cpu, cuda", "--rounds", 5)
    assert (ran.status, ran.err) == (0, "There is no moon.\n")
    assert measured == [(["cpu", "cuda"], 5)]
    lines = ran.out.splitlines()
    assert lines[0] == "Harbour 9000, 2 threads, Lighthouse, torch 2.13.0"
    assert [line.split()[0:3:2] for line in lines[2:4]] == [["1×384", "cpu"], ["1×384", "cuda"]]
    assert "9.0 times the cpu (8.5–9.5)" in lines[3]
    assert lines[-1] == "1×384 is the default recipe's network for the bundled sample."


def test_json(talklike: Run, measured: list[tuple[list[str], int]]) -> None:
    """For a program it is one object."""
    found = json.loads(talklike("benchmark", "--json").out)
    assert measured == [(["auto"], 12)]
    assert found["machine"]["gpu"] == "Lighthouse"
    assert found["speed_ups"][0]["times"] == 9
    assert len(found["figures"]) == 6


def test_a_busy_machine_is_named(talklike: Run, measured: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where more programs wanted to run than there are threads, the table says so."""
    monkeypatch.setitem(MACHINE, "load", 7.5)
    assert "load 7.5" in talklike("benchmark").out


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is CUDA")
def test_a_device_that_is_not_there(talklike: Run) -> None:
    """A device named alone that isn't there is one line and status 1, an unknown one a usage error."""
    missing = talklike("benchmark", "--device", "cuda")
    assert (missing.status, missing.out, missing.err.count("\n")) == (1, "", 1)
    assert "has no CUDA" in missing.err
    assert talklike("benchmark", "--device", "abacus").status == 2
    assert talklike("benchmark", "--rounds", "1").status == 2


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--author", "x", "--plot", "foo.png", "--epochs", "3"], "--author, --epochs, --plot belong"),
        (["--budget", "2m"], "--budget belongs"),
        (["--keras", "python", "--precision", "32-true"], "--keras, --precision belong"),
        (["--format", "irc", "--merge", "a=b"], "--format, --merge belong"),
    ],
    ids=["several", "budget", "keras", "reading"],
)
def test_what_belongs_to_the_recipes_needs_a_chat(talklike: Run, measured: list[Any], options: list[str], named: str) -> None:
    """Else it would do nothing, and nobody would be told."""
    ran = talklike("benchmark", *options)
    assert (ran.status, ran.out, ran.err) == (2, "", f"talklike: {named} to --recipes CHAT; name a chat with it too\n")
    assert not measured


@pytest.mark.parametrize("options", [["--device", "cpu"], ["--rounds", "3"]], ids=["device", "rounds"])
def test_what_measures_the_machine_has_no_place_with_recipes(talklike: Run, options: list[str]) -> None:
    """Nor is that left out in silence."""
    ran = talklike("benchmark", "--recipes", "none.csv", *options)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "talklike: --device and --rounds say how this machine is measured; leave them away, or --recipes\n"


def test_the_budget_is_the_library_s() -> None:
    """What help says is what is done."""
    assert command.BUDGET == then_and_now.BUDGET
