"""The card of a voice: what it is, whose, made from what, how good; JSON under the metadata key ``talklike``."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any

from talklike.errors import VoiceFileError
from talklike.voice.ngrams import MAX_BUCKETS, MAX_ORDER
from talklike.voice.novelty_index import MOST_BYTES
from talklike.voice.signatures import FEWEST_ROWS, MOST_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable

METADATA_KEY = "talklike"
FORMAT_VERSION = 2

MAX_LAYERS, MAX_STATE = 64, 1 << 22
"""Most layers, and most numbers of state a stream may have; a file that asks for more is refused before memory is."""

LARGEST = 1e300
"""Numbers in a card are below this: JSON may hold integers that no float can."""

MAX_SYMBOLS = 1 << 16
"""Symbols are numbered in 16 bits."""

GATES = ("sigmoid", "hard_sigmoid")
"""What opens an LSTM's gates: the logistic function, or the line 0.2 x + 1/2 between 0 and 1, which Keras took before 2.3."""


@dataclass(frozen=True)
class Sizes:
    """The sizes of a voice's arrays.

    Attributes:
        symbols: V, the alphabet with its bytes and its end of message.
        authors: A, named authors; input values are 0 ("someone") to A.
        embedding: E, numbers for each symbol read.
        hidden: H, units of each layer.
        layers: L, LSTM layers.
        orders: Lengths of the n-grams that the memory holds, increasing; without any there is no memory.
        buckets: P, rows of the memory's table.
        memory: D, numbers in a row.
    """

    symbols: int
    authors: int
    embedding: int
    hidden: int
    layers: int
    orders: tuple[int, ...] = ()
    buckets: int = 0
    memory: int = 0

    @property
    def parameters(self) -> int:
        """Number of weights."""
        recurrent = 0
        width = self.embedding
        for _ in range(self.layers):
            recurrent += 4 * self.hidden * (width + self.hidden + 1)
            width = self.hidden
        tables = (self.symbols + self.authors + 1) * self.embedding
        memory = self.memory * (self.buckets + len(self.orders) * self.symbols)
        return tables + recurrent + (self.hidden + 1) * self.symbols + memory


@dataclass(frozen=True)
class IndexFacts:
    """What a card says of the index of the training text (``talklike.voice.novelty_index``) in its file.

    Attributes:
        bytes: Its length.
        sha256: Its SHA-256, in hexadecimal: a single bit that was lost would let copies through.
    """

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Card:
    """What a voice says of itself.

    Attributes:
        alphabet: Characters of symbols 257…, in order.
        authors: Author ids; input value 0 is "someone", i is ``authors[i - 1]``.
        names: Display names of ``authors``.
        kind: ``messages`` or ``stream``: whether symbol 0 ends a message or only begins the text.
        sizes: Sizes of its arrays.
        precision: ``float32`` or ``int8``.
        recipe: Everything that decided the training run.
        provenance: Messages, characters, dates, SHA-256 of the corpus, package version, seed.
        scores: ``{"validation": {"bits_per_character": …, "bits_per_byte": …}, "test": {…}}``.
        sampling: Default sampling, by the names of ``talklike.generation.sampling.Sampling``.
        format_version: Version of this layout.
        novelty_index: The index of the training text that the file carries, if it does.
        gates: One of ``GATES``; other than the first only with float32 weights.
        signatures: Rows of the table that tells its authors apart (``talklike.voice.signatures``); 0 where the file has none.
    """

    alphabet: str
    authors: tuple[str, ...]
    names: tuple[str, ...]
    kind: str
    sizes: Sizes
    precision: str = "float32"
    recipe: dict[str, Any] = field(default_factory=dict)
    provenance: dict[str, Any] = field(default_factory=dict)
    scores: dict[str, dict[str, float]] = field(default_factory=dict)
    sampling: dict[str, Any] = field(default_factory=dict)
    format_version: int = FORMAT_VERSION
    novelty_index: IndexFacts | None = None
    gates: str = GATES[0]
    signatures: int = 0

    def to_json(self) -> str:
        """Return the card as JSON; the same card gives the same text."""
        values = asdict(self)
        if self.novelty_index is None:
            del values["novelty_index"]
        if self.gates == GATES[0]:
            del values["gates"]
        if not self.signatures:
            del values["signatures"]
        return json.dumps(values, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str, where: str) -> Card:
        """Return the card that ``text`` holds, checked.

        Args:
            text: JSON from a voice file; not trusted.
            where: The file, for the error.

        Raises:
            VoiceFileError: It isn't a card that this version can read.
        """
        try:
            raw = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise VoiceFileError(f"{where}: the voice's card is not JSON; the file is damaged") from error
        if not isinstance(raw, dict):
            raise VoiceFileError(f"{where}: the voice's card is not an object; the file is damaged")
        if raw.get("format_version") != FORMAT_VERSION:
            raise VoiceFileError(
                f"{where}: a voice of format version {_shown(raw.get('format_version'))}, but this talklike reads "
                f"version {FORMAT_VERSION}; install the talklike that wrote it, or train again"
            )
        wrong = [f"{name} is {_shown(raw.get(name))}" for name, fits in _CHECKS.items() if not fits(raw.get(name))]
        if "novelty_index" in raw and not _is_index(raw["novelty_index"]):
            wrong.append(f"novelty_index is {_shown(raw['novelty_index'])}")
        if raw.get("gates", GATES[0]) not in GATES:
            wrong.append(f"gates is {_shown(raw['gates'])}")
        if "signatures" in raw and not _is_rows(raw["signatures"]):
            wrong.append(f"signatures is {_shown(raw['signatures'])}")
        if wrong:
            raise VoiceFileError(f"{where}: the voice's card is damaged: {'; '.join(wrong)}")
        sizes = Sizes(**raw["sizes"] | {"orders": tuple(raw["sizes"]["orders"])})
        if mismatch := _disagreement(raw, sizes):
            raise VoiceFileError(f"{where}: the voice's card is damaged: {mismatch}")
        known = {f.name for f in fields(cls)}
        values = {name: value for name, value in raw.items() if name in known}
        values |= {"authors": tuple(raw["authors"]), "names": tuple(raw["names"]), "sizes": sizes}
        if "novelty_index" in raw:
            values["novelty_index"] = IndexFacts(**raw["novelty_index"])
        return cls(**values)


def _shown(value: object) -> str:
    """Return ``value`` short enough for one line of an error."""
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "…"


def _is_strings(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)


def _is_numbers(value: object) -> bool:
    """Return whether ``value`` is an object whose values are all finite numbers."""
    return isinstance(value, dict) and all(
        isinstance(v, int | float) and not isinstance(v, bool) and abs(v) < LARGEST for v in value.values()
    )


def _is_sizes(value: object) -> bool:
    names = {f.name for f in fields(Sizes)}
    if not isinstance(value, dict) or set(value) != names or not isinstance(orders := value["orders"], list):
        return False
    numbers = [v for name, v in value.items() if name != "orders"] + orders
    if not all(isinstance(v, int) and not isinstance(v, bool) and 0 <= v < MAX_BUCKETS for v in numbers):
        return False
    network = all(value[name] for name in ("symbols", "authors", "embedding", "hidden", "layers"))
    if not orders:
        return network and value["buckets"] == value["memory"] == 0
    increasing = orders == sorted(set(orders)) and orders[0] >= 1 and 2 <= orders[-1] <= MAX_ORDER
    return network and increasing and value["buckets"] >= 2 and value["memory"] >= 1


def _is_index(value: object) -> bool:
    if not isinstance(value, dict) or set(value) != {"bytes", "sha256"}:
        return False
    length, digest = value["bytes"], value["sha256"]
    fits = isinstance(length, int) and not isinstance(length, bool) and 1 <= length <= MOST_BYTES
    return fits and isinstance(digest, str) and re.fullmatch("[0-9a-f]{64}", digest) is not None


def _is_rows(value: object) -> bool:
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    return FEWEST_ROWS <= value <= MOST_ROWS and value.bit_count() == 1


_CHECKS: dict[str, Callable[[Any], bool]] = {
    "alphabet": lambda v: isinstance(v, str) and len(set(v)) == len(v) and not any("\ud800" <= c < "\ue000" for c in v),
    "authors": _is_strings,
    "names": _is_strings,
    "kind": lambda v: v in ("messages", "stream"),
    "sizes": _is_sizes,
    "precision": lambda v: v in ("float32", "int8"),
    "recipe": lambda v: isinstance(v, dict),
    "provenance": lambda v: isinstance(v, dict),
    "scores": lambda v: isinstance(v, dict) and all(map(_is_numbers, v.values())),
    "sampling": _is_numbers,
}


def _disagreement(raw: dict[str, Any], sizes: Sizes) -> str | None:
    """Return what in a card contradicts something else in it."""
    if sizes.symbols != len(raw["alphabet"]) + 257:
        return f"{len(raw['alphabet'])} characters can't make {sizes.symbols} symbols"
    if not sizes.authors == len(raw["authors"]) == len(raw["names"]):
        return f"{sizes.authors} authors, but {len(raw['authors'])} ids and {len(raw['names'])} names"
    if raw.get("gates", GATES[0]) != GATES[0] and raw["precision"] != "float32":
        return f"{raw['precision']} weights don't go with {raw['gates']} gates"
    if sizes.symbols > MAX_SYMBOLS:
        return f"{sizes.symbols} symbols are more than a voice may have"
    if sizes.layers > MAX_LAYERS or sizes.layers * sizes.hidden > MAX_STATE:
        return f"{sizes.layers} layers of {sizes.hidden} units are more than a voice may have"
    return None
