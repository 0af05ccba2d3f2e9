"""A recipe: everything that decides a training run, and nothing else. It goes into the run folder and the voice."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING

from talklike.corpus.canaries import MOST_CANARIES
from talklike.errors import OptionError
from talklike.voice.signatures import FEWEST_ROWS, MOST_ROWS

if TYPE_CHECKING:
    from typing import Any

    from _typeshed import DataclassInstance

_TYPES = {"int": int, "float": int | float, "bool": bool, "str": str}
_KINDS = {"int": "a whole number", "float": "a number", "bool": "true or false", "str": "a word"}

PRECISIONS = ("32-true", "bf16-mixed")


def dial(help_: str, least: float, most: float = float("inf"), **kwargs: Any) -> Any:
    """Return a dataclass field with what it means and the values that make sense."""
    return field(metadata={"help": help_, "least": least, "most": most}, **kwargs)


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything that decides a training run, resolved: two runs with equal recipes on equal text give equal voices."""

    hidden: int = dial("Units of each LSTM layer.", 1, 8192)
    layers: int = dial("LSTM layers.", 1, 8, default=1)
    embedding: int = dial("Numbers for each symbol read.", 1, 1024, default=128)
    dropout: float = dial("Share of features dropped before the output.", 0, 0.95, default=0.1)
    dropout_between: float = dial("Share of features dropped between layers.", 0, 0.95, default=0.05)
    memory: int = dial("Numbers for each n-gram of the memory; 0 is none.", 0, 256, default=16)
    buckets: int = dial("Rows of the memory's table, a prime number.", 2, 2**24 - 1, default=262_139)
    memory_dropout: float = dial("Share of the memory's rows dropped while training.", 0, 0.95, default=0.5)
    memory_rate: float = dial("Learning rate of the memory.", 0, 10, default=0.1)
    room: int = dial("Authors that the voice knows by name; 0 learns from one author's messages alone.", 0, 1000, default=0)
    room_steps: int = dial("Steps on everyone's messages before those on the author's own.", 0, default=0)
    room_dropout: float = dial("The dropout of those steps.", 0, 0.95, default=0.05)
    room_memory_dropout: float = dial("The memory's dropout in those steps.", 0, 0.95, default=0.3)
    signatures: int = dial("Rows of what tells a room's authors apart, a power of 2; 0 is none.", 0, MOST_ROWS, default=0)
    signature_rounds: float = dial("Rounds over the room's messages in which it is learnt.", 0, 100, default=2.0)
    streams: int = dial("Streams of text read side by side.", 1, 4096, default=16)
    length: int = dial("Symbols of each stream in a step.", 1, 4096, default=128)
    steps: int = dial("Steps of the optimiser in all.", 1)
    learning_rate: float = dial("Largest learning rate.", 1e-8, 1, default=8e-3)
    warm_up: int = dial("Steps over which the learning rate rises.", 0, default=200)
    final_rate: float = dial("Share of the learning rate left at the end.", 0, 1, default=0.02)
    weight_decay: float = dial("Pull of the weights towards zero.", 0, 10, default=0.01)
    clip: float = dial("Largest norm of a step's gradient.", 1e-6, 1e9, default=1.0)
    average: float = dial("How much of the running mean of the weights each step keeps.", 0, 0.99999, default=0.998)
    forget: float = dial("Share of streams whose state is cleared before a step.", 0, 1, default=0.02)
    evaluate_every: int = dial("Steps between evaluations.", 1)
    evaluate_symbols: int = dial("Validation symbols scored at each.", 1, default=50_000)
    patience: int = dial("Evaluations without a better one that end the run.", 1, default=6)
    seed: int = dial("Decides every random number.", 0, 2**63 - 1, default=0)
    threads: int = dial("Processor threads.", 1, 1024, default=2)
    precision: str = "32-true"
    name: str = "default"
    lowercase: bool = False
    fraction: float = dial("Share of the messages used, the first by time.", 1e-6, 1, default=1.0)
    canaries: int = dial("Random secrets planted among what is learnt, to measure what leaks.", 0, MOST_CANARIES, default=0)
    canary_times: int = dial("How often each of them is planted.", 1, 10_000, default=10)
    bots: bool = field(
        default=False,
        metadata={"help": "Learn from those who look automated, too, where everyone's messages stand behind the voice."},
    )
    novelty_index: bool = field(
        default=False,
        metadata={"help": "Put an index of the training text into the voice, with which --novelty keeps it from copying."},
    )

    def __post_init__(self) -> None:
        wrong = check_fields(self)
        if self.precision not in PRECISIONS:
            wrong.append(f"precision is {self.precision!r}, must be one of {', '.join(PRECISIONS)}")
        if not wrong and self.signatures and (self.signatures < FEWEST_ROWS or self.signatures.bit_count() != 1):
            wrong.append(f"signatures is {self.signatures}, must be 0, or a power of 2 from {FEWEST_ROWS:,} on")
        if wrong:
            raise OptionError("; ".join(wrong))

    def to_dict(self) -> dict[str, Any]:
        """Return the recipe as plain JSON-ready values."""
        values = asdict(self)
        if not self.novelty_index:  # a voice without an index says nothing of one
            del values["novelty_index"]
        return values

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Recipe:
        """Return the recipe that ``to_dict`` wrote.

        Raises:
            OptionError: A name is unknown, missing, or has a value that makes no sense.
        """
        known = {f.name: f for f in fields(cls)}
        if unknown := sorted(set(values) - set(known)):
            raise OptionError(f"the default recipe has no {', '.join(name.replace('_', '-') for name in unknown)}")
        try:
            return cls(**values)
        except TypeError as error:
            raise OptionError(f"a recipe lacks something: {error}") from error


def check_fields(recipe: DataclassInstance) -> list[str]:
    """Return what is wrong with the numbers and words of a recipe made of ``dial`` fields, a phrase each."""
    wrong = []
    for f in fields(recipe):
        value = getattr(recipe, f.name)
        kind = str(f.type)
        if kind not in _TYPES:
            continue
        if not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "bool"):
            wrong.append(f"{f.name.replace('_', '-')} is {value!r}, must be {_KINDS[kind]}")
        elif "least" in f.metadata and not f.metadata["least"] <= value <= f.metadata["most"]:
            wrong.append(f"{f.name.replace('_', '-')} is {value}, must be {_range(f.metadata)}")
    return wrong


def _range(metadata: Any) -> str:
    least, most = metadata["least"], metadata["most"]
    return f"{least:g} or more" if most == float("inf") else f"from {least:g} to {most:g}"
