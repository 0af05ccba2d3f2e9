"""``talklike evaluate`` as a user runs it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from talklike.sample import sample_path

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., Any]

FEW = ("--messages", 20)


def test_verdict_and_tables_are_printed(talklike: Run, sample_voice: Path) -> None:
    """On standard output; how the chat was read on standard error."""
    done = talklike("evaluate", sample_voice, sample_path(), *FEW)
    assert done.status == 0, done.err
    assert "How much does this voice sound like name of 5766" in done.out
    for title in (
        "How well it knows what comes next",
        "Taken for name of 5766",
        "What is copied",
        "What changes with temperature",
    ):
        assert title in done.out
    assert "Kneser-Ney" in done.out
    assert "rows kept" in done.err


def test_json_and_a_page(talklike: Run, sample_voice: Path, tmp_path: Path) -> None:
    """Both of the same report; without texts, if asked. The curve of its run is in it, as it lies in a run folder."""
    page = tmp_path / "report.html"
    line = {"step": 1, "seconds": 1.0, "characters": 9, "train_bits_per_character": 3.0, "validation_bits_per_character": 4.0}
    (tmp_path / "metrics.jsonl").write_text(json.dumps(line))
    sample_voice = Path(shutil.copy(sample_voice, tmp_path))
    done = talklike("evaluate", sample_voice, sample_path(), *FEW, "--json", "--html", page, "--without-texts", "--seed", 3)
    assert done.status == 0, done.err
    report = json.loads(done.out)
    assert report["voice"]["name"].startswith("name of 5766")
    assert report["voice"]["file"] == "voice.onnx"  # others needn't know where it lies
    assert (report["seed"], report["samples"]) == (3, {"generated": [], "real": []})
    assert report["loss"] == [{"step": 1.0, "seconds": 1.0, "characters": 9.0, "train": 3.0, "validation": 4.0}]
    text = page.read_text()
    assert report["verdict"][0].split("(")[0].strip()[:30] in text
    assert f"wrote {page}" in done.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--messages", 3), "messages are 3, must be"),
        (("--author", "dora"), "this chat holds no author 'dora'"),
        (("--html", "/nowhere/report.html"), "/nowhere/report.html: can't be written there"),
        (("--exclude", "mossy_keel"), "this chat holds nothing of"),
    ],
)
def test_mistakes_are_told(talklike: Run, sample_voice: Path, arguments: tuple[object, ...], says: str) -> None:
    """In one line, with what to do."""
    done = talklike("evaluate", sample_voice, sample_path(), *FEW, *arguments)
    assert done.status in (1, 2)
    assert re.search(says, done.err), done.err
    assert "Traceback" not in done.err


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="needs /dev/full")
def test_a_full_disk_is_told_after_the_report(talklike: Run, sample_voice: Path) -> None:
    """What was found isn't lost with the page, and a device isn't replaced."""
    done = talklike("evaluate", sample_voice, sample_path(), *FEW, "--html", "/dev/full")
    assert done.status == 1
    assert "/dev/full: can't be written: No space left on device" in done.err
    assert "How much does this voice sound like" in done.out
    assert Path("/dev/full").is_char_device()


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="needs /dev/full")
def test_the_page_is_there_though_nobody_reads_the_text(sample_voice: Path, tmp_path: Path) -> None:
    """As with ``| head``: what can't be printed any more doesn't cost the page."""
    page = tmp_path / "report.html"
    words = ("evaluate", sample_voice, sample_path(), *FEW, "--html", page)
    command = [sys.executable, "-m", "talklike", *map(str, words)]
    with Path("/dev/full").open("w") as nowhere:
        done = subprocess.run(command, stdout=nowhere, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode != 0
    assert f"wrote {page}" in done.stderr
    assert "How much does this voice sound like" in page.read_text()


def test_a_chat_that_isn_t_one_is_told(talklike: Run, sample_voice: Path, tmp_path: Path) -> None:
    """The wrong file, and the empty one."""
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("")
    done = talklike("evaluate", sample_voice, wrong, *FEW)
    assert done.status == 1
    assert "wrong.csv" in done.err


def test_as_many_messages_are_written_as_in_the_library() -> None:
    """The command line says the number itself, so that it starts without loading the library."""
    from talklike.cli.evaluate import MESSAGES
    from talklike.evaluation import evaluate

    assert evaluate.MESSAGES == MESSAGES
