"""Tests of ``talklike generate``."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from talklike.generation.voice import load_voice

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    Run = Callable[..., Any]


def test_a_whole_message(talklike: Run, voice_file: Path) -> None:
    """Without anything else it is one message of the voice's first author, on standard output alone."""
    ran = talklike("generate", voice_file, "--seed", 7)
    assert (ran.status, ran.out, ran.err) == (0, load_voice(voice_file).generate(seed=7) + "\n", "")


@pytest.mark.parametrize("prompt", ["tide", "😀", "日本語", "é" * 300, "a\nb", "'\"\\"])
def test_a_prompt_begins_the_text(talklike: Run, voice_file: Path, prompt: str) -> None:
    """The text begins with the prompt, whatever is in it."""
    ran = talklike("generate", voice_file, prompt, "--seed", 7)
    assert (ran.status, ran.out) == (0, load_voice(voice_file).generate(prompt, seed=7) + "\n")
    assert ran.out.startswith(prompt)


def test_a_prompt_that_looks_like_an_option(talklike: Run, voice_file: Path) -> None:
    """Behind two hyphens everything is text."""
    assert talklike("generate", voice_file, "--seed", 1, "--", "--seed").out.startswith("--seed")


@pytest.mark.parametrize("chars", [1, 37, 1000])
def test_exactly_so_many_characters(talklike: Run, voice_file: Path, chars: int) -> None:
    """``--chars`` is exact, beyond the ends of messages, and doesn't count the prompt."""
    assert len(talklike("generate", voice_file, "--chars", chars, "--seed", 2).out) == chars + 1
    assert len(talklike("generate", voice_file, "tide", "--chars", chars, "--seed", 2).out) == chars + 5


def test_at_most_so_many_characters(talklike: Run, voice_file: Path) -> None:
    """``--max-chars`` cuts a message that would be longer."""
    assert len(talklike("generate", voice_file, "--max-chars", 5, "-t", 5, "--seed", 2).out) <= 6


def test_several_texts(talklike: Run, voice_file: Path) -> None:
    """``--count`` writes so many texts, each a line or more, the first of which is that of one alone."""
    texts = load_voice(voice_file).generate_many(3, "e", seed=7)
    ran = talklike("generate", voice_file, "e", "--count", 3, "--seed", 7)
    assert (ran.status, ran.out) == (0, "\n".join(texts) + "\n")
    assert talklike("generate", voice_file, "e", "-n", 1, "--seed", 7).out == texts[0] + "\n"


@pytest.mark.parametrize("count", [1, 4])
def test_json(talklike: Run, voice_file: Path, count: int) -> None:
    """``--json`` is a list of texts on one line, also of one."""
    ran = talklike("generate", voice_file, "😀", "--json", "-n", count, "--seed", 7)
    assert ran.out.count("\n") == 1
    assert json.loads(ran.out) == load_voice(voice_file).generate_many(count, "😀", seed=7)


def test_the_seed_decides(talklike: Run, voice_file: Path) -> None:
    """The same seed writes the same text, another seed another, and without one no two are alike."""
    once, again, other, free, free_again = (
        talklike("generate", voice_file, "--chars", 80, *seed).out
        for seed in (("--seed", 1), ("--seed", 1), ("--seed", 2), (), ())
    )
    assert once == again
    assert len({once, other, free, free_again}) == 4


def test_temperature_zero_needs_no_seed(talklike: Run, voice_file: Path) -> None:
    """The most likely text is always the same."""
    first = talklike("generate", voice_file, "-t", 0, "--chars", 50)
    assert first.out == talklike("generate", voice_file, "--temperature", 0, "--chars", 50).out
    assert first.out == load_voice(voice_file).generate(temperature=0, chars=50) + "\n"


def test_sampling_options_reach_the_voice(talklike: Run, voice_file: Path) -> None:
    """Each option of sampling does what it does in the library."""
    options = ["-t", 2, "--top-k", 5, "--top-p", 0.9, "--min-p", 0.05]
    expected = load_voice(voice_file).generate(temperature=2, top_k=5, top_p=0.9, min_p=0.05, chars=60, seed=3)
    assert talklike("generate", voice_file, *options, "--chars", 60, "--seed", 3).out == expected + "\n"


def test_stop_strings_end_the_text(talklike: Run, voice_file: Path) -> None:
    """The text ends before any of the strings given."""
    whole = talklike("generate", voice_file, "--chars", 200, "--seed", 3).out
    stop = whole[20]
    ran = talklike("generate", voice_file, "--chars", 200, "--seed", 3, "--stop", stop, "--stop", "never comes")
    assert ran.out == whole[: whole.index(stop)] + "\n"


@pytest.mark.parametrize("author", ["u2", "name of u2"])
def test_authors_by_id_and_name(talklike: Run, voice_file: Path, author: str) -> None:
    """A voice of several authors writes as whom one names."""
    expected = load_voice(voice_file).generate(author="u2", chars=60, seed=3)
    assert talklike("generate", voice_file, "--author", author, "--chars", 60, "--seed", 3).out == expected + "\n"
    assert expected != load_voice(voice_file).generate(chars=60, seed=3)


def test_unknown_authors(talklike: Run, voice_file: Path) -> None:
    """An author the voice doesn't know is one line that says whom it knows."""
    ran = talklike("generate", voice_file, "--author", "u3")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == "talklike: this voice is not 'u3''s; it writes as name of u1, name of u2\n"


NONSENSE = [
    ("--temperature", "-1"), ("--temperature", "nan"), ("--temperature", "inf"), ("--temperature", "hot"), ("-t", "101"),
    ("--top-k", "-1"), ("--top-k", "1.5"), ("--top-p", "0"), ("--top-p", "1.1"), ("--top-p", "nan"), ("--min-p", "-0.1"),
    ("--min-p", "2"), ("--count", "0"), ("--count", "-3"), ("--count", "many"), ("--max-chars", "0"), ("--max-chars", "-1"),
    ("--chars", "0"), ("--chars", "1e9"), ("--stop", ""), ("--seed", "-1"), ("--seed", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("option", "value"), NONSENSE)
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_nonsense_is_a_usage_error(talklike: Run, voice_file: Path, option: str, value: str, more: list[str]) -> None:
    """A value that makes no sense ends with status 2, writes nothing, and names the value in one line or in Typer's box."""
    ran = talklike("generate", voice_file, option, value, *more)
    assert (ran.status, ran.out) == (2, "")
    assert "Traceback" not in ran.err
    if ran.err.startswith("Usage: "):
        assert "Invalid value" in ran.err
    else:
        assert ran.err.startswith("talklike: ")
        assert ran.err.count("\n") == 1


def test_exactly_and_at_most_must_agree(talklike: Run, voice_file: Path) -> None:
    """Fewer than exactly so many can't be; as many can, whichever of the two is named first."""
    ran = talklike("generate", voice_file, "--chars", 10, "--max-chars", 5)
    said = "talklike: --chars 10 and --max-chars 5 contradict each other; leave away one of the two\n"
    assert (ran.status, ran.out, ran.err) == (2, "", said)
    for most in (10, 20):
        assert len(talklike("generate", voice_file, "--max-chars", most, "--chars", 10, "--seed", 2).out) == 11


def test_a_missing_voice(talklike: Run, tmp_path: Path) -> None:
    """A file that isn't there is one line that says what to do."""
    ran = talklike("generate", tmp_path / "alice.onnx")
    expected = f"talklike: {tmp_path / 'alice.onnx'}: no such file; train a voice first: talklike train CHAT\n"
    assert (ran.status, ran.out, ran.err) == (1, "", expected)


@pytest.mark.parametrize("content", [b"", b"author,text\na,b\n", b"\x89PNG\r\n\x1a\n", bytes(range(256))])
def test_foreign_files(talklike: Run, tmp_path: Path, content: bytes) -> None:
    """Anything but a voice is one line that names the file."""
    (tmp_path / "chat.csv").write_bytes(content)
    ran = talklike("generate", tmp_path / "chat.csv")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith(f"talklike: {tmp_path / 'chat.csv'}: ")
    assert ran.err.count("\n") == 1


def test_a_folder_without_a_voice(talklike: Run, tmp_path: Path) -> None:
    """A folder that is no run's is told from one that is."""
    ran = talklike("generate", tmp_path)
    assert (ran.status, ran.out) == (1, "")
    assert "a folder without voice.onnx" in ran.err


def test_a_run_folder_will_do(talklike: Run, voice_file: Path, tmp_path: Path) -> None:
    """Wherever a voice is asked for, the folder of a run will do."""
    (tmp_path / "voice.onnx").write_bytes(voice_file.read_bytes())
    assert talklike("generate", tmp_path, "--seed", 1).out == talklike("generate", voice_file, "--seed", 1).out


def test_a_terminal_that_knows_only_ascii(launched: Run, voice_file: Path) -> None:
    """Characters that standard output can't show are written as escapes; nothing fails."""
    ran = launched("generate", voice_file, "é😀", "--seed", "1", "--max-chars", "3", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("\\xe9\\U0001f600")


def test_json_is_json_on_any_terminal(launched: Run, voice_file: Path) -> None:
    """What a program is to read stays JSON where standard output knows only ASCII."""
    ran = launched("generate", voice_file, "é😀", "--seed", "1", "--json", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (ran.status, ran.err) == (0, "")
    assert json.loads(ran.out)[0].startswith("é😀")


def test_a_prompt_that_is_no_unicode(voice_file: Path) -> None:
    """Bytes on the command line that are no UTF-8 are read as unknown characters."""
    command = [sys.executable.encode(), b"-m", b"talklike", b"generate", os.fsencode(voice_file), b"a\xffb", b"--seed", b"1"]
    done = subprocess.run(command, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_without_standard_input(voice_file: Path) -> None:
    """Nothing is read from standard input, so it may be closed."""
    command = f'exec "{sys.executable}" -m talklike generate "{voice_file}" --seed 1 <&-'
    done = subprocess.run(["/bin/sh", "-c", command], check=False, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == load_voice(voice_file).generate(seed=1) + "\n"


def test_generating_needs_no_torch(voice_file: Path) -> None:
    """A host that only writes loads neither torch nor Polars nor onnx, which would take seconds and gigabytes."""
    program = (
        "import sys, atexit\n"
        "from talklike.cli.main import run\n"
        f"sys.argv = ['talklike', 'generate', {str(voice_file)!r}, '--seed', '1']\n"
        "heavy = ('torch', 'polars', 'onnx', 'lightning_fabric', 'matplotlib')\n"
        "atexit.register(lambda: sys.stderr.write(','.join(sorted(set(heavy) & set(sys.modules)))))\n"
        "run()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_an_answer_to_what_was_said(talklike: Run, voice_file: Path) -> None:
    """What was said before, by whom, is read; and someone else's sentence is completed."""
    voice = load_voice(voice_file)
    first, second = voice.card.authors[:2]
    said = ["--said", f"{first}: the tide is out", "--said", "nobody's words"]
    expected = voice.generate(
        "so", author=second, conversation=[(first, "the tide is out"), ("someone", "nobody's words")], seed=3
    )
    assert talklike("generate", voice_file, "so", "--author", second, *said, "--seed", 3).out == expected + "\n"
    expected = voice.generate("the boat is", author=second, prompt_author=first, seed=3)
    ran = talklike("generate", voice_file, "the boat is", "--author", second, "--from", first, "--seed", 3)
    assert ran.out == expected + "\n"
    assert talklike("generate", voice_file, "x", "--from", "nobody").status == 1


def test_lengths_patterns_and_the_best_of_many(talklike: Run, voice_file: Path) -> None:
    """At least so many characters; a regular expression; the best first."""
    assert len(talklike("generate", voice_file, "--min-chars", 40, "--max-chars", 60, "--seed", 2).out) >= 41
    assert re.fullmatch("[0-9]{4}\n", talklike("generate", voice_file, "--regex", "[0-9]{4}", "--seed", 2).out)
    ran = talklike("generate", voice_file, "--best-of", 4, "-n", 2, "--seed", 2, "--json")
    assert json.loads(ran.out) == load_voice(voice_file).generate_many(2, best_of=4, seed=2)
    assert talklike("generate", voice_file, "--regex", "(", "--seed", 2).status == 2


def test_confidence_without_a_terminal_is_the_text(talklike: Run, voice_file: Path) -> None:
    """Into a pipe no colours are written, and the texts are the same."""
    plain = talklike("generate", voice_file, "e", "-n", 2, "--seed", 3).out
    assert talklike("generate", voice_file, "e", "-n", 2, "--seed", 3, "--show-confidence").out == plain
