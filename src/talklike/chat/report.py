"""What reading a chat found: the format, what was kept, what was skipped and why. Never the text itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Skipped:
    """The rows that one reason kept out of the table.

    Attributes:
        count: How many.
        places: ``file:line`` of each, for the first ``ReadReport.MOST_PLACES``.
    """

    count: int = 0
    places: list[str] = field(default_factory=list)


@dataclass
class ReadReport:
    """What reading a chat found.

    Attributes:
        source: The file as the user named it.
        format: Name of the format it was read as.
        why: What told that it is this format.
        kept: Rows in the message table.
        skipped: Rows that are not, by reason (``empty``, ``malformed``, ``duplicate id`` …).
        notes: What else a careful person would want to know (an assumed time zone, repaired bytes …).
        files: How many files were read in each format.
        renamed: How often an author of one id was seen to take another (nicks on IRC): old and new.
        bots: Authors that the app itself marks as programs, by their ids.
    """

    MOST_PLACES = 1000

    source: str
    format: str
    why: str
    kept: int = 0
    skipped: dict[str, Skipped] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    files: dict[str, int] = field(default_factory=dict)
    renamed: Counter[tuple[str, str]] = field(default_factory=Counter)
    bots: set[str] = field(default_factory=set)

    @property
    def read(self) -> int:
        """Rows seen in all: kept + skipped."""
        return self.kept + sum(skip.count for skip in self.skipped.values())

    def skip(self, reason: str, count: int, places: list[str]) -> None:
        """Count rows that ``reason`` kept out, with the ``file:line`` of each."""
        entry = self.skipped.setdefault(reason, Skipped())
        entry.count += count
        entry.places.extend(places[: max(0, self.MOST_PLACES - len(entry.places))])

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain JSON-ready values."""
        return {
            "source": self.source,
            "format": self.format,
            "why": self.why,
            "read": self.read,
            "kept": self.kept,
            "skipped": {reason: {"count": s.count, "places": s.places} for reason, s in self.skipped.items()},
            "notes": self.notes,
            "files": self.files,
        }
