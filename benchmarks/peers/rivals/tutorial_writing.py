"""The tutorial's way to write in Keras: a program of the peers' virtual environment that is spoken to in JSON lines.

For each character the last 40 are made one-hot in NumPy, ``model.predict`` is called on that window alone, and one symbol is
drawn with NumPy from its answer, softened by a temperature. Weights are as they begin: what a call costs doesn't depend on them.
Which backend Keras computes with is said by ``KERAS_BACKEND``.

The first line of standard input is ``{"symbols": V, "hidden": H, "seed": N}`` and is answered with the versions; each
``{"characters": N}`` from then on when so many are written.

Source: Risdal (2018); its loop is the Keras example ``lstm_text_generation``.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from importlib.metadata import version

import keras
import numpy as np

from benchmarks.peers.rivals.text import WINDOW

TEMPERATURE = 0.5


def write(model: keras.Model, symbols: int, count: int, generator: np.random.Generator) -> list[int]:
    """Return the ids of ``count`` characters."""
    window = generator.integers(symbols, size=WINDOW).tolist()
    written = []
    for _ in range(count):
        read = np.zeros((1, WINDOW, symbols))
        for at, symbol in enumerate(window):
            read[0, at, symbol] = 1.0
        logits = np.log(model.predict(read, verbose=0)[0].astype("float64")) / TEMPERATURE
        shares = np.exp(logits)
        chosen = int(np.argmax(generator.multinomial(1, shares / shares.sum(), 1)))
        window = [*window[1:], chosen]
        written.append(chosen)
    return written


def main() -> int:
    """Write as often as is asked for; return the exit status."""
    # What libraries print must not come among the answers: from here on it goes to standard error.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    job = json.loads(sys.stdin.readline())
    keras.utils.set_random_seed(job["seed"])
    generator = np.random.default_rng(job["seed"])
    layers = [keras.Input((WINDOW, job["symbols"])), keras.layers.LSTM(job["hidden"])]
    model = keras.Sequential([*layers, keras.layers.Dense(job["symbols"], activation="softmax")])
    write(model, job["symbols"], 2, generator)  # it is compiled meanwhile
    packages = {"tensorflow": "tensorflow-cpu", "jax": "jax"}
    backend = keras.backend.backend()
    told = {"python": platform.python_version(), "keras": keras.__version__, backend: version(packages[backend])}
    print(json.dumps({"versions": told}), file=answers, flush=True)
    for line in sys.stdin:
        written = write(model, job["symbols"], json.loads(line)["characters"], generator)
        print(json.dumps({"characters": len(written)}), file=answers, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
