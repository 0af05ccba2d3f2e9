"""How the text of a message is cleaned before a voice learns from it."""

from __future__ import annotations

import polars as pl


def cleaned_stream(frame: pl.LazyFrame, *, lowercase: bool = False) -> pl.LazyFrame:
    r"""Return the rows of a running text with its line ends made ``\n``, the same wherever it was cut into rows.

    Args:
        frame: A message table whose rows are pieces of one text.
        lowercase: Fold letters to lower case.
    """
    text = pl.col("text")
    cut_in_two = text.str.ends_with("\r") & text.shift(-1).str.starts_with("\n").fill_null(value=False)
    whole = pl.when(cut_in_two).then(text.str.strip_suffix("\r")).otherwise(text).str.replace_all("\r\n?", "\n")
    return frame.with_columns(text=whole.str.to_lowercase() if lowercase else whole)


def cleaned(frame: pl.LazyFrame, *, lowercase: bool = False) -> pl.LazyFrame:
    r"""Return ``frame`` with its ``text`` made uniform, and without messages that this leaves empty.

    Line ends become ``\n``; white space at the end and blank lines at the start, which nobody means to say, go.
    Leading spaces stay: they indent code.

    Args:
        frame: A message table.
        lowercase: Fold letters to lower case, as the tutorial does; half of a person's voice is lost with it.
    """
    text = pl.col("text").str.replace_all("\r\n?", "\n").str.strip_chars_end().str.strip_chars_start("\n")
    if lowercase:
        text = text.str.to_lowercase()
    return frame.with_columns(text=text).filter(pl.col("text") != "")
