"""One message a line."""

from __future__ import annotations

from tests.chat.writers.text import write
from tests.chat.writers.writer import Writer

WRITER = Writer(write, authors=(), times=False)
