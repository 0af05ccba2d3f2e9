"""What is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client.parser import text_string_to_metric_families

from tests.server.running import post

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.server.running import Running


def counted(server: Running) -> dict[tuple[str, tuple[str, ...]], float]:
    """Return every sample by name and labels."""
    text = server.client.get("/metrics").text
    samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return {(sample.name, tuple(sorted(sample.labels.values()))): sample.value for sample in samples}


def test_requests_characters_and_times_are_counted(small: Callable[..., Running]) -> None:
    """By route and status, by voice; and no text is among them."""
    server = small()
    texts = [post(server, max_tokens=30, seed=seed).json()["choices"][0]["text"] for seed in range(3)]
    post(server, temperature=-1)
    server.client.get("/nothing/here")
    found = counted(server)
    assert found["talklike_requests_total", ("/v1/completions", "200")] == 3
    assert found["talklike_requests_total", ("/v1/completions", "400")] == 1
    assert found["talklike_requests_total", ("404", "other")] == 1
    assert found["talklike_characters_total", ("harbour",)] == sum(map(len, texts))
    assert found["talklike_first_character_seconds_count", ("harbour",)] == 3
    assert found["talklike_texts_active", ("harbour",)] == 0
    assert found["talklike_texts_waiting", ("harbour",)] == 0
    assert not any(text in str(found) for text in texts if len(text) > 3)
