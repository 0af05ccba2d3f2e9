"""Which column of a table holds the author, the text, the time …: by common names, or as the user says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from talklike.errors import FormatError, OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

AUTHOR_IDS = (
    "fromuserid", "authorid", "senderid", "userid", "fromid", "accountid", "memberid", "speakerid", "participantid",
    "characterid", "uid",
)  # fmt: skip
AUTHOR_NAMES = (
    "author", "user", "username", "nick", "nickname", "sender", "from", "fromuser", "fromusername", "authorname",
    "sendername", "speaker", "speakername", "character", "charactername", "rawcharactertext", "characteractual",
    "characterinscript", "char", "who", "handle", "screenname", "displayname", "member", "participant", "postedby",
    "fullname", "realname", "person", "personscene", "player", "actor", "name", "role",
)  # fmt: skip
DISPLAY_NAMES = (
    "fromuserdisplayname", "displayname", "authordisplayname", "fromuserusername", "fromusername", "authorname",
    "authorusername", "sendername", "speakername", "charactername", "rawcharactertext", "username", "userdisplayname",
    "screenname", "nickname", "nick", "realname", "fullname", "userrealname", "author", "sender", "speaker", "character",
    "user", "from", "handle", "name",
)  # fmt: skip
# Scripts have stage directions in their full text, and only what is said in another column.
TEXTS = (
    "text", "message", "content", "body", "characterwords", "spokenwords", "line", "linetext", "playerline", "msg", "comment",
    "messagetext", "messagebody", "messagecontent", "postmessage", "dialogue", "dialog", "rawtext", "fulltext", "utterance",
    "sentence", "speech", "post", "tweet", "chattext", "quote", "lines", "said", "transcript", "script",
)  # fmt: skip
TIMES = (
    "sent", "sentat", "timestamp", "datetime", "createdat", "created", "createdutc", "createtime", "time", "date", "ts", "when",
    "postedat", "senttime", "sentdate", "messagetime", "messagedate", "postcreationtime", "unixtime", "epoch",
    "createddate", "createdtime", "creationdate", "creationtime", "dateposted", "postdate", "datesent", "timesent",
    "timestampms", "timestamputc",
)  # fmt: skip
IDS = ("messageid", "msgid", "mid", "postid", "id", "guid", "uuid")
CHANNELS = (
    "channel", "channelname", "roomuri", "room", "roomname", "conversation", "conversationname", "chat", "chatname",
    "group", "groupname", "channelid", "roomid", "conversationid", "chatid",
)  # fmt: skip


@dataclass(frozen=True)
class ColumnOptions:
    """The columns that the user names, each by its name or its number from 1; None is to be recognised.

    Attributes:
        author: Who wrote a message.
        text: What they wrote.
        time: When.
    """

    author: str | None = None
    text: str | None = None
    time: str | None = None

    def __bool__(self) -> bool:
        return any(value is not None for value in (self.author, self.text, self.time))


@dataclass(frozen=True)
class Columns:
    """Where a table keeps what a message table needs, as column numbers from 0; None where it doesn't.

    Attributes:
        author: Of the author's id.
        text: Of the message.
        name: Of the display name.
        channel: Of the room or conversation.
        time: Of the time; two, where the date has a column of its own.
        id: Of the message's id.
    """

    author: int
    text: int
    name: int | None = None
    channel: int | None = None
    time: tuple[int, ...] = ()
    id: int | None = None

    def used(self) -> list[int]:
        """Return all column numbers, in ascending order."""
        return sorted({i for i in (self.author, self.text, self.name, self.channel, self.id) if i is not None} | set(self.time))


def canonical(name: str) -> str:
    """Return a column's name without case and punctuation, as the lists above write it.

    >>> canonical("fromUser.id"), canonical(" From_UserID ")
    ('fromuserid', 'fromuserid')
    """
    return "".join(filter(str.isalnum, name)).lower()


def recognised(names: Sequence[str]) -> int:
    """Return how much of a row reads like the header of a chat: 2 where author and text have columns, 1 where one has."""
    found = {canonical(name) for name in names}
    return int(not found.isdisjoint((*AUTHOR_IDS, *AUTHOR_NAMES))) + int(not found.isdisjoint(TEXTS))


def find(names: Sequence[str], options: ColumnOptions, source: str) -> Columns:
    """Find the columns of a table that names them.

    Args:
        names: The header, or the dotted names of nested fields.
        options: What the user says; goes before what is recognised.
        source: The file as the user named it, for errors.

    Raises:
        FormatError: No column is known to hold the author or the text; or one that ``options`` names isn't there.
        OptionError: Two options name the same column.
    """
    plain = [canonical(name) for name in names]

    def first(candidates: Sequence[str], *, without: tuple[int | None, ...] = ()) -> int | None:
        return next((plain.index(c) for c in candidates if c in plain and plain.index(c) not in without), None)

    text = _chosen(options.text, "--text-column", names, source)
    author = _chosen(options.author, "--author-column", names, source)
    time = _chosen(options.time, "--time-column", names, source)
    if text is None:
        text = first(TEXTS, without=(author, time))
    if author is None:
        author = first((*AUTHOR_IDS, *AUTHOR_NAMES), without=(text, time))
    if author is None or text is None:
        raise _unknown(author is None, text is None, names, source)
    _distinct(author, text, time)
    without = (author, text, time)
    # Beside a column of names, only one that is called a name more clearly is better.
    better = DISPLAY_NAMES if plain[author] in AUTHOR_IDS else ("displayname", "realname", "fullname", "name")
    times = (time,) if time is not None else _times(plain, without)
    return Columns(
        author=author,
        text=text,
        name=first(better, without=without),
        channel=first(CHANNELS, without=without),
        time=times,
        id=first(IDS, without=without),
    )


def number(width: int, options: ColumnOptions, source: str, known: Columns | None = None) -> Columns:
    """Find the columns of a table without a header.

    Args:
        width: How many columns there are.
        options: What the user says, in numbers from 1.
        source: The file as the user named it, for errors.
        known: What is known of this layout.

    Raises:
        FormatError: Neither ``options`` nor ``known`` says where author and text are.
        OptionError: Two options name the same column.
    """
    numbers = [str(i) for i in range(1, width + 1)]
    text = _chosen(options.text, "--text-column", numbers, source, header=False)
    author = _chosen(options.author, "--author-column", numbers, source, header=False)
    time = _chosen(options.time, "--time-column", numbers, source, header=False)
    if known is None:
        if author is None or text is None:
            raise _unknown(author is None, text is None, numbers, source, header=False)
        known = Columns(author, text)
    author_known = author is None or author == known.author
    author = known.author if author is None else author
    text = known.text if text is None else text
    _distinct(author, text, time)
    return Columns(
        author=author,
        text=text,
        name=known.name if author_known else None,
        channel=known.channel,
        time=known.time if time is None else (time,),
        id=known.id,
    )


def _times(plain: list[str], without: tuple[int | None, ...]) -> tuple[int, ...]:
    if "date" in plain and "time" in plain and not {"sent", "sentat", "timestamp", "datetime", "createdat"} & set(plain):
        return plain.index("date"), plain.index("time")
    return next(((plain.index(t),) for t in TIMES if t in plain and plain.index(t) not in without), ())


def _chosen(wanted: str | None, option: str, names: Sequence[str], source: str, *, header: bool = True) -> int | None:
    """Return the number of the column that an option names: exactly, in another case, or by its number."""
    if wanted is None:
        return None
    if wanted in names:
        return list(names).index(wanted)
    alike = [i for i, name in enumerate(names) if canonical(name) == canonical(wanted) != ""]
    if len(alike) == 1:
        return alike[0]
    if wanted.isdecimal() and 1 <= int(wanted) <= len(names):
        return int(wanted) - 1
    raise FormatError(f"{source} has no column {wanted!r} ({option}); {_columns(names, header=header)}")


def _distinct(author: int, text: int, time: int | None) -> None:
    if author == text:
        raise OptionError(f"--author-column and --text-column name the same column ({author + 1})")
    if time in (author, text):
        raise OptionError(f"--time-column names the column of the {'author' if time == author else 'text'}")


def _unknown(author: bool, text: bool, names: Sequence[str], source: str, *, header: bool = True) -> FormatError:
    what = " and ".join(word for word, unknown in (("who wrote", author), ("what they wrote", text)) if unknown)
    options = " and ".join(o for o, unknown in (("--author-column", author), ("--text-column", text)) if unknown)
    return FormatError(f"{source}: no column is known to say {what}; {_columns(names, header=header)}; name them with {options}")


def _columns(names: Sequence[str], *, header: bool) -> str:
    if not header:
        return f"it has {len(names)} columns and no header: use numbers from 1 to {len(names)}"
    shown = ", ".join(name or f"(column {i} has no name)" for i, name in enumerate(names[:40], 1))
    return f"its columns are {shown}{', …' if len(names) > 40 else ''}"
