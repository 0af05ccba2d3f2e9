"""Working ahead on a thread: the same items, errors and end; and no thread that outlives its file."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from talklike.chat.ahead import ahead
from talklike.chat.source import HEAD, Source

Write = Callable[[str, str | bytes], Path]


def threads() -> list[threading.Thread]:
    """Return the threads that work ahead."""
    return [thread for thread in threading.enumerate() if thread.name == "talklike-ahead"]


@pytest.fixture
def large(write: Write) -> Path:
    """Return a file that is larger than its head."""
    return write("large.txt", b"a line\n" * HEAD)


@pytest.mark.parametrize("depth", [1, 3])
def test_the_items_come_in_order_from_another_thread(large: Path, depth: int) -> None:
    """Nested ones too."""
    makers = set()

    def numbers() -> Iterator[int]:
        for number in range(100):
            makers.add(threading.current_thread())
            yield number

    with Source.of(large) as source:
        assert list(ahead(ahead(numbers(), source, depth), source, depth)) == list(range(100))
    assert len(makers) == 1
    assert threading.current_thread() not in makers
    assert not threads()


def test_an_error_comes_after_the_items_before_it(large: Path) -> None:
    """As it was raised."""

    def failing() -> Iterator[int]:
        yield 1
        raise ValueError("the second")

    with Source.of(large) as source:
        items = ahead(failing(), source)
        assert next(items) == 1
        with pytest.raises(ValueError, match="the second"):
            next(items)
    assert not threads()


@pytest.mark.parametrize("how", ["closed", "file closed"])
def test_who_stops_reading_ends_the_thread(large: Path, how: str) -> None:
    """And what it reads is closed; whether it waits for room or is at work, and also where another waits for it."""
    closed = []

    def endless() -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            closed.append(True)

    with Source.of(large) as source:
        items = ahead(ahead(endless(), source), source)
        assert next(items) == 1
        assert len(threads()) == 2
        if how == "closed":
            items.close()  # type: ignore[attr-defined]  # a generator
            assert not threads()
    assert not threads()
    assert closed == [True]


def test_small_files_are_read_without_a_thread(write: Write) -> None:
    """A folder may have thousands."""
    with Source.of(write("small.txt", "a line\n")) as source:
        assert list(ahead((threading.current_thread() for _ in range(2)), source)) == [threading.current_thread()] * 2
