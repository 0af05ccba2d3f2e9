"""Works ahead of who reads a stream: on a thread of its own, a few items further at most."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Generator
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talklike.chat.source import Source

Item = TypeVar("Item")


def ahead(items: Iterable[Item], source: Source, depth: int = 1) -> Iterator[Item]:
    """Yield the same items; while one is used, those after it are made.

    That gains something where making them is work that Python lets other threads do beside it, as Polars' and NumPy's is. An
    error is raised where it would have been without a thread. Small files, and pipes, where nobody knows when more comes, are
    read without one.

    Args:
        items: Makes the items, on the other thread from first to last.
        source: The file that they are made of; the thread has ended before it is closed.
        depth: How many items may wait.
    """
    if not source.waits_for_nobody:
        yield from items
        return
    thread = _Thread(items, depth)
    source.before_closing(thread.stop)
    try:
        yield from thread.items()
    finally:
        thread.stop()


class _End:
    """Stands after the last item.

    Attributes:
        error: Why there are no more, None where there just are none.
    """

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class _Thread(Generic[Item]):
    """Makes items until it is stopped."""

    def __init__(self, items: Iterable[Item], depth: int) -> None:
        self._made: queue.Queue[Item | _End] = queue.Queue(depth)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(iter(items),), name="talklike-ahead", daemon=True)
        self._thread.start()

    def items(self) -> Iterator[Item]:
        while not isinstance(item := self._made.get(), _End):
            yield item
        if item.error is not None:
            raise item.error

    def stop(self) -> None:
        """Let the thread end; may be called again."""
        self._stopped.set()
        while self._thread.is_alive():
            try:  # there may be one that waits for room
                self._made.get(timeout=0.01)
            except queue.Empty:
                self._thread.join(timeout=0.01)
        with contextlib.suppress(queue.Full):  # for another thread that waits for items: none will come, not even the end
            self._made.put_nowait(_End(RuntimeError("the items are no longer made")))

    def _run(self, items: Iterator[Item]) -> None:
        try:
            for item in items:
                self._made.put(item)
                if self._stopped.is_set():
                    break
            if isinstance(items, Generator):  # what it holds open is let go of here, where it was opened
                items.close()
            end = _End()
        except BaseException as error:  # noqa: BLE001 - raised again where the items are used
            end = _End(error)
        self._made.put(end)
