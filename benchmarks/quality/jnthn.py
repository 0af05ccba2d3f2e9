"""How well a voice predicts #perl6's jnthn, against Kneser-Ney and PPMd (see ``benchmarks/likelihood.py``)."""

from __future__ import annotations

import sys
from functools import partial

from benchmarks.likelihood import perl6
from benchmarks.record import report

if __name__ == "__main__":
    sys.exit(report("quality.jnthn", partial(perl6, "jnthn"), seed=0))
