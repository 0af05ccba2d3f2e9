"""Writes what follows from the code in the reference: ``cli.md``, ``recipe.md``, ``report.md``, tables of formats and sampling.

With ``--check`` it writes nothing and fails if a page isn't what the code says.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer.main

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the repository, when this is run as a script

from talklike.chat.formats import FORMATS
from talklike.cli.main import app
from talklike.generation.options import OPTIONS
from talklike.training.recipe import Recipe
from talklike.training.tutorial_recipe import TutorialRecipe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BEGIN, END = "<!-- Written by `make docs` from the registry: -->", "<!-- as far as here -->"
SAMPLES_BEGIN, SAMPLES_END = "<!-- Written by `make docs` from the tests' writers: -->", "<!-- as far as there -->"
SAID = "hello"
AROUND, WIDEST = 9, 180
"""Lines of a sample before and after what is said, and the most characters of a line."""

NOTE = "<!-- Written by `make docs` from the code; change it there. -->\n"

FOLLOWS = {
    "hidden", "dropout", "buckets", "memory_dropout", "room", "room_steps", "room_dropout", "room_memory_dropout", "signatures",
    "signature_rounds", "streams", "length", "steps", "learning_rate", "warm_up", "average", "evaluate_every", "evaluate_symbols",
    "threads", "precision",
}  # fmt: skip
"""Fields of the recipe without a default of their own: they follow from the budget, the text and the machine."""


def cli_page() -> str:
    """Return the reference of the command line."""
    context: Any = typer.main.get_command(app)  # a group, as there are several commands
    lines = ["# Command line", NOTE]
    lines.append("Results go to standard output, everything else to standard error. Exit status: 0 done, 1 something in the")
    lines.append("chat, the voice or the run is wrong, 2 an option is wrong, 130 interrupted. `talklike --help` says the same.\n")
    help_names = ", ".join(f"`{name}`" for name in context.context_settings["help_option_names"])
    lines += [
        "`talklike` itself takes these, every command the first of them too:\n",
        "| option | what it does |",
        "| --- | --- |",
    ]
    lines.append(f"| {help_names} | Show what there is, or what a command takes, and exit. |")
    lines += [f"| {_names(option)} | {_meaning(option)} |" for option in context.params]
    lines.append("")
    for name, command in context.commands.items():
        lines += [f"## talklike {name}\n", f"{command.help}\n", "| option | what it does |", "| --- | --- |"]
        lines += [f"| {_names(option)} | {_meaning(option)} |" for option in command.params if option.name != "help"]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def recipe_page() -> str:
    """Return the reference of the recipe."""
    lines = ["# Recipe", NOTE]
    lines.append("Everything that decides a training run. It stands in `recipe.json` of the run folder and in the voice's card;")
    lines.append(
        'what "follows" is decided by the budget, the text and the machine, unless it is given (`talklike.training.plan`).\n'
    )
    lines += ["| field | default | what it is |", "| --- | --- | --- |"]
    lines += [f"| `{name}` | {default} | {meaning} |" for name, default, meaning in _recipe_rows()]
    lines.append("\n## The tutorial's\n")
    lines.append(
        "What `--recipe tutorial` has instead ([how to](../how-to/train-as-the-tutorial.md)): each as the tutorial has it,"
    )
    lines.append("unless it is given.\n")
    lines += ["| field | default | what it is |", "| --- | --- | --- |"]
    lines += [f"| `{name}` | {default} | {meaning} |" for name, default, meaning in _tutorial_rows()]
    return "\n".join(lines) + "\n"


def report_page(schema: dict[str, Any]) -> str:
    """Return the reference of the JSON of a report.

    Args:
        schema: Its JSON Schema.
    """
    lines = ["# Report", "<!-- Written by `make docs` from report.schema.json; change it there. -->\n"]
    lines.append("What `talklike evaluate --json` prints and `Evaluation.to_dict()` returns, in the words of its")
    lines.append("[JSON Schema](report.schema.json). `talklike compare` reads it again. A `*` stands for any name, `[]` for")
    lines.append("each item of a list.\n")
    lines += ["| field | what it is |", "| --- | --- |"]
    lines += [f"| `{path}` | {_cell(meaning)} |" for path, meaning in _report_rows(schema, schema["$defs"], "")]
    return "\n".join(lines) + "\n"


def _report_rows(schema: dict[str, Any], shared: dict[str, Any], path: str) -> Iterator[tuple[str, str]]:
    """Yield path and meaning of each field below a schema."""
    if "$ref" in schema:
        schema = shared[schema["$ref"].removeprefix("#/$defs/")]
    for choice in schema.get("anyOf", ()):
        yield from _report_rows(choice, shared, path)
    if "items" in schema:
        yield from _report_rows(schema["items"], shared, f"{path}[]")
    fields = dict(schema.get("properties", {}))
    if isinstance(schema.get("additionalProperties"), dict):
        fields["*"] = schema["additionalProperties"]
    for name, field in fields.items():
        here = f"{path}.{name}" if path else name
        yield here, field["description"]
        yield from _report_rows(field, shared, here)


def sampling_page(page: str) -> str:
    """Return the page of the sampling options with the table of the registry between its marks; see ``formats_page``."""
    lines = ["| option | also called | Hugging Face | llama.cpp | OpenAI | values | default | what it does |"]
    lines.append("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for option in OPTIONS:
        called = (option.ours, option.huggingface, option.llama, option.openai)
        default = "none" if option.default in (None, ()) else f"`{option.default!r}`"
        names = [", ".join(f"`{name}`" for name in names) for names in called]
        cells = [f"`{option.name}`", *names, option.range, default, option.effect]
        lines.append("|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|")
    return _between(page, BEGIN, END, lines)


def formats_page(page: str) -> str:
    """Return the page of the formats with the table of the registry between its marks.

    Args:
        page: The page as it is.

    Raises:
        ValueError: It has lost its marks.
    """
    lines = ["| name | what it is | how it is recognised | what is not read |", "| --- | --- | --- | --- |"]
    for form in FORMATS:
        cells = (_cell(text) for text in (f"`{form.name}`", form.title, form.rule, form.limits))
        lines.append(f"| {' | '.join(cells)} |".replace("|  |", "| |"))
    page = _between(page, BEGIN, END, lines)
    return _between(page, SAMPLES_BEGIN, SAMPLES_END, _samples())


def _between(page: str, begin: str, end: str, lines: list[str]) -> str:
    before, found, rest = page.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"the page needs the lines {begin} and {end}")
    return "\n".join([before + begin, *lines, end + after])


def _samples() -> list[str]:
    """Return an invented message in each format that is text, as the writers of the tests write it."""
    lines = []
    for form in FORMATS:
        writer = importlib.import_module(f"tests.chat.writers.{form.name.replace('-', '_')}").WRITER
        data = writer.write([((writer.authors or ("wren",))[0], SAID)])
        if b"\0" in data:  # binary
            continue
        shown = data.decode().rstrip().splitlines()
        at = next((number for number, line in enumerate(shown) if SAID in line), len(shown) - 1)
        first, last = max(0, at - AROUND), at + AROUND + 1
        around = (["…"] if first else []) + shown[first:last] + (["…"] if last < len(shown) else [])
        shown = [_around_what_is_said(line) for line in around]
        lines += [f"`{form.name}`", "", "```text", *(line.rstrip() for line in shown), "```", ""]
    return lines


def _around_what_is_said(line: str) -> str:
    """Return a line, of a long one the part around what is said."""
    if len(line) <= WIDEST:
        return line
    start = max(0, min(line.find(SAID) - WIDEST // 2, len(line) - WIDEST))
    return ("…" if start else "") + line[start : start + WIDEST] + ("…" if start + WIDEST < len(line) else "")


def _cell(text: str) -> str:
    """Return text as a cell of a table; outside of code a ``<`` would begin HTML."""
    return re.sub(r"(`[^`]*`)|<", lambda found: found[1] or "&lt;", text).replace("|", "\\|")


MEANINGS = {"name": "Which recipe this is.", "lowercase": "Fold letters to lower case."}


def _recipe_rows() -> Iterator[tuple[str, str, str]]:
    meanings = MEANINGS | {"precision": "`bf16-mixed` where the device multiplies bfloat16 in hardware, else `32-true`."}
    for name, field in Recipe.__dataclass_fields__.items():
        default = "follows" if name in FOLLOWS else f"`{field.default}`"
        yield name, default, field.metadata.get("help", meanings.get(name, ""))


def _tutorial_rows() -> Iterator[tuple[str, str, str]]:
    meanings = MEANINGS | {"precision": "`32-true`, or `bf16-mixed`, which is faster where the device has it."}
    for name, field in TutorialRecipe.__dataclass_fields__.items():
        value = ", ".join(map(str, field.default)) if isinstance(field.default, tuple) else field.default
        default = "all" if name == "threads" else f"`{value}`"
        yield name, default, field.metadata.get("help", meanings.get(name, ""))


def _names(option: Any) -> str:
    if option.param_type_name == "argument":
        return _cell(f"`{option.metavar or option.name.upper()}`")
    return ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))


def _meaning(option: Any) -> str:
    text = (option.help or "").replace("|", "\\|").replace("  ", " ")
    default = option.show_default if isinstance(option.show_default, str) else option.default
    if option.param_type_name == "argument" or default in (None, False, "", ()) or callable(default):
        return text
    return f"{text} [default: {default}]"


def main() -> int:
    """Write the pages, or check them."""
    folder = ROOT / "docs" / "reference"
    formats = formats_page((folder / "formats.md").read_text(encoding="utf-8"))
    sampling = sampling_page((folder / "sampling.md").read_text(encoding="utf-8"))
    report = report_page(json.loads((folder / "report.schema.json").read_text(encoding="utf-8")))
    pages = {"cli.md": cli_page(), "recipe.md": recipe_page(), "sampling.md": sampling, "formats.md": formats}
    pages["report.md"] = report
    if "--check" in sys.argv[1:]:
        stale = [name for name, text in pages.items() if not _same(folder / name, text)]
        for name in stale:
            print(f"docs/reference/{name} is not what the code says; run: make docs")
        return 1 if stale else 0
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    return 0


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
