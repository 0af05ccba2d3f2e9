"""Tests of the run folder."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from talklike.errors import RunError
from talklike.training import folder as folders
from talklike.training.folder import RunFolder, free_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from talklike.training.progress import Evaluation

    MakeEvaluation = Callable[..., Evaluation]


def names(folder: RunFolder) -> list[str]:
    """Return what lies in a run folder."""
    return sorted(str(path.relative_to(folder.path)) for path in folder.path.rglob("*"))


def full_disk(_: int) -> None:
    """Fail as a full disk does."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_new_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    """Folders above it are made too."""
    folder = RunFolder(tmp_path / "a" / "b" / "run")
    folder.create(resume=False)
    assert names(folder) == ["checkpoint", "checkpoint/corpus"]


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    """A folder that is there and empty is used."""
    folder = RunFolder(tmp_path)
    folder.create(resume=False)
    assert folder.corpus.is_dir()


def test_a_file_is_refused(tmp_path: Path) -> None:
    """A file is no folder, and stays as it is."""
    file = tmp_path / "run"
    file.write_text("mine")
    for resume in (False, True):
        with pytest.raises(RunError) as caught:
            RunFolder(file).create(resume=resume)
        assert str(caught.value) == f"{file}: is a file; name a folder for the run with -o"
    assert file.read_text() == "mine"


def test_a_file_on_the_way_is_refused(tmp_path: Path) -> None:
    """A folder inside a file can't be made, and the reason is told."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(RunError, match=r"file/run: can't be made: Not a directory; name another folder with -o"):
        RunFolder(tmp_path / "file" / "run").create(resume=False)


def test_a_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    """A name no file system takes is a run error too."""
    with pytest.raises(RunError, match="File name too long"):
        RunFolder(tmp_path / ("x" * 300)).create(resume=False)


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    """A folder that holds anything is left alone."""
    (tmp_path / "holiday.jpg").write_bytes(b"mine")
    with pytest.raises(RunError, match="is not empty; name a new folder for the run with -o"):
        RunFolder(tmp_path).create(resume=False)
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]


@pytest.mark.parametrize("files", [[], ["holiday.jpg"]])
def test_a_folder_without_a_run_is_not_resumed(tmp_path: Path, files: list[str]) -> None:
    """Asked to resume where there is no run, nothing in the folder is touched, and nothing is made."""
    for name in files:
        (tmp_path / name).write_text("mine")
    with pytest.raises(RunError, match="holds no training run to resume; train without --resume"):
        RunFolder(tmp_path).create(resume=True)
    assert [path.name for path in tmp_path.iterdir()] == files
    with pytest.raises(RunError, match="holds no training run"):
        RunFolder(tmp_path / "new").create(resume=True)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "theirs", ["checkpoint", "checkpoint/precious/song.txt", "checkpoint/corpus/notes.txt", "checkpoint/x.pt"]
)
def test_what_only_looks_like_a_killed_start_is_someone_s(tmp_path: Path, theirs: str) -> None:
    """A folder called checkpoint that holds anything that no run leaves is kept as it is."""
    path = tmp_path / "run" / theirs
    path.parent.mkdir(parents=True)
    path.write_text("mine", encoding="utf-8")
    folder = RunFolder(tmp_path / "run")
    with pytest.raises(RunError, match="is not empty; name a new folder"):
        folder.create(resume=False)
    folder.discard()
    assert path.read_text(encoding="utf-8") == "mine"


def test_what_a_killed_start_left_is_no_obstacle(tmp_path: Path) -> None:
    """A run killed before its recipe was fixed leaves only encoded text; starting again needs no tidying."""
    killed = RunFolder(tmp_path / "run")
    killed.create(resume=False)
    killed.release()  # as the system does when a process ends
    (tmp_path / "run" / "checkpoint" / "corpus" / "train.u16").write_bytes(b"half")
    RunFolder(tmp_path / "run").create(resume=False)


def test_discarding_leaves_what_was_there_before(tmp_path: Path) -> None:
    """A folder that someone made stays, empty as it was."""
    folder = RunFolder(tmp_path)
    folder.create(resume=False)
    folder.discard()
    assert tmp_path.is_dir()
    assert not any(tmp_path.iterdir())


def test_a_folder_with_a_run_is_refused_without_resume(folder: RunFolder) -> None:
    """No run is ever lost to another: going on with it must be asked for."""
    folder.write_recipe({"recipe": {}})
    with pytest.raises(RunError) as caught:
        folder.create(resume=False)
    assert str(caught.value) == (
        f"{folder.path}: holds a training run already; go on with --resume, or name another folder with -o"
    )
    folder.release()
    folder.create(resume=True)


def test_two_trainings_in_one_folder_are_refused(folder: RunFolder) -> None:
    """The second would cut the text from under the first; once the first has ended, its run can go on."""
    folder.write_recipe({"recipe": {}})
    with pytest.raises(RunError, match="a training is running in it; wait for its end"):
        RunFolder(folder.path).create(resume=True)
    folder.release()
    RunFolder(folder.path).create(resume=True)


def test_the_run_of_a_room_has_no_author(folder: RunFolder) -> None:
    """Its recipe reads back; one whose author is no name doesn't."""
    folder.write_recipe({"recipe": {}, "corpus": {"author": None, "sha256": "0"}})
    assert folder.read_recipe()["corpus"]["author"] is None
    folder.write_recipe({"recipe": {}, "corpus": {"author": 3, "sha256": "0"}})
    with pytest.raises(RunError, match="is not a run's"):
        folder.read_recipe()


def test_a_folder_that_can_not_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system forbids to make it, the system's reason is told in one line."""

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "mkdir", forbidden)
    with pytest.raises(RunError) as caught:
        RunFolder(tmp_path / "run").create(resume=False)
    assert str(caught.value) == f"{tmp_path / 'run'}: can't be made: Permission denied; name another folder with -o"


def test_a_folder_that_can_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder whose content the system hides is a run error too."""

    def forbidden(_: Path) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "iterdir", forbidden)
    with pytest.raises(RunError, match="Permission denied"):
        RunFolder(tmp_path).create(resume=False)


@pytest.mark.parametrize("file", ["recipe", "voice", "progress"])
def test_a_full_disk_is_one_line(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch, make_evaluation: MakeEvaluation, file: str
) -> None:
    """Whatever is being written, a full disk is a run error that says so, and leaves no half-written file."""
    monkeypatch.setattr(os, "fsync", full_disk)
    write: dict[str, Callable[[], None]] = {
        "recipe": lambda: folder.write_recipe({}),
        "voice": lambda: folder.write_voice(b"voice"),
        "progress": lambda: folder.write_progress([make_evaluation(1, 2.0, 3.0)], ["a"], "title"),
    }
    before = names(folder)
    with pytest.raises(RunError, match="can't be written: No space left on device; free some space") as caught:
        write[file]()
    assert "\n" not in str(caught.value)
    assert names(folder) == before


def test_the_recipe_reads_back(folder: RunFolder) -> None:
    """What was written is read again, names in any script included."""
    content = {"recipe": {"hidden": 3}, "corpus": {"author": "Ωμέγα", "sha256": "0"}}
    folder.write_recipe(content)
    assert folder.read_recipe() == content
    assert "Ωμέγα" in (folder.path / "recipe.json").read_text(encoding="utf-8")


def test_no_recipe_means_no_run(folder: RunFolder) -> None:
    """A folder without a recipe has nothing to resume."""
    with pytest.raises(RunError) as caught:
        folder.read_recipe()
    assert str(caught.value) == f"{folder.path}: holds no training run to resume; train without --resume"


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"3", b"\xff\xfe", b"null"])
def test_a_damaged_recipe_is_refused(folder: RunFolder, content: bytes) -> None:
    """A recipe that isn't JSON, or no object, is a run error of one line."""
    (folder.path / "recipe.json").write_bytes(content)
    with pytest.raises(RunError, match="train again without --resume") as caught:
        folder.read_recipe()
    assert "\n" not in str(caught.value)


def test_a_run_that_never_began_is_discarded(folder: RunFolder) -> None:
    """Without a recipe there was no run, and no folder is left behind; a run that began is kept."""
    folder.discard()
    assert not folder.path.exists()
    folder.create(resume=False)
    folder.write_recipe({})
    folder.discard()
    assert names(folder) == ["checkpoint", "checkpoint/corpus", "recipe.json"]


def test_progress_is_written_whole(folder: RunFolder, make_evaluation: MakeEvaluation) -> None:
    """Metrics have a line of JSON for each evaluation, samples their texts, and the picture is a PNG."""
    evaluations = [make_evaluation(10, 3.0, 3.5, characters=640, best=True), make_evaluation(20, 2.5, 3.25, characters=1280)]
    folder.write_progress(evaluations, ["first\n", "second 🦀\n"], "title")
    lines = (folder.path / "metrics.jsonl").read_text().splitlines()
    assert json.loads(lines[0]) == {
        "step": 10,
        "seconds": 10.0,
        "characters": 640,
        "train_bits_per_character": 3.0,
        "validation_bits_per_character": 3.5,
        "best": True,
    }
    assert [json.loads(line)["step"] for line in lines] == [10, 20]
    assert (folder.path / "samples.txt").read_text(encoding="utf-8") == "first\n\nsecond 🦀\n"
    assert (folder.path / "loss.png").read_bytes().startswith(b"\x89PNG")


def test_without_a_picture_there_is_no_file(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch, make_evaluation: MakeEvaluation
) -> None:
    """Where no plot can be made, everything else is written."""
    monkeypatch.setattr(folders, "loss_plot", lambda *_: None)
    folder.write_progress([make_evaluation(1, 2.0, 3.0)], ["a"], "title")
    assert names(folder) == ["checkpoint", "checkpoint/corpus", "metrics.jsonl", "samples.txt"]


def test_the_encoded_text_is_removed(folder: RunFolder) -> None:
    """What only training needs goes at the end; removing it twice is no mistake."""
    (folder.corpus / "train.u16").write_bytes(b"xx")
    folder.remove_corpus()
    folder.remove_corpus()
    assert names(folder) == ["checkpoint"]


def test_a_free_folder_has_the_next_number(tmp_path: Path) -> None:
    """The wanted name if nothing has it, else the first number that nothing has."""
    wanted = tmp_path / "run"
    assert free_folder(wanted) == wanted
    wanted.mkdir()
    assert free_folder(wanted) == tmp_path / "run-2"
    (tmp_path / "run-2").write_text("a file counts too")
    (tmp_path / "run-3").mkdir()
    assert free_folder(wanted) == tmp_path / "run-4"
