"""``python -m talklike`` is the command ``talklike``."""

from talklike.cli.main import run

run()
