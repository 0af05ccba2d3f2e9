"""Traits: how long someone's messages are, how they use marks, capitals, emoji and small words, and how rare their words are.

Each is told in plain values and as a distance, between what a voice wrote and real held-out messages, beside the distance between
real messages and earlier real ones; all on equally many messages, because some distances shrink with more.

Source: Mosteller and Wallace (1964), Inference and disputed authorship, for function words; Lin (1991), Divergence measures based
on the Shannon entropy; Ramdas et al. (2017), On Wasserstein two-sample testing, for the distance of lengths.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from talklike.evaluation.word_index import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

FEWEST = 10
"""Messages below which nothing is said of traits."""

MOST = 2000
"""Messages that are looked at; of more, so many are drawn."""

FREQUENT = 3
"""A word is known if the author and the room together wrote it so often."""

MOST_FREQUENT = 50
"""Words of the author's that stand for the function words of a language whose own we don't know."""

ENGLISH = 0.25
"""A text is English if at least this share of its words are English function words: of English chats half are, of German ones a
tenth."""

_ENGLISH_WORDS = """
a about above after again against all almost also although always am among an and another any anybody anyone anything are around
as at be because been before behind being below between both but by can can't could couldn't did didn't do does doesn't doing
don't done down during each either else enough even ever every everything few for from get gets getting got had has hasn't have
haven't having he her here him himself his how however i i'd i'll i'm i've if in instead into is isn't it it's its itself just
less let's like many may maybe me might mine more most much must my myself neither never no nobody none nor not nothing now of
off often on once one only or other our ours out over own perhaps quite rather really same she should since so some somebody
someone something sometimes somewhere still such than that that's the their them themselves then there there's these they
they're this those though through to together too toward towards under unless until up upon us very was wasn't we we're were
what what's when where whether which while who whom whose why will with within without won't would wouldn't yet you you're your
yours yourself
"""

FUNCTION_WORDS = frozenset(_ENGLISH_WORDS.split())
"""Words of English that say little and are used by habit."""

_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf]"  # pictures
    r"|(?<!\S)[:;=8xX][-o^']?[)(DPp/\\|3oO\]\[]+(?![^\s.,!?])|\([-^]?[:;]|<3|\^_*\^"  # drawn with signs: :-) xD (; ^_^
)
_LETTER = re.compile(r"[^\W\d_]")
_PLAIN = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True)
class Trait:
    """One trait, of what a voice wrote beside real messages; None where there was nothing to look at.

    Attributes:
        name: Which.
        unit: Of the plain values.
        measure: What kind of distance.
        real: Plain value of held-out real messages.
        generated: Plain value of generated ones.
        distance: Between the two.
        usual: Between real messages and earlier real ones.
    """

    name: str
    unit: str
    measure: str
    real: float | None
    generated: float | None
    distance: float | None
    usual: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain JSON-ready values."""
        return asdict(self)


def traits(
    train: Sequence[str], test: Sequence[str], generated: Sequence[str], room: Sequence[str] = (), *, seed: int = 0
) -> tuple[Trait, ...]:
    """Return the traits of what a voice wrote beside those of real messages; none if there are fewer than ``FEWEST`` of either.

    Args:
        train: The author's messages that the voice learnt from.
        test: Held-out ones.
        generated: What the voice wrote.
        room: Messages of others from the same time as ``train``, whose words count as known.
        seed: Decides which are drawn where there are more of one kind than of another.
    """
    random = np.random.default_rng(seed)
    count = min(len(test), len(generated), len(train) // 2, MOST)  # of the earlier ones half are needed for what words are known
    if count < FEWEST:
        return ()
    order = random.permutation(len(train))
    earlier, rest = ([train[place] for place in places.tolist()] for places in (order[:count], order[count:]))
    real, written = ([texts[place] for place in random.permutation(len(texts))[:count].tolist()] for texts in (test, generated))
    used = Counter(_words(rest))
    known = {word for word, times in (used + Counter(_words(room))).items() if times >= FREQUENT}
    small = FUNCTION_WORDS
    if sum(times for word, times in used.items() if word in small) < ENGLISH * used.total():
        small = frozenset(word for word, _ in used.most_common(MOST_FREQUENT))

    def trait(
        name: str,
        unit: str,
        plain: Callable[[Sequence[str]], float | None],
        measure: str = "difference",
        distance: Callable[[Sequence[str], Sequence[str]], float | None] | None = None,
    ) -> Trait:
        values = [plain(texts) for texts in (earlier, real, written)]
        if distance is not None:
            far, usual = distance(written, real), distance(earlier, real)
        else:
            far, usual = (None if a is None or values[1] is None else abs(a - values[1]) for a in (values[2], values[0]))
        return Trait(name, unit, measure, values[1], values[2], far, usual)

    def rare(texts: Sequence[str]) -> float | None:
        return _share(word not in known for word in _words(texts) if _PLAIN.fullmatch(word))

    def small_words(texts: Sequence[str]) -> float | None:
        return _share(word in small for word in _words(texts))

    def uses(texts: Sequence[str]) -> Counter[str]:
        return Counter(word if word in small else "" for word in _words(texts))

    return (
        trait("length", "characters", lambda texts: float(_lengths(texts).mean()), "Wasserstein", _apart),
        trait("punctuation", "of characters", _marked, "Jensen-Shannon", lambda a, b: divergence(_marks(a), _marks(b))),
        trait("capitals", "of letters", _capitals),
        trait("capital first", "of messages", _capital_first),
        trait("emoji", "of messages", lambda texts: _share(_EMOJI.search(text) is not None for text in texts)),
        trait("function words", "of words", small_words, "Jensen-Shannon", lambda a, b: divergence(uses(a), uses(b))),
        trait("rare words", "of words", rare),
    )


def wasserstein(a: np.ndarray, b: np.ndarray) -> float:
    """Return how far values must be moved on average to make one sample of the other: the area between their distributions.

    >>> wasserstein(np.array([0.0, 10.0]), np.array([3.0, 13.0]))
    3.0
    """
    a, b = np.sort(a), np.sort(b)
    points = np.sort(np.concatenate([a, b]))
    below, other = (np.searchsorted(values, points[:-1], side="right") / len(values) for values in (a, b))
    return float((np.abs(below - other) * np.diff(points)).sum())


def divergence(a: Counter[str], b: Counter[str]) -> float | None:
    """Return the Jensen-Shannon divergence of what was counted [bit], from 0 to 1; None if nothing was.

    >>> divergence(Counter("aab"), Counter("aab")), divergence(Counter("a"), Counter("b"))
    (0.0, 1.0)
    """
    if not a or not b:
        return None
    both = sorted(a | b)
    p, q = (np.array([counts[key] for key in both]) / counts.total() for counts in (a, b))
    middle = (p + q) / 2
    halves = [float((one[one > 0] * np.log2(one[one > 0] / middle[one > 0])).sum()) for one in (p, q)]
    return sum(halves) / 2


def _words(texts: Sequence[str]) -> Iterator[str]:
    return (word.replace("’", "'") for text in texts for word in words(text))


def _lengths(texts: Sequence[str]) -> np.ndarray:
    return np.array([len(text) for text in texts], np.float64)


def _apart(a: Sequence[str], b: Sequence[str]) -> float:
    return wasserstein(_lengths(a), _lengths(b))


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "P"


def _marks(texts: Sequence[str]) -> Counter[str]:
    return Counter(filter(_is_mark, "".join(texts)))


def _marked(texts: Sequence[str]) -> float | None:
    return _share(map(_is_mark, "".join(texts)))


def _capitals(texts: Sequence[str]) -> float | None:
    return _share(letter.isupper() for letter in "".join(texts) if letter.lower() != letter.upper())


def _capital_first(texts: Sequence[str]) -> float | None:
    letters = [found[0] for text in texts if (found := _LETTER.search(text))]
    return _share(letter.isupper() for letter in letters if letter.lower() != letter.upper())


def _share(found: Iterable[bool]) -> float | None:
    """Return the share of what is true; None of nothing."""
    values = list(found)
    return sum(values) / len(values) if values else None
