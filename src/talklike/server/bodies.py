"""What clients send, and what it asks of a voice."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from talklike.errors import AuthorNotFoundError
from talklike.generation.options import OPTIONS
from talklike.generation.request import Request, Turn
from talklike.generation.voice import MESSAGE_LENGTH
from talklike.server.answers import ApiError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talklike.generation.voice import Voice
    from talklike.server.settings import Settings

Symbols = list[Annotated[int, Field(ge=0, lt=1 << 16)]]
Number = Annotated[float, Field(allow_inf_nan=False)]
Whole = Annotated[int, Field(ge=0, le=1 << 53)]

IGNORED = {
    "user", "store", "metadata", "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "verbosity",
    "reasoning_effort", "parallel_tool_calls",
}  # fmt: skip
"""Fields of OpenAI's that say nothing of the text, or nothing that a voice could follow."""

DEFAULTS: dict[str, tuple[Any, ...]] = {
    "response_format": ({"type": "text"},),
    "modalities": (["text"],),
    "tool_choice": ("none", "auto"),
    "function_call": ("none", "auto"),
}
"""Fields of OpenAI's that ask for nothing with these values, which clients spell out; with others they can't be followed."""

_SAMPLERS = {spelling for option in OPTIONS for spelling in option.spellings}


_KINDS: dict[type, dict[str, Any]] = {
    float: {"type": "number"},
    int: {"type": "integer"},
    list: {"type": "array", "items": {"type": "string"}},
    dict: {"type": "object", "additionalProperties": {"type": "number"}},
}


def _complete(schema: dict[str, Any]) -> None:
    """Add the sampling options to a body's description, each under our name, and that null is the same as nothing."""
    properties = schema["properties"]
    for option in OPTIONS:
        others = ", ".join(option.spellings[1:])
        text = f"{option.effect} ({option.range}{f'; also {others}' if others else ''})"
        properties[option.name] = _KINDS[option.kind] | {"title": option.name, "description": text}
    for name, field in properties.items():
        if name not in schema.get("required", ()) and {"type": "null"} not in field.get("anyOf", ()):
            about = {key: field.pop(key) for key in ("title", "description", "default") if key in field}
            properties[name] = {"anyOf": [*field.pop("anyOf", ()), *([field] if field else ()), {"type": "null"}]} | about


class StreamOptions(BaseModel):
    """What a stream tells besides the text."""

    include_usage: bool = Field(default=False, description="End with a chunk that tells how many symbols were read and written.")


class Body(BaseModel):
    """What both kinds of requests have in common.

    The sampling options of docs/reference/sampling.md may stand beside these fields, by any of their names.
    """

    model_config = ConfigDict(extra="allow", strict=True, json_schema_extra=_complete)

    model: str | None = Field(default=None, description="A voice, or VOICE:AUTHOR; may be left out where there is only one.")
    author: str | None = Field(default=None, description="Whose text, by id or name, if the voice knows several.")
    max_tokens: Whole | None = Field(default=None, description="Most characters; a whole message without it.")
    min_tokens: Whole = Field(default=0, description="Fewest characters before a message may end.")
    n: Annotated[int, Field(ge=1)] = Field(default=1, description="How many texts.")
    stop: str | list[str] | None = Field(default=None, description="Strings that end a text before them.")
    seed: Annotated[int, Field(ge=-(1 << 63), lt=1 << 63)] | None = Field(
        default=None, description="The same seed gives the same text."
    )
    stream: bool = Field(default=False, description="Send the text as server-sent events while it is written.")
    stream_options: StreamOptions | None = None
    regex: str | None = Field(default=None, description="What a text must match.")

    @model_validator(mode="before")
    @classmethod
    def without_nulls(cls, data: Any) -> Any:
        """Leave out fields that are null: OpenAI's clients may spell out what they don't want."""
        return {name: value for name, value in data.items() if value is not None} if isinstance(data, dict) else data

    def sampling(self) -> dict[str, Any]:
        """Return the sampling options among the fields that aren't declared.

        Raises:
            ApiError: There is a field that nobody knows.
        """
        extra = self.model_extra or {}
        for name, value in extra.items():
            if name not in _SAMPLERS and name not in IGNORED and value not in ([], *DEFAULTS.get(name, ())):
                raise ApiError(400, f"there is no field {name[:40]!r}", code="unknown_parameter", param=name[:40])
        return {name: value for name, value in extra.items() if name in _SAMPLERS}

    def common(self, voice: Voice, author: str | None, settings: Settings) -> dict[str, Any]:
        """Return the values of a request that don't depend on its kind.

        Raises:
            ApiError: A limit is passed, or the voice doesn't know the author.
            OptionError: A value makes no sense.
        """
        if author is not None and self.author is not None and author != self.author:
            raise ApiError(400, "model and author name different authors", code="invalid_value", param="author")
        stops = () if self.stop is None else (self.stop,) if isinstance(self.stop, str) else tuple(self.stop)
        _at_most(len(stops), settings.stops, "stop", "stop strings")
        _at_most(self.n, settings.texts, "n", "texts")
        _at_most(self.max_tokens or 0, settings.length, "max_tokens", "characters")
        most = min(max(MESSAGE_LENGTH, self.min_tokens), settings.length) if self.max_tokens is None else self.max_tokens
        try:
            number = voice.author_number(self.author if author is None else author)
        except AuthorNotFoundError as error:
            param = "author" if author is None else "model"
            raise ApiError(404, str(error), code="model_not_found", param=param) from error
        return {
            "author": number,
            "count": self.n,
            "most": most,
            "least": self.min_tokens,
            "stops": tuple(whole(stop) for stop in stops),
            "seed": secrets.randbits(32) if self.seed is None else self.seed % (1 << 63),
            "sampling": voice.sampling(self.sampling()),
            "regex": self.regex,
        }


class Completion(Body):
    """A request for the continuation of a prompt."""

    prompt: str | list[str] | Symbols | list[Symbols] = Field(
        default="", description="What texts begin with: text, ids of symbols, or several of either."
    )
    best_of: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="Write so many, and return the n that are more like the author than like the room."
    )
    echo: bool = Field(default=False, description="Whether the answer begins with the prompt.")
    logprobs: Annotated[int, Field(ge=0, le=20)] | None = Field(
        default=None, description="Give the log-probability of each character, with echo the prompt's too, and of alternatives."
    )
    suffix: None = Field(default=None, description="Not possible: a voice only writes on.")

    def prompts(self) -> list[str | tuple[int, ...]]:
        """Return the prompts, at least one."""
        if isinstance(self.prompt, str):
            return [whole(self.prompt)]
        if not self.prompt:
            raise ApiError(400, "the list of prompts is empty", code="invalid_value", param="prompt")
        if isinstance(self.prompt[0], int):
            return [tuple(self.prompt)]  # of whole numbers alone, as validated
        return [whole(one) if isinstance(one, str) else tuple(one) for one in self.prompt]

    def requests(self, voice: Voice, author: str | None, settings: Settings) -> list[Request]:
        """Return what is to be written for each prompt; raises what ``common`` does."""
        prompts = self.prompts()
        _at_most(len(prompts), settings.prompts, "prompt", "prompts")
        _at_most(self.best_of or 0, settings.texts, "best_of", "texts")
        # More than ever fit would be told to come back for ever.
        _at_most(len(prompts) * (self.best_of or self.n), settings.streams + settings.queue, "n", "texts for all prompts")
        if (self.best_of or 0) > self.n and self.stream:
            raise ApiError(400, "best_of can't be streamed: the texts are compared first", code="invalid_value", param="best_of")
        scored = self.echo and self.logprobs is not None
        values = self.common(voice, author, settings) | {"best_of": self.best_of, "logprobs": self.logprobs}
        made = [Request(prompt=prompt, prompt_logprobs=scored, **values) for prompt in prompts]
        for request in made:
            _at_most(len(request.prompt_symbols(voice.alphabet)), settings.prompt, "prompt", "symbols of the prompt")
        return made


class TextPart(BaseModel):
    """A part of a message's content."""

    type: Literal["text"]
    text: str


class OtherPart(BaseModel):
    """A part that a voice can't read; it is passed over."""

    type: Literal["image_url", "input_audio", "file", "refusal"]


class Message(BaseModel):
    """A message of the conversation; other fields are passed over."""

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[Annotated[TextPart | OtherPart, Field(discriminator="type")]] | None = None
    name: str | None = Field(default=None, description="Who said it, by id or name, if it is one of the voice's authors.")

    @property
    def text(self) -> str:
        """What was said."""
        parts = self.content or ""
        return whole(parts if isinstance(parts, str) else "".join(part.text for part in parts if isinstance(part, TextPart)))


class Chat(Body):
    """A request for the answer in a conversation."""

    messages: Annotated[list[Message], Field(min_length=1)]
    max_completion_tokens: Whole | None = Field(default=None, description="The same as max_tokens.")
    logprobs: bool = Field(default=False, description="Give the log-probability of each character.")
    top_logprobs: Annotated[int, Field(ge=0, le=20)] | None = Field(default=None, description="And of so many alternatives.")

    def requests(self, voice: Voice, author: str | None, settings: Settings) -> list[Request]:
        """Return what is to be written, in a list of one; raises what ``common`` does."""
        if self.max_completion_tokens is not None:
            if self.max_tokens not in (None, self.max_completion_tokens):
                raise ApiError(400, "max_tokens and max_completion_tokens differ", code="invalid_value", param="max_tokens")
            self.max_tokens = self.max_completion_tokens
        if self.top_logprobs and not self.logprobs:
            raise ApiError(400, "top_logprobs needs logprobs", code="invalid_value", param="top_logprobs")
        values = self.common(voice, author, settings)
        turns = tuple(turn for message in self.messages if (turn := _turn(message, voice, values["author"])) is not None)
        made = Request(turns=turns, logprobs=(self.top_logprobs or 0) if self.logprobs else None, **values)
        _at_most(len(made.context(voice.alphabet)[0]), settings.prompt, "messages", "symbols of the conversation")
        return [made]


def _turn(message: Message, voice: Voice, author: int) -> Turn | None:
    """Return who said a message; what systems and developers say nobody said."""
    if message.role in ("system", "developer") or not message.text:
        return None
    if message.name is not None:
        try:
            return Turn(voice.author_number(whole(message.name)), message.text)
        except AuthorNotFoundError:
            pass
    return Turn(author if message.role == "assistant" else voice.speaker("someone"), message.text)


def whole(text: str) -> str:
    """Return text with U+FFFD for halves of characters, which JSON may hold and UTF-8 may not."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _at_most(value: int, limit: int, param: str, what: str) -> None:
    if value > limit:
        raise ApiError(400, f"{value:,} {what} are asked for, {limit:,} are allowed", code="limit_exceeded", param=param)


def problems(errors: Sequence[Any]) -> ApiError:
    """Return the first thing that is wrong with a body, without what was sent."""
    first = errors[0]
    where = ".".join(str(part) for part in first["loc"][1:] if isinstance(part, str | int)) or None
    if first["type"] == "json_invalid":
        return ApiError(400, "the body is not JSON", code="invalid_json")
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return ApiError(400, f"{where or 'body'}: {first['msg']}{more}", code="invalid_value", param=where and where[:80])
