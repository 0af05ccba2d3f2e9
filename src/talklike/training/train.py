"""Trains a voice: a chat in, a run folder with a voice out."""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from talklike.corpus.choose import choose_author
from talklike.corpus.corpus import Corpus, build_corpus
from talklike.errors import OptionError, RunError
from talklike.training.device import available_threads, choose_device, choose_precision
from talklike.training.folder import RunFolder
from talklike.training.loop import Loop
from talklike.training.plan import Wish, make_wish, measured, plan
from talklike.training.progress import Listener, Result
from talklike.training.recipe import Recipe
from talklike.training.trainer import Trainer, make_fabric, provenance, sizes_of
from talklike.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from talklike.chat.table import Chat
    from talklike.generation.voice import Voice


def train_run(
    chat: Chat,
    author: str,
    output: Path,
    *,
    name: str | None = None,
    wish: Wish,
    resume: bool = False,
    device: str = "auto",
    listener: Listener | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Result:
    """Train a voice of one author in a run folder, or go on with a run that was interrupted.

    Args:
        chat: The chat to learn from; when resuming, the same as before.
        author: The author's id.
        output: The run folder.
        name: The author's display name.
        wish: What is asked of the run; when resuming, the recipe in the folder is used instead.
        resume: Go on with the run in ``output``.
        device: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        listener: Hears how it goes.
        stop: Asked before every step; the run is saved and ends when it returns true.

    Raises:
        TooLittleTextError: The author wrote too little.
        RunError: The folder can't be written, or can't be resumed.
    """
    listener = listener or Listener()
    folder = RunFolder(output)
    saved = None
    if resume:
        saved = folder.read_recipe()
        if device == "auto":  # the same device gives the same voice
            device = str(saved.get("device", device))
    device = choose_device(device)
    folder.create(resume=resume)
    try:
        settings = wish.settings if saved is None else _recipe_of(saved, folder).to_dict()
        corpus = build_corpus(
            chat,
            author,
            folder.corpus,
            name=name,
            fraction=settings.get("fraction", 1.0),
            lowercase=settings.get("lowercase", False),
        )
        recipe = _planned(wish, corpus, device) if saved is None else _resumed(saved, corpus, folder)
        torch.set_num_threads(recipe.threads)
        trainer = Trainer(corpus, recipe, folder, device, listener)
        if saved is None:
            folder.write_recipe(
                {"recipe": recipe.to_dict(), "corpus": provenance(corpus), "version": __version__, "device": device}
            )
        elif folder.checkpoint.exists():  # without one, the run was killed before its first evaluation: begin again
            trainer.resume()
        listener.prepared(corpus, recipe, device, output)
        return trainer.run(stop)
    except BaseException:
        folder.discard()
        folder.remove_corpus()  # a resumed run encodes it anew
        raise


def _planned(wish: Wish, corpus: Corpus, device: str) -> Recipe:
    """Return the recipe for a wish, measuring this machine where the wish is a time."""
    settings: dict[str, Any] = {"threads": available_threads(), "precision": choose_precision(device)} | wish.settings
    torch.set_num_threads(settings["threads"])

    def seconds_per_step(draft: Recipe) -> float:
        loop = Loop(corpus, draft, sizes_of(corpus, draft), make_fabric(device, draft))
        return measured(lambda: float(loop.train_step()))  # the float waits for the device

    held_out = len(corpus.validation) + len(corpus.test)
    return plan(dataclasses.replace(wish, settings=settings), len(corpus.train), seconds_per_step, held_out=held_out)


def _resumed(saved: dict[str, Any], corpus: Corpus, folder: RunFolder) -> Recipe:
    if saved["corpus"]["sha256"] != corpus.sha256:
        raise RunError(
            f"{folder.path}: was trained on other text than this chat and author give now; resume with the same chat, or "
            "train anew in another folder"
        )
    return _recipe_of(saved, folder)


def _recipe_of(saved: dict[str, Any], folder: RunFolder) -> Recipe:
    """Return the recipe of a run, checked."""
    try:
        return Recipe.from_dict(saved["recipe"])
    except OptionError as error:
        raise RunError(f"{folder.path}: its recipe can't be used: {error}; train again without --resume") from error


def train(
    chat: Chat,
    *,
    author: str | None = None,
    budget: str | float | None = None,
    epochs: float | None = None,
    output: str | Path | None = None,
    resume: bool = False,
    device: str = "auto",
    listener: Listener | None = None,
    **settings: Any,
) -> Voice:
    """Train a voice of one author and return it.

    Args:
        chat: What ``read_chat`` returned.
        author: Whose voice, by id or display name; the most active author who doesn't look automated without it.
        budget: Time to train, in seconds or as ``90s``, ``5m``, ``1h30m``; 5 minutes without it.
        epochs: Rounds over the text, instead of a budget.
        output: Run folder to keep; without it only the voice is kept, in memory.
        resume: Go on with the run in ``output``.
        device: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        listener: Hears how it goes.
        **settings: Fields of the recipe to fix, such as ``seed``, ``hidden`` or ``lowercase``.

    Raises:
        AuthorNotFoundError: The chat holds no such author.
        TooLittleTextError: The author wrote too little.
        OptionError: A value makes no sense.
        RunError: The run folder can't be written, or can't be resumed.
    """
    if resume:
        if output is None:
            raise RunError("there is nothing to resume without an output folder")
        if budget is not None or epochs is not None or settings:
            raise OptionError("a resumed run keeps its recipe; leave away the budget, the epochs and all settings")
        author = author or str(RunFolder(Path(output)).read_recipe()["corpus"]["author"])
    found = choose_author(chat, author)
    wish = make_wish(budget, epochs, settings)
    if output is not None:
        result = train_run(
            chat, found.author, Path(output), name=found.name, wish=wish, resume=resume, device=device, listener=listener
        )
        return result.voice
    with tempfile.TemporaryDirectory(prefix="talklike-") as folder:
        result = train_run(chat, found.author, Path(folder), name=found.name, wish=wish, device=device, listener=listener)
    return result.voice
