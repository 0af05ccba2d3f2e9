"""The network, against the voice that is made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from talklike.generation.engine import Engine
from talklike.training.network import Dropout, Network, voice_weights
from talklike.voice.card import Card, Sizes
from talklike.voice.graph import describe
from talklike.voice.write import voice_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = Sizes(symbols=270, authors=2, embedding=5, hidden=7, layers=2)


def network(sizes: Sizes = SIZES, *, seed: int = 0, dropout: float = 0.0, dropout_between: float = 0.0) -> Network:
    """Return a network with random weights everywhere, biases and author embeddings included."""
    torch.manual_seed(seed)
    made = Network(sizes, dropout=dropout, dropout_between=dropout_between)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.normal_(std=0.5)
    return made


@pytest.mark.parametrize("layers", [1, 2, 3])
@torch.no_grad()
def test_the_voice_computes_what_the_network_computes(make_card: Callable[..., Card], layers: int) -> None:
    """Exported to ONNX, the network gives torch's own logits and states, from any state and for any authors."""
    card = make_card(layers=layers, authors=("u1", "u2"))
    sizes = card.sizes
    trained = network(sizes, seed=layers, dropout=0.5, dropout_between=0.5).eval()
    session = Engine(card, voice_bytes(card, voice_weights(trained.state_dict(), sizes)), threads=1).session
    random = np.random.default_rng(layers)
    ids = random.integers(0, sizes.symbols, (3, 11))
    authors = random.integers(0, 3, (3, 11))
    h, c = (random.standard_normal((layers, 3, sizes.hidden)).astype(np.float32) for _ in range(2))
    found = session.run(["logits", "h_next", "c_next"], {"ids": ids, "authors": authors, "h": h, "c": c})
    state = (torch.from_numpy(h), torch.from_numpy(c))
    logits, (h_next, c_next) = trained(torch.from_numpy(ids.T.copy()), torch.from_numpy(authors.T.copy()), state)
    np.testing.assert_allclose(found[0], logits.transpose(0, 1).numpy(), atol=1e-4, rtol=0)
    np.testing.assert_allclose(found[1], h_next.numpy(), atol=1e-4, rtol=0)
    np.testing.assert_allclose(found[2], c_next.numpy(), atol=1e-4, rtol=0)


@torch.no_grad()
def test_the_network_computes_the_textbook_lstm(
    textbook: Callable[..., tuple[np.ndarray, np.ndarray, np.ndarray]],
) -> None:
    """With the gates put in ONNX's order, the network's weights give its logits by the equations."""
    trained = network().eval()
    ids = torch.randint(0, SIZES.symbols, (9, 2))
    authors = torch.randint(0, 3, (9, 2))
    logits, (h, c) = trained(ids, authors, trained.zero_state(2))
    weights = voice_weights(trained.state_dict(), SIZES)
    expected, h_expected, c_expected = textbook(weights, ids.T.numpy(), authors.T.numpy())
    np.testing.assert_allclose(logits.transpose(0, 1).numpy(), expected, atol=1e-4, rtol=0)
    np.testing.assert_allclose(h.numpy(), h_expected, atol=1e-4, rtol=0)
    np.testing.assert_allclose(c.numpy(), c_expected, atol=1e-4, rtol=0)


def test_the_weights_have_the_layout_of_the_file() -> None:
    """Every constant of the graph but ``one`` is there, in its shape."""
    weights = voice_weights(network().state_dict(), SIZES)
    described = describe(SIZES, "float32").constants
    assert weights.keys() | {"one"} == described.keys()
    assert {name: array.shape for name, array in weights.items()} == {n: described[n].shape for n in weights}
    assert all(array.dtype == np.float32 for array in weights.values())


def test_the_weights_are_as_many_as_the_sizes_say() -> None:
    """The count on the card is that of the network, in which each gate's two biases do the work of one."""
    count = sum(parameter.numel() for parameter in network().parameters())
    assert SIZES.parameters == count - 4 * SIZES.hidden * SIZES.layers


def test_a_fresh_network_remembers_and_knows_the_frequencies() -> None:
    """The biases of the forget gates sum to 1 and all others to 0; the output's bias is the log of the frequencies."""
    torch.manual_seed(0)
    fresh = Network(SIZES)
    frequencies = np.arange(SIZES.symbols, dtype=np.float64)
    fresh.initialise(frequencies)
    H = SIZES.hidden
    for layer in fresh.layers:
        parameters = dict(layer.named_parameters())
        total = (parameters["bias_ih_l0"] + parameters["bias_hh_l0"]).detach().numpy()  # gates i, f, g, o
        np.testing.assert_array_equal(total, np.repeat([0, 1, 0, 0], H))
    smoothed = frequencies + 0.01
    np.testing.assert_allclose(fresh.output.bias.detach().numpy(), np.log(smoothed / smoothed.sum()), rtol=1e-5)
    assert not fresh.author_embedding.weight.any()
    with torch.no_grad():
        logits, _ = fresh(torch.zeros(1, 1, dtype=torch.long), torch.ones(1, 1, dtype=torch.long), fresh.zero_state(1))
    found = torch.softmax(logits[0, 0], 0).numpy()
    np.testing.assert_allclose(found, smoothed / smoothed.sum(), rtol=0.4)


def test_the_same_seed_gives_the_same_network() -> None:
    """Weights come from torch's generator alone."""

    def fresh(seed: int) -> dict[str, torch.Tensor]:
        torch.manual_seed(seed)
        made = Network(SIZES)
        made.initialise(np.ones(SIZES.symbols))
        return made.state_dict()

    one, again, other = fresh(1), fresh(1), fresh(2)
    assert all(torch.equal(one[name], again[name]) for name in one)
    assert not all(torch.equal(one[name], other[name]) for name in one)


def test_the_mask_between_layers_is_the_same_for_all_steps() -> None:
    """In training each stream's features are dropped or scaled alike at every step; the mean stays."""
    made = network(dropout_between=0.25)
    seen: list[torch.Tensor] = []
    made.layers[1].register_forward_pre_hook(lambda module, arguments: seen.append(arguments[0].detach()))
    first: list[torch.Tensor] = []
    made.layers[0].register_forward_hook(lambda module, arguments, result: first.append(result[0].detach()))
    ids, authors = torch.randint(0, 270, (20, 200)), torch.ones(20, 200, dtype=torch.long)
    made.train()(ids, authors, made.zero_state(200))
    mask = seen[0] / first[0]  # (T, B, H)
    torch.testing.assert_close(mask, mask[:1].expand_as(mask))
    assert float(mask.min()) == 0
    assert float(mask.max()) == pytest.approx(1 / 0.75, rel=1e-5)
    dropped = float((mask[0] == 0).float().mean())
    assert dropped == pytest.approx(0.25, abs=0.08)  # of 1,400 features; 0.08 is seven standard deviations
    made.eval()(ids, authors, made.zero_state(200))
    torch.testing.assert_close(seen[1], first[1])


def test_carried_state_is_one_long_sequence() -> None:
    """Two halves with the state handed on give what the whole gives."""
    made = network().eval()
    ids, authors = torch.randint(0, 270, (10, 3)), torch.ones(10, 3, dtype=torch.long)
    with torch.no_grad():
        whole, _ = made(ids, authors, made.zero_state(3))
        first, state = made(ids[:4], authors[:4], made.zero_state(3))
        second, _ = made(ids[4:], authors[4:], state)
    torch.testing.assert_close(torch.cat([first, second]), whole)


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5, 0.9])
def test_dropout_drops_its_share_and_keeps_the_mean(share: float) -> None:
    """The share dropped is right to 1/256, what is kept is scaled so that the mean stays, and gradients follow the mask."""
    torch.manual_seed(1)
    x = torch.ones(400, 500, requires_grad=True)
    y = Dropout(share)(x)
    y.sum().backward()

    assert (y == 0).float().mean().item() == pytest.approx(share, abs=1 / 256 + 0.005)
    assert y.mean().item() == pytest.approx(1, abs=0.02)
    assert x.grad is not None
    assert torch.equal(x.grad, y.detach())
    # Neighbours are decided apart, though they share a random number.
    assert torch.corrcoef(torch.stack([y[:, :-1].flatten(), y[:, 1:].flatten()]))[0, 1].abs() < 0.01


def test_dropout_is_for_training_only() -> None:
    """While evaluating, or with nothing to drop, the input passes as it is; the seed decides the mask."""
    x = torch.randn(7, 3, 5)

    assert Dropout(0.5).eval()(x) is x
    assert Dropout(0.0)(x) is x
    masks = []
    for _ in range(2):
        torch.manual_seed(3)
        masks.append(Dropout(0.5)(x))
    assert torch.equal(*masks)
