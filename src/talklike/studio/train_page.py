"""The page on which a training is set up and watched."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any

from nicegui import ui

from talklike.errors import OptionError, TalklikeError
from talklike.studio import chats, runs, widgets
from talklike.studio.frame import page_frame
from talklike.studio.plain import plain
from talklike.studio.run_progress import duration
from talklike.studio.run_view import STATES, RunView

if TYPE_CHECKING:
    from talklike.studio.chats import ChatEntry
    from talklike.studio.outlook import Outlook
    from talklike.studio.workspace import Workspace

STOPS = ("30s", "1m", "2m", "5m", "15m", "30m", "1h", "3h")
"""What the dial offers."""

DEFAULT_STOP = 3
DIALS = ("hidden", "layers", "embedding", "dropout", "learning_rate", "streams", "length", "memory", "seed", "threads")
"""Fields of the recipe that can be fixed on the page; the command line has them all."""

LEARNT = 0.9
"""Share of an author's messages that are learnt from."""

SOONER = 0.6
"""Below this share of the time that was asked for, it is said that the rest is not used."""

MOST_SPEED = 4.0
"""A machine is taken to be at most so much faster, or slower, than the one of the expectations: a run may have been disturbed."""

OVERHEAD = 1.12
"""Time of a run against that of its training steps (``talklike.training.plan.OVERHEAD``)."""


def add(workspace: Workspace) -> None:
    """Register the page."""

    @ui.page("/train")
    def page(chat: str = "", run: str = "") -> None:
        with page_frame("Train"):
            try:
                if run:
                    RunView(workspace, runs.find(workspace, run))
                elif chat:
                    _Setting(workspace, chats.get(workspace, chat))
                else:
                    _choosing(workspace)
            except TalklikeError as error:
                widgets.note(plain(str(error)), bad=True)
                _choosing(workspace)


def _choosing(workspace: Workspace) -> None:
    """Show what is being trained, and what could be."""
    widgets.text("A training runs beside this page and goes on when you close it.", "tl-lead")
    working = [entry for entry in runs.all_runs(workspace) if entry.state in ("running", "paused")]
    if working:
        with widgets.card():
            widgets.text("Going on now", tag="h2")
            for run in working:
                with ui.element("div").classes("tl-between").style("padding: .3rem 0"):
                    ui.link(run.name, f"/train?run={run.id}")
                    widgets.text(STATES[run.state], "tl-tag tl-on", tag="span")
    known = [entry for entry in chats.all_chats(workspace) if entry.table]
    with widgets.card():
        widgets.text("Whose voice?", tag="h2")
        if not known:
            widgets.text("Open a chat first, and pick someone in it.", "tl-soft")
            widgets.html('<a class="tl-button tl-first" href="/">Open a chat</a>').style("margin-top: .8rem")
        for entry in known[:8]:
            with ui.element("div").style("padding: .25rem 0"):
                ui.link(entry.name, f"/train?chat={entry.id}")


class _Setting:
    """Sets up a training.

    Args:
        workspace: Where the run will be.
        entry: The chat.

    Raises:
        ChatFileError: It hasn't been read.
    """

    def __init__(self, workspace: Workspace, entry: ChatEntry) -> None:
        self._workspace = workspace
        self._entry = entry
        found = entry.found()
        if found is None or entry.table is None:
            ui.navigate.to(f"/?chat={entry.id}")
            return
        self._found = found
        self._budget = STOPS[DEFAULT_STOP]
        self._epochs: float | None = None
        self._room: bool | None = None
        self._settings: dict[str, Any] = {}
        self._wrong: dict[str, str] = {}
        self._begun = False
        self._rows = self._picked_rows()
        self._everyone = entry.picked["room"] or not self._rows
        self._show()

    def _picked_rows(self) -> list[dict[str, Any]]:
        """Return the authors who were picked; the most active who doesn't look automated if nobody was, and no room."""
        authors = self._found["authors"]
        picked = self._entry.picked
        rows = [row for row in authors if row["author"] in picked["authors"]]
        if rows or picked["room"]:
            return rows
        return [row for row in authors if not row["automated"]][:1]

    @property
    def _name(self) -> str:
        if not self._everyone:
            return str(self._rows[0]["name"])
        return (
            "the room"
            if not self._rows
            else " & ".join(row["name"] for row in self._rows[:3]) + (" …" if len(self._rows) > 3 else "")
        )

    @property
    def _own(self) -> int:
        """About how many characters there are to learn from."""
        rows = self._rows or self._found["authors"]
        return int(LEARNT * sum(row["characters"] for row in rows))

    @property
    def _behind(self) -> int:
        """About how many characters of everyone's stand behind one author's, if they are wanted."""
        others = len(self._found["authors"]) > 1 and self._found["kind"] == "messages"
        return int(LEARNT * self._found["characters"]) if others and not self._everyone and self._room is not False else 0

    def _show(self) -> None:
        with widgets.card():
            with ui.element("div").classes("tl-between"):
                widgets.text(self._name, tag="h2").style("overflow-wrap: anywhere")
                widgets.html(f'<a href="/?chat={self._entry.id}">Pick someone else</a>', tag="span")
            widgets.text(f"from {self._entry.name}, {self._own:,} characters to learn from", "tl-soft")
        with widgets.card():
            widgets.text("How long may it train?", tag="h2")
            self._time = widgets.text("", tag="div").style(
                "font-size: 2rem; font-weight: 700; letter-spacing: -.02em; margin: .4rem 0 0"
            )
            dial = (
                ui.element("input")
                .classes("tl-dial")
                .props(
                    f'type=range min=0 max={len(STOPS) - 1} step=1 value={DEFAULT_STOP} list=tl-stops aria-label="Time to train"'
                )
            )
            dial.on("input", lambda event: self._dialled(int(event.args)), js_handler="(e) => emit(e.target.value)")
            self._dial = dial
            widgets.html("".join(f"<span>{_spoken(stop, short=True)}</span>" for stop in STOPS), "tl-stops").props(
                "aria-hidden=true"
            )
            self._meaning = widgets.html("").props("role=status").style("margin-top: 1rem")
            with widgets.fold("More"):
                self._more()
            self._complaint = ui.element("div").style("margin-top: .9rem")
            with ui.element("div").classes("tl-row").style("margin-top: 1.2rem"):
                widgets.button("Train", self._begin, first=True)
                if any(entry.state == "running" for entry in runs.all_runs(self._workspace)):
                    widgets.text("Another training is running; both will be slower.", "tl-tag tl-on", tag="span")
                widgets.text(
                    "You can close the page; it goes on, and is here when you come back.", "tl-soft tl-small", tag="span"
                )
        self._tell()

    def _more(self) -> None:
        """Show the rest of the dials."""
        from talklike.training.recipe import Recipe

        with ui.element("div").classes("tl-fields"):
            if not self._everyone and self._behind:
                options = {"": "where it helps", "yes": "yes", "no": "no, from the author alone"}
                hint = "Learn how everyone writes first, then how the author does: the best cure for little text."
                widgets.choice("The room behind the author", options, self._behind_chosen, hint=hint)
            widgets.field("Another time", self._timed, hint="Such as 90s, 20m or 1h30m.")
            widgets.field(
                "Rounds over the text, instead",
                self._rounds,
                hint="A number, such as 4; it decides, not the time.",
                kind="number",
            )
            for name in DIALS:
                about = Recipe.__dataclass_fields__[name]
                label = name.replace("_", " ").capitalize()
                widgets.field(
                    label,
                    partial(self._set, name),
                    hint=about.metadata["help"],
                    kind="number",
                    props="step=any",
                )
        with ui.element("div").style("margin-top: 1rem; display: grid; gap: .5rem"):
            widgets.check("Fold letters to lower case", lambda on: self._tick("lowercase", on=on))
            widgets.check(
                "Keep an index of the text in the voice, so that it can be kept from copying",
                lambda on: self._tick("novelty_index", on=on),
            )

    def _dialled(self, place: int) -> None:
        self._budget = STOPS[max(0, min(place, len(STOPS) - 1))]
        self._tell()

    def _timed(self, value: str) -> None:
        self._budget = value.strip() or STOPS[DEFAULT_STOP]
        self._tell()

    def _rounds(self, value: Any) -> None:
        self._epochs = None
        self._wrong.pop("rounds", None)
        if str(value).strip():
            try:
                self._epochs = float(value)
            except ValueError:
                self._wrong["rounds"] = f"rounds is {value!r}, must be a number"
        self._tell()

    def _behind_chosen(self, value: str) -> None:
        self._room = {"yes": True, "no": False}.get(value)
        self._tell()

    def _tick(self, name: str, *, on: bool) -> None:
        self._settings[name] = on
        self._tell()

    def _set(self, name: str, value: Any) -> None:
        """Take a dial's number; empty leaves it to the rest."""
        self._settings.pop(name, None)
        self._wrong.pop(name, None)
        if str(value).strip():
            try:
                number = float(value)
            except ValueError:
                number = math.nan
            self._settings[name] = int(number) if number.is_integer() else number
        self._tell()

    def _tell(self) -> None:
        """Say what the dials mean."""
        self._complaint.clear()
        try:
            expected = self._outlook()
        except TalklikeError as error:
            self._meaning.set_content("")
            with self._complaint:
                widgets.note(plain(str(error)), bad=True)
            return
        by_rounds = f"{self._epochs:g} rounds" if self._epochs else _spoken(self._budget)
        self._time.set_content(by_rounds)
        self._dial.props(f'aria-valuetext="{by_rounds}"')
        self._meaning.set_content(meaning(expected))

    def _outlook(self) -> Outlook:
        from talklike.studio.outlook import outlook

        if self._wrong:
            raise OptionError("; ".join(self._wrong.values()))
        settings = {name: value for name, value in self._settings.items() if value is not False}
        speed = measured_speed(runs.all_runs(self._workspace))
        budget = None if self._epochs is not None else self._budget
        return outlook(budget, self._epochs, settings, self._own, self._behind, speed=speed)

    def _begin(self) -> None:
        """Start the training and go to its page."""
        if self._begun:  # pressed twice
            return
        try:
            expected = self._outlook()
            entry = runs.begin(self._workspace, self._order(expected.seconds))
        except TalklikeError as error:
            self._complaint.clear()
            with self._complaint:
                widgets.note(plain(str(error)), bad=True)
            return
        self._begun = True
        ui.navigate.to(f"/train?run={entry.id}")

    def _order(self, seconds: float) -> runs.Order:
        several = [row["author"] for row in self._rows] if self._everyone else []
        table = self._entry.table
        assert table is not None, "the chat has been read"
        return runs.Order(
            run=str(runs.new_folder(self._workspace, "room" if self._everyone else self._name)),
            table=str(table),
            chat=self._entry.name,
            chat_id=self._entry.id,
            author=None if self._everyone else self._rows[0]["author"],
            name=None if self._everyone else self._name,
            with_quotes=self._entry.with_quotes,
            include=several,
            room=True if self._everyone else self._room,
            budget=None if self._epochs is not None else self._budget,
            epochs=self._epochs,
            settings={name: value for name, value in self._settings.items() if value is not False},
            seconds=seconds,
        )


def meaning(expected: Outlook) -> str:
    """Return in HTML what a training will mean.

    Args:
        expected: What to expect.
    """
    recipe = expected.recipe
    figures = [
        (f"{expected.low:.1f} – {expected.high:.1f}", "bits per character to expect"),
        (f"{recipe.layers} × {recipe.hidden}" if recipe.layers > 1 else f"{recipe.hidden}", "units of the LSTM"),
        (f"{expected.megabytes:.1f} MB", "the voice's file"),
        (f"{expected.rounds:.1f}", "rounds over the text"),
    ]
    said = f"That reads like {expected.words}."
    if expected.asked and expected.rounds > 1 and expected.seconds < SOONER * expected.asked:
        said += f" So little text is learnt in about {duration(expected.seconds)}; more time is not used."
    elif expected.rounds < 1 and not recipe.room_steps:
        said += " Not all of the text can be read in this time; more of it helps."
    said += " The machine is measured first, so sizes may differ."
    return f'{widgets.tiles(figures)}<p class="tl-soft" style="margin-top: .9rem">{said}</p>'


def measured_speed(entries: list[runs.RunEntry]) -> float:
    """Return how fast this machine is against the one of the expectations, by its own latest runs; 1 without any."""
    from talklike.studio.outlook import RATES

    rates = dict(RATES)
    for entry in entries[:8]:
        evaluations = entry.evaluations()
        hidden = entry.recipe.get("recipe", {}).get("hidden")
        if evaluations and hidden in rates and evaluations[-1]["seconds"] > 5:
            rate = evaluations[-1]["characters"] / evaluations[-1]["seconds"]
            return min(MOST_SPEED, max(1 / MOST_SPEED, OVERHEAD * rate / rates[hidden]))
    return 1.0


def _spoken(budget: str, *, short: bool = False) -> str:
    """Return a time as people say it.

    Raises:
        OptionError: It isn't one.
    """
    from talklike.training.plan import parse_budget

    seconds = parse_budget(budget)
    if short:
        return duration(seconds)
    for size, unit in ((3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:.0f} {unit}{'' if seconds == size else 's'}"
    return duration(seconds)
