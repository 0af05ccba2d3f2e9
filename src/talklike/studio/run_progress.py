"""Makes sense of what a training job has told: how far it is, how fast, how long it will take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

LOOKED_BACK = 60
"""Steps that were told, over which speed is measured: about a minute."""


class Progress:
    """How far a training is.

    Attributes:
        facts: What is trained on what, in a sentence; empty until that is known.
        stage: What it is doing.
        steps: Steps in all; 0 until that is known.
        step: Steps done.
        loss: Training loss of the last steps [bit/character]; None until it is known.
        verdict: What to think of the run, once it is over.
    """

    def __init__(self) -> None:
        self.facts = ""
        self.stage = ""
        self.steps = self.step = 0
        self.loss: float | None = None
        self.verdict: list[str] = []
        self._a_step = 0
        self._prepared: dict[str, Any] = {}
        self._times: list[tuple[float, int]] = []
        self._taken = 0

    def take(self, events: Sequence[dict[str, Any]]) -> None:
        """Take all that a job has told so far; what was taken before is passed over."""
        for event in events[self._taken :]:
            match event["event"]:
                case "stage":
                    self.stage = event["name"]
                case "prepared":
                    self.steps, self._a_step = event["steps"], event["a_step"]
                    self.facts = facts(event)
                    self._prepared = event
                case "shortened":
                    self.steps = event["steps"]
                    self.facts = shortened_facts(self._prepared, event)
                case "step":
                    self.step, self.loss = event["step"], event["loss"]
                    self._times = [*self._times[-LOOKED_BACK:], (event["at"], event["step"])]
                case "evaluated":
                    self.step = max(self.step, event["step"])
                case "result":
                    self.verdict = event["verdict"]
        self._taken = len(events)

    @property
    def share(self) -> float | None:
        """How far it is, from 0 to 1; None until that is known."""
        return self.step / self.steps if self.steps and self.stage == "training" else None

    @property
    def rate(self) -> float:
        """Characters a second over the last minute, evaluations included; 0 until it is known."""
        if len(self._times) < 2:
            return 0.0
        (began, first), (now, last) = self._times[0], self._times[-1]
        return (last - first) * self._a_step / (now - began) if now > began else 0.0

    @property
    def seconds_left(self) -> float | None:
        """How long it will still train; None until that is known."""
        return (self.steps - self.step) * self._a_step / self.rate if self.rate else None

    @property
    def said(self) -> str:
        """How far it is, in words."""
        if self.stage != "training":
            return self.stage[:1].upper() + self.stage[1:] + " …" if self.stage else "Starting …"
        said = [f"{100 * (self.share or 0):.0f} %"]
        if (left := self.seconds_left) is not None:
            said.append(f"{duration(left)} left")
            said.append(f"{self.rate:,.0f} characters a second")
        if self.loss is not None:
            said.append(f"loss {self.loss:.2f}")
        return " · ".join(said)


def facts(prepared: dict[str, Any]) -> str:
    """Return what is trained on what, in a sentence.

    Args:
        prepared: What ``talklike.studio.train_job`` told when it was ready to train.
    """
    layers = f"{prepared['layers']} × {prepared['hidden']}" if prepared["layers"] > 1 else f"{prepared['hidden']}"
    memory = " and an n-gram memory" if prepared["memory"] else ""
    behind = f", with {prepared['everyone']:,} of the room behind them" if prepared["everyone"] and prepared["room_steps"] else ""
    return (
        f"An LSTM of {layers} units{memory} learns from {prepared['characters']:,} characters{behind}; "
        f"{prepared['rounds']:.1f} rounds in {prepared['steps']:,} steps on {prepared['device']}."
    )


def shortened_facts(prepared: dict[str, Any], shortened: dict[str, Any]) -> str:
    """Return the same of a run that makes fewer steps than it had planned, and why it does.

    Args:
        prepared: What was told when it was ready to train.
        shortened: What was told when it made fewer.
    """
    own, planned = (told["steps"] - told["room_steps"] for told in (shortened, prepared))
    now = facts(prepared | {"steps": shortened["steps"], "rounds": prepared["rounds"] * own / max(1, planned)})
    return f"{now} There were to be {prepared['steps']:,}, but the machine got busier, and fewer keep to the time."


def duration(seconds: float) -> str:
    """Return a time as people say it.

    >>> [duration(seconds) for seconds in (0.4, 42, 150, 5400)]
    ['0 s', '42 s', '2 min 30 s', '1 h 30 min']
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min" + (f" {whole % 60} s" if whole % 60 and whole < 600 else "")
    return f"{whole // 3600} h" + (f" {whole % 3600 // 60} min" if whole % 3600 // 60 else "")
