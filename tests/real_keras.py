"""Real Keras, on torch, for tests: it writes nothing into the home directory, and its own warnings are its own affair."""

from __future__ import annotations

import importlib
import os
import tempfile
import warnings
from functools import cache
from typing import Any

import numpy as np

C = 6
"""Characters of ``real_model``."""


@cache
def real_keras() -> Any:
    """Return the package ``keras``."""
    with tempfile.TemporaryDirectory() as home, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        os.environ |= {"KERAS_BACKEND": "torch", "KERAS_HOME": home}
        return importlib.import_module("keras")


def quietly(function: Any, *arguments: Any, **options: Any) -> Any:
    """Return what a function of Keras's returns, without its warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*arguments, **options)


def predicted(model: Any, inputs: Any) -> Any:
    """Return what a model predicts."""
    return quietly(model.predict, inputs, verbose=0)


def real_model(units: tuple[int, ...], **options: Any) -> Any:
    """Return a model of real Keras with random weights, as the tutorial and its readers build them."""
    keras = real_keras()
    lstm = keras.layers.LSTM
    layers = [keras.Input((8, C))]
    for number, unit in enumerate(units):
        layers += [lstm(unit, return_sequences=number < len(units) - 1, **options), keras.layers.Dropout(0.2)]
    model = keras.Sequential([*layers, keras.layers.Dense(C), keras.layers.Activation("softmax")])
    random_ = np.random.default_rng(0)
    model.set_weights([random_.standard_normal(array.shape) for array in quietly(model.get_weights)])
    model.compile(loss="categorical_crossentropy", optimizer="rmsprop")
    return model
