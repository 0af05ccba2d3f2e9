"""What the lines of a chat do: say something to the voice, or, with a slash, change how it writes."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from talklike.cli.live_options import option_called
from talklike.cli.terminal import visible
from talklike.errors import OptionError, TalklikeError
from talklike.generation.options import OPTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from talklike.cli.talk import Talk
    from talklike.generation.conversation import Said


class LeaveError(Exception):
    """The chat is to end."""


def follow(talk: Talk, line: str) -> None:
    """Do what a line asks for: answer it, or follow its command; an empty one asks for nothing.

    Raises:
        LeaveError: The chat is to end.
        TalklikeError: The command makes no sense; nothing has changed.
    """
    if not line.strip():
        return
    if not line.startswith("/") or line.startswith("//"):
        talk.say(line.removeprefix("/"))
        return
    name, _, argument = line[1:].strip().partition(" ")
    command = _BY_NAME.get(name.lower() or "help")
    if command is None:
        talk.show(_set(talk, f"{name} {argument}"))
        return
    if argument and not command.argument:
        raise OptionError(f"/{command.name} takes nothing after it")
    if reply := command.do(talk, argument.strip()):
        talk.show(reply)


def endings(talk: Talk, line: str) -> list[str]:
    """Return what the last word of a line may become, if the line is a command."""
    name, space, rest = line.partition(" ")
    if not line.startswith("/"):
        return []
    if not space:
        known = [*_BY_NAME, *(option.name for option in OPTIONS)]
        return [f"/{word}" for word in known if f"/{word}".startswith(name)]
    may = {"/set": [option.name for option in OPTIONS], "/as": list(talk.voice.card.names)}.get(name, [])
    return [word for word in may if word.startswith(rest) and word.isprintable()]


def _set(talk: Talk, argument: str) -> str:
    name, _, value = argument.partition(" ")
    if not name:
        return talk.options.table()
    try:
        option = option_called(name)
    except OptionError as error:
        known = [*_BY_NAME, *(spelling for option in OPTIONS for spelling in option.spellings)]
        near = difflib.get_close_matches(name.lower(), known, n=1)
        hint = f"did you mean /{near[0]}?" if near else "/help shows what there is"
        raise OptionError(f"no command or option is called {visible(name[:40], ' ')!r}; {hint}") from error
    return talk.options.set(name, value.strip()) if value.strip() else f"{talk.options.shown(option)}: {option.effect}"


def _settings(talk: Talk, _: str) -> str:
    return talk.options.table()


def _as(talk: Talk, argument: str) -> str:
    if argument:
        talk.conversation.write_as(argument)
        return f"answers as {visible(talk.conversation.name, ' ')}"
    names = ", ".join(visible(name, " ") for name in talk.voice.card.names)
    return f"answers as {visible(talk.conversation.name, ' ')}; can as {names}"


def _me(talk: Talk, argument: str) -> str:
    talk.conversation.me = argument or talk.conversation.me
    return f"you are {visible(talk.conversation.me, ' ')}"


def _retry(talk: Talk, _: str) -> str:
    if not talk.conversation.said:
        raise OptionError("nothing has been said yet")
    talk.conversation.take_back_answer()
    talk.answer()
    return ""


def _more(talk: Talk, _: str) -> str:
    talk.answer()
    return ""


def _seed(talk: Talk, argument: str) -> str:
    if not argument:
        last = "" if talk.last_seed is None else f"the last answer's seed is {talk.last_seed}; "
        return f"{last}the next answer's seed is {talk.seed}"
    if not (argument.isascii() and argument.isdecimal() and len(argument) <= 40):
        raise OptionError(f"seed is {visible(argument[:40], ' ')!r}, must be a whole number, 0 or more")
    talk.seed = int(argument)
    return f"the next answer's seed is {talk.seed}"


def _undo(talk: Talk, _: str) -> str:
    if not talk.conversation.undo():
        raise OptionError("nothing has been said yet")
    said = talk.conversation.said
    return f"forgotten; before it was said: {shown(said[-1])}" if said else "forgotten; nothing has been said"


def _history(talk: Talk, _: str) -> str:
    return "\n".join(map(shown, talk.conversation.said)) or "nothing has been said yet"


def _clear(talk: Talk, _: str) -> str:
    talk.conversation.clear()
    return "forgotten; nothing has been said"


def _save(talk: Talk, argument: str) -> str:
    if not argument:
        raise OptionError("/save needs the name of a file")
    text = "".join(f"{shown(one)}\n" for one in talk.conversation.said)
    try:
        path = Path(argument).expanduser().absolute()
        with path.open("w" if path in talk.saved else "x", encoding="utf-8", errors="replace") as file:
            file.write(text)
    except FileExistsError as error:
        raise TalklikeError(f"{visible(argument, ' ')}: exists already; name a new file") from error
    except (OSError, ValueError, RuntimeError) as error:  # also a name that no file can have, or nobody's home
        reason = error.strerror if isinstance(error, OSError) else error
        raise TalklikeError(f"{visible(argument, ' ')}: {reason}") from error
    talk.saved.add(path)
    return f"wrote {visible(argument, ' ')}"


def _help(_: Talk, _argument: str) -> str:
    names = [f"/{command.name} {command.argument}" for command in COMMANDS]
    width = max(map(len, names))
    lines = [f"{name:<{width}}  {command.effect}" for name, command in zip(names, COMMANDS, strict=True)]
    lines.append("An option of sampling is a command too: /temperature 0.5. A line that begins with // says a /.")
    return "\n".join(lines)


def _quit(_: Talk, _argument: str) -> str:
    raise LeaveError


def shown(said: Said) -> str:
    """Return a message as lines of text: who, what; what goes on in further lines is indented."""
    return f"{visible(said.name, ' ')}: {visible(said.text, chr(10) + '  ')}"


@dataclass(frozen=True)
class Command:
    """A command of a chat.

    Attributes:
        name: What it is called, without the slash.
        argument: What is named after it, in words; nothing if it takes nothing.
        effect: What it does, in a few words.
        do: Does it, and returns what to show.
    """

    name: str
    argument: str
    effect: str
    do: Callable[[Talk, str], str]


COMMANDS = (
    Command("set", "OPTION VALUE", "sets an option of sampling; the value default gives it back to the voice", _set),
    Command("settings", "", "shows all options of sampling; a star is at those that are set", _settings),
    Command("as", "NAME", "lets the voice answer as another of its authors; alone, says who they are", _as),
    Command("me", "NAME", "says who you are", _me),
    Command("retry", "", "takes the last answer back and writes another", _retry),
    Command("more", "", "lets the voice say something without being told anything", _more),
    Command("seed", "N", "sets the seed of the next answer; alone, shows it", _seed),
    Command("undo", "", "forgets your last turn and its answer", _undo),
    Command("history", "", "shows the conversation", _history),
    Command("clear", "", "forgets the conversation", _clear),
    Command("save", "FILE", "writes the conversation into a new text file", _save),
    Command("help", "", "shows this", _help),
    Command("quit", "", "leaves; so do Ctrl-D, and Ctrl-C twice", _quit),
)
_BY_NAME = {command.name: command for command in COMMANDS}
