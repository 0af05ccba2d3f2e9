"""Takes what was made elsewhere: the lines that write the same text again, the texts, the voice."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from talklike.generation.options import canonical

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talklike.generation.voice import Voice
    from talklike.studio.talk_settings import Generation

OPENAI = ("temperature", "top_p", "presence_penalty", "frequency_penalty")
"""Sampling options that OpenAI's client has arguments for; it takes the others in ``extra_body``."""

KEY = "TALKLIKE_API_KEY"
"""Environment variable with the key of a server that asks for one."""


@dataclass(frozen=True)
class Server:
    """Where the API is.

    Attributes:
        url: Its address, without a path.
        model: What it calls the voice.
        key: Whether it asks for a key.
    """

    url: str
    model: str
    key: bool = False


def curl(generation: Generation, voice: Voice, server: Server) -> str:
    """Return the line that asks the API for the same text."""
    path, body = _body(generation, voice, server)
    key = f' -H "Authorization: Bearer ${KEY}"' if server.key else ""
    content = shlex.quote(json.dumps(body, ensure_ascii=False))
    return f"curl -s {server.url}/v1{path} -H 'Content-Type: application/json'{key} -d {content}\n"


def openai_lines(generation: Generation, voice: Voice, server: Server) -> str:
    """Return a program that asks the API for the same text by OpenAI's client."""
    path, body = _body(generation, voice, server)
    native = {"model", "prompt", "messages", "max_tokens", "stop", "seed", *OPENAI}
    extra = {name: value for name, value in body.items() if name not in native}
    arguments = {name: value for name, value in body.items() if name in native}
    if extra:
        arguments["extra_body"] = extra
    create, text = ("chat.completions", "message.content") if "chat" in path else ("completions", "text")
    key = f"os.environ[{KEY!r}]" if server.key else "'none'"
    lines = (["import os", ""] if server.key else []) + [
        "from openai import OpenAI",
        "",
        f"client = OpenAI(base_url={server.url + '/v1'!r}, api_key={key})",
        *_call(f"answer = client.{create}.create", [f"{name}={value!r}" for name, value in arguments.items()]),
        f"print(answer.choices[0].{text})",
    ]
    return "\n".join(lines) + "\n"


def talklike_lines(generation: Generation, file: str) -> str:
    """Return a program that writes the same text without a server.

    Args:
        generation: What decided the text.
        file: The voice's file.
    """
    arguments = [repr(generation.prompt)] if generation.prompt else []
    arguments += [f"{name}={value!r}" for name, value in generation.options().items()]
    lines = [
        "import talklike as tl",
        "",
        f"voice = tl.load_voice({file!r})",
        *_call("text = voice.generate", [*arguments, *(["echo=False"] if generation.prompt else [])]),
        "print(text)",
    ]
    return "\n".join(lines) + "\n"


def command_line(generation: Generation, file: str) -> str:
    """Return the command that writes the same text, its prompt before it.

    Args:
        generation: What decided the text.
        file: The voice's file.
    """
    options = generation.options()
    words = ["talklike", "generate", file]
    for who, text in options.pop("conversation", ()):
        words += ["--said", f"{who}: {text}"]
    for name, value in options.items():
        flag = f"--{name.replace('_', '-')}"
        if name == "logit_bias":
            words += [word for key, added in value.items() for word in (flag, f"{key}={added:g}")]
        elif isinstance(value, tuple):
            words += [word for one in value for word in (flag, one)]
        else:
            words += [flag, str(value)]
    words += ["--", generation.prompt] if generation.prompt.startswith("-") else [generation.prompt][: bool(generation.prompt)]
    return shlex.join(words) + "\n"


def texts_file(written: Sequence[tuple[Generation, str]]) -> str:
    """Return texts as a file: each under a line that says what decided it."""
    parts = [f"# {generation.described}\n{generation.prompt}{text}\n" for generation, text in written]
    return "\n".join(parts)


def _body(generation: Generation, voice: Voice, server: Server) -> tuple[str, dict[str, Any]]:
    """Return path and body of a request for a text."""
    asked: dict[str, Any] = {"model": server.model}
    if generation.author is not None and len(voice.card.authors) > 1:
        asked["author"] = generation.author
    if generation.turns:
        path = "/chat/completions"
        asked["messages"] = [_message(who, text, generation.author, voice) for who, text in generation.turns]
    else:
        path = "/completions"
        asked["prompt"] = generation.prompt
    asked["max_tokens"] = generation.most
    if generation.least:
        asked["min_tokens"] = generation.least
    if generation.stop:
        asked["stop"] = generation.stop
    sampling = {
        name: list(value) if isinstance(value, tuple) else value for name, value in canonical(generation.sampling).items()
    }
    return path, asked | {"seed": generation.seed} | sampling


def _message(who: str, text: str, author: str | None, voice: Voice) -> dict[str, str]:
    """Return what was said as OpenAI's API has it: the voice's own as the assistant's, that of others as users'."""
    number = voice.speaker(who)
    if number == voice.author_number(author):
        return {"role": "assistant", "content": text}
    return {"role": "user", "content": text} | ({"name": voice.card.authors[number - 1]} if number else {})


def _call(function: str, arguments: Sequence[str]) -> list[str]:
    """Return a call as lines, one for each argument."""
    return [f"{function}(", *(f"    {one}," for one in arguments), ")"]
