"""The registry of formats: one file and one line in ``FORMATS`` each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talklike.chat.formats.arrow import ARROW
from talklike.chat.formats.delimited import DELIMITED
from talklike.chat.formats.discord import DISCORD
from talklike.chat.formats.discord_csv import DISCORD_CSV
from talklike.chat.formats.discord_package import DISCORD_PACKAGE
from talklike.chat.formats.discord_text import DISCORD_TEXT
from talklike.chat.formats.freecodecamp import FREECODECAMP, FREECODECAMP_ANON
from talklike.chat.formats.gitter import GITTER
from talklike.chat.formats.gitter_history import GITTER_HISTORY
from talklike.chat.formats.google_chat import GOOGLE_CHAT
from talklike.chat.formats.hangouts import HANGOUTS
from talklike.chat.formats.instagram import INSTAGRAM
from talklike.chat.formats.irc import IRC
from talklike.chat.formats.jsonl import JSONL
from talklike.chat.formats.lines import LINES
from talklike.chat.formats.matrix import MATRIX
from talklike.chat.formats.mattermost import MATTERMOST
from talklike.chat.formats.mbox import MBOX
from talklike.chat.formats.messenger import MESSENGER
from talklike.chat.formats.parquet import PARQUET
from talklike.chat.formats.rocketchat import ROCKETCHAT
from talklike.chat.formats.signal import SIGNAL
from talklike.chat.formats.slack import SLACK
from talklike.chat.formats.teams import TEAMS
from talklike.chat.formats.telegram import TELEGRAM
from talklike.chat.formats.text import TEXT
from talklike.chat.formats.whatsapp import WHATSAPP
from talklike.chat.formats.zulip import ZULIP

if TYPE_CHECKING:
    from talklike.chat.format import Format

FORMATS: tuple[Format, ...] = (
    FREECODECAMP,
    FREECODECAMP_ANON,
    GITTER_HISTORY,
    GITTER,
    MATTERMOST,
    ROCKETCHAT,
    SLACK,
    DISCORD,
    DISCORD_CSV,
    DISCORD_TEXT,
    DISCORD_PACKAGE,
    ZULIP,
    MATRIX,
    GOOGLE_CHAT,
    HANGOUTS,
    TEAMS,
    TELEGRAM,
    MESSENGER,
    INSTAGRAM,
    SIGNAL,
    WHATSAPP,
    IRC,
    MBOX,
    DELIMITED,
    JSONL,
    PARQUET,
    ARROW,
    TEXT,
    LINES,
)
"""Every format that ``read_chat`` knows; where two are equally sure of a file, the first has it."""
