"""The comparison of our n-grams with KenLM's: what is read of its output, and, where it is installed, whether both agree."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from benchmarks.peers import kneser_ney
from benchmarks.record import SkippedError
from talklike.evaluation.kneser_ney import KneserNey


def test_the_costs_are_those_that_query_prints() -> None:
    """In its order, the end of the sentence last, and without its totals."""
    output = "c5=3 1 -0.5\tc-6=4 2 -1\t</s>=2 1 -2.25\tTotal: -3.75 OOV: 0\nPerplexity including OOVs:\t2\n"
    np.testing.assert_allclose(kneser_ney.word_costs(output), np.array([0.5, 1, 2.25]) * math.log2(10))


def test_without_kenlm_the_benchmark_is_skipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It says what it needs."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SkippedError, match="lmplz"):
        next(kneser_ney.figures(quick=True))


@pytest.mark.skipif(shutil.which("lmplz") is None, reason="needs KenLM's lmplz on the PATH")
def test_ours_is_kenlms() -> None:
    """On a text with a pattern, to a tenth of a percent."""
    random = np.random.default_rng(0)
    ids = [0, 1, 2, 3]
    while len(ids) < 30_000:
        ids.append(1 + (ids[-1] + 2 * ids[-2] + 3 * ids[-3]) % 9 if random.random() < 0.7 else int(random.integers(1, 10)))
    train, test = np.array(ids[:25_000], np.uint16), np.array([0, *ids[25_000:]], np.uint16)
    ours = KneserNey.fit(train, symbols=11, order=4).surprisal(test).mean() / math.log(2)
    theirs = kneser_ney.kenlm(Path(str(shutil.which("lmplz"))), train, test, 4)
    assert ours == pytest.approx(theirs, rel=1e-3)
