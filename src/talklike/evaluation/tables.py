"""The figures of a report as tables of words: the same for the terminal and the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

READINGS = {"cold": "cold", "own": "after own messages", "conversation": "in conversation"}
"""What is read before each message, in words."""

NOTHING = "–"


@dataclass(frozen=True)
class Table:
    """A table of words.

    Attributes:
        title: What it shows.
        head: Names of its columns; the first is a row's name, the others are figures.
        rows: A cell for each column.
        note: What a reader has to know; may be empty.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def tables(report: dict[str, Any]) -> Iterator[Table]:
    """Yield the tables of a report, those of what wasn't measured left out.

    Args:
        report: What ``Evaluation.to_dict`` returned.
    """
    yield _likelihood(report["likelihood"])
    yield from _likeness(report["likeness"], report["voice"]["name"])
    if report["who"]:
        yield _who(report["who"])
    yield _copying(report["copying"])
    yield _diversity(report["diversity"])
    yield _sweep(report["sweep"])
    if report["exposure"]:
        rows = [
            (f"canary {number}", f"{one['bits']:.1f}", f"{one['probability']:.2g}")
            for number, one in enumerate(report["exposure"], 1)
        ]
        yield Table("Planted secrets", ("", "exposure [bit]", "chance of being written"), tuple(rows), "26.6 bits are all of it.")
    if report["leaks"]["training"]["kinds"]:
        yield _leaks(report["leaks"])


def percent(value: float | None) -> str:
    """Return a share in per cent."""
    return NOTHING if value is None else f"{value:.1%}"


def _likelihood(likelihood: dict[str, Any]) -> Table:
    rows = [
        (f"the voice, {label}", *_bits(likelihood["readings"][key]))
        for key, label in READINGS.items()
        if key in likelihood["readings"]
    ]
    rows += [(one["name"], *_bits(one)) for one in likelihood["baselines"]]
    gain = likelihood["gain"]
    ends = "" if gain["low"] is None else f" (interval of the difference {percent(gain['low'])} to {percent(gain['high'])})"
    fewer = f"{percent(abs(gain['share']))} {'fewer' if gain['share'] >= 0 else 'more'} bits than {likelihood['best_baseline']}"
    said = f"The voice, after own messages, needs {fewer}{ends}. "
    said += "; ".join(f"{one['name']}: {one['detail']}" for one in likelihood["baselines"] if one["detail"])
    head = ("", "bits/character", "95 % interval", "bits/byte")
    return Table("How well it knows what comes next", head, tuple(rows), said)


def _bits(one: dict[str, Any]) -> tuple[str, str, str]:
    interval = NOTHING if one["low"] is None else f"{one['low']:.3f} to {one['high']:.3f}"
    return f"{one['bits_per_character']:.3f}", interval, f"{one['bits_per_byte']:.3f}"


def _copying(copying: dict[str, Any]) -> Table:
    sides = (copying["generated"], copying["real"])

    def row(name: str, *path: str) -> tuple[str, str, str]:
        found = []
        for side in sides:
            value: Any = side
            for key in path:
                value = value[key]
            found.append(percent(value) if isinstance(value, float) or value is None else f"{value:,}")
        return name, found[0], found[1]

    rows = [
        row("characters in copied runs of 25 or more, or whole messages", "copied"),
        row("whole messages copied", "verbatim"),
        row("of those with 25 characters or more", "verbatim_long"),
        row("longest run, median [character]", "longest", "median"),
        row("longest run, of nine in ten at most [character]", "longest", "p90"),
        *(row(f"messages with a copied run of {n} characters or more", "holding", n) for n in ("25", "32", "64")),
    ]
    rows += [row(f"new runs of {n} characters", "new_characters", n) for n in sides[0]["new_characters"]]
    rows += [row(f"new runs of {n} words", "new_words", n) for n in sides[0]["new_words"]]
    others = [f"{author} {share:.0%}" for author, share in list(sides[0]["sources"].items())[:5]]
    return Table(
        "What is copied",
        ("", "voice", "real"),
        tuple(rows),
        f"Whose the voice's copied runs are: {', '.join(others)}." if others else "",
    )


def _diversity(diversity: dict[str, Any]) -> Table:
    sides = (diversity["generated"], diversity["real"])
    names = {
        "self_bleu": "self-BLEU",
        "repeated": "characters that repeat the same message",
        "finished": "messages that came to an end",
    }
    rows = [
        (f"different runs of {n} {unit}", *(percent(side[key][n]) for side in sides))
        for key, unit in (("distinct_characters", "characters"), ("distinct_words", "words"))
        for n in sides[0][key]
    ]
    rows += [(name, *(percent(side[key]) for side in sides)) for key, name in names.items()]
    return Table("How much it repeats itself", ("", "voice", "real"), tuple(rows))


def _sweep(sweep: dict[str, Any]) -> Table:
    rows = tuple(
        (
            f"{one['temperature']:g}",
            percent(one["told_apart"]),
            percent(one["taken"]),
            percent(one["copied"]),
            percent(one["finished"]),
        )
        for one in sweep["points"]
    )
    head = ("temperature", "told from real", "taken for the author's", "copied", "finished")
    return Table("What changes with temperature", head, rows)


def _leaks(leaks: dict[str, Any]) -> Table:
    rows = []
    for kind, one in leaks["training"]["kinds"].items():
        other = leaks["held_out"]["kinds"].get(kind)
        beside = NOTHING if other is None else f"{other['said']:,} of {other['tried']:,}"
        rows.append((kind, f"{one['places']:,}", f"{one['said']:,} of {one['tried']:,}", beside))
    head = ("", "places in the training text", "said by the voice", "of things never learnt")
    note = f"Said: at temperature 0, or expected once in {leaks['training']['tries']} tries, to whoever writes what stood before."
    return Table("Private things", head, tuple(rows), note)


def _likeness(likeness: dict[str, Any], name: str) -> Iterator[Table]:
    if likeness["attribution"]:
        sides = {"voice": "generated", f"really {name}'s": "real", "the others'": "others"}
        rows = [
            (label, percent(one["share"]), f"{percent(one['low'])} to {percent(one['high'])}")
            for label, key in sides.items()
            if (one := likeness["attribution"][key])
        ]
        yield Table(f"Taken for {name}'s", ("", "share", "95 % interval"), tuple(rows))
    if likeness["told_apart"]:
        sides = {"voice against real": "generated", "real against real": "real"}
        rows = [
            (label, f"{one['auc']:.3f}", f"{one['low']:.3f} to {one['high']:.3f}")
            for label, key in sides.items()
            if (one := likeness["told_apart"][key])
        ]
        yield Table("Told from the real one", ("", "AUC", "95 % interval"), tuple(rows), "0.5 is guessing, 1 is always right.")
    if likeness["traits"]:
        habits = tuple(_trait(one) for one in likeness["traits"])
        head = ("", "voice", "real", "distance", "between real ones")
        yield Table("Habits", head, habits)


def _who(who: dict[str, Any]) -> Table:
    sides = {"the voice": who["voice"], "a linear model": who["linear"]}
    rows = [(label, percent(one["share"]), f"{percent(one['low'])} to {percent(one['high'])}") for label, one in sides.items()]
    ahead = who["ahead"]
    said = f"Of {who['texts']:,} held-out messages of {who['least']} characters or more, among {who['authors']} authors. "
    said += f"Guessing has {percent(1 / who['authors'])} right, "
    said += f"always naming whoever wrote most of them {percent(who['commonest'])}. "
    said += f"The voice is {_points(abs(ahead['share']))} points {'ahead' if ahead['share'] >= 0 else 'behind'} "
    said += f"(interval of the difference {_points(ahead['low'])} to {_points(ahead['high'])})."
    return Table("Who wrote it", ("", "right", "95 % interval"), tuple(rows), said)


def _points(value: float) -> str:
    """Return a difference of shares in percent points."""
    return f"{100 * value:.1f}"


def _trait(one: dict[str, Any]) -> tuple[str, ...]:
    """Return the row of a habit: its plain values, and how far they are apart."""
    share = one["unit"].startswith("of ")
    sides = (one["generated"], one["real"])
    plain = [NOTHING if value is None else f"{value:.1%}" if share else f"{value:.1f}" for value in sides]
    apart = [NOTHING if one[key] is None else f"{one[key]:.3f}" for key in ("distance", "usual")]
    return f"{one['name']} [{one['unit']}]", *plain, *apart
