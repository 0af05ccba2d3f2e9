"""The tutorial's training in Keras, as a program of its own: run by whichever Python has Keras, which need not have talklike.

``python keras_tutorial.py TEXT.npz OUTPUT.npz`` reads ``ids`` (indices of characters, int32 (N,)) and settings from the first
file, trains as the tutorial does, with one-hot arrays of all windows, and writes to the second one the weights and the time after
each epoch, how fast it writes, and what.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import numpy as np

WRITTEN, TIMED = 200, 60
"""Characters written, and of these the last so many timed."""

TEMPERATURE = 0.5


def main(source: str, target: str) -> None:
    """Train and write.

    Args:
        source: File to read.
        target: File to write.
    """
    import keras  # type: ignore[import-not-found,unused-ignore]  # this Python may lack it; who starts the program sees to that

    with np.load(source) as file:
        ids, settings = file["ids"], json.loads(str(file["settings"]))
    window, step, C = settings["window"], settings["step"], settings["characters"]
    keras.utils.set_random_seed(settings["seed"])
    starts = range(0, len(ids) - window, step)
    x = np.zeros((len(starts), window, C), dtype=bool)
    y = np.zeros((len(starts), C), dtype=bool)
    for row, start in enumerate(starts):
        x[row, np.arange(window), ids[start : start + window]] = True
        y[row, ids[start + window]] = True
    model = keras.Sequential([keras.Input((window, C))])
    for number in range(settings["layers"]):
        model.add(keras.layers.LSTM(settings["hidden"], return_sequences=number < settings["layers"] - 1))
    model.add(keras.layers.Dense(C, activation="softmax"))
    rule = keras.optimizers.RMSprop(learning_rate=settings["learning_rate"])
    model.compile(loss="categorical_crossentropy", optimizer=rule)
    found: dict[str, Any] = {}
    losses, seconds = [], []
    begun = time.perf_counter()

    def after_epoch(epoch: int, logs: dict[str, float]) -> None:
        nonlocal begun
        seconds.append(time.perf_counter() - begun)
        losses.append(float(logs["loss"]))
        found.update({f"epoch.{epoch}.{number}": array for number, array in enumerate(model.get_weights())})
        print(json.dumps({"epoch": epoch + 1, "loss": losses[-1]}), flush=True)  # noqa: T201  (its way to speak)
        begun = time.perf_counter()

    told = keras.callbacks.LambdaCallback(on_epoch_end=after_epoch)
    model.fit(x, y, batch_size=settings["batch_size"], epochs=settings["epochs"], callbacks=[told], verbose=0)
    best = int(np.argmin(losses))
    model.set_weights([found[f"epoch.{best}.{number}"] for number in range(len(model.get_weights()))])
    text, rate = write(model, ids[:window], C)
    backend = f"Keras {keras.__version__} on {keras.backend.backend()}"
    facts = {"losses": losses, "seconds": seconds, "rate": rate, "text": text, "backend": backend}
    np.savez(target, facts=np.array(json.dumps(facts)), **found)


def write(model: Any, window: np.ndarray, characters: int) -> tuple[list[int], float]:
    """Return what the tutorial's loop writes after a window, and its characters a second.

    Args:
        model: The model.
        window: Indices of characters, (W,).
        characters: C.
    """
    random = np.random.RandomState(1)
    written = window.tolist()
    began = 0.0
    for number in range(WRITTEN):
        if number == WRITTEN - TIMED:
            began = time.perf_counter()
        x = np.zeros((1, len(window), characters))
        x[0, np.arange(len(window)), written[-len(window) :]] = 1
        shares = model.predict(x, verbose=0)[0].astype("float64")
        scores = np.exp((np.log(shares + 1e-300) - np.log(shares.max())) / TEMPERATURE)
        written.append(int(random.multinomial(1, scores / scores.sum()).argmax()))
    return written[len(window) :], TIMED / (time.perf_counter() - began)


if __name__ == "__main__":
    main(*sys.argv[1:3])
