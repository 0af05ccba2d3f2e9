"""The tutorial's training against real Keras: the same losses, and the same text for the same draws."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import polars as pl
import pytest
import torch

from talklike.chat.read import read_chat
from talklike.corpus.choose import choose_author
from talklike.sample import sample_path
from talklike.training.device import make_fabric
from talklike.training.tutorial_loop import TutorialLoop
from talklike.training.tutorial_recipe import TutorialRecipe
from talklike.training.tutorial_text import Windows
from talklike.training.tutorial_writing import predictor, written
from tests.real_keras import real_keras

STEPS = 200
"""Steps after each of which the losses are compared."""

TOLERANCE = 1e-4
"""Largest difference of a loss, relative. Measured: 1e-5 for RMSprop, 2e-5 for Adam."""


@functools.cache
def sample_text() -> tuple[torch.Tensor, str]:
    """Return the bundled sample as the tutorial reads it: its first fifth, and its characters."""
    chat = read_chat(str(sample_path()))
    own = chat.frame.filter(pl.col("author") == choose_author(chat).author).sort("time")
    texts = own.collect()["text"].to_list()
    text = " ".join(texts[: len(texts) // 5]).lower()
    characters = "".join(sorted(set(text)))
    return torch.tensor([characters.index(c) for c in text], dtype=torch.int32), characters


def keras_model(loop: TutorialLoop, recipe: TutorialRecipe, characters: int) -> Any:
    """Return the tutorial's model in Keras, with the weights of a loop."""
    layers = real_keras().layers
    stack = loop.network.stack()
    model = real_keras().Sequential([real_keras().Input((recipe.window, characters))])
    for number, H in enumerate(recipe.units):
        model.add(layers.LSTM(H, return_sequences=number < recipe.layers - 1))
    model.add(layers.Dense(characters, activation="softmax"))
    optimisers = {"rmsprop": "RMSprop", "adam": "Adam", "sgd": "SGD"}
    optimiser = getattr(real_keras().optimizers, optimisers[recipe.optimizer])(learning_rate=recipe.learning_rate)
    model.compile(loss="categorical_crossentropy", optimizer=optimiser)
    arrays = [array for layer in stack.layers for array in (layer.kernel, layer.recurrent, layer.bias)]
    model.set_weights([*arrays, stack.dense, stack.dense_bias])
    return model


def trained(recipe: TutorialRecipe, steps: int) -> tuple[TutorialLoop, Any, list[float], list[float]]:
    """Train here and in Keras from the same weights on the same batches; return both, and the loss of each step."""
    ids, characters = sample_text()
    C = len(characters)
    loop = TutorialLoop(C, recipe, make_fabric("cpu", recipe.precision, alone=True))
    model = keras_model(loop, recipe, C)
    windows = Windows(ids, recipe.window, recipe.step)
    one_hot = np.eye(C, dtype=np.float32)
    ours: list[float] = []
    theirs: list[float] = []
    epoch = 0
    while len(ours) < steps:
        order = windows.order(recipe.seed, epoch)
        for start in range(0, len(order), recipe.batch_size):
            x, y = windows.batch(order[start : start + recipe.batch_size])
            ours.append(float(loop.train_step(x, y)))
            model.reset_metrics()  # Keras would return the mean since it was last asked to
            theirs.append(float(model.train_on_batch(one_hot[x.numpy()], one_hot[y.numpy()])))
        epoch += 1
    return loop, model, ours[:steps], theirs[:steps]


@functools.cache
def the_tutorial() -> tuple[TutorialLoop, Any, list[float], list[float]]:
    """Return the tutorial's own settings, trained for ``STEPS`` steps."""
    return trained(TutorialRecipe(threads=2), STEPS)


def test_the_losses_are_keras_s() -> None:
    """From the same weights, with the same batches, the loss of each of the first 200 steps is that of real Keras."""
    _, _, ours, theirs = the_tutorial()
    np.testing.assert_allclose(ours, theirs, rtol=TOLERANCE)
    assert ours[-1] < ours[0] * 0.8, "it learns, so the losses say something"


def test_the_same_draws_write_the_same_text_as_the_tutorial_s_loop() -> None:
    """The tutorial's own loop on Keras, and ours, from the same window with the same seed of NumPy."""
    loop, model, _, _ = the_tutorial()
    ids, characters = sample_text()
    C = len(characters)

    def sample(preds: np.ndarray, temperature: float) -> int:  # as the tutorial draws
        preds = np.log(np.asarray(preds).astype("float64")) / temperature
        exp_preds = np.exp(preds)
        return int(np.argmax(np.random.multinomial(1, exp_preds / np.sum(exp_preds), 1)))  # noqa: NPY002  (the tutorial's)

    for temperature in (0.5, 1.2):
        window = ids[100:140].tolist()
        np.random.seed(7)  # noqa: NPY002  (the tutorial's draws)
        theirs = []
        for _ in range(60):
            x = np.eye(C, dtype=np.float32)[[window]]
            after = sample(model(x).detach().numpy()[0], temperature)
            theirs.append(after)
            window = [*window[1:], after]
        ours = written(
            predictor(loop.network, torch.device("cpu")), ids[100:140].numpy(), 60, temperature, np.random.RandomState(7)
        )
        assert "".join(characters[i] for i in ours) == "".join(characters[i] for i in theirs)


@pytest.mark.parametrize(
    "settings",
    [{"optimizer": "adam", "learning_rate": 0.002}, {"optimizer": "sgd", "learning_rate": 0.5}, {"layers": 2}],
    ids=["adam", "sgd", "two-layers"],
)
def test_other_settings_are_keras_s_too(settings: dict[str, Any]) -> None:
    """Other optimisers and deeper networks give Keras's losses."""
    _, _, ours, theirs = trained(TutorialRecipe(threads=1, hidden=16, window=12, batch_size=64, **settings), 30)
    np.testing.assert_allclose(ours, theirs, rtol=TOLERANCE)


def losses(loop: TutorialLoop, recipe: TutorialRecipe, steps: range) -> list[float]:
    """Return the losses of some steps of the first epoch."""
    windows = Windows(sample_text()[0], recipe.window, recipe.step)
    order, B = windows.order(recipe.seed, 0), recipe.batch_size
    return [float(loop.train_step(*windows.batch(order[n * B : (n + 1) * B]))) for n in steps]


def make_loop(recipe: TutorialRecipe) -> TutorialLoop:
    """Return a loop on the bundled sample."""
    return TutorialLoop(len(sample_text()[1]), recipe, make_fabric("cpu", recipe.precision, alone=True))


def test_threads_share_a_batch_without_changing_the_loss() -> None:
    """One thread and two give the same losses but for rounding."""
    one, two = TutorialRecipe(hidden=8, window=6, threads=1), TutorialRecipe(hidden=8, window=6, threads=2)
    np.testing.assert_allclose(losses(make_loop(one), one, range(10)), losses(make_loop(two), two, range(10)), rtol=1e-5)


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_a_saved_loop_goes_on_bit_for_bit(dropout: float) -> None:
    """Steps after a state was put into a fresh loop are those that would have come, also with what is dropped."""
    recipe = TutorialRecipe(hidden=8, window=6, batch_size=32, dropout=dropout, threads=2)
    loop = make_loop(recipe)
    losses(loop, recipe, range(5))
    state = dict(loop.state_dict().items())
    again = make_loop(recipe)
    again.load_state_dict(state)
    assert losses(again, recipe, range(5, 10)) == losses(loop, recipe, range(5, 10))


def test_dropout_drops_its_share() -> None:
    """With dropout the losses differ from those without, and the mean over many draws of an output is the output."""
    recipe = TutorialRecipe(hidden=8, window=6, dropout=0.5)
    loop = make_loop(recipe)
    windows, _ = Windows(sample_text()[0], 6, 3).batch(torch.arange(4))
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        whole = loop.network(windows)
        mean = torch.stack([loop.network(windows, generator) for _ in range(3000)]).mean(0)
    torch.testing.assert_close(mean, whole, atol=0.02, rtol=0)
