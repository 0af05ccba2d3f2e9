"""The application: which path is answered how."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from talklike.errors import TalklikeError
from talklike.server.answers import Answer, ApiError
from talklike.server.bodies import Chat, Completion, problems
from talklike.server.door import Door
from talklike.server.metrics import CONTENT_TYPE, Metrics
from talklike.server.pages import documentation
from talklike.server.writing import ChatShape, CompletionShape, Job, Shape, write_events, write_whole
from talklike.version import __version__

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp

    from talklike.server.settings import Settings
    from talklike.server.voices import Served, Voices

ABOUT = "Voices that write like someone, in the manner of OpenAI's API. The texts are machine-made; say so when you show them."
ERROR = {"type": "object", "properties": {"error": {"type": "object"}}, "required": ["error"]}
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"description": what, "content": {"application/json": {"schema": ERROR}}}
    for status, what in {
        400: "something in it makes no sense", 401: "a key is needed", 404: "no such model", 413: "the body is too large",
        415: "the body isn't JSON", 429: "too much is asked for at once", 503: "the process that writes has ended; try again",
        504: "it took too long",
    }.items()
}  # fmt: skip
SHORT = 4096
"""Bodies below this are made into requests in less time than another thread takes to begin [byte]."""

ENDING = 5.0
"""How long a voice's process may take to end, once everybody has their texts or has been given up [s]."""

STREAM = {"text/event-stream": {"schema": {"type": "string"}}}


def application(voices: Voices, settings: Settings) -> ASGIApp:
    """Return the application that serves voices.

    Args:
        voices: The voices.
        settings: Keys, origins and limits.
    """
    metrics = Metrics(voices)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await asyncio.to_thread(voices.close, ENDING)

    app = FastAPI(
        title="talklike", version=__version__, description=ABOUT, lifespan=lifespan, docs_url=None, redoc_url=None,
        default_response_class=Answer,
    )  # fmt: skip
    _add_errors(app)
    _add_reading(app, voices, metrics)
    _add_writing(app, voices, settings, metrics)
    served = Door(app, settings, metrics)
    if not settings.origins:
        return served
    return CORSMiddleware(  # outside, so that a page may read what the door refuses
        served, allow_origins=settings.origins, allow_methods=["GET", "POST"], allow_headers=["*"], expose_headers=["Retry-After"]
    )


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(ApiError)
    async def refused(_: Request, error: ApiError) -> Response:
        return error.response()

    @app.exception_handler(TalklikeError)
    async def mistaken(_: Request, error: TalklikeError) -> Response:
        return ApiError.of(error).response()

    @app.exception_handler(Exception)
    async def broken(_: Request, __: Exception) -> Response:  # the door logs it
        return ApiError(500, "something went wrong here", code="internal_error").response()

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        return problems(error.errors()).response()

    @app.exception_handler(HTTPException)
    async def unknown(_: Request, error: HTTPException) -> Response:
        messages = {404: "there is nothing at this path", 405: "this path knows no such method"}
        answer = ApiError(error.status_code, messages.get(error.status_code, "the request can't be read")).response()
        answer.headers.update(error.headers or {})
        return answer


def _add_reading(app: FastAPI, voices: Voices, metrics: Metrics) -> None:
    """Add what only tells something."""

    @app.get("/health", description="Whether the server is there; needs no key.")
    async def health() -> dict[str, Any]:
        return {"status": "ok", "models": list(voices.by_name)}

    @app.get("/v1/models", description="The voices.", responses={401: REFUSALS[401]})
    async def models() -> dict[str, Any]:
        return {"object": "list", "data": [_model(served) for served in voices.by_name.values()]}

    @app.get("/v1/models/{model}", description="A voice.", responses={401: REFUSALS[401], 404: REFUSALS[404]})
    async def model(model: str) -> dict[str, Any]:
        return _model(voices.find(model)[0])

    @app.get("/metrics", description="What Prometheus collects.", response_class=Response, responses={401: REFUSALS[401]})
    async def counters() -> Response:
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(documentation(app.openapi()))


def _model(served: Served) -> dict[str, Any]:
    card = served.voice.card
    return {
        "id": served.name,
        "object": "model",
        "created": served.created,
        "owned_by": "talklike",
        "authors": [{"id": author, "name": name} for author, name in zip(card.authors, card.names, strict=True)],
        "scores": card.scores,
    }


def _add_writing(app: FastAPI, voices: Voices, settings: Settings, metrics: Metrics) -> None:
    """Add what lets voices write."""

    @app.post(
        "/v1/completions", description="Continue prompts.", response_model=None,
        responses=REFUSALS | {200: {"description": "the texts", "content": STREAM}},
    )  # fmt: skip
    async def completions(body: Completion, request: Request) -> Response:
        return await answer(body, request, CompletionShape)

    @app.post(
        "/v1/chat/completions", description="Answer a conversation.", response_model=None,
        responses=REFUSALS | {200: {"description": "the answers", "content": STREAM}},
    )  # fmt: skip
    async def chat(body: Chat, request: Request) -> Response:
        return await answer(body, request, ChatShape)

    async def answer(body: Completion | Chat, request: Request, shape: type[Shape]) -> Response:
        served, author = voices.find(body.model)
        await served.ready()
        note = request.scope.setdefault("talklike", {"model": served.name, "characters": 0})
        if int(request.headers.get("content-length", SHORT)) < SHORT and body.regex is None:
            wanted = body.requests(served.voice, author, settings)
        else:  # long prompts and expressions take milliseconds: not in everybody's event loop
            wanted = await asyncio.to_thread(body.requests, served.voice, author, settings)
        job = Job(served, body, wanted, metrics)
        if body.stream:
            with_usage = body.stream_options is not None and body.stream_options.include_usage
            events = write_events(job, shape(job), settings.timeout, with_usage=with_usage)
            return StreamingResponse(
                _noting(events, job, note), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
            )
        writing = asyncio.ensure_future(write_whole(job, shape(job), settings.timeout))
        leaving = asyncio.ensure_future(_gone(request))
        try:
            await asyncio.wait({writing, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not writing.done():
                return Response(status_code=499)  # nobody reads it
            return Answer(writing.result())
        finally:
            note["characters"] = job.characters
            writing.cancel()
            leaving.cancel()


async def _noting(events: AsyncIterator[bytes], job: Job, note: dict[str, Any]) -> AsyncIterator[bytes]:
    """Yield events, and note for the log how much was written."""
    try:
        async for event in events:
            yield event
    finally:
        job.close()
        note["characters"] = job.characters


async def _gone(request: Request) -> None:
    """Return when the client has gone away."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
