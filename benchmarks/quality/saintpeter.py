"""How well a voice predicts freeCodeCamp's SaintPeter, against Kneser-Ney and PPMd (see ``benchmarks/likelihood.py``)."""

from __future__ import annotations

import sys
from functools import partial

from benchmarks.likelihood import gitter
from benchmarks.record import report

if __name__ == "__main__":
    sys.exit(report("quality.saintpeter", partial(gitter, "SaintPeter"), seed=0))
