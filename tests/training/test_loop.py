"""Tests of the training loop, against textbook equations written here in NumPy."""

from __future__ import annotations

import io
import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from talklike.evaluation.bits import score
from talklike.generation.voice import Voice
from talklike.training.device import _cpu_trains_in_bf16
from talklike.training.loop import Loop, _frequencies, learning_rate
from talklike.training.schedule import Schedule
from talklike.training.trainer import sizes_of
from talklike.voice.card import Card
from talklike.voice.weights import packed
from talklike.voice.write import voice_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from talklike.corpus.corpus import Corpus
    from talklike.training.recipe import Recipe

    MakeLoop = Callable[..., Loop]
    MakeRecipe = Callable[..., Recipe]
    MakeCorpus = Callable[[list[str]], Corpus]

EXACT: dict[str, Any] = {"dropout": 0.0, "dropout_between": 0.0, "forget": 0.0, "memory": 0}
"""Nothing is left to chance, and the network is alone."""


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Return the logistic function."""
    return np.asarray(1 / (1 + np.exp(-x)))


def costs(weights: dict[str, np.ndarray], layers: int, symbols: np.ndarray) -> np.ndarray:
    """Return the cost [nat] of each symbol after the first, of one stream from nothing, by the equations of an LSTM.

    Args:
        weights: Parameters by torch's names; torch stacks the gates input, forget, cell, output.
        layers: L.
        symbols: Ids, shape (T + 1,).
    """
    hidden = weights["output.weight"].shape[1]
    h, c = np.zeros((layers, hidden)), np.zeros((layers, hidden))
    found = []
    for symbol, following in pairwise(symbols.tolist()):
        x = weights["symbol_embedding.weight"][symbol] + weights["author_embedding.weight"][1]
        total = np.zeros(hidden)
        for layer in range(layers):
            w = {name: weights[f"layers.{layer}.{name}_l0"] for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")}
            gates = w["weight_ih"] @ x + w["bias_ih"] + w["weight_hh"] @ h[layer] + w["bias_hh"]
            i, f, g, o = gates.reshape(4, hidden)
            c[layer] = sigmoid(f) * c[layer] + sigmoid(i) * np.tanh(g)
            h[layer] = sigmoid(o) * np.tanh(c[layer])
            x = h[layer]
            total += x
        logits = weights["output.weight"] @ total + weights["output.bias"]
        found.append(np.log(np.exp(logits - logits.max()).sum()) + logits.max() - logits[following])
    return np.array(found)


def numbers(loop: Loop, *, averaged: bool = False) -> dict[str, np.ndarray]:
    """Return a loop's weights as float64, with a row of the output for each symbol."""
    parameters = loop.average if averaged else loop.state_dict()["network"]
    found = {name: p.detach().double().numpy().copy() for name, p in parameters.items()}
    columns = loop._columns
    found["output.weight"] = columns.expanded(found["output.weight"])
    found["output.bias"] = columns.expanded_bias(found["output.bias"])
    return found


def trajectory(loop: Loop) -> dict[str, torch.Tensor]:
    """Return a copy of the weights, their average and the carried state."""
    state = loop.state_dict()
    found = {f"network.{name}": p for name, p in state["network"].items()}
    found |= {f"average.{name}": p for name, p in state["average"].items()}
    found |= {f"optimiser.{i}.{name}": p for i, own in state["optimiser"]["state"].items() for name, p in own.items()}
    found |= {"h": state["state"][0], "c": state["state"][1], "generator": state["generators"]["cpu"]}
    return {name: p.detach().clone() for name, p in found.items()}


def assert_same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> None:
    """Assert that two trajectories are equal to the last bit."""
    assert one.keys() == other.keys()
    different = [name for name in one if not torch.equal(one[name], other[name])]
    assert not different


@pytest.mark.parametrize("layers", [1, 2])
def test_first_loss_is_the_textbook_s(make_loop: MakeLoop, corpus: Corpus, layers: int) -> None:
    """The loss of the very first step is what the equations give for the weights that the run began with."""
    loop = make_loop(layers=layers, streams=3, length=9, **EXACT)
    weights = numbers(loop)
    ids = corpus.train.ids
    starts = [stream * len(corpus.train) // 3 for stream in range(3)]
    expected = np.mean([costs(weights, layers, np.array(ids[start : start + 10])) for start in starts])
    assert float(loop.train_step()) == pytest.approx(expected, abs=1e-5)


def test_the_first_loss_is_about_the_frequencies(make_loop: MakeLoop, corpus: Corpus) -> None:
    """A run doesn't begin at log V: the output's bias already knows which characters are frequent."""
    frequencies = np.bincount(corpus.train.ids[1:], minlength=len(corpus.alphabet)) / len(corpus.train)
    entropy = -sum(p * math.log(p) for p in frequencies if p > 0)
    loss = float(make_loop(**EXACT, length=64).train_step())
    assert abs(loss - entropy) < 0.25
    assert loss < math.log(len(corpus.alphabet)) - 2


def test_state_is_carried_from_step_to_step(make_loop: MakeLoop, corpus: Corpus) -> None:
    """With a learning rate of nearly nothing, two steps cost what the equations give for one run of twice the length."""
    loop = make_loop(streams=1, length=12, learning_rate=1e-8, weight_decay=0.0, **EXACT)
    weights = numbers(loop)
    expected = costs(weights, 1, np.array(corpus.train.ids[:25]))
    assert float(loop.train_step()) == pytest.approx(expected[:12].mean(), abs=1e-5)
    assert float(loop.train_step()) == pytest.approx(expected[12:].mean(), abs=1e-5)


def test_forgetting_everything_starts_from_nothing(make_loop: MakeLoop, corpus: Corpus) -> None:
    """With forget 1 the second step costs what a stream costs that has read nothing."""
    loop = make_loop(streams=1, length=12, learning_rate=1e-8, weight_decay=0.0, **EXACT | {"forget": 1.0})
    weights = numbers(loop)
    loop.train_step()
    assert float(loop.train_step()) == pytest.approx(costs(weights, 1, np.array(corpus.train.ids[12:25])).mean(), abs=1e-5)


def test_forgetting_clears_whole_streams(make_loop: MakeLoop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a step a stream's state, h and c of all layers, is either kept as it was or all zero."""
    loop = make_loop(streams=64, layers=2, length=3, **EXACT | {"forget": 0.3})
    given: list[tuple[torch.Tensor, torch.Tensor]] = []
    loop._plain.register_forward_pre_hook(lambda _, inputs: given.append(inputs[2]))
    loop.train_step()
    cleared = 0
    for _ in range(20):
        before = torch.cat(loop.state)
        loop.train_step()
        after = torch.cat(given[-1])
        kept = (after == before).all(dim=(0, 2))
        zero = (after == 0).all(dim=(0, 2))
        assert (kept ^ zero).all()
        cleared += int(zero.sum())
    assert 0.2 < cleared / (20 * 64) < 0.4


def test_learning_rate_has_known_values(make_recipe: MakeRecipe) -> None:
    """A linear rise over the warm-up, half a cosine, and the share that is left at the end."""
    recipe = make_recipe(steps=1000, warm_up=200, learning_rate=4e-3, final_rate=0.02)
    assert learning_rate(recipe, 0) == pytest.approx(4e-3 / 200)
    assert learning_rate(recipe, 99) == pytest.approx(2e-3 * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * 0.099))))
    assert learning_rate(recipe, 500) == pytest.approx(4e-3 * 0.51)
    assert learning_rate(recipe, 750) == pytest.approx(4e-3 * (0.02 + 0.98 * 0.14644660940672624))
    assert learning_rate(recipe, 1000) == pytest.approx(8e-5)
    assert learning_rate(recipe, 5000) == pytest.approx(8e-5)
    assert max(learning_rate(recipe, step) for step in range(1000)) == learning_rate(recipe, 199) < 4e-3


def test_learning_rate_without_warm_up(make_recipe: MakeRecipe) -> None:
    """Without a warm-up the first step has the full rate."""
    assert learning_rate(make_recipe(steps=10, warm_up=0, learning_rate=0.01), 0) == pytest.approx(0.01)


def test_the_optimiser_uses_the_learning_rate(make_loop: MakeLoop) -> None:
    """Before each step all groups of weights get the rate of that step."""
    loop = make_loop(steps=30, warm_up=5)
    for step in range(8):
        loop.train_step()
        rates = {group["lr"] for group in loop._optimiser.param_groups}
        assert rates == {learning_rate(loop._recipe, step)}


def test_a_shortened_loop_goes_where_the_plan_goes(make_loop: MakeLoop) -> None:
    """Halved at step 10, each step has the learning rate of the planned step where it stands, up to the end."""
    loop, planned = make_loop(steps=40, warm_up=20, average=0.5), make_loop(steps=40, warm_up=20, average=0.5)
    for _ in range(10):
        assert float(loop.train_step()) == float(planned.train_step())
    loop.schedule.shorten(10, 15)
    rates = []
    while loop.step < loop.schedule.steps:
        loop.train_step()
        rates.append(loop._optimiser.param_groups[0]["lr"])
    assert rates == pytest.approx([learning_rate(loop._recipe, step) for step in range(10, 40, 2)])


def test_the_average_looks_back_over_as_much_of_the_plan(make_loop: MakeLoop) -> None:
    """A step that stands for two keeps of the mean what two steps would have kept."""
    loop = make_loop(steps=100, average=0.8)
    for _ in range(80):
        loop.train_step()
    loop.schedule.shorten(80, 10)
    before = numbers(loop, averaged=True)
    loop.train_step()
    weights, mean = numbers(loop), numbers(loop, averaged=True)
    for name, value in mean.items():
        assert np.allclose(value, 0.64 * before[name] + 0.36 * weights[name], atol=1e-6), name


def test_a_room_ends_where_the_schedule_says(make_loop: MakeLoop) -> None:
    """Shortened in the room, the author's own text begins with its first symbols, with nothing carried over, with its dropout."""
    loop = make_loop(steps=20, room_steps=10, room_dropout=0.4, dropout=0.2)
    loop.train_step()
    loop.train_step()
    loop.schedule.shorten(2, 9)
    assert (loop.schedule.room_steps, loop.schedule.steps) == (6, 11)
    seen = []
    for _ in range(9):
        batch, _ = loop._next()
        seen.append((batch.read[:, 0].tolist(), loop._plain.dropout.share, bool(loop.state[0].any())))
        loop.train_step()
    assert [share for _, share, _ in seen] == [0.4] * 4 + [0.2] * 5
    assert [carried for _, _, carried in seen] == [True] * 4 + [False] + [True] * 4
    assert seen[4][0] == loop._streams[-1].batch(0).read[:, 0].tolist()


def test_a_shortened_loop_is_loaded_shortened(make_loop: MakeLoop) -> None:
    """The schedule is part of the state, and a state without one leaves the plan."""
    loop = make_loop(steps=40, room_steps=20)
    loop.train_step()
    loop.schedule.shorten(1, 11)
    state = loop.state_dict()
    again = make_loop(steps=40, room_steps=20)
    again.load_state_dict(state)
    assert again.schedule.state_dict() == loop.schedule.state_dict() != Schedule(40, 20).state_dict()
    older = make_loop(steps=40, room_steps=20)
    older.load_state_dict({name: value for name, value in state.items() if name != "schedule"})
    assert older.schedule.state_dict() == Schedule(40, 20).state_dict()


def test_only_matrices_decay(make_loop: MakeLoop) -> None:
    """Weight decay pulls on the matrices of the layers and the output, not on embeddings and biases."""
    loop = make_loop(layers=2, weight_decay=0.3)
    decay = {id(p): group["weight_decay"] for group in loop._optimiser.param_groups for p in group["params"]}
    found = {name: decay[id(p)] for name, p in loop._plain.named_parameters()}
    matrices = {f"layers.{layer}.weight_{kind}_l0" for layer in (0, 1) for kind in ("ih", "hh")} | {
        "output.weight",
        "memory_projection.weight",
    }
    assert {name for name, value in found.items() if value == 0.3} == matrices
    assert {value for name, value in found.items() if name not in matrices} == {0.0}


def test_average_equals_its_slow_definition(make_loop: MakeLoop) -> None:
    """The running mean is keep × mean + (1 - keep) × weights after each step, where keep rises to the recipe's."""
    loop = make_loop(average=0.6)
    mean = numbers(loop)
    for step in range(15):
        loop.train_step()
        keep = min(0.6, (1 + step) / (10 + step))
        weights = numbers(loop)
        mean = {name: keep * value + (1 - keep) * weights[name] for name, value in mean.items()}
        for name, value in numbers(loop, averaged=True).items():
            assert np.allclose(value, mean[name], atol=1e-6), (step, name)


def test_gradients_are_clipped(make_loop: MakeLoop, monkeypatch: pytest.MonkeyPatch) -> None:
    """No step's gradient is longer than the recipe allows."""
    norms = []
    loop = make_loop(clip=1e-3)
    step = loop._optimiser.step

    def measure() -> None:
        norms.append(torch.stack([p.grad.norm() for p in loop._plain.parameters() if p.grad is not None]).norm().item())
        step()

    monkeypatch.setattr(loop._optimiser, "step", measure)
    for _ in range(3):
        loop.train_step()
    assert norms == pytest.approx([1e-3] * 3, rel=1e-3)


def test_training_bits_is_the_mean_since_the_last_call(make_loop: MakeLoop) -> None:
    """The training loss reported is the mean of the steps since it was asked last, in bits."""
    loop = make_loop()
    for count in (5, 3):
        losses = [float(loop.train_step()) for _ in range(count)]
        assert loop.training_bits() == pytest.approx(np.mean(losses) / math.log(2), rel=1e-5)
    assert loop.training_bits() == 0


def test_validation_is_what_the_written_voice_scores(make_loop: MakeLoop, make_corpus: MakeCorpus, texts: list[str]) -> None:
    """What training says of held-out text equals the score of the voice it writes, in two stretches and with rare characters."""
    long = make_corpus([f"{text} {chr(0x4E00 + number)}" for number, text in enumerate(texts * 75)])
    assert len(long.validation) > 2 * 4096
    assert long.validation.characters < len(long.validation)
    loop = make_loop(long, layers=2, evaluate_symbols=10**6)
    for _ in range(30):
        loop.train_step()
    card = Card(long.alphabet.characters, long.authors, long.names, "messages", sizes_of(long, loop._recipe))
    voice = Voice.from_bytes(voice_bytes(card, packed(loop.averaged_weights(), "float32")))
    expected = score(voice.engine, long.validation).bits_per_character
    assert loop.validation_bits() == pytest.approx(expected, abs=1e-3)


def test_validation_is_the_textbook_s(make_loop: MakeLoop, corpus: Corpus) -> None:
    """Held-out text costs what the equations give for the averaged weights, not for the last ones, divided by characters."""
    loop = make_loop(learning_rate=0.05, warm_up=0, average=0.9, memory=0)
    for _ in range(20):
        loop.train_step()
    nats = costs(numbers(loop, averaged=True), 1, np.array(corpus.validation.ids)).sum()
    assert loop.validation_bits() == pytest.approx(nats / math.log(2) / corpus.validation.characters, abs=1e-4)
    assert not torch.allclose(loop.average["output.weight"], loop.state_dict()["network"]["output.weight"], atol=1e-3)


def test_few_symbols_are_scored_where_few_are_asked_for(make_loop: MakeLoop, corpus: Corpus) -> None:
    """The recipe's limit on validation symbols holds: of one stretch, the first so many."""
    loop = make_loop(evaluate_symbols=50, memory=0)
    nats = costs(numbers(loop, averaged=True), 1, np.array(corpus.validation.ids[:51])).sum()
    assert loop.validation_bits() == pytest.approx(nats / math.log(2) / 50, abs=1e-4)


def test_evaluation_changes_nothing(make_loop: MakeLoop) -> None:
    """Weights, average, optimiser, state and random generator are after an evaluation what they were before."""
    loop = make_loop(layers=2, dropout=0.3, dropout_between=0.3)
    for _ in range(3):
        loop.train_step()
    before = trajectory(loop)
    bits = loop.validation_bits()
    assert_same(trajectory(loop), before)
    assert loop._plain.training
    assert loop.validation_bits() == bits


def test_evaluating_more_often_trains_the_same(make_loop: MakeLoop) -> None:
    """A run evaluated at every step goes through the same weights as one never evaluated, dropout included."""
    settings = {"dropout": 0.3, "dropout_between": 0.2, "layers": 2, "forget": 0.3}
    often = make_loop(**settings)
    for _ in range(8):
        often.train_step()
        often.validation_bits()
        often.training_bits()
        often.averaged_weights()
    found = trajectory(often)
    never = make_loop(**settings)
    for _ in range(8):
        never.train_step()
    assert_same(trajectory(never), found)


def test_an_evaluation_that_fails_changes_nothing(make_loop: MakeLoop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Interrupted in the middle of an evaluation, the loop still trains its own weights and not the average."""
    loop = make_loop()
    loop.train_step()
    before = trajectory(loop)

    def interrupted(*_: object) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(loop, "_score", interrupted)
    with pytest.raises(KeyboardInterrupt):
        loop.validation_bits()
    assert_same(trajectory(loop), before)
    assert loop._plain.training


@pytest.mark.parametrize(
    "precision",
    ["32-true", pytest.param("bf16-mixed", marks=pytest.mark.skipif(not _cpu_trains_in_bf16(), reason="no bf16 here"))],
)
def test_a_loaded_state_goes_on_bit_for_bit(make_loop: MakeLoop, precision: str) -> None:
    """Five steps, saved, loaded into a new loop, and five more give the weights of ten steps in one go."""
    settings = {"dropout": 0.3, "dropout_between": 0.2, "layers": 2, "forget": 0.3, "precision": precision}
    whole = make_loop(**settings)
    losses = [float(whole.train_step()) for _ in range(10)]
    first = make_loop(**settings)
    for _ in range(5):
        first.train_step()
    file = io.BytesIO()
    torch.save(first.state_dict(), file)
    file.seek(0)
    second = make_loop(**settings)
    second.train_step()  # whatever it did before is gone
    second.load_state_dict(torch.load(file, weights_only=True))
    assert second.step == 5
    assert [float(second.train_step()) for _ in range(5)] == losses[5:]
    for name, value in whole.average.items():
        assert torch.equal(value, second.average[name]), name
    assert second.training_bits() == pytest.approx(np.mean(losses) / math.log(2), rel=1e-6)


def test_the_seed_decides_everything(make_loop: MakeLoop) -> None:
    """The same seed gives the same losses, whatever was drawn before; another seed gives others."""
    first = make_loop(seed=5)
    losses = [float(first.train_step()) for _ in range(3)]
    torch.rand(100)
    second = make_loop(seed=5)
    assert [float(second.train_step()) for _ in range(3)] == losses
    other = make_loop(seed=6)
    assert [float(other.train_step()) for _ in range(3)] != losses


def test_frequencies_count_what_is_to_be_predicted(corpus: Corpus) -> None:
    """The first END is read and never predicted, so it isn't counted."""
    ids = np.array([0, 300, 300, 2, 0], np.uint16)
    found = _frequencies(ids, 302)
    assert found.sum() == 4
    assert (found[300], found[2], found[0]) == (2, 1, 1)
    assert _frequencies(corpus.train.ids, len(corpus.alphabet)).sum() == len(corpus.train)


def test_a_tiny_network_learns_one_sentence_by_heart(make_loop: MakeLoop, make_corpus: MakeCorpus) -> None:
    """One sentence said over and over costs next to nothing after some hundred steps, in training and held out."""
    sentence = make_corpus(["the tide waits for no one"] * 40)
    loop = make_loop(sentence, hidden=32, length=20, learning_rate=1e-2, steps=900, **EXACT | {"forget": 0.05})
    for _ in range(900):
        loop.train_step()
        if loop.step == 800:
            loop.training_bits()
    assert loop.training_bits() < 0.1
    assert loop.validation_bits() < 0.1
