"""The page that lists the runs and compares them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from nicegui import ui

from talklike.evaluation.charts import Series
from talklike.studio import runs, widgets
from talklike.studio.charts import COLOURS, across, line_chart
from talklike.studio.frame import page_frame
from talklike.studio.run_progress import duration
from talklike.studio.run_view import STATES, samples_markup, times

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from talklike.studio.runs import RunEntry
    from talklike.studio.workspace import Workspace

POLL = 2.0
"""Time between two looks at the runs [s]."""

_PICKED = """(e) => {
  if (e.target.type === "checkbox") emit({id: e.target.value, on: e.target.checked});
}"""


def add(workspace: Workspace) -> None:
    """Register the page."""

    @ui.page("/runs")
    def page() -> None:
        with page_frame("Runs"):
            _RunsView(workspace)


class _RunsView:
    """The runs.

    Args:
        workspace: Whose.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        entries = runs.all_runs(workspace)
        self._picked = [entry.id for entry in entries[:2]]
        if not entries:
            widgets.text("Each training is kept here: how it went, what it wrote, and the voice.", "tl-lead")
            widgets.html('<a class="tl-button tl-first" href="/">Open a chat</a>')
            return
        widgets.text("Tick runs to lay their curves over each other.", "tl-lead")
        with widgets.card():
            self._table = widgets.html("", "tl-scroll")
            self._table.on("change", self._pick, js_handler=_PICKED)
        self._compared = ui.element("div")
        self._drawn = ""
        self._draw(entries)
        self._compare(entries)
        ui.timer(POLL, self._look)

    def _look(self) -> None:
        """Show what has changed."""
        self._draw(runs.all_runs(self._workspace))

    def _draw(self, entries: Sequence[RunEntry]) -> None:
        markup = table_markup([row_of(entry) for entry in entries], self._picked)
        if markup != self._drawn:
            self._drawn = markup
            self._table.set_content(markup)

    def _pick(self, event: Any) -> None:
        one = str(event.args["id"])
        self._picked = [*self._picked, one] if event.args["on"] else [other for other in self._picked if other != one]
        entries = runs.all_runs(self._workspace)
        self._drawn = table_markup([row_of(entry) for entry in entries], self._picked)  # the box is ticked already
        self._compare(entries)

    def _compare(self, entries: Sequence[RunEntry]) -> None:
        """Show the curves and the last samples of those that are ticked."""
        wanted = [entry for entry in entries if entry.id in self._picked and entry.evaluations()][:COLOURS]
        self._compared.clear()
        if not wanted:
            return
        with self._compared:
            with widgets.card():
                widgets.text("Held-out bits per character", tag="h2")
                widgets.text(
                    "By training time. Only runs of the same person and chat can be compared: some people are harder to predict "
                    "than others.",
                    "tl-soft tl-small",
                )
                widgets.html(curves(wanted))
            with widgets.card():
                widgets.text("What they write", tag="h2")
                for entry in wanted:
                    if samples := entry.samples():
                        widgets.text(entry.name, tag="h3").style("margin-top: .9rem")
                        widgets.html(samples_markup(samples[-1][1]), "tl-samples")


def curves(entries: Sequence[RunEntry]) -> str:
    """Return the chart of several runs: held-out text by time."""
    series = [Series(entry.name, [(one["seconds"], one["validation"]) for one in entry.evaluations()]) for entry in entries]
    last = max(x for one in series for x, _ in one.points)
    labels = [(x, duration(x)) for x in times(last)]
    return across(line_chart, series, title="Bits per character of held-out text by training time", labels=labels)


def row_of(entry: RunEntry) -> dict[str, Any]:
    """Return what the table shows of a run: empty texts for what isn't known."""
    recipe = entry.recipe
    evaluations = entry.evaluations()
    sizes, corpus = recipe.get("recipe", {}), recipe.get("corpus", {})
    best = min((one["validation"] for one in evaluations), default=None)
    test = score_on_test(entry.folder) if entry.state == "done" else None
    return {
        "id": entry.id,
        "name": entry.name,
        "chat": entry.record.get("chat", ""),
        "state": STATES[entry.state],
        "on": entry.state in ("running", "paused"),
        "units": f"{sizes['layers']} × {sizes['hidden']}" if sizes.get("layers", 1) > 1 else str(sizes.get("hidden", "")),
        "characters": f"{corpus['training_characters']:,}" if corpus.get("training_characters") else "",
        "time": duration(evaluations[-1]["seconds"]) if evaluations else "",
        "best": "" if best is None else f"{best:.3f}",
        "test": "" if test is None else f"{test:.3f}",
        "voice": entry.voice,
    }


def table_markup(rows: Sequence[dict[str, Any]], picked: Sequence[str]) -> str:
    """Return the table of runs as HTML.

    Args:
        rows: What ``row_of`` gives.
        picked: Ids of those that are ticked.
    """
    heads = (
        ("Run", "tl-left"), ("State", "tl-left"), ("Characters learnt", "tl-optional"), ("Units", "tl-optional"),
        ("Time", "tl-optional"), ("Held out", ""), ("Test", ""), ("", "tl-left"),
    )  # fmt: skip
    head = "".join(f'<th scope="col" class="{classes}">{label}</th>' if label else "<td></td>" for label, classes in heads)
    body = []
    for row in rows:
        ticked = " checked" if row["id"] in picked else ""
        box = f'<input type="checkbox" value="{row["id"]}"{ticked} aria-label="Compare {escape(row["name"])}">'
        chat = f'<br><span class="tl-soft tl-small">{escape(row["chat"])}</span>' if row["chat"] else ""
        name = f'<a href="/train?run={row["id"]}">{escape(row["name"])}</a>{chat}'
        talk = f'<a href="/talk?voice={row["voice"]}" aria-label="Talk to {escape(row["name"])}">Talk</a>' if row["voice"] else ""
        cells = [
            f'<td class="tl-left tl-who"><span class="tl-check">{box}<span>{name}</span></span></td>',
            f'<td class="tl-left"><span class="tl-tag{" tl-on" if row["on"] else ""}">{row["state"]}</span></td>',
            *(f'<td class="tl-optional">{row[key]}</td>' for key in ("characters", "units", "time")),
            f"<td>{row['best']}</td><td>{row['test']}</td>",
            f'<td class="tl-left">{talk}</td>',
        ]
        body.append(f"<tr>{''.join(cells)}</tr>")
    return f'<table class="tl-table"><thead><tr>{head}</tr></thead><tbody>{"".join(body)}</tbody></table>'


_scores: dict[tuple[Path, float], float | None] = {}  # a voice file is read once, as long as it isn't written anew


def score_on_test(folder: Path) -> float | None:
    """Return the bits per character of a run's voice on the test messages; None if they aren't known."""
    from talklike.errors import TalklikeError
    from talklike.voice.read import read_voice

    file = folder / "voice.onnx"
    try:
        key = (file, file.stat().st_mtime)
        if key not in _scores:
            _scores[key] = read_voice(file)[0].scores.get("test", {}).get("bits_per_character")
    except (OSError, TalklikeError):
        return None
    return _scores[key]
