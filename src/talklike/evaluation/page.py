"""The report as one HTML file that needs nothing else: no network, no scripts, dark or light as the reader's system is."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from talklike.errors import MissingExtraError
from talklike.evaluation.charts import Series, line_chart
from talklike.evaluation.copying import LEAST
from talklike.evaluation.glossary import GLOSSARY
from talklike.evaluation.tables import READINGS, tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LEVELS = (0.02, 0.1, 0.5)
"""Probabilities from which on a character is doubtful, likely and sure."""


@dataclass(frozen=True)
class Run:
    """Characters of a message that look the same.

    Attributes:
        text: The characters.
        level: 0 to 3: how sure the voice was of them.
        copied: What is to be said of the span they were copied in; empty if they weren't.
    """

    text: str
    level: int
    copied: str


def page(report: dict[str, Any]) -> str:
    """Return the report as HTML.

    Args:
        report: What ``Evaluation.to_dict`` returned.

    Raises:
        MissingExtraError: Jinja isn't installed.
    """
    try:
        from jinja2 import Environment
        from markupsafe import Markup
    except ImportError as error:
        raise MissingExtraError("jinja2", "evaluate") from error
    # What people wrote stands in this page: everything is escaped but what our own charts return, which escape it themselves.
    source = files("talklike.evaluation").joinpath("page.html.j2").read_text("utf-8")
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(source)
    likelihood, voice = report["likelihood"], report["voice"]
    best = likelihood["best_baseline"]
    samples = report["samples"]
    calibration = calibration_chart(likelihood["calibration"])
    loss, sweep = loss_chart(report["loss"]), sweep_chart(report["sweep"], voice["name"])
    return template.render(
        report=report,
        name=voice["name"],
        summary=_summary(report),
        least=LEAST,
        unit="messages" if voice["kind"] == "messages" else "passages",
        headline=likelihood["readings"]["own"],
        rival=next(one for one in likelihood["baselines"] if one["name"] == best),
        bars=list(_bars(likelihood)),
        calibration=Markup(calibration),  # noqa: S704 - numbers and our own words
        loss=Markup(loss) if loss else "",  # noqa: S704 - likewise
        sweep=Markup(sweep),  # noqa: S704 - the name in it is escaped there
        generated=[{"runs": list(runs(sample))} for sample in samples["generated"]],
        real=[{"runs": list(runs(sample))} for sample in samples["real"]],
        extremes=likelihood if likelihood["most_expected"] else None,
        tables=list(tables(report)),
        glossary=GLOSSARY,
    )


def runs(sample: dict[str, Any]) -> Iterator[Run]:
    """Yield the characters of a sample in runs that look the same.

    Args:
        sample: Its ``text``, the ``probabilities`` of its characters, and its copied ``spans``.
    """
    text, probabilities = sample["text"], sample["probabilities"]
    spans = sample["spans"]
    begin, before = 0, None
    for place in range(len(text) + 1):
        look = None
        if place < len(text):
            level = sum(probabilities[place] >= least for least in LEVELS)
            span = next((one for one in spans if one["start"] <= place < one["end"]), None)
            look = (level, "" if span is None else f"{span['end'] - span['start']} characters of {span['author']}'s")
        if before is not None and look != before:
            yield Run(text[begin:place], *before)
        if look != before:
            begin, before = place, look


def calibration_chart(calibration: dict[str, Any]) -> str:
    """Return how often the voice was right against how sure it was."""
    points = [(one["predicted"], one["right"]) for one in calibration["bins"] if one["count"]]
    series = [Series("the voice", points), Series("as sure as right", [(0.0, 0.0), (1.0, 1.0)])]
    return line_chart(
        series, title="How often it was right, against how sure it was", x_label="how sure it was", y_label="how often right",
        percent=True, from_zero=True,
    )  # fmt: skip


def loss_chart(loss: Sequence[dict[str, Any]]) -> str:
    """Return the bits per character while it was trained; nothing where that isn't known."""
    if not loss:
        return ""
    series = [
        Series("held-out text", [(one["step"], one["validation"]) for one in loss]),
        Series("training text", [(one["step"], one["train"]) for one in loss]),
    ]
    best = min(loss, key=lambda one: one["validation"])["step"]
    return line_chart(
        series, title="Bits per character while the voice was trained", x_label="steps", y_label="bits per character", mark=best
    )


def sweep_chart(sweep: dict[str, Any], name: str) -> str:
    """Return what changes with temperature."""
    lines = {"told_apart": f"told from {name}'s (50 % is guessing)", "taken": f"taken for {name}'s", "copied": "copied"}
    series = [
        Series(label, points)
        for key, label in lines.items()
        if (points := [(one["temperature"], one[key]) for one in sweep["points"] if one[key] is not None])
    ]
    return line_chart(
        series, title="What changes with temperature", x_label="temperature", y_label="share", percent=True, mark=sweep["best"],
        from_zero=True,
    )  # fmt: skip


def _summary(report: dict[str, Any]) -> str:
    voice, copying = report["voice"], report["copying"]
    behind = f" and {voice['room_characters']:,} of everyone's" if voice["room_characters"] else ""
    return (
        f"It learnt from {voice['training_characters']:,} characters{behind}, has {voice['parameters']:,} weights, and wrote "
        f"{copying['generated']['texts']:,} texts at temperature {voice['temperature']:g} to be judged by."
    )


def _bars(likelihood: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for key, label in READINGS.items():
        if key in likelihood["readings"]:
            yield {"label": f"the voice, {label}", "kind": "voice", **likelihood["readings"][key]}
    for one in likelihood["baselines"]:
        if one["name"] == "uniform":  # it would make all others look alike, and stands in the table
            continue
        yield {"label": one["name"] + (" (goes on learning)" if one["adaptive"] else ""), "kind": "", **one}
