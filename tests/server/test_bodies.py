"""What clients send, and what it asks of a voice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from talklike.errors import OptionError
from talklike.generation.options import OPTIONS
from talklike.server.answers import ApiError
from talklike.server.bodies import Chat, Completion, whole
from talklike.server.settings import Settings

if TYPE_CHECKING:
    from talklike.generation.voice import Voice

SETTINGS = Settings()


def completion(voice: Voice, **body: Any) -> Any:
    """Return the only request of a body."""
    (request,) = Completion.model_validate(body).requests(voice, None, SETTINGS)
    return request


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_samplers_by_any_name(harbour: Voice, option: Any) -> None:
    """Each spelling of each option reaches the sampling, and stands in the API's description by ours."""
    values: dict[str, Any] = {"mirostat": 2, "dry_breakers": ["x"], "logit_bias": {"e": 1.5}, "top_p": 0.5, "typical_p": 0.5}
    values["novelty"] = 16
    value = values.get(option.name, 1 if option.kind is int else 0.25 if option.kind is float else None)
    if option.name == "dry_base":
        value = 2.0
    expected = harbour.sampling({option.name: value})
    for spelling in option.spellings:
        assert completion(harbour, **{spelling: value}).sampling == expected
    assert option.name in Completion.model_json_schema()["properties"]


def test_prompts_of_all_kinds(harbour: Voice) -> None:
    """Text, ids, and lists of either."""
    for prompt, expected in (
        ("hi", ["hi"]), (["a", "b"], ["a", "b"]), ([257, 0], [(257, 0)]), ([[257], [258, 0]], [(257,), (258, 0)]),
    ):  # fmt: skip
        requests = Completion.model_validate({"prompt": prompt}).requests(harbour, None, SETTINGS)
        assert [request.prompt for request in requests] == expected


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"tempratur": 1}, "there is no field 'tempratur'"),
        ({"prompt": []}, "the list of prompts is empty"),
        ({"prompt": ["a"] * 33}, "33 prompts are asked for, 32 are allowed"),
        ({"n": 17}, "17 texts are asked for, 16 are allowed"),
        ({"best_of": 17}, "17 texts"),
        ({"prompt": ["a"] * 32, "n": 10}, "320 texts for all prompts are asked for, 288 are allowed"),
        ({"max_tokens": 5000}, "5,000 characters"),
        ({"stop": ["a"] * 17}, "17 stop strings"),
        ({"prompt": "a" * 20_000}, "20,000 symbols of the prompt"),
        ({"best_of": 2, "stream": True}, "best_of can't be streamed"),
        ({"author": "u1", "model": "x:u2"}, "different authors"),
    ],
)
def test_limits(harbour: Voice, body: dict[str, Any], message: str) -> None:
    """What passes a limit is refused before anything is written."""
    author = body.get("model", "").partition(":")[2] or None
    with pytest.raises(ApiError, match=message):
        Completion.model_validate(body).requests(harbour, author, SETTINGS)


def test_mistakes_that_the_voice_knows_of(harbour: Voice) -> None:
    """Unknown authors and values that make no sense are its errors; of an author it is told where they were named."""
    for body, author, param in (({"author": "nobody"}, None, "author"), ({}, "nobody", "model")):
        with pytest.raises(ApiError, match="nobody") as refused:
            Completion.model_validate(body).requests(harbour, author, SETTINGS)
        assert (refused.value.status, refused.value.param) == (404, param)
    with pytest.raises(OptionError):
        completion(harbour, temperature=-1)
    with pytest.raises(OptionError):
        completion(harbour, max_tokens=0)
    assert completion(harbour, max_tokens=0, echo=True, logprobs=0).most == 0


def test_fields_that_say_nothing_of_the_text_are_passed_over(harbour: Voice) -> None:
    """Clients send who their user is; that is none of ours."""
    assert completion(harbour, user="x", metadata={}, store=True).prompt == ""
    assert completion(harbour, tools=[], response_format=None).prompt == ""
    spelt = {"response_format": {"type": "text"}, "tool_choice": "none", "modalities": ["text"], "reasoning_effort": "low"}
    assert completion(harbour, seed=1, **spelt) == completion(harbour, seed=1)
    with pytest.raises(ApiError, match="no field 'response_format'"):
        completion(harbour, response_format={"type": "json_object"})
    with pytest.raises(ApiError, match="no field 'tools'"):
        completion(harbour, tools=[{"type": "function"}])


@pytest.mark.parametrize("kind", [Completion, Chat], ids=["completion", "chat"])
def test_null_is_the_same_as_nothing(harbour: Voice, kind: type[Completion | Chat]) -> None:
    """For each field that may be left out, as the API's description says, sampling options included."""
    needed: dict[str, Any] = {"messages": [{"role": "user", "content": "a"}]} if kind is Chat else {}
    schema = kind.model_json_schema()
    optional = {name: None for name in schema["properties"] if name not in needed}
    for name in optional:
        assert {"type": "null"} in schema["properties"][name]["anyOf"]
    spelt = kind.model_validate(needed | optional | {"seed": 1}).requests(harbour, None, SETTINGS)
    assert spelt == kind.model_validate(needed | {"seed": 1}).requests(harbour, None, SETTINGS)


def test_what_is_no_text_is_passed_over(harbour: Voice) -> None:
    """A picture beside words, and one alone, which says nothing; a part of a kind that nobody knows is refused."""
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}
    messages: list[Any] = [
        {"role": "user", "content": [picture, {"type": "text", "text": "look"}]},
        {"role": "user", "content": [picture]},
        {"role": "assistant", "content": [{"type": "refusal", "refusal": "no"}]},
    ]
    (request,) = Chat.model_validate({"messages": messages}).requests(harbour, None, SETTINGS)
    assert [turn.text for turn in request.turns] == ["look"]
    for part in ({"type": "smell"}, {"type": "text"}, {}):
        with pytest.raises(ValidationError):
            Chat.model_validate({"messages": [{"role": "user", "content": [part]}]})


def test_only_what_is_ranked_can_not_be_streamed(harbour: Voice) -> None:
    """As many written as wanted are not."""
    assert completion(harbour, best_of=2, n=2, stream=True).written == 2
    with pytest.raises(ApiError, match="best_of can't be streamed"):
        completion(harbour, best_of=2, stream=True)


def test_roles_and_names_become_authors(harbour: Voice) -> None:
    """A known name is that author, an assistant is the one who writes, everyone else someone; systems say nothing."""
    messages = [
        {"role": "system", "content": "be nice"},
        {"role": "user", "content": "a", "name": "u2"},
        {"role": "user", "content": "b", "name": "name of u1"},
        {"role": "user", "content": [{"type": "text", "text": "c"}, {"type": "text", "text": "d"}], "name": "stranger"},
        {"role": "assistant", "content": "e"},
        {"role": "user", "content": "f"},
        {"role": "user", "content": None},
    ]
    (request,) = Chat.model_validate({"messages": messages, "max_completion_tokens": 7}).requests(harbour, "u2", SETTINGS)
    assert [(turn.author, turn.text) for turn in request.turns] == [(2, "a"), (1, "b"), (0, "cd"), (2, "e"), (0, "f")]
    assert (request.author, request.most, request.prompt) == (2, 7, "")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"max_tokens": 1, "max_completion_tokens": 2}, "differ"),
        ({"top_logprobs": 2, "logprobs": False}, "top_logprobs needs logprobs"),
        ({"messages": [{"role": "user", "content": "a" * 20_000}]}, "20,002 symbols of the conversation"),
    ],
)
def test_contradictions_in_chats(harbour: Voice, body: dict[str, Any], message: str) -> None:
    """They are refused."""
    with pytest.raises(ApiError, match=message):
        Chat.model_validate({"messages": [{"role": "user", "content": "a"}]} | body).requests(harbour, None, SETTINGS)


def test_halves_of_characters_become_one_that_is_whole() -> None:
    """JSON may hold them, the voice's UTF-8 may not; pairs that are two escapes are a character."""
    assert whole("a\ud800b\udc00") == "a\ufffdb\ufffd"
    assert whole("\ud83d\ude00é") == "😀é"
