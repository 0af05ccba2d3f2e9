"""The tutorial in Keras, the tutorial here, and the default recipe, side by side on one author and machine.

Each trains in a process of its own, whose memory is measured from outside, one after the other. What Keras has learnt becomes a
voice (``talklike.voice.stack``) and is judged as the others are: on the same held-out messages, by the same code.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from talklike.corpus.choose import choose_author
from talklike.corpus.corpus import build_corpus
from talklike.errors import OptionError, RunError
from talklike.evaluation.bits import score
from talklike.generation.voice import Voice, load_voice
from talklike.training import keras_tutorial
from talklike.training.trainer import make_card
from talklike.training.tutorial_recipe import TutorialRecipe, make_tutorial
from talklike.training.tutorial_text import joined, share_of_ends
from talklike.voice.stack import Layer, Stack, stack_sizes, stack_weights
from talklike.voice.write import voice_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from talklike.chat.table import Chat
    from talklike.corpus.corpus import Corpus

BUDGET = "2m"
"""Time to train by the default recipe."""

KERAS, TUTORIAL, DEFAULT = "tutorial, in Keras", "tutorial, here", "default recipe, here"

_WRITTEN = 2_000  # characters, for the speed of a voice
_SAMPLE = 200
_TEMPERATURE = 0.5
_ERROR_SHOWN = 300  # characters of what a program said last
_IMPORT = "import sys; sys.path = [place for place in sys.path if place]; import keras"  # not what lies in this folder
_QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3"}


@dataclass(frozen=True)
class Row:
    """How one of them did.

    Attributes:
        name: Which.
        made_with: What computed it.
        seconds_per_epoch: A round over its training text [s].
        seconds: Training until its best point [s]: the lowest training loss of the tutorial, the lowest held-out cost here.
        bits_per_character: Of the test messages at that point.
        peak_bytes: The most memory that the process held [byte]; None where the system doesn't tell.
        characters_per_second: Written, one text at a time.
        sample: What it writes after the first window of the tutorial's text at temperature 0.5.
        curve: Time trained [s] and cost of the validation messages [bit/character] after each evaluation.
    """

    name: str
    made_with: str
    seconds_per_epoch: float
    seconds: float
    bits_per_character: float
    peak_bytes: int | None
    characters_per_second: float
    sample: str
    curve: list[tuple[float, float]] = field(default_factory=list)

    def seconds_to(self, bits: float) -> float | None:
        """Return the time after which validation messages cost at most so much [s]; None if they never did."""
        return next((seconds for seconds, reached in self.curve if reached <= bits), None)


@dataclass(frozen=True)
class ThenAndNow:
    """The rows, and what is to be said of them.

    Attributes:
        author: Display name.
        characters: Of the tutorial's text.
        rows: Those that could be run.
        notes: A sentence for each that couldn't, and on what the comparison says.
    """

    author: str
    characters: int
    rows: list[Row]
    notes: list[str]

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain JSON-ready values."""
        return asdict(self)


def then_and_now(
    chat: Chat,
    author: str | None = None,
    *,
    epochs: int | None = None,
    budget: str | float = BUDGET,
    keras: str | None = None,
    precision: str = "32-true",
    told: Callable[[str], object] = lambda _: None,
) -> ThenAndNow:
    """Train one author's voice three ways and return how each did.

    Args:
        chat: The chat.
        author: Whose voice, by id or name; the most active one who doesn't look automated without it.
        epochs: Of the tutorial; 15 without it.
        budget: Time for the default recipe.
        keras: A Python that has Keras, with TensorFlow or another backend; this one without it.
        precision: Of the tutorial's recipe here.
        told: Hears what is being done, a phrase each.

    Raises:
        OptionError: A value makes no sense, or ``keras`` can't be run.
        TooLittleTextError: The author wrote too little.
        RunError: A training failed.
    """
    if chat.kind == "stream":
        raise OptionError("the recipes are compared on an author of a chat, and this is one running text")
    found = choose_author(chat, author)
    recipe = make_tutorial(epochs, None, {"precision": precision})
    with tempfile.TemporaryDirectory(prefix="talklike-") as name:
        folder = Path(name)
        (folder / "corpus").mkdir()
        corpus = build_corpus(
            chat, found.author, folder / "corpus", name=found.name, lowercase=True, learnt=recipe.fraction, every_character=True
        )
        text = joined(corpus)
        table = folder / "chat.parquet"
        chat.frame.sink_parquet(table)
        start = "".join(corpus.alphabet.characters[i] for i in text[: recipe.window])
        rows, notes = [], []
        python = keras or sys.executable
        lacks = _lacks(python, named=keras is not None)
        if lacks is None:
            told("training the tutorial's recipe in Keras")
            rows.append(_in_keras(python, corpus, text, recipe, folder, told))
        else:
            notes.append(
                f"Keras doesn't run in this Python ({lacks}), so the tutorial's own row is missing; name one where it does with "
                "--keras, or set a backend that is there, such as KERAS_BACKEND=torch."
            )
        told("training the tutorial's recipe here")
        as_tutorial = ["--recipe", TutorialRecipe.name, "--epochs", str(recipe.epochs), "--precision", precision]
        reading = ["--with-quotes"] if chat.with_quotes else []
        common = ["train", str(table), "--author", found.author, *reading, "--json"]
        rows.append(_here(TUTORIAL, [*common, *as_tutorial], folder, start))
        told("training the default recipe here")
        rows.append(_here(DEFAULT, [*common, "--lowercase", "--budget", str(budget)], folder, start))
    return ThenAndNow(found.name, len(text), rows, [*notes, *_compared(rows)])


def _lacks(python: str, *, named: bool) -> str | None:
    """Return why Keras, or the backend that it is to compute with, can't be imported by a Python; None if it can.

    Raises:
        OptionError: The Python was named by the user and can't do it, or can't be run.
    """
    try:
        looked = subprocess.run(  # noqa: S603  (the user's own Python)
            [python, "-c", _IMPORT],
            capture_output=True,
            check=False,
            env=os.environ | _QUIET,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        raise OptionError(f"--keras {python}: can't be run: {error.strerror}; name a Python that has Keras") from error
    if not looked.returncode:
        return None
    said = looked.stderr.strip().splitlines() or [f"exit status {looked.returncode}"]
    lacks = said[-1][:_ERROR_SHOWN]
    if named:
        raise OptionError(
            f"--keras {python}: Keras doesn't run there ({lacks}); install what is missing, or set a backend that is there, such "
            "as KERAS_BACKEND=torch"
        )
    return lacks


def _in_keras(
    python: str, corpus: Corpus, text: np.ndarray, recipe: TutorialRecipe, folder: Path, told: Callable[[str], object]
) -> Row:
    """Train the tutorial's recipe in Keras, and judge what came out."""
    source, target = folder / "text.npz", folder / "keras.npz"
    names = ("window", "step", "hidden", "layers", "learning_rate", "batch_size", "epochs", "seed")
    settings = {name: getattr(recipe, name) for name in names} | {"characters": len(corpus.alphabet.characters)}
    np.savez(source, ids=text, settings=np.array(json.dumps(settings)))
    program = str(Path(keras_tutorial.__file__))

    def heard(line: str) -> None:
        epoch = json.loads(line)
        told(f"training the tutorial's recipe in Keras: epoch {epoch['epoch']} of {recipe.epochs}, loss {epoch['loss']:.3f}")

    peak = _watched([python, program, str(source), str(target)], heard)
    with np.load(target) as file:
        facts = json.loads(str(file["facts"]))
        voices = [_voice_of(corpus, recipe, file, epoch) for epoch in range(recipe.epochs)]
    best = int(np.argmin(facts["losses"]))
    trained = np.cumsum(facts["seconds"]).tolist()
    costs = [score(voice.engine, corpus.validation).bits_per_character for voice in voices]
    return Row(
        name=KERAS,
        made_with=facts["backend"],
        seconds_per_epoch=float(np.median(facts["seconds"])),
        seconds=trained[best],
        bits_per_character=float(score(voices[best].engine, corpus.test).bits_per_character),
        peak_bytes=peak,
        characters_per_second=facts["rate"],
        sample="".join(corpus.alphabet.characters[i] for i in [*text[: recipe.window], *facts["text"]]),
        curve=[(seconds, float(cost)) for seconds, cost in zip(trained, costs, strict=True)],
    )


def _voice_of(corpus: Corpus, recipe: TutorialRecipe, file: Any, epoch: int) -> Voice:
    """Return what Keras had learnt after an epoch as a voice."""
    arrays = [file[f"epoch.{epoch}.{number}"] for number in range(3 * recipe.layers + 2)]
    layers = tuple(Layer(*arrays[3 * number : 3 * number + 3]) for number in range(recipe.layers))
    stack = Stack(layers, *arrays[-2:])
    card = make_card(corpus, recipe, stack_sizes(stack.characters, stack.units), "float32", {})
    return Voice.from_bytes(voice_bytes(card, stack_weights(stack, corpus.alphabet.characters, share_of_ends(corpus))))


def _here(name: str, arguments: Sequence[str], folder: Path, start: str) -> Row:
    """Train with the command line in a process of its own, and judge what came out."""
    run = folder / name.replace(", ", "-").replace(" ", "-")
    peak = _watched([sys.executable, "-m", "talklike", *arguments, "-o", str(run)], lambda _: None)
    voice = load_voice(run)
    lines = (run / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    evaluations = [json.loads(line) for line in lines]
    best = [e for e in evaluations if e["best"]][-1]
    last = evaluations[-1]
    recipe = voice.card.recipe
    # The tutorial's windows are counted by epochs, the default recipe's symbols by rounds over its text.
    text = voice.card.provenance["training_characters"] + voice.card.provenance["room_characters"]
    rounds = len(evaluations) if recipe["name"] == TutorialRecipe.name else last["characters"] / text
    began = time.perf_counter()
    voice.generate_many(1, chars=_WRITTEN, seed=1)
    rate = _WRITTEN / (time.perf_counter() - began)
    import torch

    return Row(
        name=name,
        made_with=f"torch {torch.__version__.split('+')[0]}, {recipe['precision']}",
        seconds_per_epoch=last["seconds"] / rounds,
        seconds=best["seconds"],
        bits_per_character=voice.card.scores["test"]["bits_per_character"],
        peak_bytes=peak,
        characters_per_second=rate,
        sample=voice.generate(start, temperature=_TEMPERATURE, chars=_SAMPLE, seed=1),
        curve=[(e["seconds"], e["validation_bits_per_character"]) for e in evaluations],
    )


def _watched(command: Sequence[str], heard: Callable[[str], object]) -> int | None:
    """Run a program, hear its lines, and return the most memory it held [byte], where the system tells.

    Raises:
        RunError: It failed; what it said last is quoted.
    """
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(  # noqa: S603  (this Python or the user's)
            command, stdout=subprocess.PIPE, stderr=errors, env=os.environ | _QUIET, encoding="utf-8"
        )
        try:
            assert process.stdout is not None, "its standard output is a pipe"
            with process.stdout as lines:
                for line in lines:
                    if line.startswith("{"):
                        heard(line)
            peak = _waited(process)
        except BaseException:
            process.kill()
            process.wait()
            raise
        errors.seek(0)
        said = errors.read().decode("utf-8", "replace").strip()[-_ERROR_SHOWN:]
    if process.returncode:
        raise RunError(
            f"a training failed, exit status {process.returncode}: {said.splitlines()[-1] if said else 'it said nothing'}"
        )
    return peak


def _waited(process: subprocess.Popen[str]) -> int | None:
    """Wait for a process, and return the most memory it held."""
    if not hasattr(os, "wait4"):
        process.wait()
        return None
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return int(usage.ru_maxrss) * (1 if sys.platform == "darwin" else 1024)  # Linux counts in KiB, macOS in bytes


def _compared(rows: Sequence[Row]) -> list[str]:
    """Return how long the default recipe took to what the tutorial ended with."""
    tutorial, default = rows[0], rows[-1]
    seconds, bits = min(((s, b) for s, b in tutorial.curve), key=lambda point: point[1])
    reached = default.seconds_to(bits)
    if reached is None:
        return [f"The default recipe didn't reach the tutorial's best {bits:.3f} bits per character of validation messages."]
    times = seconds / reached if reached else math.inf
    said = (
        f"The tutorial's best, {bits:.3f} bits per character of validation messages, took it {seconds:.0f} s; the default recipe "
        f"was there after {reached:.1f} s, 1/{times:.0f} of the time."
    )
    return [said]
