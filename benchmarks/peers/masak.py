"""talklike and its peers on the messages of #perl6's masak, after 1, 3 and 10 minutes (see ``rivals/contest.py``)."""

from __future__ import annotations

import sys
from functools import partial

from benchmarks.peers.rivals.contest import SEED, contest
from benchmarks.record import report

if __name__ == "__main__":
    sys.exit(report("peers.masak", partial(contest, ("raku-irc", "perl6-2009.csv.gz"), "masak"), seed=SEED))
