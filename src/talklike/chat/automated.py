r"""Which authors look automated: bots, feeds and whoever keeps posting the same.

The rule: **an author looks automated when at least 45 % of what they write is stock; 15 % if their name says bot.**
A message is stock when its form, its wording or its opening comes back in another tenth of the author's messages:

1. its form, if it has 12 letters or more, or if numbers, names or links fill it in and one message in 20 has it;
2. its wording, if it has 20 characters or more;
3. its first three words, if they have 6 letters or more and one message in 33 begins with them, or if numbers,
   names or links fill them in and one message in 10 does; in three tenths.

The form is the message without whom it addresses (``alice: …``), in lower case, with numbers, links, paths, mentions,
quoted words and the names of the chat's authors blanked out. ``SAMPLE`` messages are looked at; the fewer there are, the
less their share counts (the lower end of Wilson's interval, one standard error wide). Below ``FEWEST`` messages there
is no verdict.

Why: people repeat short words and greetings, not long forms, and code that they try out only within an hour. Of the
2,670 people in freeCodeCamp's Gitter rooms, #perl6, #ubuntu and South Park with 20 messages or more, none is above 0.38
(nor, with a name that says bot, above 0.03); the lowest of their 30 bots are at 0.53 (dalek) and, with such a name,
at 0.19 (ubotu).

**So does one who relays others' messages**, as the bots do that bridge a channel to another network: 60 % of what such an
author writes begins with a name in brackets, bold or code (``<nick> text``, ``**nick**: text``), two names at least; or
with three names or more and a colon (``nick: text``) that nobody in this chat has, for people address each other so.
Of the same people none is above 0.19 in marked names, nor above 0.44 in names from elsewhere.

Source: Wilson (1927), Probable Inference, the Law of Succession, and Statistical Inference.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable

FEWEST = 20
"""Messages below which there is no verdict."""

SAMPLE = 150
"""About how many messages of an author are looked at, spread over all."""

STOCK = 0.45
"""Share of stock messages from which an author looks automated."""

STOCK_OF_BOTS = 0.15
"""The same where the name says bot."""

BOT_NAME = re.compile(r"bot(t?u)?([^a-z]|$)|svn|webhook|(feed|eval|serv)$", re.IGNORECASE)
"""Names that say bot: camperbot, ubottu, pugs_svn; never enough by itself (CokeBot9000 is a person)."""

RELAYED = 0.6
"""Share of others' messages from which an author looks like a relay."""

FEWEST_MARKED, FEWEST_BARE = 2, 3
"""Different names that a relay passes on, in brackets and without."""

LONGEST = 200
"""How much of a message is looked at [character]."""

PARTS = 10
"""Into how many parts of equal size an author's messages are cut."""

# Knuth's multiplicative hash spreads row numbers evenly and, unlike Polars' own, is the same in every version.
SPREAD = (pl.col("row").cast(pl.UInt64) * 2_654_435_761 % (1 << 32)) / (1 << 32)
"""Where a row stands in the order in which an author's sample is drawn, 0 to 1."""

BLANK = "§"
# Rust's regular expressions, in this order; the first only at the start.
_ADDRESSED = r"^@?[^\s:,]{1,25} ?[:,]\s+"
_BLANKED = (
    r"https?://[^\s)\]>]+|www\.[^\s)\]>]+",
    r"`[^`]*`|\"[^\"]*\"|«[^»]*(»|$)|(^|[\s(])'[^']+'",  # quoted; what is too long has lost its end
    r"@[\w/-]+",
    r"\S*/\S*",
    r"\b[a-f]*[0-9][a-f0-9]*\b|\d+",  # numbers, hexadecimal too
)
# Colours and other signs that IRC clients read, and what bridges put into a nick so that it doesn't ring.
_UNSEEN = r"\x03[0-9]{0,2}(?:,[0-9]{1,2})?|[\x02\x0f\x16\x1d\x1f\x{200b}\x{2060}]"
_MARKED = r"^(?:<[@+%&~]?([^<>]{1,40})>|\*\*<?([^*<>]{1,40}?)>?:?\*\*|`<?([^`<>]{1,40})>?`|\[([^\[\]]{1,40})\]):?\s+\S"
_BARE = r"^([^\s:<>,`*\[\]()/]{1,40}):\s+\S"
_PUNCTUATION = ".,:;!?()[]<>{}*+'\"|- \t\r\n"


def judge(frame: pl.LazyFrame, counted: pl.DataFrame, names: pl.Series) -> dict[str, str]:
    """Return the authors that look automated, each with the reason.

    Args:
        frame: The message table.
        counted: Columns ``author``, ``name`` and ``messages`` of those to judge.
        names: What all authors of the chat are called, to blank out.
    """
    return judge_drawn(partial(sample, frame), counted, names)


def judge_drawn(draw: Callable[[pl.DataFrame], pl.DataFrame], counted: pl.DataFrame, names: pl.Series) -> dict[str, str]:
    """Return what ``judge`` does.

    Args:
        draw: Gives what ``sample`` does for columns ``author`` and ``messages``.
        counted: Columns ``author``, ``name`` and ``messages`` of those to judge.
        names: What all authors of the chat are called, to blank out.
    """
    enough = counted.filter(pl.col("messages") >= FEWEST).select("author", "name", "messages")
    if not enough.height:
        return {}
    messages = draw(enough)
    verdicts = relays(messages, names)
    shares = stock_shares(messages, names).join(enough, on="author")
    for author, name, share, seen in shares.select("author", "name", "share", "seen").iter_rows():
        bot = BOT_NAME.search(name) is not None
        if author not in verdicts and lower_end(share, seen) >= (STOCK_OF_BOTS if bot else STOCK):
            reason = f"{share:.0%} of the messages are stock"
            verdicts[author] = f"{reason} and the name says bot" if bot else reason
    return verdicts


def relays(messages: pl.DataFrame, names: pl.Series) -> dict[str, str]:
    """Return the authors whose messages are mostly those of others, passed on by a bridge, each with the reason.

    Args:
        messages: Columns ``author`` and ``text``.
        names: What the authors of the chat are called.
    """
    text = pl.col("text").str.replace_all(_UNSEEN, "").str.strip_chars_start()
    marked = pl.coalesce(text.str.extract(_MARKED, group) for group in range(1, 5)).str.to_lowercase()
    bare = text.str.extract(_BARE, 1).str.to_lowercase()
    known = names.str.to_lowercase().unique().implode()
    found = (
        messages.select("author", marked=marked, bare=pl.when(~bare.is_in(known)).then(bare))
        .group_by("author", maintain_order=True)
        .agg(
            seen=pl.len(),
            marked=pl.col("marked").count(),
            marked_names=pl.col("marked").drop_nulls().n_unique(),
            bare=pl.col("bare").count(),
            bare_names=pl.col("bare").drop_nulls().n_unique(),
        )
    )
    verdicts = {}
    for row in found.iter_rows(named=True):
        for form, fewest in (("marked", FEWEST_MARKED), ("bare", FEWEST_BARE)):
            share, others = row[form] / row["seen"], row[f"{form}_names"]
            if others >= fewest and lower_end(share, row["seen"]) >= RELAYED:
                verdicts[row["author"]] = f"relays others' messages: {share:.0%} begin with one of {others:,} names"
                break
    return verdicts


def sample(frame: pl.LazyFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """Return about ``SAMPLE`` messages of each author, spread over the chat and in its order, the same every time.

    Args:
        frame: The message table.
        wanted: Columns ``author`` and ``messages``.
    """
    rows = frame.select("author", pl.col("text").str.slice(0, LONGEST)).with_row_index("row")
    return drawn(rows, wanted).collect(engine="streaming").sort("row")


def drawn(rows: pl.LazyFrame, wanted: pl.DataFrame) -> pl.LazyFrame:
    """Return those of ``rows`` that are in the sample; with fewer messages than an author has, it holds the sample and more.

    Args:
        rows: Columns ``row`` (the number in the chat), ``author`` and ``text``.
        wanted: Columns ``author`` and ``messages``.
    """
    keep = wanted.lazy().select("author", keep=SAMPLE / pl.col("messages"))
    return rows.join(keep, on="author").filter(pl.col("keep") > SPREAD).select("row", "author", "text")


def stock_shares(messages: pl.DataFrame, names: pl.Series) -> pl.DataFrame:
    """Return the share of stock messages of each author.

    Args:
        messages: Columns ``row`` (different in each), ``author`` and ``text``, in the order of the chat.
        names: What to blank out.

    Returns:
        Columns ``author``, ``share`` (0 to 1) and ``seen`` (messages).
    """
    seen = pl.len().over("author")
    part = pl.int_range(pl.len()).over("author") * PARTS // seen

    def parts(column: str) -> pl.Expr:
        return pl.col("part").n_unique().over("author", column)

    def letters(column: str) -> pl.Expr:
        return pl.col(column).str.count_matches(r"\p{L}")

    def filled(column: str) -> pl.Expr:
        return pl.col(column).str.contains(f"{BLANK}.* | .*{BLANK}")

    form = (parts("form") > 1) & ((letters("form") >= 12) | (filled("form") & _often("form", 20)))
    wording = (parts("text") > 1) & (pl.col("text").str.len_chars() >= 20)
    opening = (parts("opening") > 2) & (
        ((letters("opening") >= 6) & (pl.col("words") > 3) & _often("opening", 33))
        | ((pl.col("words") > 2) & filled("opening") & _often("opening", 10))
    )
    return (
        messages.join(forms(messages, names), on="row", how="left", maintain_order="left")
        .with_columns(part=part)
        .with_columns(stock=(form | wording | opening).fill_null(value=False))
        .group_by("author", maintain_order=True)
        .agg(share=pl.col("stock").mean(), seen=pl.len())
    )


def forms(messages: pl.DataFrame, names: pl.Series) -> pl.DataFrame:
    """Return ``row``, ``form``, ``opening`` (its first three words) and ``words`` (how many) of each message that has any."""
    bare = pl.col("text").str.replace(_ADDRESSED, "")
    for pattern in _BLANKED:
        bare = bare.str.replace_all(pattern, BLANK)
    known = names.str.to_lowercase().filter(names.str.len_chars() >= 3).unique().implode()
    word = pl.col("word")
    return (
        messages.select("row", word=bare.str.to_lowercase().str.replace_all(r"\s+", " ").str.split(" "))
        .explode("word")
        .filter(word != "")
        .with_columns(word=pl.when(word.str.strip_chars(_PUNCTUATION).is_in(known)).then(pl.lit(BLANK)).otherwise(word))
        .group_by("row", maintain_order=True)
        .agg(form=word.str.join(" "), opening=word.head(3).str.join(" "), words=pl.len())
    )


def lower_end(share: float, seen: int) -> float:
    """Return the lower end of Wilson's interval, one standard error wide.

    >>> round(lower_end(0.5, 25), 2), round(lower_end(0.5, 2500), 2)
    (0.4, 0.49)
    """
    spread = (share * (1 - share) / seen + 1 / (4 * seen * seen)) ** 0.5
    return float((share + 1 / (2 * seen) - spread) / (1 + 1 / seen))


def _often(column: str, one_in: int) -> pl.Expr:
    """Return whether a value comes in one of ``one_in`` messages of its author, and three times."""
    return pl.len().over("author", column) >= pl.max_horizontal(pl.len().over("author") / one_in, 3)
