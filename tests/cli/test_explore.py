"""``talklike explore`` as a user runs it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner, Result

from talklike.cli.explore import explore
from talklike.errors import AuthorNotFoundError, ChatFileError, FormatError, MissingExtraError, OptionError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROWS = [
    ("u1", "Mossy Keel", "2020-01-01T10:00:00Z", "the tide is in"),
    ("u2", "dora", "2020-01-02T10:00:00Z", "is it? \x1b[31mred"),
    ("u1", "Mossy Keel", "2020-01-03T10:00:00Z", "two\nlines é"),
    ("u3", "dora", "2020-01-03T11:00:00Z", "another dora"),
]


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    """Return a small chat, with a bot and a row that is skipped."""
    rows = [*ROWS, ("u4", "", "2020-01-05T10:00:00Z", " ")]
    rows += [("b", "tidebot", f"2020-01-04T10:{i:02}:00Z", f"tide at {i}:00 for the whole harbour") for i in range(30)]
    lines = ["author,name,time,text"] + [f'{a},{n},{w},"{t}"' for a, n, w, t in rows]
    path = tmp_path / "chat.csv"
    path.write_text("\n".join(lines))
    return path


@pytest.fixture
def run() -> Callable[..., Result]:
    """Return a function that runs the command; a talklike error comes out as it was raised."""
    app = typer.Typer()
    app.command()(explore)

    def call(*args: object) -> Result:
        result = CliRunner().invoke(app, [str(arg) for arg in args])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


def test_the_table_shows_the_most_active_and_says_who_is_a_bot(run: Callable[..., Result], chat: Path) -> None:
    """Names, ids, counts, dates and bars on standard output; the report on standard error."""
    result = run(chat)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["author", "messages", "characters", "first", "last"]
    assert lines[1].split()[:3] == ["tidebot", "b", "30"]
    assert "2020-01-04" in lines[1]
    assert "█" in lines[1]
    assert "Mossy Keel  u1" in lines[2]
    assert "tidebot looks automated: 100% of the messages are stock and the name says bot" in result.stdout
    assert "34 of 35 rows kept" in result.stderr
    assert f"1 skipped, empty: {chat}:7" in result.stderr


def test_authors_can_be_limited(run: Callable[..., Result], chat: Path) -> None:
    """By number and by name."""
    assert "dora" not in run(chat, "--top", 2, "--exclude", "u3").stdout
    assert "tidebot" not in run(chat, "--exclude", "TideBot").stdout
    assert "tidebot" not in run(chat, "--include", "u1", "--include", "u2").stdout
    with pytest.raises(OptionError, match="leave no author"):
        run(chat, "--include", "u1", "--exclude", "u1")


def test_what_is_cleaned_and_who_looks_alike_is_shown(run: Callable[..., Result], tmp_path: Path) -> None:
    """With the very options that change it, which then do."""
    chat = tmp_path / "chat.csv"
    rows = ["wren,the tide is in", "wren_,is it", '"old pike","> is it\n> now?\n\nyes it is"', "wren,so it is"]
    chat.write_text("\n".join(["author,text", *rows]))
    out = run(chat).stdout
    assert "1 messages quote others: 2 lines that are not learnt from (--with-quotes keeps them)" in out
    assert "wren_ and wren (names that differ only in case and signs): --merge wren_=wren" in out
    out = run(chat, "--merge", "wren_=wren", "--with-quotes").stdout
    assert "quote others" not in out
    assert "--merge" not in out
    assert out.splitlines()[1].split()[:2] == ["wren", "3"]


def test_one_author_is_introduced_in_a_sentence(run: Callable[..., Result], chat: Path) -> None:
    """With dates and first messages, in which no control character reaches the terminal."""
    out = run(chat, "--author", "mossy keel").stdout
    assert "Mossy Keel (u1) accounts for 2 messages, 25 characters, 13 distinct characters" in out
    assert "from 2020-01-01 to 2020-01-03" in out
    assert "2020-01-03 10:00  two ⏎ lines é" in out
    assert "\x1b" not in run(chat, "--author", "u2").stdout
    assert "looks automated" in run(chat, "--author", "tidebot").stdout


def test_json_has_the_documented_keys(run: Callable[..., Result], chat: Path) -> None:
    """For the table and for one author."""
    found = json.loads(run(chat, "--json").stdout)
    assert found.keys() == {"report", "kind", "authors", "cleaned", "alike"}
    assert found["report"].keys() == {"source", "format", "why", "read", "kept", "skipped", "notes", "files"}
    assert found["cleaned"] == {"quoting_messages": 0, "quoted_lines": 0}
    assert [pair["option"] for pair in found["alike"]] == ["--merge u3=u2"]
    keys = {"author", "name", "messages", "characters", "first", "last", "automated", "reason"}
    assert found["authors"][0].keys() == keys
    assert found["authors"][0]["first"] == "2020-01-04T10:00:00+00:00"
    assert all(key in str(explore.__doc__) for key in keys | found.keys() | found["report"].keys())
    one = json.loads(run(chat, "--json", "--author", "u1").stdout)["author"]
    assert all(key in str(explore.__doc__) for key in found["cleaned"].keys() | found["alike"][0].keys())
    assert one.keys() == keys | {"distinct_characters", "first_messages"}
    assert one["first_messages"][0] == {"time": "2020-01-01T10:00:00+00:00", "text": "the tide is in"}


def test_a_book_and_a_chat_without_times_show_what_they_have(run: Callable[..., Result], tmp_path: Path) -> None:
    """No dates, no ids beside equal names."""
    book = tmp_path / "storm.txt"
    book.write_text("It was a dark night.\n")
    result = run(book)
    assert result.stdout.splitlines()[0].split() == ["author", "messages", "characters"]
    assert "storm" in result.stdout
    assert "accounts for 1 messages, 21 characters" in run(book, "--author", "storm").stdout
    assert json.loads(run(book, "--json").stdout)["kind"] == "stream"


def test_a_narrow_terminal_gets_every_column(
    chat: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ids go below the names."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    explore(str(chat))
    out = capsys.readouterr().out
    assert "2020-01-04" in out
    assert "tidebot   " in out
    assert all(word in out for word in ("messages", "characters", "first", "last"))


def test_the_plot_is_a_picture(run: Callable[..., Result], chat: Path, tmp_path: Path) -> None:
    """Of the authors in the table."""
    plot = tmp_path / "authors.png"
    assert f"wrote {plot}" in run(chat, "--plot", plot).stderr
    assert plot.read_bytes().startswith(b"\x89PNG")
    svg = tmp_path / "authors.svg"
    run(chat, "--plot", svg, "--exclude", "b")
    assert "<svg" in svg.read_text()


@pytest.mark.parametrize(
    ("args", "error", "word"),
    [
        (["--top", "0"], OptionError, "--top must be 1 or more"),
        (["--author", "u1", "--include", "u2"], OptionError, "leave out --include"),
        (["--plot", "chart.docx"], OptionError, r"\.png, \.svg or \.pdf"),
        (["--plot", "no/such/folder/chart.png"], OptionError, "no folder"),
        (["--plot", "{folder}/"], OptionError, "is a folder; name a file in it"),
        (["--author", "Mosy Keel"], AuthorNotFoundError, r"did you mean Mossy Keel \(u1\)"),
        (["--author", "dora"], AuthorNotFoundError, "2 authors are called 'dora': u2, u3"),
        (["--format", "cvs"], OptionError, "did you mean"),
        (["--author-column", "nope"], FormatError, "no column 'nope'"),
    ],
)
def test_a_mistake_is_one_line(
    run: Callable[..., Result], chat: Path, tmp_path: Path, args: list[str], error: type, word: str
) -> None:
    """What is wrong and what to try."""
    (tmp_path / "chart.png").mkdir()
    with pytest.raises(error, match=word) as raised:
        run(chat, *(arg.format(folder=tmp_path / "chart.png") for arg in args))
    assert "\n" not in str(raised.value)


def test_a_plot_is_refused_before_reading(run: Callable[..., Result], tmp_path: Path) -> None:
    """There is no chat, and that isn't yet known."""
    with pytest.raises(OptionError, match="no folder"):
        run(tmp_path / "nope.csv", "--plot", tmp_path / "nowhere" / "chart.png")


def test_a_missing_file_is_one_line(run: Callable[..., Result], tmp_path: Path) -> None:
    """The most common mistake of all."""
    with pytest.raises(ChatFileError, match="there is no such file"):
        run(tmp_path / "nope.csv")


def test_without_matplotlib_the_extra_is_named(run: Callable[..., Result], chat: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is read."""
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"talklike\[plot\]"):
        run(chat, "--plot", "chart.png")


def test_the_command_starts_without_the_heavy_packages() -> None:
    """``talklike --help`` must not wait for Polars or matplotlib."""
    import subprocess

    heavy = ("polars", "numpy", "matplotlib", "torch")
    code = f"import sys, talklike.cli.explore, talklike.cli.convert; print([m for m in {heavy} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


def test_a_plot_of_names_that_the_font_lacks_is_quiet(tmp_path: Path) -> None:
    """Names in any script are drawn without a warning, and nothing but the picture is left in the folder."""
    chat = tmp_path / "chat.csv"
    chat.write_text("author,text\n王小明,hello\n$x^$,hi\n", encoding="utf-8")

    explore(str(chat), plot=tmp_path / "plot.png")

    assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["chat.csv", "plot.png"]
