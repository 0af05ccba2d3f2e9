"""Tests of training as a job."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from talklike.evaluation.kneser_ney import baseline
from talklike.studio import train_job
from talklike.studio.events import EVENTS, FOLDER
from talklike.studio.jobs import ABOUT, Job
from talklike.studio.runs import Order
from talklike.studio.workspace import Workspace, record_of
from talklike.training.schedule import Schedule
from tests.studio.workspaces import chat_file, read_into

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.table import Chat

TINY = {"hidden": 12, "embedding": 8, "streams": 8, "length": 16, "threads": 1, "memory": 0, "seed": 1}


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """Leave the signals as they were."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture(scope="module")
def order(tmp_path_factory: pytest.TempPathFactory) -> Order:
    """Return an order for a tiny run."""
    folder = tmp_path_factory.mktemp("studio")
    workspace = Workspace(folder / "runs")
    entry = read_into(workspace, chat_file(folder))
    return Order(
        run=str(workspace.folder / "master"), table=str(entry.table), chat=entry.name, author="harbour master",
        name="harbour master", room=False, epochs=2.0, settings=TINY, seconds=3.0,
    )  # fmt: skip


def job(folder: Path, order: Order, monkeypatch: pytest.MonkeyPatch) -> Job:
    """Return a job that does this order in this process."""
    monkeypatch.setenv(FOLDER, str(folder))
    (folder / ABOUT).write_text(json.dumps({"kind": "train", "argv": [], "about": asdict(order), "began": 0}))
    return Job(folder)


def told(folder: Path) -> list[dict[str, Any]]:
    """Return what was told."""
    return [json.loads(line) for line in (folder / EVENTS).read_text().splitlines()]


def test_a_training_is_stopped_and_goes_on(tmp_path: Path, order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    """Interrupted, it saves and says so; resumed, it ends with figures, samples and a verdict, and what it needs is kept."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    evaluated = train_job.Teller.evaluated

    def interrupting(self: train_job.Teller, *arguments: Any) -> None:
        evaluated(self, *arguments)
        os.kill(os.getpid(), signal.SIGINT)

    with monkeypatch.context() as patch:
        patch.setattr(train_job.Teller, "evaluated", interrupting)
        assert train_job.main(job(first, order, monkeypatch)) == 130
    events = [event["event"] for event in told(first)]
    assert events.index("prepared") < events.index("baseline") < events.index("step") < events.index("evaluated")
    assert told(first)[-1]["stopped"] == "interrupted"
    record = record_of(Path(order.run))
    assert (record["table"], record["author"], record["chat"]) == (order.table, "harbour master", "harbour.csv")
    assert set(record["baselines"]) == {"letter frequencies", "Kneser–Ney"}
    resumed = Order.from_dict(record | {"run": order.run, "resume": True})
    assert train_job.main(job(second, resumed, monkeypatch)) == 0
    result = told(second)[-1]
    assert result["stopped"] in ("finished", "early")
    assert result["verdict"]
    assert "test" in result["scores"]
    assert set(next(event for event in told(second) if event["event"] == "evaluated")["samples"]) == {"0.3", "0.5", "0.7", "1.0"}
    assert record_of(Path(order.run))["baselines"] == record["baselines"]


def test_fewer_steps_are_told(tmp_path: Path, order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a run is shortened, whoever watches hears how many steps there are by now, and of the room."""
    monkeypatch.setenv(FOLDER, str(tmp_path))
    schedule = Schedule(100, room_steps=60)
    schedule.shorten(20, 40)
    train_job.Teller(order).shortened(schedule)
    assert told(tmp_path) == [{"event": "shortened", "steps": 60, "room_steps": 40}]


def test_before_it_is_ready_it_just_ends(tmp_path: Path, order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    """Interrupted while the messages are read, it leaves nothing."""

    def interrupted(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(train_job, "read_chat", interrupted)
    other = Order.from_dict(asdict(order) | {"run": str(tmp_path / "runs" / "other")})
    with pytest.raises(KeyboardInterrupt):
        train_job.main(job(tmp_path, other, monkeypatch))
    assert not Path(other.run).exists()


@pytest.mark.parametrize("with_quotes", [False, True])
def test_quoted_lines_are_learnt_only_if_wanted(
    tmp_path: Path, order: Order, monkeypatch: pytest.MonkeyPatch, *, with_quotes: bool
) -> None:
    """The chat is read as the order says, and the run remembers that for its report."""

    class Read(Exception):  # noqa: N818  (it is no error)
        """All that this test wants has been done."""

    def train_run(chat: Chat, *_: object, **__: object) -> None:
        assert chat.with_quotes == with_quotes
        raise Read

    monkeypatch.setattr(train_job, "train_run", train_run)
    wanted = Order.from_dict(asdict(order) | {"with_quotes": with_quotes})
    with pytest.raises(Read):
        train_job.main(job(tmp_path, wanted, monkeypatch))
    assert wanted.record["with_quotes"] == with_quotes


def test_simple_methods_are_measured_like_the_voice(tmp_path: Path, order: Order) -> None:
    """Given time, the n-gram model is that of the evaluation, on the same messages; with little, it learns from less."""
    from talklike.chat.read import read_chat
    from talklike.corpus.corpus import build_corpus

    corpus = build_corpus(read_chat(order.table), "harbour master", tmp_path)
    found = train_job.baselines(corpus, 60.0)
    assert found["Kneser–Ney"] == pytest.approx(baseline(corpus).validation.bits_per_character, abs=1e-3)
    assert found["Kneser–Ney"] < found["letter frequencies"]
    assert train_job.baselines(corpus, 0.02)["Kneser–Ney"] > found["Kneser–Ney"]
