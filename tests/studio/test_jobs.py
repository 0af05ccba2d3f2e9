"""Tests of jobs: processes that outlive the page, and are found again."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from talklike.errors import RunError
from talklike.studio import jobs

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
MODULE = "tests.studio.waiting_job"
LONG = 20.0


@pytest.fixture(autouse=True)
def from_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let jobs find the modules of the tests."""
    monkeypatch.chdir(ROOT)


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[jobs.Job]:
    """Give a job that counts until it is stopped."""
    job = jobs.start("test", [MODULE, "count"], tmp_path / "one", about={"of": "a test"})
    until(lambda: len(job.events()) > 2)
    yield job
    if job.alive:
        job.stop()
        job.stop()
        assert job.wait(LONG)


def until(holds: object) -> None:
    """Wait until something holds."""
    end = time.monotonic() + LONG
    while not holds():  # type: ignore[operator]  # a function
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_job_is_found_again(waiting: jobs.Job, tmp_path: Path) -> None:
    """Another look at the folder, as after a restart, finds the same job running, and can stop it."""
    found = jobs.Job(tmp_path / "one")
    assert (found.id, found.kind, found.about, found.state) == ("one", "test", {"of": "a test"}, "running")
    assert found.events()[0]["said"] == "héllo"
    found.stop()
    assert found.wait(LONG)
    assert (found.state, found.error) == ("stopped", None)
    assert waiting.state == "stopped"


def test_a_job_is_held_and_goes_on(waiting: jobs.Job) -> None:
    """Held, it tells nothing more; then it goes on; and what is held can be stopped."""
    waiting.pause()
    until(lambda: waiting.state == "paused")
    time.sleep(0.2)
    count = len(waiting.events())
    time.sleep(0.3)
    assert len(waiting.events()) == count
    waiting.go_on()
    until(lambda: waiting.state == "running")
    until(lambda: len(waiting.events()) > count)
    waiting.pause()
    waiting.stop()
    until(lambda: waiting.state == "stopped")


@pytest.mark.parametrize(
    ("what", "state", "error"),
    [
        ("end", "done", None),
        ("mistake", "failed", "this is no chat; drop another"),
        ("status", "failed", "there is no such voice; train one"),
        ("die", "failed", jobs.LOST),
    ],
)
def test_how_jobs_end(tmp_path: Path, what: str, state: str, error: str | None) -> None:
    """An end that is told is told in a sentence, and one that isn't is noticed."""
    job = jobs.start("test", [MODULE, what], tmp_path / "one")
    assert job.wait(LONG)
    assert (job.state, job.error) == (state, error)


def test_a_bug_is_no_mistake_of_the_users(tmp_path: Path) -> None:
    """A bug leaves its traceback in a file, which the sentence names."""
    job = jobs.start("test", [MODULE, "break"], tmp_path / "one")
    assert job.wait(LONG)
    assert str(job.folder / jobs.STDERR) in str(job.error)
    assert "ZeroDivisionError" in (job.folder / jobs.STDERR).read_text()


def test_a_killed_job_has_failed(waiting: jobs.Job) -> None:
    """Killed, it holds its lock no longer, whoever has its process id next."""
    waiting.kill()
    assert waiting.wait(LONG)
    assert (waiting.state, waiting.error) == ("failed", jobs.LOST)


def test_a_folder_that_holds_no_job(tmp_path: Path) -> None:
    """Such a folder is told, and a place where nothing can be written too."""
    with pytest.raises(RunError, match="holds no job"):
        jobs.Job(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(RunError, match="no work can be started there"):
        jobs.start("test", [MODULE, "end"], tmp_path / "file" / "one")


def test_names_say_nothing() -> None:
    """Names are all different and fit for addresses."""
    names = {jobs.new_id() for _ in range(100)}
    assert len(names) == 100
    assert all(name.isalnum() for name in names)
