"""What a line of an IRC log says behind its stamp: who wrote or did what, or what the network and the client tell.

Every client, bouncer and bot has its own words. Those for what people write and do are few and stand in a registry (``STYLES``);
a log has one of them for messages (``LAYOUTS``) and, mixed with it, any for actions. What the client tells of joins, modes,
topics and the like is recognised by its mark (``***``, ``-!-``, ``-->``, ``===`` …) or by its words. Only nick changes are read
further.

Sources: the logs of #perl6, #ubuntu, #ceph and others that are published, what other programs that read such logs expect (pisg,
irclog2html, perceval, ilc, IRC::Log), the manuals of the clients.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container

Kind = Literal["message", "action", "system", "unknown"]

LONGEST_NICK = 80
"""Of a name in front of a message; networks allow 9 to 30, bridges write more [character]."""

_MODES = "@+%&~!"
"""What stands in front of the nicks of operators and the like, and in no nick."""

_PLAIN_NICK = rf"(?P<nick>[\w\[\]\\`^{{}}|][^\s<>:!]{{0,{LONGEST_NICK}}})"
_PLAIN_TEXT = r"(?P<text>[^\x01].*)"
_NICK = rf"(?P<nick>[^\s<>*]{{1,{LONGEST_NICK}}})"
_N = rf"[^\s<>*:]{{1,{LONGEST_NICK}}}"  # of whom a line of the client tells
_SPELT = rf"[\w\[\]\\`^{{}}|-]{{1,{LONGEST_NICK}}}"  # as the network allows nicks
_HOST = r"[\[(][^\s\[\]()]{0,150}@[^\[\]()]{0,150}[\])]"


@dataclass(frozen=True)
class Style:
    """A way to write what somebody said or did.

    Attributes:
        name: Who writes so.
        example: What stands behind the stamp.
        pattern: Matches from there, with the groups ``nick`` and ``text``. Linear: repetitions before the text are bounded.
        simple: The same for lines in which nick and text stand as they are, without anything that ``message`` looks for.
        of_speakers: Whether it counts only for somebody who has said something, as others' lines look the same.
    """

    name: str
    example: str
    pattern: re.Pattern[str]
    simple: str = ""
    of_speakers: bool = False


def _style(name: str, example: str, pattern: str, simple: str = "", *, of_speakers: bool = False) -> Style:
    return Style(name, example, re.compile(pattern, re.DOTALL), simple, of_speakers)


ANGLES = _style(
    "nearly all",
    " <wren> hi",
    rf"[ \t]{{0,4}}<[ {_MODES}]{{0,30}}(?P<nick>[^\s<>-][^\t<>]{{0,{LONGEST_NICK}}}?)[ ]?>(?:[ \t]|$)(?P<text>.*)",
    rf"[ \t]{{0,4}}<[ {_MODES}]{{0,30}}{_PLAIN_NICK}>[ \t]{_PLAIN_TEXT}",
)
TABS = _style(
    "WeeChat",
    "\twren\thi",
    rf"\t[ {_MODES}<]{{0,5}}(?P<nick>[\w\[\]\\`^{{}}|][^\t<>]{{0,{LONGEST_NICK}}}?)[ ]?>?\t(?P<text>.*)",
    rf"\t[ {_MODES}]{{0,5}}{_PLAIN_NICK}\t{_PLAIN_TEXT}",
)
COLONS = _style(
    "LimeChat and some bots",
    " wren: hi",
    rf"[ ]{{1,2}}[{_MODES}]{{0,3}}(?P<nick>[^\s:,<>*]{{1,{LONGEST_NICK}}}):(?:[ ]|$)(?P<text>.*)",
    rf"[ ]{{1,2}}[{_MODES}]{{0,3}}{_PLAIN_NICK}:[ ]{_PLAIN_TEXT}",
)
ADDRESSED = _style(
    "the Ubuntu Dialogue Corpus",
    "\twren\totter\thi",
    rf"\t(?P<nick>[\w\[\]\\`^{{}}|][^\s<>]{{0,{LONGEST_NICK}}})\t[^\s<>]{{0,{LONGEST_NICK}}}\t(?P<text>.*)",
    rf"\t{_PLAIN_NICK}\t[^\s<>]{{0,{LONGEST_NICK}}}\t{_PLAIN_TEXT}",
)
LAYOUTS = (ANGLES, TABS, COLONS, ADDRESSED)
"""How messages stand in a log."""

STYLES = (
    ANGLES,
    _style("WeeChat's action", "\t *\twren waves", rf"\t[ ]?\*\t{_NICK}(?:[ ](?P<text>.*)|$)"),
    _style("most actions", " * wren waves", rf"[ \t]{{0,4}}\*[ \t]{{1,4}}{_NICK}(?:[ \t](?P<text>.*)|$)"),
    _style("Textual's action", " • wren: waves", rf"[ ]?•[ ](?P<nick>[^\s<>*:]{{1,{LONGEST_NICK}}}):?(?:[ ](?P<text>.*)|$)"),
    _style("eggdrop's action", " Action: wren waves", rf"[ ]?Action:[ ]{_NICK}(?:[ ](?P<text>.*)|$)"),
    _style("IRCCloud's action", " — wren waves", rf"[ ]?—[ ]{_NICK}(?:[ ](?P<text>.*)|$)"),
    _style("Quassel's and old WeeChat's action", " -*- wren waves", rf"[ ]{{0,2}}-\*-[ ]{_NICK}(?:[ ](?P<text>.*)|$)"),
    _style(
        "dircproxy's action",
        " [wren!w@example.org] ACTION waves",
        rf"[ ]?\[(?P<nick>[^\s<>*!\]]{{1,{LONGEST_NICK}}})![^\s\]]{{0,200}}\][ ]ACTION[ ](?P<text>.*)",
    ),
    _style("old #ubuntu's action", "=== wren waves", rf"[ ]?===[ ]{_NICK}[ ](?P<text>.*)", of_speakers=True),
    _style("Pidgin's action", " ***wren waves", rf"[ ]{{0,2}}\*\*\*{_NICK}[ ](?P<text>.*)", of_speakers=True),
    _style("some bots' action", " *wren waves", rf"[ ]{{0,2}}\*{_NICK}[ ](?P<text>.*)", of_speakers=True),
)
"""How it stands that somebody says or does something, whatever a log's layout; tried in this order."""

_MARKS = ("*** ", "-!- ", "--> ", "<-- ", "--- ")
"""The marks of most lines that are neither said nor done."""

_MARKED = re.compile(
    r"\*\*|-!-|###|--?>|<--?|--|[-=]-[-=]|={2,4}|\|?<--|-->\||<->|>>>?|[@!<>][ ]|[→←⇐↔⇄⚡]|-:-|"
    rf"-[^\s-][^\s]{{0,{2 * LONGEST_NICK}}}-(?:\s|$)|-{_N} {_HOST}- |>{_N}<\s"  # notices
)
_TOLD = re.compile(
    rf"{_N} (?:{_HOST} {{1,2}})?(?:(?:has|was|is|have|got) )?(?:been )?"
    r"(?:joined|left|quit|Quit|parted|kicked|netsplit|lost in|now known as|sets? mode|"
    r"changed (?:mode|the topic|topic|nick)|changes? (?:topic|nick)|set (?:topic|the topic|channel)|"
    r"entered the room|returned to [#&]\S+)\b|"
    rf"{_N}, (?:joining|leaving|quitting)\.|(?:{_N}: )?mode change '|"
    r"(?:Joins|Parts|Quits|Nick change|Session (?:Start|Close|Time|Ident)|Topic changed on|Last message repeated|Users on|"
    r"Mode is|Topic is|Topic for|Set by|Now talking (?:in|on)|Disconnected|Connected|Connecting|Looking up|"
    r"Log (?:opened|closed))\b|"
    r"You(?:'re| are| have| were| have been) (?:now|not|joined|left|kicked|disconnected|connected|banned|no longer)\b|"
    rf"\[(?:Users )?[#&]|\[[ {_MODES}][^\s\[\]]{{1,{LONGEST_NICK}}}[ ]{{0,40}}\](?:$|[ ]\[)|"  # irssi's list of who is there
    r"\[?(?:Join|Part|Quit|Nick|Mode|Topic|Kick|Info|Notice|Users|Away|Error|Server|Ban|Created|Names)\]?[ \t]"
)
_STARRED = re.compile(
    rf"{_N} {_HOST}|(?:Joins|Parts|Quits): |"
    rf"{_N} has (?:joined|left) (?:(?:the|this) channel\b|[#&]\S)|{_N} has quit(?: IRC)? ?\(|{_N} has quit(?: IRC\b|$)|"
    rf"{_N} (?:joined|left) (?:the|this) channel$|{_N} → {_SPELT}$|"  # botbot.me, IRCCloud
    rf"{_N} (?:is|are) now known as {_N}$|{_N} (?:sets?|has set) modes?:? [+-]|{_N} sets mode\(?s?\)?:? |"
    rf"{_N} gives (?:channel (?:half-?)?operator status|(?:half-?)?op|voice) to {_N}|"
    rf"{_N} removes (?:channel (?:half-?operator|operator) status|voice|channel (?:keyword|key)|user limit|(?:ban|exempt) on)\b|"
    rf"{_N} set (?:[+-][A-Za-z]|the topic to )|Channel (?:mode|timestamp) is |Socket closed$|"
    rf"{_N} sets (?:ban|quiet|exempt|invite exempt) on \S|{_N} sets channel (?:keyword|limit|key) |"
    rf"{_N} has changed the topic to: |{_N} changes (?:the )?topic to ['\"]|"
    rf"{_N} (?:has kicked|was kicked by) {_N}(?: from [#&]| \(|$)|"
    r"Now talking (?:on|in) [#&]|Topic (?:for [#&]|is ['\"])|Topic set by |Set by \S+ on |Users on [#&]|Channel [#&]|[#&]\S+ |"
    r"(?:Disconnected|Connected\. Now logging in|Looking up \S|Connecting to \S|Attempting to rejoin|Rejoined channel|"
    r"Loaded log from|Retrieving [#&]\S+ |Received a CTCP|Cannot join|Stopped previous connection|Cycling to next server|"
    r"You (?:are now|have been|have left|have joined|were kicked)|You're (?:now|not))\b|"
    r"\[[^\s\]]{1,80}\] (?:\([^\s@]{1,80}@[^\s)]{1,150}\): |End of WHOIS)"
)
"""What behind a star is no action; in words that hardly anybody would do."""

_UNMISTAKABLE = re.compile(
    rf"(?:[^\w\s]{{1,4}}[ \t]+|\t\S{{1,4}}\t)?(?:(?:Joins|Parts|Quits): {_N}|"
    rf"{_N} {_HOST}[ ]+(?:has )?(?:joined|left|quit|Quit)\b|"
    rf"{_N} has (?:joined|left) (?:the channel\b|\(?[#&]\S)|{_N} has quit(?: IRC)?(?:$| ?[\[(])|{_N} is now known as {_N}$|"
    rf"{_N} (?:{_HOST} )?(?:entered|left) the room|{_N} sets mode:? [+-]|"
    rf"{_N}, (?:joining|leaving|quitting)\. ?\(|mode/[#&])|\*\*\* {_N} (?:joined|left)$|-!- "
)
"""Lines of clients that nothing else would write."""

_CHANNEL = re.compile(
    r"(?:^|joined|left|talking (?:on|in)|Topic for|joining\.|leaving\.|Ident:|Users on|with|[Mm]ode|\[Users) ?/?(?:the )?"
    r"(?:channel )?\(?([#&][^\s(),:\[\]]{1,60})"
)
_RENAMED = re.compile(
    rf"(?:[^\w\s<>]{{1,5}}[ \t]+|\[?Nick\]?[ \t]+)?(?P<old>{_N}) (?:is now known as|is known as|changes nick to|→(?= {_SPELT}$)|"
    rf"(?:has )?changed (?:his |her |their |its )?nick(?:name)? to) (?P<new>{_N}?)\.?$"
)
_NICK_CHANGE = re.compile(rf"Nick change: (?P<old>{_N}) -> (?P<new>{_N})$")

_CODES = re.compile(
    r"\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?|[\x02\x0f\x11\x12\x16\x1d\x1e\x1f]"
)
_BEGIN_CODES = "\x02\x03\x04\x0f\x11\x12\x16\x1d\x1e\x1f"
_LEFT_OF_CODES = re.compile(r"\d{1,2}(?=\[\d\d?:\d\d)")


class Said(NamedTuple):
    """What follows the stamp of a line.

    Attributes:
        kind: A message, an action (``/me waves``), something that the network or the client tells, or none of these.
        nick: Who; empty in the last two.
        text: What.
        channel: Where, if the line says so.
    """

    kind: Kind
    nick: str = ""
    text: str = ""
    channel: str | None = None


_SYSTEM = Said("system")


def said(rest: str, speakers: Container[str] = (), layout: Style = ANGLES) -> Said:
    r"""Return what a line says.

    Args:
        rest: The line behind its stamp, with the space or tab that follows.
        speakers: Who has said something in this log.
        layout: How messages stand in it.

    >>> said(" <@wren> hi")
    Said(kind='message', nick='wren', text='hi', channel=None)
    >>> said(" * wren waves").text
    'waves'
    >>> said(" * wren has joined #kelp").kind, said(" wren (w@example.org) joined #kelp.").kind, said(" hi").kind
    ('system', 'system', 'unknown')
    """
    body = rest.lstrip(" \t")
    if body.startswith(_MARKS):
        return _SYSTEM
    if layout is not ANGLES and (found := layout.pattern.match(rest)):
        return message(found)
    for style in STYLES:
        found = style.pattern.match(rest)
        if found is None:
            continue
        if style is ANGLES:
            return message(found)
        nick, text = bare(found["nick"]), found["text"] or ""
        if style.of_speakers and (nick not in speakers or _TOLD.match(f"{nick} {text}")):
            continue
        if _STARRED.match(f"{nick} {text}"):
            return _SYSTEM
        return Said("action", nick, text)
    if rest.startswith("\t") and "\t" in rest[1:]:
        return _SYSTEM  # behind WeeChat's marks, which can be chosen
    return _SYSTEM if _MARKED.match(body) or _TOLD.match(body) else Said("unknown")


def message(found: re.Match[str]) -> Said:
    """Return what a line in a log's layout says, from a match of its pattern."""
    nick, text, channel = found["nick"], found["text"] or "", None
    if "!" in nick and "@" in nick:
        nick = nick.partition("!")[0]
        if text[:1] in ("+", "-"):  # dircproxy shows so whether the nick is known to the network
            text = text[1:]
    elif ":" in nick:  # irssi's log of several channels
        before, _, behind = nick.partition(":")
        if before and behind[:1] in ("#", "&"):
            nick, channel = before, behind
    if text.startswith("\x01ACTION ") and text.endswith("\x01"):
        return Said("action", bare(nick), text[8:-1], channel)
    return Said("message", bare(nick), text, channel)


def bare(nick: str) -> str:
    """Return a nick without what its rank put before it."""
    return nick.lstrip(f" {_MODES}").rstrip() or nick


def renamed(rest: str) -> tuple[str, str] | None:
    """Return the old and the new nick, if a line that the client tells is about that.

    >>> renamed(" *** wren is now known as wren|away"), renamed(" Nick change: wren -> otter"), renamed(" *** wren waves")
    (('wren', 'wren|away'), ('wren', 'otter'), None)
    """
    body = rest.rpartition("\t")[2] if rest.startswith("\t") else rest.lstrip(" \t")
    found = _RENAMED.match(body) or _NICK_CHANGE.match(body)
    return None if found is None else (bare(found["old"]), bare(found["new"]))


def channel_told(rest: str) -> str | None:
    """Return the channel that a line of the client names."""
    found = _CHANNEL.search(rest[:400])
    return found[1].rstrip(".") if found else None


def is_unmistakable(rest: str) -> bool:
    """Return whether a line is one that only the clients of IRC write."""
    return _UNMISTAKABLE.match(rest.lstrip(" ")) is not None


def plain(text: str) -> str:
    r"""Return text without the codes for colours, bold, italics and the like.

    >>> plain("\x0304,01red\x03 and \x02bold\x0f")
    'red and bold'
    """
    return _CODES.sub("", text) if any(char in text for char in _BEGIN_CODES) else text


def uncoloured(line: str) -> str:
    """Return a line without what is left of the code of a colour in front of its stamp: mIRC stripped only a part.

    >>> uncoloured("03[12:00] * wren waves")
    '[12:00] * wren waves'
    """
    found = _LEFT_OF_CODES.match(line)
    return line[found.end() :] if found else line
