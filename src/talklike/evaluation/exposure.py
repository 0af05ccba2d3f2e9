"""Exposure: how much of a planted secret a voice gives away, in bits.

All secrets that a canary could have had are ranked by how likely the voice finds them behind the canary's words. The exposure is
log2(number of secrets) − log2(rank of the true one): 0 if the voice finds all others likelier, about 1.4 on average for a secret
that it never saw, 26.6 if of the hundred million secrets it finds the true one likeliest. With so many bits known, someone who
tries secrets in the voice's order finds it that much sooner.

Not all secrets are scored but a random sample, of which the rank follows. If hardly any of the sample is as likely as the true
secret, the few that are in the whole are searched for and counted. Should they be too many to be searched and too few to be in
the sample, a skew-normal distribution fitted to the sample's costs says how many there would be; that is the paper's way, and was
one or two bits too high where counting could check it.

Source: Carlini et al. (2019), The Secret Sharer, sections 4.2 to 4.4.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from talklike.corpus.canaries import DIGITS, SECRETS
from talklike.evaluation.guessing import Guessing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talklike.corpus.canaries import Canary
    from talklike.generation.voice import Voice

SAMPLES = 10_000
"""Secrets that are scored beside the true one, enough for ranks up to 13 bits."""

FEW = 10
"""Fewer than so many of the sample say too little about the rank."""

MOST_BITS = math.log2(SECRETS)

Found = Literal["sampled", "counted", "extrapolated"]
"""How a rank was found."""

_MOST_SKEW = 0.99  # a skew-normal distribution has at most 0.995
_REACH, _POINTS = 12.0, 4001  # how far below its end a tail is integrated, and in how many points


@dataclass(frozen=True)
class Exposure:
    """How much of a secret a voice gives away.

    Attributes:
        canary: Which secret.
        bits: The exposure [bit], from 0 to 26.6.
        likelier: Of the secrets sampled, how many the voice finds at least as likely as the true one.
        samples: How many were sampled.
        found: How the rank was found: by the sample, by search, or extrapolated.
        probability: How likely the voice writes the secret behind the canary's words, at temperature 1.
    """

    canary: Canary
    bits: float
    likelier: int
    samples: int
    found: Found
    probability: float

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain JSON-ready values; canaries are nobody's secrets, so they are named."""
        return {
            "canary": self.canary.text,
            "bits": round(self.bits, 2),
            "most_bits": round(MOST_BITS, 2),
            "likelier": self.likelier,
            "samples": self.samples,
            "found": self.found,
            "probability": self.probability,
        }


def exposures(
    voice: Voice, canaries: Sequence[Canary], *, author: int = 1, samples: int = SAMPLES, seed: int = 0
) -> list[Exposure]:
    """Return the exposure of each canary.

    Args:
        voice: The voice.
        canaries: Planted ones, or ones of the same kind that it never saw.
        author: Input value of the author as whom it writes; canaries are planted as the first one's.
        samples: Secrets that are sampled, at least 100.
        seed: Decides which.
    """
    assert samples >= 100, "a distribution isn't fitted to less"
    drawn = np.random.default_rng(seed).integers(0, 10, (samples, DIGITS), np.uint8)
    return [_exposure(voice, canary, drawn, author) for canary in canaries]


def _exposure(voice: Voice, canary: Canary, drawn: np.ndarray, author: int) -> Exposure:
    """Return the exposure of a canary beside secrets drawn at random, shape (S, D)."""
    true = np.frombuffer(canary.secret.encode(), np.uint8) - ord("0")
    guessing = Guessing(voice, canary.before, author=author)
    costs = guessing.costs(np.vstack([true, drawn]))
    likelier = int((costs[1:] <= costs[0]).sum())
    found: Found = "sampled" if likelier else "extrapolated"
    bits = exposure_bits(costs[0], costs[1:])
    if likelier < FEW and (rank := guessing.rank(true)) is not None:
        bits, found = MOST_BITS - math.log2(rank), "counted"
    return Exposure(canary, bits, likelier, len(drawn), found, math.exp(-costs[0]))


def exposure_bits(true: float, sampled: np.ndarray) -> float:
    """Return the exposure of a secret [bit], as far as a sample tells.

    Args:
        true: What it costs [nat].
        sampled: What secrets drawn at random cost [nat], shape (S,).
    """
    likelier = int((sampled <= true).sum())
    if likelier:
        return -math.log2(likelier / len(sampled))
    share = _share_below(true, sampled)
    beyond = -math.log2(share) if share > 0 else math.inf
    return min(max(beyond, math.log2(len(sampled))), MOST_BITS)


def _share_below(limit: float, sampled: np.ndarray) -> float:
    """Return the share below a limit of a skew-normal distribution with the sample's mean, deviation and skewness.

    Source: Azzalini (1985), A class of distributions which includes the normal ones.
    """
    mean, deviation = float(sampled.mean()), float(sampled.std())
    if not deviation:
        return 0.0 if limit < mean else 1.0
    skewness = float(np.clip((((sampled - mean) / deviation) ** 3).mean(), -_MOST_SKEW, _MOST_SKEW))
    power = abs(skewness) ** (2 / 3)
    delta = math.copysign(math.sqrt(math.pi / 2 * power / (power + ((4 - math.pi) / 2) ** (2 / 3))), skewness)
    shape = delta / math.sqrt(1 - delta**2)
    scale = deviation / math.sqrt(1 - 2 * delta**2 / math.pi)
    place = mean - scale * delta * math.sqrt(2 / math.pi)
    end = (limit - place) / scale
    points = np.linspace(end - _REACH, end, _POINTS)
    normal = np.array([math.erfc(-shape * point / math.sqrt(2)) / 2 for point in points.tolist()])
    density = 2 * np.exp(-(points**2) / 2) / math.sqrt(2 * math.pi) * normal
    return float(np.trapezoid(density, points))
