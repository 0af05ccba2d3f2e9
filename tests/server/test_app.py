"""The API as clients see it: OpenAI's own package, curl, schemathesis, and rude ones."""

from __future__ import annotations

import json
import math
import os
import signal
import threading
import time
from typing import TYPE_CHECKING, Any

import httpx
import numpy as np
import openai
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from talklike.corpus.alphabet import END
from talklike.evaluation.reading import costs
from tests.server.running import PATIENCE, Running, post

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from talklike.generation.voice import Voice


@pytest.fixture
def client(server: Running) -> Iterator[openai.OpenAI]:
    """Return OpenAI's own client."""
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0, timeout=PATIENCE) as made:
        yield made


def test_the_openai_package_lists_the_voices(client: openai.OpenAI) -> None:
    """Names, and a voice that isn't there."""
    assert [model.id for model in client.models.list()] == ["harbour", "book"]
    assert client.models.retrieve("book").id == "book"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("nobody")


def test_the_openai_package_completes(client: openai.OpenAI, harbour: Voice) -> None:
    """The texts are those of the library for the same seed, alone or among several prompts, whole or streamed."""
    options: dict[str, Any] = {"temperature": 1.0, "max_tokens": 40, "seed": 5}
    expected = {
        prompt: harbour.generate_many(2, prompt, echo=False, temperature=1.0, max_chars=40, seed=5) for prompt in ("te", "")
    }
    done = client.completions.create(model="harbour", prompt=["te", ""], n=2, **options)
    assert [choice.text for choice in done.choices] == expected["te"] + expected[""]
    assert [choice.index for choice in done.choices] == [0, 1, 2, 3]
    assert {choice.finish_reason for choice in done.choices} <= {"stop", "length"}
    assert done.usage is not None
    assert done.usage.prompt_tokens == 2
    streamed = [""] * 4
    reasons = [None] * 4
    for chunk in client.completions.create(model="harbour", prompt=["te", ""], n=2, stream=True, **options):
        for choice in chunk.choices:
            streamed[choice.index] += choice.text
            reasons[choice.index] = choice.finish_reason or reasons[choice.index]
    assert streamed == expected["te"] + expected[""]
    assert all(reasons)


def test_the_openai_package_chats(client: openai.OpenAI, harbour: Voice) -> None:
    """The answer is the library's to the same conversation, whole or streamed, with usage."""
    messages: Any = [{"role": "user", "content": "tea", "name": "u1"}, {"role": "assistant", "content": "no"}]
    said = [("u1", "tea"), ("u2", "no")]
    expected = harbour.generate(author="u2", conversation=said, seed=5, max_chars=30, temperature=0.9)
    options: dict[str, Any] = {"model": "harbour:u2", "messages": messages, "seed": 5, "max_tokens": 30, "temperature": 0.9}
    done = client.chat.completions.create(logprobs=True, top_logprobs=2, **options)
    assert done.choices[0].message.content == expected
    assert done.choices[0].logprobs is not None
    scored = done.choices[0].logprobs.content or []
    assert b"".join(bytes(one.bytes or []) for one in scored).decode() == expected
    assert all(len(one.top_logprobs) == 2 for one in scored)
    text, usage = "", None
    for chunk in client.chat.completions.create(stream=True, stream_options={"include_usage": True}, **options):
        text += "".join(choice.delta.content or "" for choice in chunk.choices)
        usage = chunk.usage or usage
    assert text == expected
    assert usage is not None
    assert done.usage is not None
    assert usage.completion_tokens == done.usage.completion_tokens


def test_the_openai_package_understands_our_errors(client: openai.OpenAI) -> None:
    """Each is the exception that its users catch."""
    with pytest.raises(openai.BadRequestError, match="temperature is 1000"):
        client.completions.create(model="harbour", prompt="a", temperature=1000)
    with pytest.raises(openai.NotFoundError):
        client.completions.create(model="nobody", prompt="a")
    with pytest.raises(openai.NotFoundError):
        client.completions.create(model="harbour:nobody", prompt="a")
    with pytest.raises(openai.BadRequestError, match="no field 'tempratur'"):
        client.completions.create(model="harbour", prompt="a", extra_body={"tempratur": 1})


def test_prompt_log_probabilities_add_up(server: Running, harbour: Voice) -> None:
    """With echo and nothing to write they are the cost of the prompt, END included, as evaluation harnesses want it."""
    ids = [*harbour.alphabet.encode("tea on a sea").tolist(), END]
    answer = post(server, prompt=ids, max_tokens=0, echo=True, logprobs=1).json()
    found = sum(answer["choices"][0]["logprobs"]["token_logprobs"])
    streams = harbour.engine.streams(1, 1)
    logits = streams.read(np.array([[END, *ids]]))[0, :-1].astype(np.float64)
    expected = sum(row[i] - math.log(np.exp(row).sum()) for row, i in zip(logits, ids, strict=True))
    assert found == pytest.approx(expected, abs=1e-4)
    assert -found == pytest.approx(costs(harbour, ["tea on a sea"], 1)[0].sum(), abs=1e-4)  # as ``evaluate`` reports them
    assert answer["choices"][0]["text"] == "tea on a sea\n"
    assert answer["usage"] == {"prompt_tokens": len(ids), "completion_tokens": 0, "total_tokens": len(ids)}


def test_echo_stops_and_best_of(server: Running, harbour: Voice) -> None:
    """Echo puts the prompt first, streamed too; stop strings end; of best_of texts the best come."""
    whole = post(server, prompt="te", echo=True, logprobs=0).json()["choices"][0]
    assert whole["text"] == harbour.generate("te", seed=1, max_chars=20)
    events = streamed(server, prompt="te", echo=True)
    assert "".join(event["choices"][0]["text"] for event in events) == whole["text"]
    text = post(server, prompt="te").json()["choices"][0]["text"]
    stopped = post(server, prompt="te", stop=[text[3:5]]).json()["choices"][0]
    assert (stopped["text"], stopped["finish_reason"]) == (text[: text.index(text[3:5])], "stop")
    best = post(server, prompt="te", n=2, best_of=4).json()["choices"]
    assert [choice["text"] for choice in best] == harbour.generate_many(2, "te", best_of=4, seed=1, max_chars=20, echo=False)


def streamed(server: Running, **body: Any) -> list[dict[str, Any]]:
    """Return the events of a stream, which must end as streams do."""
    lines = post(server, stream=True, **body).text.split("\n\n")
    assert lines[-2:] == ["data: [DONE]", ""]
    return [json.loads(line.removeprefix("data: ")) for line in lines[:-2]]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"{", 400, "invalid_json"),
        (b"", 400, "invalid_value"),
        (b"[]", 400, "invalid_value"),
        (b"[" * 100_000, 400, None),
        (b'{"prompt": 5}', 400, "invalid_value"),
        (b'{"n": "2"}', 400, "invalid_value"),
        (b'{"temperature": NaN}', 400, None),
        (b'{"temperature": 1e999}', 400, None),
        (b'{"max_tokens": 99999999999999999999999999}', 400, "invalid_value"),
        (b'{"model": "\\ud800"}', 404, "model_not_found"),
        (b"\xff\xfe", 400, None),
    ],
)
def test_rubbish_gets_a_4xx(server: Running, content: bytes, status: int, code: str | None) -> None:
    """In OpenAI's shape, and without what was sent."""
    answer = server.client.post("/v1/completions", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    error = answer.json()["error"]
    assert code is None or error["code"] == code
    assert set(error) == {"message", "type", "param", "code"}


def test_odd_text_is_no_error(server: Running) -> None:
    """Halves of characters, NULs and emoji may stand in prompts, stops and names."""
    body = {"model": "harbour", "prompt": "\ud800\x00😀", "stop": ["\udfff"], "echo": True, "max_tokens": 3}
    answer = server.client.post("/v1/completions", content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert answer.status_code == 200
    assert answer.json()["choices"][0]["text"].startswith("\ufffd\x00😀")


def test_paths_and_methods(server: Running) -> None:
    """What isn't there is 404, the wrong method 405, the wrong type 415, each in OpenAI's shape."""
    assert server.client.get("/v2").status_code == 404
    assert server.client.get("/v1/completions").status_code == 405
    assert server.client.post("/v1/completions", content="a=b").status_code == 415
    assert server.client.get("/v2").json()["error"]["type"] == "not_found_error"
    assert server.client.get("/health").json() == {"status": "ok", "models": ["harbour", "book"]}


def idle(server: Running) -> bool:
    """Return whether nothing is being written, after a while if need be."""
    until = time.monotonic() + PATIENCE
    scheduler = server.voices.by_name["harbour"].scheduler
    while scheduler.active or scheduler.waiting:
        if time.monotonic() > until:
            return False
        time.sleep(0.005)
    return True


@pytest.mark.parametrize("stream", [False, True])
def test_a_client_that_goes_away_frees_its_texts(small: Callable[..., Running], stream: bool) -> None:
    """A text of a million characters ends when nobody waits for it any longer."""
    server = small(streams=2, length=1_000_000)
    body = {"model": "harbour", "prompt": "e", "max_tokens": 1_000_000, "min_tokens": 1_000_000, "n": 2, "stream": stream}
    with httpx.Client(base_url=server.url, timeout=httpx.Timeout(PATIENCE, read=0.5)) as client:
        if stream:
            with client.stream("POST", "/v1/completions", json=body) as answer:
                next(answer.iter_lines())
        else:
            with pytest.raises(httpx.ReadTimeout):
                client.post("/v1/completions", json=body)
    assert idle(server)


def test_a_process_that_dies(server: Running) -> None:
    """Whoever waits for it gets 503 and an error that says so; the next answer is as always."""
    expected = post(server).json()["choices"]
    found: list[httpx.Response] = []

    def ask() -> None:
        found.append(post(server, max_tokens=2000, min_tokens=2000, n=8))

    thread = threading.Thread(target=ask)
    thread.start()
    scheduler = server.voices.by_name["harbour"].scheduler
    while not scheduler.active:
        time.sleep(0.001)
    os.kill(scheduler.process, signal.SIGKILL)
    thread.join(PATIENCE)
    assert found[0].status_code == 503
    assert "the process that writes has ended" in found[0].json()["error"]["message"]
    assert post(server).json()["choices"] == expected


def test_too_many_get_429(small: Callable[..., Running]) -> None:
    """When the queue is full, the next is told so at once, with when to try again; those before are answered."""
    server = small(streams=1, queue=1, length=30_000)
    endless = {"model": "harbour", "max_tokens": 30_000, "min_tokens": 30_000, "seed": 1}
    found: list[int] = []

    def ask() -> None:
        with httpx.Client(base_url=server.url, timeout=PATIENCE) as client:
            answer = client.post("/v1/completions", json=endless)
            found.append(answer.status_code)
            assert answer.status_code != 429 or answer.headers["retry-after"] == "1"

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(found) == {200, 429}
    assert idle(server)


@pytest.mark.parametrize("stream", [False, True])
def test_what_takes_too_long_ends(small: Callable[..., Running], stream: bool) -> None:
    """A whole answer is a 504; a stream, whose status is sent, ends in an error event. The texts are freed."""
    server = small(timeout=0.2, length=1_000_000)
    answer = post(server, max_tokens=1_000_000, min_tokens=1_000_000, stream=stream)
    if stream:
        assert answer.status_code == 200
        assert json.loads(answer.text.split("\n\n")[-2].removeprefix("data: "))["error"]["code"] == "timeout"
    else:
        assert (answer.status_code, answer.json()["error"]["code"]) == (504, "timeout")
    assert idle(server)


def test_many_clients_at_once_get_their_own_texts(server: Running, harbour: Voice) -> None:
    """Twenty clients, over eight rows, streamed and whole: nobody gets a character of another's text."""
    found: dict[int, str] = {}

    def ask(seed: int) -> None:
        with httpx.Client(base_url=server.url, timeout=PATIENCE) as client:
            body = {"model": "harbour", "prompt": "e" * seed, "seed": seed, "max_tokens": 60, "stream": seed % 2 == 0}
            answer = client.post("/v1/completions", json=body)
            if seed % 2:
                found[seed] = answer.json()["choices"][0]["text"]
            else:
                lines = [line for line in answer.text.split("\n\n") if line and "[DONE]" not in line]
                found[seed] = "".join(json.loads(line[6:])["choices"][0]["text"] for line in lines)

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = {seed: harbour.generate("e" * seed, seed=seed, max_chars=60, echo=False) for seed in range(20)}
    assert found == expected


def test_an_expression_and_its_error(server: Running) -> None:
    """A regular expression holds over HTTP too; one that is none is a 400, one that grows too complex as well."""
    pytest.importorskip("llguidance")
    assert post(server, regex="[0-9]{4}").json()["choices"][0]["text"].isdigit()
    assert post(server, regex="(").status_code == 400
    assert post(server, regex="a{100000}{100000}").status_code == 400


def test_copying_can_be_forbidden(server: Running, harbour: Voice) -> None:
    """The text is the library's, which the guard changes; a voice without an index, and a value too small, are each a 400."""
    learnt = "the tide is in the harbour and "
    options: dict[str, Any] = {"prompt": learnt[:20], "seed": 3, "temperature": 1.0, "logit_bias": dict.fromkeys(learnt[20], 9.0)}
    texts = []
    settings: list[dict[str, Any]] = [{}, {"novelty": 20}]
    for more in settings:
        text = post(server, max_tokens=50, **options, **more).json()["choices"][0]["text"]
        wanted = {name: value for name, value in options.items() if name != "prompt"}
        assert text == harbour.generate(learnt[:20], max_chars=50, echo=False, **wanted, **more)
        texts.append(text)
    assert texts[0].startswith(learnt[20])
    assert not texts[1].startswith(learnt[20])
    refused = post(server, model="book", max_copied=20)
    assert refused.status_code == 400
    assert "train with --novelty-index" in refused.json()["error"]["message"]
    assert post(server, novelty=15).status_code == 400


def test_cors_is_off_unless_asked_for(server: Running, small: Callable[..., Running]) -> None:
    """Only origins that were named may ask from a page."""
    origin = {"Origin": "https://example.org"}
    assert "access-control-allow-origin" not in server.client.get("/health", headers=origin).headers
    other = small(origins=("https://example.org",), keys=("a-key",))
    for path, status in (("/health", 200), ("/v1/models", 401)):  # a page may read refusals too
        answer = other.client.get(path, headers=origin)
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (status, "https://example.org")
    asked = origin | {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    assert other.client.options("/v1/completions", headers=asked).status_code == 200


READING = ("GET /health", "GET /v1/models", "GET /v1/models/{model}", "GET /metrics")
WRITING = ("POST /v1/completions", "POST /v1/chat/completions")


@pytest.mark.parametrize(
    ("label", "mode"), [(label, "POSITIVE") for label in READING + WRITING] + [(label, "NEGATIVE") for label in WRITING]
)
def test_schemathesis_finds_nothing(server: Running, label: str, mode: str) -> None:
    """Generated requests, sound and unsound, get answers that the description promises, errors in OpenAI's shape, never a 5xx."""
    schema = schemathesis.openapi.from_url(f"{server.url}/openapi.json")
    operations = {operation.label: operation for result in schema.get_all_operations() if (operation := result.ok())}  # type: ignore[union-attr]  # an error has no operation
    assert set(operations) == set(READING + WRITING)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(operations[label].as_strategy(generation_mode=schemathesis.GenerationMode[mode]))
    def check(case: Any) -> None:
        answer = case.call(timeout=PATIENCE)
        checks = schemathesis.checks
        wanted: list[Any] = [checks.not_a_server_error, checks.CHECKS.get_one("status_code_conformance")]
        wanted += [checks.CHECKS.get_one("content_type_conformance"), checks.CHECKS.get_one("response_schema_conformance")]
        case.validate_response(answer, checks=wanted)
        assert answer.status_code == 200 or set(answer.json()["error"]) == {"message", "type", "param", "code"}

    check()
