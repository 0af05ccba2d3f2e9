"""Trains a voice: a chat in, a run folder with a voice out."""

from __future__ import annotations

import contextlib
import dataclasses
import math
import os
import tempfile
import time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from talklike.chat.authors import MOST_NAMED, count
from talklike.corpus.canaries import planted_by
from talklike.corpus.choose import automated, choose_author
from talklike.corpus.corpus import Corpus, build_corpus
from talklike.errors import CorpusError, OptionError, RunError, TooLittleTextError
from talklike.training.device import available_threads, choose_device, choose_precision, make_fabric
from talklike.training.folder import RunFolder
from talklike.training.loop import Loop
from talklike.training.notebook import listener_here
from talklike.training.plan import NAMED, Wish, after_start, amounts_of, make_wish, measured, plan
from talklike.training.progress import Listener, Result
from talklike.training.recipe import Recipe
from talklike.training.room import LEAST_GAIN, room_gain
from talklike.training.trainer import Trainer, provenance, sizes_of
from talklike.training.tutorial_recipe import TutorialRecipe, make_tutorial
from talklike.training.tutorial_trainer import TutorialTrainer
from talklike.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lightning_fabric import Fabric

    from talklike.chat.table import Chat
    from talklike.generation.voice import Voice

RECIPES = (Recipe.name, TutorialRecipe.name)

_TUTORIALS = set(TutorialRecipe.__dataclass_fields__) - set(Recipe.__dataclass_fields__)  # settings that only the tutorial's has


def train_run(
    chat: Chat,
    author: str | None,
    output: Path,
    *,
    name: str | None = None,
    room: bool | None = None,
    wish: Wish | TutorialRecipe,
    resume: bool = False,
    device: str = "auto",
    listener: Listener | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Result:
    """Train a voice in a run folder, or go on with a run that was interrupted.

    Args:
        chat: The chat to learn from; when resuming, the same as before.
        author: The author's id; None for a voice of the whole room.
        output: The run folder.
        name: The author's display name.
        room: Whether everyone's messages stand behind the author's; None decides by what is there to gain.
        wish: What is asked of the run, or the tutorial's recipe; when resuming, the recipe in the folder is used instead.
        resume: Go on with the run in ``output``.
        device: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        listener: Hears how it goes.
        stop: Asked before every step; the run is saved and ends when it returns true.

    Raises:
        TooLittleTextError: The author wrote too little.
        RunError: The folder can't be written, or can't be resumed.
    """
    began = time.perf_counter()
    listener = listener or Listener()
    folder = RunFolder(output)
    saved = None
    if resume:
        saved = folder.read_recipe()
        if device == "auto":  # the same device gives the same voice
            device = str(saved.get("device", device))
    device = choose_device(device)
    fixed = wish if saved is None else _recipe_of(saved, folder)
    budget = _budget_of(wish) if saved is None else _saved_budget(saved, folder)
    precision = fixed.settings.get("precision", choose_precision(device)) if isinstance(fixed, Wish) else fixed.precision
    fabric = make_fabric(device, precision)
    if isinstance(fixed, TutorialRecipe) and (room or author is None or fabric.world_size > 1):
        raise OptionError("the tutorial's recipe learns from one author alone, in one process; leave away --room and torchrun")
    with contextlib.ExitStack() as stack:
        if fabric.global_rank == 0:
            stack.callback(folder.release)
            folder.create(resume=resume)
            stack.callback(folder.remove_corpus)  # a resumed run encodes it anew
            place = folder.corpus
        else:
            place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="talklike-")))
        try:
            left_out = None if saved is None else tuple(map(str, saved["corpus"].get("left_out") or ()))
            source = Source(chat, author, name, place, left_out)
            recipe: Recipe | TutorialRecipe
            if isinstance(fixed, Wish):
                wished_for = dataclasses.replace(fixed, room=room)
                corpus, recipe = begin(source, wished_for, device, fabric, listener, lambda: time.perf_counter() - began)
            else:
                recipe = fixed
                corpus = source.corpus(recipe.to_dict(), recipe.room if isinstance(recipe, Recipe) else 0)
            if saved is not None:
                _check_same_text(saved, corpus, folder)
            torch.set_num_threads(recipe.threads)
            left = None if budget is None else after_start(budget, time.perf_counter() - began)
            trainer = _trainer(corpus, recipe, folder, fabric, listener, left)
            if saved is not None:
                trainer.resume()
            elif fabric.global_rank == 0:
                begun = {"recipe": recipe.to_dict(), "budget": budget, "corpus": provenance(corpus), "version": __version__}
                folder.write_recipe(begun | {"device": device})
            listener.prepared(corpus, recipe, device, output)
            result = trainer.run(stop)
        except BaseException:
            if fabric.global_rank == 0:
                folder.discard()
            raise
        listener.ended(result)
        return result


@dataclasses.dataclass(frozen=True)
class Source:
    """What a corpus is made from, and where it is put.

    Attributes:
        chat: The chat.
        author: The author's id; None for everyone's.
        name: The author's display name.
        place: Folder of the encoded text.
        left_out: Whose messages the run that is resumed left out of the room; None before it is known.
    """

    chat: Chat
    author: str | None
    name: str | None
    place: Path
    left_out: tuple[str, ...] | None = None

    @cached_property
    def automated(self) -> tuple[str, ...]:
        """Whose messages are left out of the room, because they look automated."""
        return automated(self.chat, self.author) if self.left_out is None else self.left_out

    def corpus(self, settings: dict[str, Any], room: int) -> Corpus:
        """Return the corpus with so many named authors of the room; 0 for one author's messages alone."""
        tutorial = settings.get("name") == TutorialRecipe.name
        return build_corpus(
            self.chat,
            self.author,
            self.place,
            name=self.name,
            room=room,
            fraction=1.0 if tutorial else settings.get("fraction", 1.0),
            lowercase=settings.get("lowercase", False),
            canaries=planted_by(settings),
            canary_times=settings.get("canary_times", Recipe.canary_times),
            learnt=settings["fraction"] if tutorial else 1.0,
            every_character=tutorial,
            left_out=self.automated if room and not settings.get("bots") else (),
        )


def begin(
    source: Source,
    wish: Wish,
    device: str,
    fabric: Fabric,
    listener: Listener,
    elapsed: Callable[[], float] = lambda: 0.0,
) -> tuple[Corpus, Recipe]:
    """Return the text and the recipe for a wish, measuring this machine where the wish is a time.

    Args:
        source: The chat and the author.
        wish: What is asked of the run.
        device: ``cpu``, ``cuda`` or ``mps``.
        fabric: The processes.
        listener: Hears what is found out.
        elapsed: Tells how much of the time is used up [s].
    """
    threads = max(1, available_threads() // int(os.environ.get("LOCAL_WORLD_SIZE", "1")))
    settings: dict[str, Any] = {"threads": threads, "precision": choose_precision(device)} | wish.settings
    wish = dataclasses.replace(wish, settings=settings)
    torch.set_num_threads(settings["threads"])
    named = settings.get("room", NAMED)
    if not named and (wish.room or source.author is None):
        raise OptionError("a voice with the room behind it knows at least one author by name; leave away --room, or --named 0")
    if source.author is None:
        corpus = source.corpus(settings, named)
        settings["room"] = named
    else:
        corpus = _with_room(source, wish, named, listener)
    if corpus.left_out:
        names = dict(count(source.chat).select("author", "name").iter_rows())
        listener.noted(_left_out([names[author] for author in corpus.left_out]))
    if settings.get("signatures") and not (corpus.whole_room and len(corpus.authors) > 1):
        raise OptionError("only a whole room's voice can learn to tell its authors apart; train it with --room and no author")
    recipe: Recipe = fabric.broadcast(planned(wish, corpus, device, fabric.world_size, elapsed))
    if corpus.own is not None and not recipe.room_steps:
        return source.corpus(settings, 0), dataclasses.replace(recipe, room=0)
    return corpus, recipe


def _left_out(names: Sequence[str]) -> str:
    """Return what is told of those whose messages are no part of the room."""
    named = ", ".join(names[:MOST_NAMED]) + (f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else "")
    verb, whose = ("looks", "its") if len(names) == 1 else ("look", "their")
    return f"{named} {verb} automated, so {whose} messages are no part of the room; --with-bots learns from them too"


def _with_room(source: Source, wish: Wish, named: int, listener: Listener) -> Corpus:
    """Return the author's corpus, with everyone's messages behind it if that is wished, or may help."""
    if wish.room is False or not named or (wish.room is None and source.chat.kind == "stream"):
        return source.corpus(wish.settings, 0)
    try:
        corpus = source.corpus(wish.settings, named)
    except TooLittleTextError:
        raise
    except CorpusError:
        if wish.room:
            raise
        return source.corpus(wish.settings, 0)  # nobody else is there
    if wish.room:
        return corpus
    gain = room_gain(corpus)
    listener.noted(f"the room's messages make the author's {gain:.1%} easier to predict for a Kneser-Ney model")
    return corpus if gain >= LEAST_GAIN else source.corpus(wish.settings, 0)


def planned(wish: Wish, corpus: Corpus, device: str, processes: int, elapsed: Callable[[], float] = lambda: 0.0) -> Recipe:
    """Return the recipe for a wish, measuring this machine where the wish is a time."""

    def seconds_per_step(draft: Recipe) -> float:
        # A process measures its share of the batch by itself: what the processes tell each other adds little to a step.
        draft = dataclasses.replace(draft, streams=max(1, draft.streams // processes))
        loop = Loop(corpus, draft, sizes_of(corpus, draft), make_fabric(device, draft.precision, alone=True))
        return measured(lambda: float(loop.train_step()))  # the float waits for the device

    return plan(wish, amounts_of(corpus), seconds_per_step, elapsed)


def _check_same_text(saved: dict[str, Any], corpus: Corpus, folder: RunFolder) -> None:
    if saved["corpus"]["sha256"] != corpus.sha256:
        raise RunError(
            f"{folder.path}: was trained on other text than this chat and author give now; resume with the same chat, or "
            "train anew in another folder"
        )


def _trainer(
    corpus: Corpus,
    recipe: Recipe | TutorialRecipe,
    folder: RunFolder,
    fabric: Fabric,
    listener: Listener,
    budget: float | None,
) -> Trainer | TutorialTrainer:
    if isinstance(recipe, TutorialRecipe):
        return TutorialTrainer(corpus, recipe, folder, fabric, listener)
    return Trainer(corpus, recipe, folder, fabric, listener, budget)


def _budget_of(wish: Wish | TutorialRecipe) -> float | None:
    """Return the time that a run is to keep [s]; None if its steps follow from something else."""
    return wish.budget if isinstance(wish, Wish) and "steps" not in wish.settings else None


def _saved_budget(saved: dict[str, Any], folder: RunFolder) -> float | None:
    """Return the time that a run in a folder is to keep [s]; None if there is none, as in those that didn't write it down."""
    budget = saved.get("budget")
    if budget is None:
        return None
    if isinstance(budget, bool) or not isinstance(budget, int | float) or not 0 < budget < math.inf:
        raise RunError(f"{folder.path}: its budget is {budget!r}, must be a number of seconds; train again without --resume")
    return float(budget)


def _recipe_of(saved: dict[str, Any], folder: RunFolder) -> Recipe | TutorialRecipe:
    """Return the recipe of a run, checked."""
    try:
        if saved["recipe"].get("name") == TutorialRecipe.name:
            return TutorialRecipe.from_dict(saved["recipe"])
        return Recipe.from_dict(saved["recipe"])
    except OptionError as error:
        raise RunError(f"{folder.path}: its recipe can't be used: {error}; train again without --resume") from error


def wished(recipe: str, budget: str | float | None, epochs: float | None, settings: dict[str, Any]) -> Wish | TutorialRecipe:
    """Return what is asked of a run by a recipe of a name, checked.

    Args:
        recipe: One of ``RECIPES``.
        budget: Time to train.
        epochs: Rounds over the text.
        settings: Fields of the recipe that are fixed.

    Raises:
        OptionError: There is no such recipe, or a value makes no sense.
    """
    if recipe == TutorialRecipe.name:
        return make_tutorial(epochs, budget, {"threads": available_threads()} | settings)
    if recipe != Recipe.name:
        raise OptionError(f"recipe is {recipe!r}, must be one of {', '.join(RECIPES)}")
    foreign = [name.replace("_", "-") for name in settings if name in _TUTORIALS]
    if foreign:
        those = "it is" if len(foreign) == 1 else "they are"
        raise OptionError(
            f"the default recipe has no {', '.join(foreign)}; {those} the tutorial's (--recipe {TutorialRecipe.name})"
        )
    return make_wish(budget, epochs, settings)


def train(
    chat: Chat,
    *,
    author: str | None = None,
    room: bool | None = None,
    recipe: str = "default",
    budget: str | float | None = None,
    epochs: float | None = None,
    output: str | Path | None = None,
    resume: bool = False,
    device: str = "auto",
    listener: Listener | None = None,
    **settings: Any,
) -> Voice:
    """Train a voice and return it.

    Args:
        chat: What ``read_chat`` returned.
        author: Whose voice, by id or display name; the most active author who doesn't look automated without it.
        room: True lets everyone's messages stand behind the author's, or without an author trains a voice of the whole room;
            False learns from the author alone; None takes the room where it helps.
        recipe: ``default``, or ``tutorial`` for that of the tutorial (``talklike.training.tutorial_recipe``).
        budget: Time to train, in seconds or as ``90s``, ``5m``, ``1h30m``; 5 minutes without it. If the machine gets busier while
            it trains, it makes fewer steps.
        epochs: Rounds over the text, instead of a budget; the tutorial's recipe does 15.
        output: Run folder to keep; without it only the voice is kept, in memory.
        resume: Go on with the run in ``output``.
        device: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        listener: Hears how it goes; in a notebook, without one, the run is shown below the cell.
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
        if budget is not None or epochs is not None or settings or recipe != Recipe.name:
            raise OptionError("a resumed run keeps its recipe; leave away the budget, the epochs and all settings")
        if author is None:
            author = RunFolder(Path(output)).read_recipe()["corpus"]["author"]
            room = room or author is None
    found = None if room and author is None else choose_author(chat, author)
    wish = wished(recipe, budget, epochs, settings)
    listener = listener or listener_here()
    if output is not None:
        result = train_run(
            chat,
            found.author if found else None,
            Path(output),
            name=found.name if found else None,
            room=room,
            wish=wish,
            resume=resume,
            device=device,
            listener=listener,
        )
        return result.voice
    with tempfile.TemporaryDirectory(prefix="talklike-") as folder:
        result = train_run(
            chat,
            found.author if found else None,
            Path(folder),
            name=found.name if found else None,
            room=room,
            wish=wish,
            device=device,
            listener=listener,
        )
    return result.voice
