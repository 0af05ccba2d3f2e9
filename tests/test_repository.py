"""Tests of the repository itself: every module tested, every command documented, nothing in it that doesn't belong."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer.main

from talklike.cli.main import app
from talklike.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "talklike"
MOST_BYTES = 1_000_000

MODULES = sorted(
    path.relative_to(SOURCE)
    for path in SOURCE.rglob("*.py")
    if path.name not in ("__init__.py", "__main__.py") and path != SOURCE / "version.py"
)
PAGES = sorted(path.relative_to(ROOT) for path in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # a group, as there are several


@cache
def kept_files() -> list[Path]:
    """Return the files that the repository keeps: tracked, or new and not ignored."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a Git repository")
    return [ROOT / name.decode() for name in done.stdout.split(b"\0") if name and (ROOT / name.decode()).is_file()]


def texts() -> Iterator[tuple[Path, str]]:
    """Yield the text files that the repository keeps, without this one, which names what the others must not."""
    for path in kept_files():
        data = path.read_bytes()
        if path != Path(__file__).resolve() and b"\0" not in data[:8192]:
            yield path.relative_to(ROOT), data.decode("utf-8", "replace")


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_every_module_has_tests(module: Path) -> None:
    """At the same path below ``tests/`` lies a file with tests, each with a sentence that says what it shows."""
    path = ROOT / "tests" / module.parent / f"test_{module.name}"
    assert path.is_file(), f"{path.relative_to(ROOT)} is missing"
    functions = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)]
    tests = [function for function in functions if function.name.startswith("test_")]
    assert tests
    assert [function.name for function in tests if not (ast.get_docstring(function) or "").strip()] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    """The reference has a section for every command, with all of its options."""
    page = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    section = re.search(rf"^## talklike {command}$(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert section, f"{command} is missing"
    options = [
        name
        for parameter in COMMANDS[command].params
        for name in (*parameter.opts, *parameter.secondary_opts)
        if name.startswith("--")
    ]
    assert [name for name in options if name != "--help" and f"`{name}`" not in section[1]] == []


def test_what_every_command_takes_is_documented() -> None:
    """The reference begins with the options of ``talklike`` itself, and with both names of the help."""
    top = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8").partition("\n## ")[0]
    group = typer.main.get_command(app)
    names = [*(name for parameter in group.params for name in parameter.opts), *group.context_settings["help_option_names"]]
    assert {"--version", "-h", "--help"} <= set(names)
    assert [name for name in names if f"`{name}`" not in top] == []


def shown_commands(page: Path) -> list[str]:
    """Return the lines of a page's code blocks that call ``talklike``."""
    parts = re.split(r"^```.*$", (ROOT / page).read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = [line.strip().removeprefix("$ ") for block in parts[1::2] for line in block.replace("\\\n", " ").splitlines()]
    return [line for line in lines if re.match(r"talklike [a-z-]+( |$)", line)]


@pytest.mark.parametrize("page", [page for page in PAGES if page.parent.name != "decisions"], ids=str)  # those are history
def test_commands_in_the_documentation_exist(page: Path) -> None:
    """Every ``talklike`` command that a page shows is one that there is, with options that there are."""
    for line in shown_commands(page):
        _, command, *rest = shlex.split(line.split(" | ")[0].split(" > ")[0].split(" && ")[0], comments=True)
        if command.startswith("-"):
            continue
        assert command in COMMANDS, line
        known = {name for parameter in COMMANDS[command].params for name in (*parameter.opts, *parameter.secondary_opts)} | {
            "--help",
            "-h",
        }
        used = {word.split("=")[0] for word in rest if re.match(r"--?[a-z]", word)}
        assert used <= known, line


def test_the_readme_shows_how_to_train_and_generate() -> None:
    """The README is short, and shows the two commands that matter."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) < 150
    shown = " ".join(shown_commands(Path("README.md")))
    assert "talklike train" in shown
    assert "talklike generate" in shown


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page leads to a file or folder of the repository."""
    text = re.sub(r"```.*?```|`[^`\n]*`", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(<?([^)\s>#]+)(?:#[^)\s>]*)?>?(?:\s+\"[^\"]*\")?\)", text)
    relative = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert [link for link in relative if not (ROOT / page.parent / link).exists()] == []


def test_no_file_is_large() -> None:
    """The repository keeps nothing over a megabyte."""
    assert [str(path.relative_to(ROOT)) for path in kept_files() if path.stat().st_size > MOST_BYTES] == []


def test_no_path_of_a_machine() -> None:
    """No file names a folder of somebody's machine, or where somebody's packages come from."""
    folders = r"(?<![\w.])/(?:home|root|Users|work)/[\w.-]+"
    registries = r"(?i)\b(?:extra-)?index-url\b|\bartifactory\b|\bnexus\b|\bdevpi\b|://[\w.-]+(?::\d+)?/simple\b"
    found = [
        f"{path}: {hit[0]}"
        for path, text in texts()
        for hit in re.finditer(f"{folders}|(?:{registries})".replace("(?i)", ""), text)
    ]
    assert found == []


def test_no_voice_and_no_key_is_kept() -> None:
    """Neither voices, nor runs, nor keys lie in the repository."""
    assert [str(path.relative_to(ROOT)) for path in kept_files() if path.suffix in (".onnx", ".pt", ".pem", ".key")] == []
    assert [str(path) for path, text in texts() if "PRIVATE KEY-----" in text] == []


def test_the_changelog_names_this_version() -> None:
    """What is released is told: the changelog has a heading for the version of the package."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[?{re.escape(__version__)}\b", changelog, re.MULTILINE)
