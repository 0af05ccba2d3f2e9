"""Where the message table lives while it grows."""

from __future__ import annotations

import gc

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from talklike.chat.store import TableStore, TemporaryFolder
from talklike.chat.table import SCHEMA


def batch(texts: list[str]) -> pl.DataFrame:
    """Return rows of the message table."""
    return pl.DataFrame({"text": texts}).select(
        time=pl.lit(None, SCHEMA["time"]), author=pl.lit("a"), name=pl.lit("A"), channel=pl.lit(None, pl.String), text="text"
    )


@given(texts=st.lists(st.lists(st.text(max_size=20), min_size=1, max_size=5), max_size=12), limit=st.integers(1, 2000))
def test_the_table_is_the_same_in_memory_and_on_disk(texts: list[list[str]], limit: int) -> None:
    """Rows keep their order across files."""
    store = TableStore(most_in_memory=limit, part=limit // 2)
    for some in texts:
        store.add(batch(some))
    frame, owner = store.finish()
    collected = frame.collect()
    assert collected.schema == SCHEMA
    assert collected["text"].to_list() == [text for some in texts for text in some]
    del frame, collected, owner


def test_files_go_away_with_their_owner() -> None:
    """A chat that is no longer used leaves nothing behind."""
    store = TableStore(most_in_memory=1)
    store.add(batch(["hello"]))
    frame, owner = store.finish()
    assert isinstance(owner, TemporaryFolder)
    path = owner.path
    assert frame.collect().height == 1
    assert path.exists()
    del owner, store
    gc.collect()
    assert not path.exists()
