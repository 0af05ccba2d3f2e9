"""The process of a job: ``python -m talklike.studio.job_process FOLDER`` runs its command and tells how that ended."""

from __future__ import annotations

import json
import os
import runpy
import sys
from pathlib import Path

from talklike.errors import TalklikeError
from talklike.studio.events import FOLDER, tell
from talklike.studio.jobs import ABOUT, STDERR

INTERRUPTED = 130
"""Exit status of a command that was interrupted."""

SAID_BY = "talklike: "
"""How the command line begins the line that says what went wrong."""


def main(folder: Path) -> int:
    """Run a job's command; return its exit status."""
    os.environ[FOLDER] = str(folder)
    module, *arguments = json.loads((folder / ABOUT).read_text(encoding="utf-8"))["argv"]
    sys.argv = [module, *arguments]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except TalklikeError as error:
        return _end(error.exit_status, str(error))
    except KeyboardInterrupt:
        return _end(INTERRUPTED)
    except SystemExit as ending:
        status = ending.code if isinstance(ending.code, int) else int(ending.code is not None)
        return _end(status, _last_said(folder / STDERR))
    except MemoryError:
        return _end(1, "there isn't enough memory; close other programs, or take less text")
    except BaseException:
        _end(1, f"something went wrong that is no mistake of yours; {folder / STDERR} says what")
        raise
    return _end(0)


def _end(status: int, message: str = "") -> int:
    state = {0: "done", INTERRUPTED: "stopped"}.get(status, "failed")
    tell("end", state=state, **({"message": message} if state == "failed" else {}))
    return status


def _last_said(stderr: Path) -> str:
    """Return the last line in which the command line said what went wrong."""
    sys.stderr.flush()
    lines = stderr.read_text(encoding="utf-8", errors="replace").splitlines()
    said = [line.removeprefix(SAID_BY) for line in lines if line.startswith(SAID_BY)]
    return said[-1] if said else (lines[-1] if lines else f"it ended without a word; {stderr} is empty")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
