"""Reading what people trained with Keras."""

from __future__ import annotations

import io
import json
import random
import zipfile
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import pytest

from talklike.errors import KerasFileError, OptionError
from talklike.voice.keras_model import sequential_model
from talklike.voice.keras_read import read_keras
from talklike.voice.keras_write import keras_file, weights_h5
from talklike.voice.stack import Layer, Stack
from tests.real_keras import C, quietly, real_keras, real_model
from tests.voice.keras_files import cudnn, keras_1, keras_2, write_model, write_weights
from tests.voice.test_stack import random_stack

if TYPE_CHECKING:
    from pathlib import Path


def same(found: Stack, expected: Stack) -> None:
    """Check that two stacks are equal to the last bit."""
    assert (found.units, found.hard) == (expected.units, expected.hard)
    for one, other in zip(found.layers, expected.layers, strict=True):
        np.testing.assert_array_equal(one.kernel, other.kernel)
        np.testing.assert_array_equal(one.recurrent, other.recurrent)
        np.testing.assert_array_equal(one.bias, other.bias)
    np.testing.assert_array_equal(found.dense, expected.dense)
    np.testing.assert_array_equal(found.dense_bias, expected.dense_bias)


@pytest.mark.parametrize("units", [(5,), (3, 6, 2)])
@pytest.mark.parametrize("name", ["m.keras", "m.h5", "m.weights.h5"])
def test_what_keras_3_writes_is_read(tmp_path: Path, units: tuple[int, ...], name: str) -> None:
    """Models and weights come out bit for bit, with dropout between the layers, trained or not."""
    model = real_model(units)
    quietly(model.save_weights if "weights" in name else model.save, tmp_path / name)
    found = read_keras(tmp_path / name)
    *arrays, dense, bias = quietly(model.get_weights)
    layers = tuple(Layer(*arrays[at : at + 3]) for at in range(0, len(arrays), 3))
    same(found.stack, Stack(layers, dense, bias))
    whole = "weights" not in name
    assert (found.window, found.assumed) == (8 if whole else None, not whole)
    assert found.version == (None if name == "m.weights.h5" else real_keras().__version__)


def test_a_model_without_biases_is_read(tmp_path: Path) -> None:
    """Where Keras keeps no bias there is a bias of zeros."""
    model = real_model((5,), use_bias=False)
    quietly(model.save, tmp_path / "m.keras")
    assert not read_keras(tmp_path / "m.keras").stack.layers[0].bias.any()


def test_the_tutorials_file_is_read(tmp_path: Path) -> None:
    """``weights.hdf5`` of Keras 2.1, as the tutorial saved it in 2018, has straight gates; real Keras loads the same arrays."""
    stack = random_stack((4, 3))
    with h5py.File(tmp_path / "weights.hdf5", "w") as file:
        write_weights(file, keras_2(stack), "2.1.6")
    found = read_keras(tmp_path / "weights.hdf5")
    same(found.stack, Stack(stack.layers, stack.dense, stack.dense_bias, hard=True))
    assert (found.layout, found.version, found.assumed, found.window) == ("weights of a Keras model", "2.1.6", True, None)
    model = real_model((4, 3))
    model.load_weights(tmp_path / "weights.hdf5")
    arrays = quietly(model.get_weights)
    np.testing.assert_array_equal(arrays[1], found.stack.layers[0].recurrent)
    np.testing.assert_array_equal(arrays[6], found.stack.dense)


@pytest.mark.parametrize(
    ("version", "hard"),
    [("1.2.2", True), ("2.2.4", True), ("2.3.1", False), ("2.1.6-tf", True)],
)
def test_the_gates_are_those_of_the_version(tmp_path: Path, version: str, hard: bool) -> None:
    """Weights alone don't say what opens the gates; the version that wrote them had a default, which changed with 2.3."""
    with h5py.File(tmp_path / "w.h5", "w") as file:
        write_weights(file, keras_2(random_stack((4,))), version)
    assert read_keras(tmp_path / "w.h5").stack.hard == hard
    told = read_keras(tmp_path / "w.h5", "sigmoid" if hard else "hard-sigmoid")
    assert (told.stack.hard, told.assumed) == (not hard, False)


def test_a_version_with_two_defaults_asks(tmp_path: Path) -> None:
    """TensorFlow 1.13 and 2.0 both say 2.2.4-tf; one must say which."""
    with h5py.File(tmp_path / "w.h5", "w") as file:
        write_weights(file, keras_2(random_stack((4,))), "2.2.4-tf")
    with pytest.raises(OptionError, match=r"w\.h5: Keras 2\.2\.4-tf .* say which with --gates"):
        read_keras(tmp_path / "w.h5")
    assert read_keras(tmp_path / "w.h5", "hard-sigmoid").stack.hard
    with pytest.raises(OptionError, match="gates are 'tanh', must be sigmoid or hard-sigmoid"):
        read_keras(tmp_path / "w.h5", "tanh")


def test_keras_1_is_read(tmp_path: Path) -> None:
    """Twelve arrays become three, whichever version the file names."""
    stack = random_stack((4, 3))
    for version in ("1.2.2", None):
        with h5py.File(tmp_path / "w.h5", "w") as file:
            write_weights(file, keras_1(stack), version)
        same(read_keras(tmp_path / "w.h5").stack, Stack(stack.layers, stack.dense, stack.dense_bias, hard=True))


def test_cudnn_is_read(tmp_path: Path) -> None:
    """``CuDNNLSTM``, which one took on a GPU before Keras 2.3, has other matrices and always the usual gates."""
    stack = random_stack((4,))
    with h5py.File(tmp_path / "w.h5", "w") as file:
        write_weights(file, {"cu_dnnlstm_1": cudnn(stack.layers[0]), "dense_1": keras_2(stack)["dense_1"]}, "2.2.0")
    found = read_keras(tmp_path / "w.h5")
    same(found.stack, stack)
    assert not found.assumed


def test_a_whole_model_says_what_its_gates_are(tmp_path: Path) -> None:
    """The configuration of Keras 2.1, a list, wins over the version; what contradicts it is refused."""
    stack = random_stack((4,))
    lstm = {"units": 4, "activation": "tanh", "recurrent_activation": "hard_sigmoid", "batch_input_shape": [None, 40, C]}
    layers: list[dict[str, Any]] = [
        {"class_name": "LSTM", "config": lstm},
        {"class_name": "Dropout", "config": {"rate": 0.1}},
        {"class_name": "Dense", "config": {"units": C, "activation": "linear"}},
        {"class_name": "Activation", "config": {"activation": "softmax"}},
    ]
    write_model(tmp_path / "m.h5", stack, "2.1.6", layers)
    found = read_keras(tmp_path / "m.h5")
    assert (found.stack.hard, found.window, found.layout) == (True, 40, "a Keras model in HDF5")
    lstm["recurrent_activation"] = "sigmoid"
    write_model(tmp_path / "m.h5", stack, "2.1.6", layers)
    assert not read_keras(tmp_path / "m.h5").stack.hard
    with pytest.raises(OptionError, match="its gates are sigmoid, not hard-sigmoid"):
        read_keras(tmp_path / "m.h5", "hard-sigmoid")


def test_straight_gates_of_keras_3_are_brought_to_those_of_keras_2(tmp_path: Path) -> None:
    """They are x / 6 + 1/2 there and 0.2 x + 1/2 here: the gates' weights are divided by 1.2, the candidate's are not."""
    model = real_model((4,), recurrent_activation="hard_sigmoid")
    quietly(model.save, tmp_path / "m.keras")
    found = read_keras(tmp_path / "m.keras").stack
    assert found.hard
    before = np.split(quietly(model.get_weights)[0], 4, axis=1)
    for number, gate in enumerate(np.split(found.layers[0].kernel, 4, axis=1)):
        np.testing.assert_allclose(gate, before[number] / (1 if number == 2 else 1.2), rtol=1e-6)
    (tmp_path / "back.keras").write_bytes(keras_file(sequential_model(found, 8)))
    np.testing.assert_allclose(
        quietly(real_keras().models.load_model(tmp_path / "back.keras").get_weights)[0], np.hstack(before), rtol=1e-6
    )


def test_what_is_no_stack_of_lstms_is_refused(tmp_path: Path) -> None:
    """What was found and what was expected stands in one line, for models and for their weights."""
    keras = real_keras()
    L = keras.layers
    one_hot = keras.Input((8, C))
    models = {
        "GRU": [one_hot, L.GRU(4), L.Dense(C, activation="softmax")],
        "SimpleRNN": [one_hot, L.SimpleRNN(4), L.Dense(C, activation="softmax")],
        "Bidirectional": [one_hot, L.Bidirectional(L.LSTM(4)), L.Dense(C, activation="softmax")],
        "Embedding": [keras.Input((8,)), L.Embedding(C, 5), L.LSTM(4), L.Dense(C, activation="softmax")],
        "Dense, Dense": [one_hot, L.LSTM(4), L.Dense(5, activation="softmax"), L.Dense(C, activation="softmax")],
        "Conv1D": [one_hot, L.Conv1D(4, 2), L.LSTM(4), L.Dense(C, activation="softmax")],
    }
    for found, layers in models.items():
        model = keras.Sequential(layers)
        quietly(model.save, tmp_path / "m.keras")
        quietly(model.save_weights, tmp_path / "m.weights.h5")
        for name in ("m.keras", "m.weights.h5"):
            with pytest.raises(KerasFileError, match="expected a Sequential model of LSTM layers") as caught:
                read_keras(tmp_path / name)
            assert found.split(", ")[-1].lower() in str(caught.value).lower(), (found, name)
            assert "\n" not in str(caught.value)


def test_a_first_layer_that_reads_something_else_is_refused(tmp_path: Path) -> None:
    """One-hot characters in and the same characters out, or it is no model of characters."""
    stack = random_stack((4,))
    other = Stack(stack.layers, stack.dense[:, :5], stack.dense_bias[:5])
    (tmp_path / "w.weights.h5").write_bytes(weights_h5(sequential_model(other, 8)))
    with pytest.raises(KerasFileError, match="LSTM 1 reads 6 numbers, not the 5 characters that it predicts"):
        read_keras(tmp_path / "w.weights.h5")


def test_weights_that_diverged_are_refused(tmp_path: Path) -> None:
    """A voice of them would write noise."""
    stack = random_stack((4,))
    for bad in (np.nan, np.inf, 1e9):
        stack.dense[0, 0] = bad
        (tmp_path / "w.weights.h5").write_bytes(weights_h5(sequential_model(stack, 8)))
        with pytest.raises(KerasFileError, match="its training has diverged"):
            read_keras(tmp_path / "w.weights.h5")


def archive(**parts: bytes) -> bytes:
    """Return an archive with parts whose names have a dot where these have an underscore."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name.replace("_", "."), data)
    return buffer.getvalue()


def test_files_that_are_not_kerass_are_told(tmp_path: Path) -> None:
    """Missing, empty, foreign, broken off or lying: one line, and what was expected."""
    good = keras_file(sequential_model(random_stack((4,)), 8))
    weights = weights_h5(sequential_model(random_stack((4,)), 8))
    config = json.dumps({"class_name": "Sequential", "config": {"layers": []}}).encode()
    packed = archive(config_json=random.Random(1).randbytes(400).hex().encode(), metadata_json=b"{}", model_weights_h5=weights)
    mistakes = {
        b"": "not a file of Keras's",
        b"epoch,loss\n1,2.0\n": "not a file of Keras's",
        b"PK\3\4 and no more": "damaged, or broke off",
        good[: len(good) // 2]: "damaged, or broke off",
        archive(metadata_json=b"{}", config_json=config): r"model\.weights\.h5 is not in it",
        archive(metadata_json=b"[]", config_json=config, model_weights_h5=weights): "damaged",
        archive(metadata_json=b"{}", config_json=b"{", model_weights_h5=weights): "configuration can't be read",
        archive(metadata_json=b"{}", config_json=b"[" * 100_000, model_weights_h5=weights): "configuration can't be read",
        archive(metadata_json=b"{}", config_json=b" " * (1 << 25), model_weights_h5=weights): "larger than 16 MB",
        archive(metadata_json=b"{}", config_json=config, model_weights_h5=b"nothing"): "can't be read; it is damaged",
        packed.replace(packed[100:110], b"x" * 10): "damaged, or broke off",
        weights[: len(weights) // 2]: "can't be read; it is damaged",
    }
    for data, message in mistakes.items():
        (tmp_path / "m.keras").write_bytes(data)
        with pytest.raises(KerasFileError, match=rf"m\.keras: .*{message}") as caught:
            read_keras(tmp_path / "m.keras")
        assert "\n" not in str(caught.value)
    with pytest.raises(KerasFileError, match="no such file"):
        read_keras(tmp_path / "none.keras")
    with pytest.raises(KerasFileError, match="a folder, a SavedModel perhaps"):
        read_keras(tmp_path)
    with pytest.raises(KerasFileError, match="no file can have this name"):
        read_keras("a\0b")
    with (tmp_path / "huge.h5").open("wb") as file:
        file.truncate((1 << 30) + 1)
    with pytest.raises(KerasFileError, match="larger than 1024 MB"):
        read_keras(tmp_path / "huge.h5")


def test_damage_gives_one_line_or_the_model(tmp_path: Path) -> None:
    """Bytes changed at random never crash the reader; HDF5's library is kept apart."""
    choose = random.Random(3)
    whole = weights_h5(sequential_model(random_stack((4,)), 8))
    said = []
    for _ in range(8):
        data = bytearray(whole)
        for _ in range(choose.choice([1, 4, 40])):
            data[choose.randrange(8, 4096)] = choose.randrange(256)
        (tmp_path / "w.weights.h5").write_bytes(data)
        try:
            assert read_keras(tmp_path / "w.weights.h5").stack.units == (4,)
        except KerasFileError as error:
            said.append(str(error))
    assert said
    assert not [line for line in said if "\n" in line]
