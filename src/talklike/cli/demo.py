"""``talklike demo``: the whole way on the bundled sample."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from talklike.errors import OptionError

PROMPT = "right then"


def demo(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the chat and the run.")] = Path("talklike-demo"),
    budget: Annotated[str, typer.Option(help="Time to train.")] = "60s",
    seed: Annotated[int, typer.Option(help="The same seed gives the same texts from the same voice.")] = 1,
) -> None:
    """Train on the bundled sample for a minute, then write in that voice; each step says which command does it."""
    from talklike.cli.explore import explore
    from talklike.cli.generate import generate
    from talklike.cli.train import train
    from talklike.sample import FILE_NAME, sample_csv
    from talklike.training.folder import free_folder
    from talklike.training.plan import parse_budget
    from talklike.voice.write import atomic_write

    parse_budget(budget)  # what makes no sense is told before anything is made
    if seed < 0:
        raise OptionError(f"seed is {seed}, must be 0 or more")
    chat, run = output / FILE_NAME, free_folder(output / "run")
    _say("The bundled chat: the invented harbour town of Halfmoon Slip, a year of messages in the shape of the Kaggle file.")
    output.mkdir(parents=True, exist_ok=True)
    atomic_write(chat, sample_csv())

    _step("Who writes here, and who is a bot?", "explore", str(chat))
    explore(str(chat))
    _step("Learn how the most active human writes.", "train", str(chat), "--budget", budget, "-o", str(run))
    train(str(chat), budget=budget, output=run)
    _step("Let the voice write five messages.", "generate", str(run), "--count", "5", "-t", "0.5", "--seed", str(seed))
    generate(str(run), count=5, temperature=0.5, seed=seed)
    _step("Let it go on from a beginning.", "generate", str(run), PROMPT, "-t", "0.5", "--seed", str(seed))
    generate(str(run), PROMPT, temperature=0.5, seed=seed)
    _say("\nNow with your own chat: talklike explore CHAT, then talklike train CHAT.")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _step(why: str, *command: str) -> None:
    sys.stdout.flush()
    _say(f"\n# {why}\n$ {shlex.join(('talklike', *command))}")
