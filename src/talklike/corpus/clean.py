"""How the text of a message is cleaned before a voice learns from it."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

_MAY_QUOTE = r"(?m)^>{1,2}[ \t]"  # nearly all messages are done with after this
_WORD = r"[\p{L}\p{Nl}\p{No}]{2}"
_FENCE = r"[^\S\n]*(?:```|~~~)"
_QUOTATION = rf"^>{{1,2}}(?:[ \t]|\n>)(?:[^\n]|\n>)*?{_WORD}(?:[^\n]|\n>)*\n?"
_CODE = rf"^{_FENCE}[^\n]*(?s:.*?)(?:\n{_FENCE}[^\n]*|\z)"


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
    Leading spaces stay: they indent code. Lines that quote someone go, as Markdown and mail mark them.

    A quotation begins with a line of ``>`` or ``>>`` and a space; lines after it that begin with ``>`` belong to it. It has a
    word in it: ``> 3`` and ``> :(`` quote nobody. Nothing is a quotation in a message that has no other words: there ``> `` is
    emphasis, a picture or, on IRC, what someone typed at a prompt. Neither is anything inside a fenced block of code.

    Args:
        frame: A message table.
        lowercase: Fold letters to lower case, as the tutorial does; half of a person's voice is lost with it.
        with_quotes: Keep lines that quote someone.
    """
    text = _uniform()
    if not with_quotes:
        text = text.map_batches(_without_quotations, return_dtype=pl.String, is_elementwise=True)
    if lowercase:
        text = text.str.to_lowercase()
    return frame.with_columns(text=text).filter(pl.col("text") != "")


def quotations(messages: pl.DataFrame) -> Quotations:
    """Return how much ``cleaned`` leaves out because it is quoted.

    Args:
        messages: A message table.
    """
    text = pl.col("text")
    with_a_mark = messages.select("text").filter(text.str.contains(">", literal=True))  # most have none, and are soon done with
    texts = with_a_mark.select(_uniform()).filter(text.str.contains(_MAY_QUOTE))["text"]
    rows, own = _own(texts)
    # A text ends without white space; what is left of it ends with a newline where its last lines were quoted.
    lines = texts.gather(rows).str.count_matches("\n") - own.str.count_matches("\n") + own.str.ends_with("\n")
    return Quotations(own.len(), int(lines.sum()))


def _without_quotations(texts: pl.Series) -> pl.Series:
    candidates = texts.str.contains(_MAY_QUOTE).fill_null(value=False).arg_true()
    if candidates.is_empty():
        return texts
    rows, own = _own(texts.gather(candidates))
    return texts.scatter(candidates.gather(rows), own.str.strip_chars_end().str.strip_chars_start("\n"))


def _own(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the rows of those texts that quote, and what of them their authors wrote themselves."""
    own = texts.str.replace_all(f"(?m){_QUOTATION}", "")
    fenced = texts.str.contains("```|~~~").arg_true()  # the others don't pay for the group
    own = own.scatter(fenced, texts.gather(fenced).str.replace_all(f"(?m)({_CODE})|{_QUOTATION}", "$1"))
    rows = ((own != texts) & own.str.contains(_WORD)).arg_true()
    return rows, own.gather(rows)


def _uniform() -> pl.Expr:
    return pl.col("text").str.replace_all("\r\n?", "\n").str.strip_chars_end().str.strip_chars_start("\n")
