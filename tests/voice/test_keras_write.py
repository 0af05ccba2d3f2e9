"""Files of Keras's, written without it, read by real Keras."""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from talklike.errors import MissingExtraError
from talklike.voice.card import Sizes
from talklike.voice.keras_model import KerasModel, functional_model, sequential_model
from talklike.voice.keras_write import keras_file, legacy_weights, weights_h5
from talklike.voice.weights import packed
from tests.real_keras import quietly, real_keras
from tests.voice.test_stack import random_stack

if TYPE_CHECKING:
    from pathlib import Path

MakeWeights = Callable[..., dict[str, np.ndarray]]


@pytest.fixture(params=["sequential", "functional"])
def model(request: pytest.FixtureRequest, make_weights: MakeWeights) -> KerasModel:
    """Return a model of each kind; the second with several layers of each class, whose numbers must be right."""
    if request.param == "sequential":
        return sequential_model(random_stack((3, 6, 2)), 8)
    sizes = Sizes(270, 2, 5, 4, 3, (1, 2, 4), 97, 3)
    return functional_model(sizes, packed(make_weights(sizes), "float32"))


def loaded(path: Path, model: KerasModel) -> Any:
    """Return the model as Keras loads it."""
    (path / "model.keras").write_bytes(keras_file(model))
    return real_keras().models.load_model(path / "model.keras")


@pytest.mark.parametrize(("name", "write"), [("a.weights.h5", weights_h5), ("a.hdf5", legacy_weights), ("a.h5", legacy_weights)])
def test_keras_loads_the_weights(tmp_path: Path, model: KerasModel, name: str, write: Callable[[KerasModel], bytes]) -> None:
    """Each array comes into its place, from the layout of Keras 3 and from that of Keras 2."""
    real = loaded(tmp_path, model)
    expected = [array for layer in model.layers for array in layer.arrays.values()]
    for array, weight in zip(expected, quietly(real.get_weights), strict=True):
        np.testing.assert_array_equal(weight, array)
    real.set_weights([np.zeros_like(array) for array in expected])
    (tmp_path / name).write_bytes(write(model))
    real.load_weights(tmp_path / name)
    for array, weight in zip(expected, quietly(real.get_weights), strict=True):
        np.testing.assert_array_equal(weight, array)


def test_the_tutorials_own_model_takes_the_weights(tmp_path: Path) -> None:
    """The model as the notebook builds it loads ``weights.hdf5``."""
    keras, stack = real_keras(), random_stack((5,))
    theirs = keras.Sequential(
        [keras.Input((8, 6)), keras.layers.LSTM(5), keras.layers.Dense(6), keras.layers.Activation("softmax")]
    )
    (tmp_path / "weights.hdf5").write_bytes(legacy_weights(sequential_model(stack, 8)))
    theirs.load_weights(tmp_path / "weights.hdf5")
    np.testing.assert_array_equal(quietly(theirs.get_weights)[1], stack.layers[0].recurrent)
    np.testing.assert_array_equal(quietly(theirs.get_weights)[3], stack.dense)


def test_the_same_model_gives_the_same_bytes(model: KerasModel) -> None:
    """Neither the time nor the machine is in the files."""
    for write in (keras_file, weights_h5, legacy_weights):
        assert write(model) == write(model)


def test_the_archive_has_the_parts_that_keras_writes(tmp_path: Path, model: KerasModel) -> None:
    """A ``.keras`` file is an archive of the configuration, the version and the weights."""
    (tmp_path / "model.keras").write_bytes(keras_file(model))
    with zipfile.ZipFile(tmp_path / "model.keras") as archive:
        assert archive.namelist() == ["metadata.json", "config.json", "model.weights.h5"]
        assert json.loads(archive.read("metadata.json")) == {"keras_version": "3.0.0"}


def test_without_h5py_it_is_said_what_to_install(model: KerasModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing needs the extra."""
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(MissingExtraError, match=r"h5py.*talklike\[keras\]"):
        weights_h5(model)
