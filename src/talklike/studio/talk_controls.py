"""The controls of how a text is written: length, seed, pace and every sampling option."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from nicegui import ui
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from talklike.studio.talk_fields import Button, heading
from talklike.studio.talk_settings import GROUPS, LENGTH, LONGEST, Control, Generation, changed, length_of, seed_of
from talklike.studio.talk_stream import PACES
from talklike.studio.widgets import choice

if TYPE_CHECKING:
    from collections.abc import Callable

    from nicegui.events import GenericEventArguments

    from talklike.generation.voice import Voice

ON = 2
"""The value of a switch that is on: mirostat's, the only one."""


class ControlElement(Element, component="talk_control.js"):
    """A control.

    Args:
        name: What it is called, once on a page.
        label: The same for people.
        effect: What it does, in one sentence.
        kind: ``number``, ``text`` or ``switch``.
        value: What it holds.
        on_set: Told what it is set to.
        low: Lower end of its slider.
        high: Upper end.
        step: Between two places.
        empty: What is shown while it holds nothing.
    """

    def __init__(
        self,
        name: str,
        label: str,
        effect: str,
        kind: str,
        value: Any,
        on_set: Callable[[Any], None],
        *,
        low: float = 0,
        high: float = 1,
        step: float = 1,
        empty: str = "off",
    ) -> None:
        super().__init__()
        self._props.update({"name": name, "label": label, "effect": effect, "kind": kind, "low": low, "high": high, "step": step})
        self._props.update({"on": ON, "value": value, "empty": empty})

        def told(event: GenericEventArguments) -> None:
            on_set(event.args)

        self.on("set", told, throttle=0.05)

    def show(self, value: Any) -> None:
        """Let it hold a value."""
        self._props["value"] = value
        self.run_method("show", value)


class Controls:
    """All controls of a page.

    Args:
        voice: What they begin with is as its card says.

    Attributes:
        pace: Characters a second that are shown; None for all at once.
    """

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._values: dict[str, Any] = {}
        self._told: list[Callable[[], None]] = []
        self._most: Any = LENGTH
        self._seed: Any = None
        self.pace = PACES["briskly"]
        self._elements: dict[str, ControlElement] = {}
        with ui.element("aside").classes("tl-card tk-settings").props('aria-label="How it writes"'):
            with ui.element("div").classes("tl-between"):
                heading("How it writes")
                Button("Reset", self.reset, said="Set everything to what the voice has").classes("tk-link")
            first, *others = GROUPS
            for control in first.controls:
                self._add(control)
            length = ControlElement(
                "length", "Length", "Most characters; a message ends by itself before, as its author would end it.", "number",
                self._most, self._set_most, low=20, high=LONGEST, step=10,
            )  # fmt: skip
            self._seed_field = ControlElement(
                "seed", "Seed", "The same seed and settings give the same text; empty draws a new one each time.", "text", "",
                self._set_seed, empty="drawn anew",
            )  # fmt: skip
            self._of_texts = (length, self._add_pace())
            for group in others:
                if group.title == "Against copying" and voice.card.novelty_index is None:
                    continue
                with ui.element("details").classes("tl-fold"):
                    TextElement(tag="summary", text=group.title)
                    for control in group.controls:
                        self._add(control)

    @property
    def temperature(self) -> float:
        """The temperature that is set.

        Raises:
            OptionError: It is no number.
        """
        wanted = self.sampling().get("temperature", self._voice.default_sampling.temperature)
        return float(wanted)

    @property
    def shown_temperature(self) -> str:
        """What stands in the field of the temperature."""
        return str(self._values.get("temperature", f"{self._voice.default_sampling.temperature:g}"))

    def when_set(self, told: Callable[[], None]) -> None:
        """Have it told whenever an option is set."""
        self._told.append(told)

    def sampling(self) -> dict[str, Any]:
        """Return the sampling options that aren't as the voice has them.

        Raises:
            OptionError: A value makes no sense.
        """
        return changed(self._voice, self._values)

    def generation(self, temperature: float | None = None, *, seed: int | None = None, **more: Any) -> Generation:
        """Return what a text takes.

        Args:
            temperature: Instead of the one that is set.
            seed: Instead of the one that is kept, or drawn.
            **more: Other fields of ``Generation``.

        Raises:
            OptionError: A value makes no sense.
        """
        sampling = self.sampling()
        if temperature is not None:
            own = temperature == self._voice.default_sampling.temperature
            sampling = {name: value for name, value in sampling.items() if name != "temperature"}
            sampling = sampling if own else {"temperature": temperature, **sampling}
        return Generation(sampling=sampling, most=length_of(self._most), seed=self.seed() if seed is None else seed, **more)

    def seed(self) -> int:
        """Return the seed of the next text: the one that is kept, or another one each time.

        Raises:
            OptionError: What was typed is no seed.
        """
        kept = seed_of(self._seed)
        return secrets.randbits(32) if kept is None else kept

    def keep_seed(self, seed: int) -> None:
        """Use a seed from now on."""
        self._seed = seed
        self._seed_field.show(str(seed))

    def show_those_of_texts(self, *, wanted: bool) -> None:
        """Show what decides whole texts, or don't: where one writes together, there are none."""
        for element in self._of_texts:
            element.visible = wanted

    def reset(self) -> None:
        """Set all sampling options to what the voice has."""
        self._values.clear()
        controls = {control.name: control for group in GROUPS for control in group.controls}
        for name, element in self._elements.items():
            element.show(controls[name].shown(getattr(self._voice.default_sampling, name), self._voice))
        for told in self._told:
            told()

    def _add(self, control: Control) -> None:
        kind = "switch" if control.name == "mirostat" else "number" if control.slides else "text"
        value = control.shown(getattr(self._voice.default_sampling, control.name), self._voice)

        def told(value: Any) -> None:
            self._values[control.name] = value
            for one in self._told:
                one()

        self._elements[control.name] = ControlElement(
            control.name, control.label, control.option.effect, kind, value, told, low=control.low, high=control.high,
            step=control.step, empty="none" if kind == "text" else "off",
        )  # fmt: skip

    def _add_pace(self) -> Element:
        def set_pace(name: str) -> None:
            self.pace = PACES[name]

        with ui.element("div").classes("tk-control") as pace:
            names = {name: name for name in PACES}
            now = next(name for name, pace in PACES.items() if pace == self.pace)
            choice("Pace", names, set_pace, value=now, hint="How fast a text appears; it is written faster than one reads.")
        return pace

    def _set_most(self, value: Any) -> None:
        self._most = value

    def _set_seed(self, value: Any) -> None:
        self._seed = value
