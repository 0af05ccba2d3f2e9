"""This machine's speed of training and writing, on the bundled sample; devices side by side."""

from __future__ import annotations

import os
import platform
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from talklike.chat.read import read_chat
from talklike.corpus.corpus import build_corpus
from talklike.errors import OptionError, RunError
from talklike.evaluation.bootstrap import interval
from talklike.generation.engine import check_device
from talklike.generation.voice import Voice
from talklike.sample import sample_path
from talklike.training.device import DEVICES, available_threads, choose_device, choose_precision, make_fabric
from talklike.training.loop import Loop
from talklike.training.plan import Amounts, Wish, plan
from talklike.training.trainer import sizes_of
from talklike.voice.card import Card
from talklike.voice.weights import packed
from talklike.voice.write import voice_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from talklike.corpus.corpus import Corpus
    from talklike.training.recipe import Recipe

ROUNDS = 12
"""Measurements of each thing; devices and things take turns, so that a slow moment of the machine hits all alike."""

SECONDS = 0.4
"""How long a measurement takes, about [s]."""

TEXTS = 32
"""Texts written at once."""

SMALL = 128
"""H of the small network: the tutorial's."""

GPUS = {"cuda": "CUDA", "mps": "MPS"}

_AUTHOR = "57666046bd8832abbc84a4e8"  # mossy_keel, the sample's most active human
_LEARNT = 60  # steps after which a voice writes letters rather than single bytes
_SEED = 1


@dataclass(frozen=True)
class Figure:
    """The speed of one thing on one device.

    Attributes:
        device: ``cpu``, ``cuda`` or ``mps``.
        network: Such as ``1×384``.
        task: ``train``, ``write`` or ``write 32``.
        rate: Characters a second; for training, characters that are supervised.
        low: Lower end of the rate's 95 % interval.
        high: Its upper end.
        precision: Of the arithmetic: ``bf16-mixed`` or ``32-true`` in training, ``int8`` or ``float32`` in writing.
    """

    device: str
    network: str
    task: str
    rate: float
    low: float
    high: float
    precision: str


@dataclass(frozen=True)
class SpeedUp:
    """How many times as fast a device is as the first one.

    Attributes:
        device: The device.
        against: The first device.
        network: See ``Figure``.
        task: See ``Figure``.
        times: The ratio of the rates.
        low: Lower end of its 95 % interval.
        high: Its upper end.
    """

    device: str
    against: str
    network: str
    task: str
    times: float
    low: float
    high: float


@dataclass(frozen=True)
class Benchmark:
    """What was measured.

    Attributes:
        machine: Processor, threads, GPU and versions.
        figures: The speeds.
        speed_ups: Of each device against the first.
        notes: What couldn't be measured, a sentence each.
    """

    machine: dict[str, Any]
    figures: list[Figure]
    speed_ups: list[SpeedUp]
    notes: list[str]

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain JSON-ready values."""
        return asdict(self)


def benchmark(
    devices: str | Sequence[str] = "auto",
    *,
    rounds: int = ROUNDS,
    seconds: float = SECONDS,
    told: Callable[[int, int], object] = lambda _done, _total: None,
) -> Benchmark:
    """Measure how fast devices train and write: the default recipe's network for the bundled sample, and a small one.

    Args:
        devices: Which, the first of them being what the others are held against; ``auto`` takes the processor and the GPU that
            is there. A device that isn't there is left out with a note, unless no other is named.
        rounds: Measurements of each thing.
        seconds: How long one takes, about.
        told: Hears after each measurement how many are done, and of how many.

    Raises:
        OptionError: There is no such device.
        RunError: None of the devices named is there.
    """
    wanted = [devices] if isinstance(devices, str) else list(dict.fromkeys(devices))
    there, notes = _available(wanted)
    if rounds < 2:
        raise OptionError(f"rounds is {rounds}, must be 2 or more, for an interval")
    with tempfile.TemporaryDirectory(prefix="talklike-") as folder:
        corpus = build_corpus(read_chat(sample_path()), _AUTHOR, Path(folder))
        tasks = [task for device in there for task in _tasks(corpus, device, notes)]
        _prepare(tasks, seconds)
        taken = _rounds(tasks, rounds, told)
    figures = [_figure(task, times) for task, times in zip(tasks, taken, strict=True)]
    return Benchmark(_machine(there), figures, _speed_ups(tasks, taken), notes)


def _available(wanted: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the devices to measure, and what is to be said of the others."""
    if unknown := [device for device in wanted if device not in DEVICES]:
        raise OptionError(f"device is {unknown[0]!r}, must be one of {', '.join(DEVICES)}, or several with commas between")
    here = f"this machine's torch {torch.__version__}"
    if "auto" in wanted:
        there = list(dict.fromkeys(["cpu", choose_device("auto")]))
        return there, [] if len(there) > 1 else [f"There is no GPU that {here} can use (CUDA or MPS): only the cpu was measured."]
    there = [device for device in wanted if _is_there(device)]
    missing = " and no ".join(GPUS[device] for device in wanted if device not in there)
    if not there:
        raise RunError(f"{here} has no {missing}; leave --device away to measure what there is")
    return there, [f"There is no GPU to measure: {here} has no {missing}."] if missing else []


def _is_there(device: str) -> bool:
    try:
        choose_device(device)
    except OptionError:
        return False
    return True


@dataclass
class _Task:
    """One thing to measure.

    Attributes:
        device: Where.
        network: Such as ``1×384``.
        name: What.
        precision: Of the arithmetic.
        run: Does it so many times.
        unit: Characters each time.
        times: How many times make a measurement.
    """

    device: str
    network: str
    name: str
    precision: str
    run: Callable[[int], object]
    unit: int
    times: int = 1

    def seconds(self) -> float:
        """Measure it once [s]."""
        start = time.perf_counter()
        self.run(self.times)
        return time.perf_counter() - start


def _tasks(corpus: Corpus, device: str, notes: list[str]) -> list[_Task]:
    """Return what is measured on a device, for both networks."""
    threads = available_threads()
    torch.set_num_threads(threads)
    settings = {"threads": threads, "precision": choose_precision(device), "seed": _SEED}
    # A round over the text: only the sizes matter here, and they follow from the amount of text.
    recipe = plan(Wish(None, 1.0, settings), Amounts(len(corpus.train)), lambda _: 1.0)
    tasks = []
    for each in (recipe, replace(recipe, hidden=SMALL)):
        loop = Loop(corpus, each, sizes_of(corpus, each), make_fabric(device, each.precision, alone=True))
        network = f"{each.layers}×{each.hidden}"
        tasks.append(_Task(device, network, "train", each.precision, partial(_train, loop), each.streams * each.length))
        _train(loop, _LEARNT)
        tasks += _writing(corpus, each, loop, device, notes)
    return tasks


def _writing(corpus: Corpus, recipe: Recipe, loop: Loop, device: str, notes: list[str]) -> list[_Task]:
    """Return the writing of a voice on a device: one text, and many at once; nothing where ONNX Runtime can't."""
    try:
        check_device(device)
        # int8 products have no kernel on a GPU, and ship on a processor.
        precision = "int8" if device == "cpu" else "float32"
        voice = Voice.from_bytes(_voice(corpus, recipe, loop, precision), device=device)
    except OptionError as error:
        if (note := f"Writing on {GPUS.get(device, device)} wasn't measured: {error}.") not in notes:
            notes.append(note)
        return []
    network = f"{recipe.layers}×{recipe.hidden}"
    one, many = (partial(_write, voice, count) for count in (1, TEXTS))
    return [_Task(device, network, "write", precision, one, 1), _Task(device, network, f"write {TEXTS}", precision, many, TEXTS)]


def _voice(corpus: Corpus, recipe: Recipe, loop: Loop, precision: str) -> bytes:
    card = Card(
        alphabet=corpus.alphabet.characters,
        authors=corpus.authors,
        names=corpus.names,
        kind=corpus.kind,
        sizes=sizes_of(corpus, recipe),
        precision=precision,
    )
    return voice_bytes(card, packed(loop.averaged_weights(), precision))


def _train(loop: Loop, steps: int) -> float:
    """Do so many steps and return the last loss; the float waits for the device."""
    for _ in range(steps - 1):
        loop.train_step()
    return float(loop.train_step())


def _write(voice: Voice, texts: int, characters: int) -> None:
    """Write texts of so many characters each."""
    voice.generate_many(texts, chars=characters, seed=_SEED)


def _prepare(tasks: Sequence[_Task], seconds: float) -> None:
    """Find how many times make a measurement of about so many seconds; kernels are loaded by then."""
    for task in tasks:
        task.times = 2
        task.run(task.times)
        while (taken := task.seconds()) < seconds / 4:
            task.times *= 4
        task.times = max(1, round(task.times * seconds / taken))


def _rounds(tasks: Sequence[_Task], rounds: int, told: Callable[[int, int], object]) -> np.ndarray:
    """Return the seconds of each task's measurements, shape (tasks, rounds)."""
    taken = np.zeros((len(tasks), rounds))
    done = 0
    for turn in range(rounds):
        for place in range(len(tasks)):
            number = (place + turn) % len(tasks)
            taken[number, turn] = tasks[number].seconds()
            done += 1
            told(done, taken.size)
    return taken


def _figure(task: _Task, taken: np.ndarray) -> Figure:
    characters = np.full(len(taken), float(task.times * task.unit))
    low, high = interval(characters, taken, seed=_SEED)
    rate = characters.sum() / taken.sum()
    return Figure(task.device, task.network, task.name, float(rate), low, high, task.precision)


def _speed_ups(tasks: Sequence[_Task], taken: np.ndarray) -> list[SpeedUp]:
    """Return how many times as fast each device is as the first at the same thing, in the same rounds."""
    found = []
    for number, task in enumerate(tasks):
        same = (n for n, other in enumerate(tasks) if (other.network, other.name) == (task.network, task.name))
        first = next(same)
        if tasks[first].device == task.device:
            continue
        # Seconds a character of the first one over those of this one: in each round both had the same machine.
        slow, fast = (taken[n] / (tasks[n].times * tasks[n].unit) for n in (first, number))
        low, high = interval(slow, fast, seed=_SEED)
        times = float(slow.sum() / fast.sum())
        found.append(SpeedUp(task.device, tasks[first].device, task.network, task.name, times, low, high))
    return found


def _machine(devices: Sequence[str]) -> dict[str, Any]:
    """Return what decides the figures."""
    from talklike.generation.quiet_runtime import onnxruntime

    about = {
        "processor": _processor(),
        "threads": available_threads(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "python": platform.python_version(),
        "torch": str(torch.__version__),
        "onnxruntime": str(onnxruntime.__version__),
    }
    return about | ({"gpu": torch.cuda.get_device_name()} if "cuda" in devices else {})


def _processor() -> str:
    """Return the processor's name, as far as the system tells."""
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as file:
            name = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), "")
    except OSError:
        name = ""
    return name or platform.processor() or platform.machine()
