"""A training run on a page: how far it is, how good it is against simple methods, and what it writes."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from nicegui import ui

from talklike.errors import TalklikeError
from talklike.evaluation.charts import Series
from talklike.studio import runs, widgets
from talklike.studio.charts import Level, across, line_chart
from talklike.studio.plain import plain
from talklike.studio.run_progress import Progress, duration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from talklike.studio.runs import RunEntry
    from talklike.studio.workspace import Workspace

POLL = 0.5
"""Time between two looks at what the training has told [s]."""

STATES = {"running": "training", "paused": "paused", "done": "ready", "stopped": "stopped", "failed": "failed"}
WORDS, PAUSE = 5, 0.15
"""A sample appears so many words at a time, so far apart [s]: words that fade in one by one keep a browser drawing sixty times a
second, with the processor that trains."""


class RunView:
    """A run.

    Args:
        workspace: Where it is.
        entry: The run.
    """

    def __init__(self, workspace: Workspace, entry: RunEntry) -> None:
        self._workspace = workspace
        self._entry = entry
        self._progress = Progress()
        self._state = ""
        self._seen = -1
        self._with_voice = False
        with widgets.card():
            with ui.element("div").classes("tl-between"):
                widgets.text(entry.name, tag="h2").style("overflow-wrap: anywhere")
                self._tag = widgets.text("", "tl-tag", tag="span")
            self._facts = widgets.text("", "tl-soft tl-small")
            self._bar = widgets.Progress("Training").styled("margin: .9rem 0 .5rem")
            self._said = widgets.text("", "tl-small").props("role=status")
            self._tiles = widgets.html("")
            self._verdict = widgets.html("")
            self._buttons = ui.element("div").classes("tl-row").style("margin-top: 1.1rem")
        with widgets.card():
            widgets.text("Bits per character", tag="h2")
            widgets.text(
                "How surprised it is by each character, on average; lower is better. Held-out messages are never learnt.",
                "tl-soft tl-small",
            )
            self._chart = widgets.html('<p class="tl-soft tl-small">The first figures come with the first evaluation.</p>')
        with widgets.card():
            widgets.text("What it writes", tag="h2")
            widgets.text("At four temperatures: low ones play safe, high ones dare.", "tl-soft tl-small")
            self._samples = widgets.html("", "tl-samples").props("aria-live=off")
            with widgets.fold("Earlier"):
                self._earlier = widgets.html("", "tl-small")
        self._timer = ui.timer(POLL, self._look)
        self._look()

    def _look(self) -> None:
        """Show what is new."""
        entry = self._entry
        if entry.job is not None:
            self._progress.take(entry.job.events())
        state = entry.state
        if state != self._state:
            self._show_state(state)
        self._show_progress(state)
        evaluations = entry.evaluations()
        if len(evaluations) != self._seen or state not in ("running", "paused"):
            fresh = self._seen >= 0
            self._seen = len(evaluations)
            self._show_figures(evaluations)
            self._show_samples(entry.samples(), fresh=fresh)
        if state not in ("running", "paused"):
            self._timer.deactivate()

    def _show_state(self, state: str) -> None:
        self._state = state
        self._tag.set_content(STATES[state])
        self._tag.classes("tl-on") if state in ("running", "paused") else self._tag.classes(remove="tl-on")
        self._buttons.clear()
        with self._buttons:
            self._offer(state)

    def _offer(self, state: str) -> None:
        """Offer what can be done with it now."""
        job = self._entry.job
        if job is not None and state == "running":
            widgets.button("Pause", job.pause)
            widgets.button("Stop and save", self._stop)
        if job is not None and state == "paused":
            widgets.button("Go on", job.go_on, first=True)
            widgets.button("Stop and save", self._stop)
        if self._entry.can_go_on():
            widgets.button("Resume", self._resume, first=True)
        if voice := self._entry.voice:
            self._with_voice = True
            first = "tl-first" if state == "done" else ""
            widgets.html(f'<a class="tl-button {first}" href="/talk?voice={voice}">Talk to it</a>', tag="span")
            if state != "running":
                widgets.html(f'<a class="tl-button" href="/report?voice={voice}">How good is it?</a>', tag="span")

    def _stop(self) -> None:
        if self._entry.job is not None:
            self._entry.job.stop()
            self._said.set_content("Saving. Press again to end at once, without.")

    def _resume(self) -> None:
        try:
            entry = runs.resume(self._workspace, self._entry)
        except TalklikeError as error:
            ui.notify(str(error), type="negative")
            return
        ui.navigate.to(f"/train?run={entry.id}")
        ui.navigate.reload()

    def _show_progress(self, state: str) -> None:
        """Show how far it is and how long it will take."""
        progress = self._progress
        if progress.facts and self._facts.content != progress.facts:
            self._facts.set_content(escape(progress.facts))
        running = state in ("running", "paused")
        self._bar.set_visibility(running)
        if running:
            self._bar.show(progress.share)
            said = progress.said if state == "running" else "Paused: the processor is free, its memory is kept."
            self._said.set_content(escape(said))
            if self._entry.voice and not self._with_voice:  # the first one: it can be talked to while it learns on
                self._show_state(state)
        elif state == "failed" and self._entry.job is not None:
            error = plain(str(self._entry.job.error))
            self._said.set_content("")
            self._verdict.set_content(f'<div class="tl-note tl-bad" role="alert" style="margin: .8rem 0 0">{escape(error)}</div>')
        else:
            self._said.set_content("")
            self._verdict.set_content("".join(f"<p>{escape(plain(sentence))}</p>" for sentence in progress.verdict))

    def _show_figures(self, evaluations: Sequence[Mapping[str, float]]) -> None:
        """Show tiles and the curve."""
        if not evaluations:
            return
        baselines: dict[str, float] = self._entry.record.get("baselines") or {}
        best = min(one["validation"] for one in evaluations)
        figures = [(f"{best:.3f}", "bits per character, held out")]
        if rival := baselines.get("Kneser–Ney"):
            figures.append((f"{rival:.3f}", "the best simple method (Kneser–Ney)"))
            gain = 100 * (1 - best / rival)
            figures.append((f"{abs(gain):.1f} %", "fewer bits than that" if gain >= 0 else "more bits than that, so far"))
        figures.append((duration(evaluations[-1]["seconds"]), "of training so far"))
        self._tiles.set_content(widgets.tiles(figures))
        self._chart.set_content(curve(evaluations, baselines))

    def _show_samples(self, samples: Sequence[tuple[str, Mapping[str, str]]], *, fresh: bool) -> None:
        """Show the last samples, a few words at a time if they have just come, and the earlier ones folded away."""
        if not samples:
            return
        self._samples.set_content(samples_markup(samples[-1][1], fresh=fresh))
        earlier = [
            f"<h3>{escape(head)}</h3><div class=tl-samples>{samples_markup(texts)}</div>" for head, texts in samples[-2::-1]
        ]
        self._earlier.set_content("".join(earlier) or '<p class="tl-soft">Nothing yet.</p>')


def curve(evaluations: Sequence[Mapping[str, float]], baselines: Mapping[str, float]) -> str:
    """Return the chart of a run: training and held-out text by time, and what simple methods need.

    Args:
        evaluations: The run's evaluations.
        baselines: Bits per character of simple methods, by name; those far above the curves are left out.
    """
    held_out = Series("held-out messages", [(one["seconds"], one["validation"]) for one in evaluations])
    training = Series("training text, with features dropped", [(one["seconds"], one["train"]) for one in evaluations])
    top = max(y for series in (held_out, training) for _, y in series.points)
    levels = [Level(f"{name} {bits:.2f}", bits) for name, bits in baselines.items() if bits <= max(top * 1.15, 2.5)]
    labels = [(x, duration(x)) for x in times(evaluations[-1]["seconds"])]
    return across(
        line_chart,
        [held_out, training],
        title="Bits per character of held-out and training text, by training time",
        labels=labels,
        levels=levels,
    )


def times(last: float) -> list[float]:
    """Return round times from 0 to a little more than the last."""
    step = next((s for s in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200) if last / s <= 6), 14_400)
    return [float(step * number) for number in range(int(last / step) + 2)]


def samples_markup(texts: Mapping[str, str], *, fresh: bool = False) -> str:
    """Return samples as HTML.

    Args:
        texts: By temperature.
        fresh: Whether they appear a few words at a time.
    """
    boxes = []
    for temperature, text in texts.items():
        shown = _appearing(text) if fresh else escape(text)
        boxes.append(f'<div class="tl-sample"><span class="tl-tag">temperature {escape(temperature)}</span><p>{shown}</p></div>')
    return "".join(boxes)


def _appearing(text: str) -> str:
    """Return text that appears a few words at a time."""
    words = text.split(" ")
    return " ".join(
        f'<span class="tl-words" style="animation-delay: {first / WORDS * PAUSE:.2f}s">'
        f"{escape(' '.join(words[first : first + WORDS]))}</span>"
        for first in range(0, len(words), WORDS)
    )
