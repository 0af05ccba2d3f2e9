"""The verdict: what a voice is good at, what it isn't, and what to do about it, in three sentences that anyone understands.

Every sentence says a number that stands in the report. The rules are in order: the first that holds is said.
"""

from __future__ import annotations

from dataclasses import dataclass

LITTLE_TEXT = 100_000
"""Characters learnt from below which more text helps more than anything else."""

AS_GOOD = 0.9
"""From this share of the real rate on, being taken for the author is a success; the report's target is 0.8."""

POOR = 0.8
"""Below this share of the real rate, the voice doesn't sound like the author."""

TOLD_APART = 0.65
"""From this AUC on, generated messages are told from real ones with ease: two times in three."""

EASIER = 0.05
"""By so much the AUC must be above that of real messages of two times: people change, and are told from themselves too."""

TELLS = 0.2
"""By so much more often the judge must take the author's messages than the others' for the author's, or it knows nothing."""

MATTERS = 0.01
"""From this share of the bits on, more or fewer of them are worth a sentence."""

MORE_COPIED = 0.02
"""Share of the characters by which a voice may copy more than its author repeats himself, before it is said."""

BOLDER = 0.1
"""A step of temperature."""


@dataclass(frozen=True)
class Facts:
    """The figures that a verdict is made of; None where there is none.

    Attributes:
        name: The author's.
        gain: By what share the voice's bits are fewer than the best simple method's; negative if they are more.
        rival: What that method is called.
        taken: Share of generated messages taken for the author's.
        taken_real: Share of his real ones.
        taken_others: Share of the others'.
        told_apart: AUC of real against generated messages.
        told_apart_real: AUC of real against real ones.
        copied: Share of the generated characters that are copied.
        copied_real: Share of the characters of real held-out messages that stand in the training text.
        leaked: How many different addresses, numbers and keys of the training text it says.
        characters: Characters of the author's that it learnt from.
        still_learning: Whether its best state was its last.
        alone: Whether it learnt from the author alone, though others are in the chat.
        temperature: The voice's default temperature.
        best_temperature: The temperature whose messages are hardest to tell from real ones; None if the default is as good.
    """

    name: str
    gain: float
    rival: str
    taken: float | None
    taken_real: float | None
    taken_others: float | None
    told_apart: float | None
    told_apart_real: float | None
    copied: float | None
    copied_real: float | None
    leaked: int
    characters: int
    still_learning: bool
    alone: bool
    temperature: float
    best_temperature: float | None


def verdict(facts: Facts) -> tuple[str, str, str]:
    """Return the three sentences: what it is good at, what it isn't, what to do."""
    return _strength(facts), _weakness(facts), _advice(facts)


def _strength(facts: Facts) -> str:
    if (rate := _rate(facts)) is not None and rate >= AS_GOOD:
        return (
            f"It sounds like {facts.name}: {_of_100(facts.taken)} of 100 of its messages are taken for {facts.name}'s, "
            f"and of {facts.name}'s own {_of_100(facts.taken_real)}."
        )
    if facts.told_apart is not None and facts.told_apart < TOLD_APART:
        return f"Its messages are hard to tell from {facts.name}'s: {_picks(facts)}."
    if facts.gain >= MATTERS:
        return f"It foresees what {facts.name} writes next {facts.gain:.0%} better than the best simple method ({facts.rival})."
    if rate is not None and rate >= POOR:
        return (
            f"It often sounds like {facts.name}: {_of_100(facts.taken)} of 100 of its messages are taken for {facts.name}'s, "
            f"and of {facts.name}'s own {_of_100(facts.taken_real)}."
        )
    if not _copies(facts) and facts.copied is not None:
        return (
            f"It writes text of its own: {facts.copied:.0%} of it stands in what it learnt from, "
            f"and of what {facts.name} really wrote later {facts.copied_real or 0:.0%}."
        )
    return f"It has learnt from {facts.characters:,} characters of {facts.name}'s, but nothing stands out that it is good at yet."


def _weakness(facts: Facts) -> str:
    if facts.gain <= -MATTERS:
        return (
            f"It foresees what {facts.name} writes next {-facts.gain:.0%} worse than a simple method that takes seconds "
            f"({facts.rival}): it has not learnt enough yet."
        )
    if facts.leaked:
        things = "thing" if facts.leaked == 1 else "things"
        return (
            f"It gives away {facts.leaked} private {things} of the text it learnt from (addresses, phone numbers, keys) "
            "to whoever writes what stood before."
        )
    if _copies(facts):
        return (
            f"It copies: {facts.copied:.0%} of what it writes stands word for word in what it learnt from, and of what "
            f"{facts.name} really wrote later {facts.copied_real or 0:.0%}."
        )
    if (rate := _rate(facts)) is not None and rate < POOR:
        return (
            f"It doesn't sound enough like {facts.name}: {_of_100(facts.taken)} of 100 of its messages are taken for "
            f"{facts.name}'s, and of {facts.name}'s own {_of_100(facts.taken_real)}."
        )
    if facts.told_apart is not None and facts.told_apart >= max(TOLD_APART, (facts.told_apart_real or 0.5) + EASIER):
        return f"It doesn't pass for {facts.name}: {_picks(facts)}."
    return (
        f"What it says means little: a network of this size learns how {facts.name} writes from {facts.characters:,} characters, "
        "and not what is true."
    )


def _advice(facts: Facts) -> str:
    if facts.characters < LITTLE_TEXT:
        return (
            f"Give it more text: it learnt from {facts.characters:,} characters of {facts.name}'s, and voices are much better "
            f"from {LITTLE_TEXT:,} on."
        )
    if facts.still_learning:
        return "Train it longer (--budget 30m, say): it was still getting better when its time was over."
    if facts.gain <= -MATTERS and facts.alone:
        return f"Let it learn from the others too (--room): alone it is {-facts.gain:.0%} behind a simple method."
    if facts.gain <= -MATTERS:
        return f"Train it anew with a longer --budget, or on more text: it is {-facts.gain:.0%} behind a simple method."
    if facts.leaked:
        return f"Keep it to yourself, or replace such things in the chat, of which {facts.leaked} came out, and train again."
    if _copies(facts):
        bolder = max(facts.temperature, facts.best_temperature or 0) + BOLDER
        return (
            f"Let it write more boldly (--temperature {bolder:.1f}), or train it with --novelty-index and forbid it to quote "
            f"(--novelty 40): it copies {facts.copied:.0%}."
        )
    best = facts.best_temperature
    if best is not None:
        return f"Let it write at --temperature {best:g}: of all that were tried, that is the hardest to tell from {facts.name}."
    if facts.alone and (rate := _rate(facts)) is not None and rate < AS_GOOD:
        return (
            "Let it learn from the others too (--room): it then knows from many more messages how people write, and from "
            f"{facts.characters:,} characters how {facts.name} does."
        )
    return (
        f"Nothing obvious is left to do: {facts.temperature:g} is a good temperature, and training had come to its end; a longer "
        "--budget or more text may still help."
    )


def _rate(facts: Facts) -> float | None:
    """Return how often it is taken for the author, as a share of how often he is."""
    if facts.taken is None or not facts.taken_real or facts.taken_real - (facts.taken_others or 0) < TELLS:
        return None
    return facts.taken / facts.taken_real


def _picks(facts: Facts) -> str:
    beside = "" if facts.told_apart_real is None else f", of two real ones of different times {_of_100(facts.told_apart_real)}"
    return (
        f"shown a real message and one of its own, a program picks the real one {_of_100(facts.told_apart)} times in 100"
        f"{beside}, and 50 would be guessing"
    )


def _copies(facts: Facts) -> bool:
    return facts.copied is not None and facts.copied > (facts.copied_real or 0) + MORE_COPIED


def _of_100(share: float | None) -> str:
    return f"{100 * (share or 0):.0f}"
