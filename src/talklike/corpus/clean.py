"""How the text of a message is cleaned before a voice learns from it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

MAY_QUOTE = r"(?m)^>{1,2}[ \t]"
"""What a message must hold that quotes, in Rust's regular expressions; nearly all messages are done with after this."""

_QUOTED = re.compile(r">{1,2}(?:[ \t].*|$)")
_WITHIN = re.compile(r">")  # deeper quotations and blank lines, once a quotation has begun
_WORD = re.compile(r"[^\W\d_]{2}")
_FENCE = re.compile(r"\s*(?:```|~~~)")


@dataclass(frozen=True)
class Quotations:
    """What of a chat was quoted from others inside messages.

    Attributes:
        messages: Messages that quote.
        lines: Lines that are not their author's own.
    """

    messages: int
    lines: int


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


def cleaned(frame: pl.LazyFrame, *, lowercase: bool = False, with_quotes: bool = False) -> pl.LazyFrame:
    r"""Return ``frame`` with its ``text`` made uniform, and without messages that this leaves empty.

    Line ends become ``\n``; white space at the end and blank lines at the start, which nobody means to say, go.
    Leading spaces stay: they indent code. Lines that quote someone go (see ``without_quotations``).

    Args:
        frame: A message table.
        lowercase: Fold letters to lower case, as the tutorial does; half of a person's voice is lost with it.
        with_quotes: Keep lines that quote someone.
    """
    text = _uniform()
    if not with_quotes:
        text = text.map_batches(_all_without_quotations, return_dtype=pl.String, is_elementwise=True)
    if lowercase:
        text = text.str.to_lowercase()
    return frame.with_columns(text=text).filter(pl.col("text") != "")


def quotations(frame: pl.LazyFrame) -> Quotations:
    """Return how much ``cleaned`` leaves out because it is quoted.

    Args:
        frame: A message table.
    """
    messages = lines = 0
    quoting = frame.select(text=_uniform()).filter(pl.col("text").str.contains(MAY_QUOTE))
    for batch in quoting.collect_batches(maintain_order=False, engine="streaming"):
        for text in batch["text"]:
            gone = sum(_quoted_lines(text.split("\n")))
            messages += gone > 0
            lines += gone
    return Quotations(messages, lines)


def without_quotations(text: str) -> str:
    r"""Return a message without the lines that quote someone, as Markdown and mail mark them.

    A quotation begins with a line of ``>`` or ``>>``, a space and something with a word in it; lines after it that begin
    with ``>`` belong to it. Nothing is a quotation in a message that has no other words: there ``> `` is emphasis, a
    picture or, on IRC, what someone typed at a prompt. Neither is anything inside a fenced block of code.

    >>> without_quotations("> shall we meet?\n\nyes")
    'yes'
    >>> without_quotations("> my $x = 42")
    '> my $x = 42'
    """
    lines = text.split("\n")
    quoted = _quoted_lines(lines)
    if not any(quoted):
        return text
    return "\n".join(line for line, out in zip(lines, quoted, strict=True) if not out).rstrip().lstrip("\n")


def _quoted_lines(lines: list[str]) -> list[bool]:
    """Return for each line of a message whether it quotes."""
    quoted = [False] * len(lines)
    fenced = within = False
    start = 0
    for number, line in enumerate([*lines, ""]):
        if within and not _WITHIN.match(line):
            within = False
            if not any(_WORD.search(one) for one in lines[start:number]):  # > 3, > :(
                quoted[start:number] = [False] * (number - start)
        if number == len(lines):
            break
        if not within and _FENCE.match(line):
            fenced = not fenced
        elif not fenced and not within and _QUOTED.match(line):
            within, start = True, number
        quoted[number] = within
    own = any(_WORD.search(line) for line, out in zip(lines, quoted, strict=True) if not out)
    return quoted if own else [False] * len(lines)


def _all_without_quotations(texts: pl.Series) -> pl.Series:
    rows = texts.str.contains(MAY_QUOTE).fill_null(value=False).arg_true()
    if rows.is_empty():
        return texts
    return texts.scatter(rows, [without_quotations(text) for text in texts.gather(rows)])


def _uniform() -> pl.Expr:
    return pl.col("text").str.replace_all("\r\n?", "\n").str.strip_chars_end().str.strip_chars_start("\n")
