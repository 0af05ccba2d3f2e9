"""A job for tests: tells something, then does what its argument says."""

from __future__ import annotations

import sys
import time

from talklike.errors import ChatFileError
from talklike.studio.events import tell

if __name__ == "__main__":
    tell("begun", what=sys.argv[1], said="héllo")
    match sys.argv[1]:
        case "wait":
            time.sleep(60)
        case "count":
            for number in range(600):
                tell("count", number=number)
                time.sleep(0.05)
        case "mistake":
            raise ChatFileError("this is no chat; drop another")
        case "break":
            raise ZeroDivisionError("a bug")
        case "status":
            sys.stderr.write("warming up\ntalklike: there is no such voice; train one\n")
            sys.exit(1)
        case "die":
            import os

            os.abort()
