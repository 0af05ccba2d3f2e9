"""What a server counts, for Prometheus; never what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

if TYPE_CHECKING:
    from talklike.server.voices import Voices

CONTENT_TYPE = CONTENT_TYPE_LATEST
_FIRST = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
_WHOLE = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120)


class Metrics:
    """The counters of one server.

    Args:
        voices: Whose texts are being written.
    """

    def __init__(self, voices: Voices) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter("talklike_requests", "Requests answered.", ["route", "status"], registry=self.registry)
        self.seconds = Histogram(
            "talklike_request_seconds", "Time of requests, streams included.", ["route"], buckets=_WHOLE, registry=self.registry
        )
        self.characters = Counter("talklike_characters", "Characters written.", ["model"], registry=self.registry)
        self.first_character = Histogram(
            "talklike_first_character_seconds", "Time to the first character.", ["model"], buckets=_FIRST, registry=self.registry
        )
        active = Gauge("talklike_texts_active", "Texts being written.", ["model"], registry=self.registry)
        waiting = Gauge("talklike_texts_waiting", "Texts waiting to be begun.", ["model"], registry=self.registry)
        for name, served in voices.by_name.items():
            active.labels(name).set_function(lambda served=served: served.active)  # type: ignore[misc]  # bound now
            waiting.labels(name).set_function(lambda served=served: served.waiting)  # type: ignore[misc]  # mypy can't infer a lambda with a default

    def text(self) -> bytes:
        """Return all of it in Prometheus' format."""
        return generate_latest(self.registry)
