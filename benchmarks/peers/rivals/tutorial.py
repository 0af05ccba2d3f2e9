"""The tutorial's recipe in Keras on TensorFlow: a program of the peers' virtual environment that is spoken to in JSON lines.

The recipe: windows of 40 characters, one every 3 characters, one-hot, the next character as label; ``LSTM(128)``, ``Dense``,
softmax; ``RMSprop(0.01)``, cross-entropy, batches of 128, shuffled. It departs from it in four points. Case is kept and all of
the training messages are read, so that bits per character are of the same text as everyone else's. Messages end in a symbol of
their own instead of a space, and rare characters share one (see ``text``). Windows are gathered and made one-hot a batch at a
time, ahead of the step that needs them, instead of lying in memory as one array of 40 × V numbers each.

A held-out character is predicted from the 40 before it, as the model was trained. Its cost is cut off where Keras's own
cross-entropy cuts it off, at a probability of 10^-7.

Spoken to on standard input, with one answer on standard output for each line:

- ``{"task": "learn", "text": FILE, "threads": N, "seed": N, "marks": [S, …], "every": S}``: trains, answers with the course.
- ``{"task": "rate", "text": FILE, "threads": N, "seed": N}``: does a step and answers; from then on answers
  ``{"steps": N}`` when it has done N steps more.

Source: Risdal (2018), the tutorial that talklike begins with; its model is the Keras example ``lstm_text_generation``.
"""

from __future__ import annotations

import dataclasses
import json
import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import tensorflow as tf  # type: ignore[import-untyped]  # only the peers' virtual environment has it

from benchmarks.peers.rivals.exam import Exam
from benchmarks.peers.rivals.text import WINDOW, PeerText, contexts, starts

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

HIDDEN, BATCH, LEARNING_RATE = 128, 128, 0.01

_SCORED_AT_ONCE = 1024  # windows: 1024 × 40 × V one-hot numbers are some 20 MB
_AHEAD = 4  # batches made while the network is busy with another


class Tutorial:
    """The model in training.

    Args:
        text: What to learn from.
        threads: Processor threads.
        seed: Of the weights and the order of the windows.
    """

    def __init__(self, text: PeerText, threads: int, seed: int) -> None:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        keras.utils.set_random_seed(seed)
        self._text = text
        self._seed = seed
        self.model = keras.Sequential(
            [
                keras.Input((WINDOW, text.symbols)),
                keras.layers.LSTM(HIDDEN),
                keras.layers.Dense(text.symbols, activation="softmax"),
            ]
        )
        self.model.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.RMSprop(learning_rate=LEARNING_RATE))
        self._costs = tf.function(self._costs_of)

    def fit(self, stepped: Callable[[], bool]) -> None:
        """Train.

        Args:
            stepped: Called after each step; the training ends when it returns true.
        """

        def after_batch(_batch: int, logs: object) -> None:  # noqa: ARG001  (Keras gives it by its name)
            self.model.stop_training = stepped()

        begin = starts(self._text.train)
        ids = tf.constant(self._text.train.astype(np.int32))
        windows = (
            tf.data.Dataset.from_tensor_slices(begin)
            .shuffle(len(begin), seed=self._seed)
            .repeat()
            .batch(BATCH)
            .map(lambda at: self._batch(ids, at), num_parallel_calls=1, deterministic=True)
            .prefetch(_AHEAD)
        )
        told = keras.callbacks.LambdaCallback(on_train_batch_end=after_batch)
        # The windows come shuffled and never end: what Keras is to take for a round, and how many, only sets its books.
        rounds = {"steps_per_epoch": -(-len(begin) // BATCH), "epochs": sys.maxsize}
        self.model.fit(windows, **rounds, shuffle=False, callbacks=[told], verbose=0)

    def _batch(self, ids: Any, begin: Any) -> tuple[Any, Any]:
        """Return one-hot windows, (B, 40, V), and labels, (B, V)."""
        at = begin[:, None] + tf.range(WINDOW + 1, dtype=tf.int64)
        rows = tf.one_hot(tf.gather(ids, at), self._text.symbols)  # (B, 41, V)
        return rows[:, :-1], rows[:, -1]

    def validation_bits(self) -> float:
        """Return what the validation text costs [bit/character]."""
        return self._bits(self._text.validation)

    def test_bits(self) -> float:
        """Return what the test text costs [bit/character]."""
        return self._bits(self._text.test)

    def _bits(self, ids: np.ndarray) -> float:
        read, targets = contexts(ids).astype(np.int32), ids[1:].astype(np.int32)
        pieces = [slice(start, start + _SCORED_AT_ONCE) for start in range(0, len(targets), _SCORED_AT_ONCE)]
        costs = [self._costs(tf.constant(read[cut]), tf.constant(targets[cut])).numpy() for cut in pieces]
        return self._text.bits_per_character(np.concatenate(costs), targets)

    def _costs_of(self, read: Any, targets: Any) -> Any:
        """Return the cost of each target [bit], (B,)."""
        shares = self.model(tf.one_hot(read, self._text.symbols), training=False)  # (B, V)
        right = tf.gather(shares, targets, batch_dims=1)
        return -tf.math.log(tf.maximum(right, keras.config.epsilon())) / np.log(2)

    def weights(self) -> Any:
        """Return a copy of the weights."""
        return self.model.get_weights()

    def load(self, weights: Any) -> None:
        """Put weights back."""
        self.model.set_weights(weights)


def learn(job: dict[str, Any]) -> dict[str, Any]:
    """Return how a training went that is examined at ``job["marks"]``."""
    tutorial = _tutorial(job)
    exam = Exam(tutorial, job["marks"], job["every"])
    tutorial.fit(exam.stepped)
    return dataclasses.asdict(exam.course) | {"labels": exam.course.steps * BATCH, "versions": versions()}


def rate(job: dict[str, Any], requests: TextIO, say: Callable[[dict[str, Any]], None]) -> None:
    """Do as many steps as each request asks for, until there are no more requests.

    Args:
        job: What to learn from, and how.
        requests: Where requests come from.
        say: Gives an answer.
    """
    left, answer = 1, {"versions": versions()}

    def stepped() -> bool:
        nonlocal left, answer
        left -= 1
        if left:
            return False
        say(answer)
        line = requests.readline()
        if not line:
            return True
        left = json.loads(line)["steps"]
        answer = {"labels": left * BATCH}
        return False

    _tutorial(job).fit(stepped)


def _tutorial(job: dict[str, Any]) -> Tutorial:
    return Tutorial(PeerText.load(Path(job["text"])), job["threads"], job["seed"])


def versions() -> dict[str, str]:
    """Return the versions of what trains here."""
    packages = {"tensorflow": tf.__version__, "keras": keras.__version__, "numpy": np.__version__}
    return {"python": platform.python_version()} | packages


def main() -> int:
    """Do the task that the first line of standard input describes; return the exit status."""
    # What libraries print must not come among the answers: from here on it goes to standard error.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(answer: dict[str, Any]) -> None:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    job = json.loads(sys.stdin.readline())
    if job["task"] == "learn":
        say(learn(job))
    else:
        rate(job, sys.stdin, say)
    return 0


if __name__ == "__main__":
    sys.exit(main())
