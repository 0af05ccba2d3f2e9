"""Tests of ``talklike who``."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import pytest

from talklike.evaluation.who import who
from talklike.generation.voice import load_voice

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    Run = Callable[..., Any]


@pytest.fixture
def piped(talklike: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command with bytes from a pipe: ``piped(b"hi", "who", voice)``."""

    def run(data: bytes, *arguments: object) -> Any:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), "utf-8"))
        return talklike(*arguments)

    return run


def test_one_text_is_a_table_of_authors(talklike: Run, voice_file: Path) -> None:
    """The likeliest author comes first, with the probability that the library gives."""
    shares = who(load_voice(voice_file), ["the tide is out"])[0]
    ran = talklike("who", voice_file, "the tide is out")
    assert (ran.status, ran.err) == (0, "")
    head, *rows = ran.out.splitlines()
    assert head.split() == ["author", "probability"]
    order = [0, 1] if shares[0] >= shares[1] else [1, 0]
    assert [row.split()[:4] for row in rows] == [["name", "of", f"u{place + 1}", f"{shares[place]:.1%}"] for place in order]
    assert rows[0].count("█") == round(20 * shares.max())


def test_several_texts_are_a_row_each(talklike: Run, voice_file: Path) -> None:
    """In their order, with who else it may be and the text."""
    texts = ["the tide", "é😀", "line\nbreak \x1b[31m"]
    ran = talklike("who", voice_file, *texts)
    assert (ran.status, ran.err) == (0, "")
    _, *rows = ran.out.splitlines()
    shares = who(load_voice(voice_file), texts)
    for row, found, shown in zip(rows, shares, ["the tide", "é😀", "line ⏎ break �[31m"], strict=True):
        assert row.startswith(f"name of u{found.argmax() + 1}")
        assert f"{found.max():.1%}" in row
        assert f"name of u{found.argmin() + 1} {found.min():.0%}" in row
        assert row.rstrip().endswith(shown)


def test_lines_of_a_pipe(piped: Run, voice_file: Path) -> None:
    """Each line that isn't blank is a text, whatever bytes are in it."""
    ran = piped("the tide\r\n\n  \né😀\n".encode() + b"\xff", "who", voice_file, "--json")
    assert (ran.status, ran.err) == (0, "")
    assert [one["text"] for one in json.loads(ran.out)] == ["the tide", "é😀", "\ufffd"]


@pytest.mark.parametrize("texts", [["a"], ["a", "b c"]])
def test_json(talklike: Run, voice_file: Path, texts: list[str]) -> None:
    """A list on one line, also of one text; each has its authors by id and name."""
    ran = talklike("who", voice_file, *texts, "--json")
    assert ran.out.count("\n") == 1
    found = json.loads(ran.out)
    assert [one["text"] for one in found] == texts
    shares = who(load_voice(voice_file), texts)
    for one, row in zip(found, shares, strict=True):
        best = one["authors"][0]
        assert (best["author"], best["name"]) == (f"u{row.argmax() + 1}", f"name of u{row.argmax() + 1}")
        assert [author["probability"] for author in one["authors"]] == sorted(row.round(4).tolist(), reverse=True)


def test_top(talklike: Run, voice_file: Path) -> None:
    """So many authors are told, at least one."""
    assert len(talklike("who", voice_file, "a", "--top", 1).out.splitlines()) == 2
    assert [len(one["authors"]) for one in json.loads(talklike("who", voice_file, "a", "b", "--top", 1, "--json").out)] == [1, 1]
    ran = talklike("who", voice_file, "a", "--top", 0)
    assert (ran.status, ran.out, ran.err) == (2, "", "talklike: --top must be 1 or more, not 0\n")


def test_a_text_that_looks_like_an_option(talklike: Run, voice_file: Path) -> None:
    """Behind two hyphens everything is text."""
    assert json.loads(talklike("who", voice_file, "--json", "--", "--top").out)[0]["text"] == "--top"


def test_a_solo_voice_can_not_tell(talklike: Run, make_bytes: Callable[..., bytes], tmp_path: Path) -> None:
    """The error says what to train, and doesn't quote the text."""
    path = tmp_path / "solo.onnx"
    path.write_bytes(make_bytes())
    ran = talklike("who", path, "private words")
    assert (ran.status, ran.out) == (2, "")
    assert "talklike train CHAT --room" in ran.err
    assert "private" not in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("data", [b"", b"\n \n"])
def test_without_a_text_it_says_how_to_give_one(piped: Run, voice_file: Path, data: bytes) -> None:
    """An empty pipe is a mistake told in one line."""
    ran = piped(data, "who", voice_file)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "talklike: there is no text; give one or more as arguments, or as lines on standard input\n"


def test_an_empty_text(talklike: Run, voice_file: Path) -> None:
    """It is named by its number; the other one is not quoted."""
    ran = talklike("who", voice_file, "private words", " ")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "talklike: text 2 is empty: there is nothing to tell its author by\n"


def test_a_voice_that_is_not_there(talklike: Run, tmp_path: Path) -> None:
    """A missing voice is one line."""
    ran = talklike("who", tmp_path / "none.onnx", "a")
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
