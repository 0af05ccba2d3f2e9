"""Writing for many at once: everybody gets what they would have got alone, whatever the others do."""

from __future__ import annotations

import queue
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from talklike.corpus.alphabet import END
from talklike.errors import BusyError, OptionError, RunError
from talklike.generation.request import Request, Turn
from talklike.generation.sampling import Sampling
from talklike.generation.scheduler import Event, Failed, Finished, Piece, Prompt, Scheduler, Ticket
from talklike.generation.voice import Voice

MakeVoice = Callable[..., Voice]
PATIENCE = 60  # seconds; only a hang takes so long


class Client:
    """A scheduler, and everything that its tickets were told."""

    def __init__(self, voice: Voice, **options: Any) -> None:
        self.told: dict[int, list[Event]] = {}
        self.woken: queue.Queue[list[Ticket]] = queue.Queue()
        self.scheduler = Scheduler(voice, on_events=self.woken.put, **options)

    def wait_for(self, *tickets: Ticket) -> None:
        """Wait until tickets are done, taking what happens."""
        while not all(ticket.done for ticket in tickets):
            for ticket in self.woken.get(timeout=PATIENCE):
                self.told.setdefault(id(ticket), []).extend(ticket.take())
        for ticket in tickets:
            self.told.setdefault(id(ticket), []).extend(ticket.take())

    def texts(self, ticket: Ticket) -> list[str]:
        """Return what a ticket's texts are."""
        found = [""] * ticket.request.count
        for event in self.told[id(ticket)]:
            if isinstance(event, Piece):
                found[event.number] += event.text
        return found


@pytest.fixture(scope="module")
def voice(make_voice: MakeVoice) -> Voice:
    """Return an int8 voice of two authors."""
    return make_voice(authors=("u1", "u2"), precision="int8", hidden=16, orders=(2, 3), alphabet="etaoin é")


@pytest.fixture
def client(voice: Voice) -> Iterator[Client]:
    """Return a scheduler of four rows."""
    made = Client(voice, streams=4, queue=100)
    yield made
    assert made.scheduler.close(finish=False, timeout=PATIENCE)


def texts(voice: Voice, request: Request) -> list[str]:
    """Return what the library writes for a request."""
    found = [""] * request.count
    for number, piece, _ in voice.write(request):
        found[number] += piece
    return found


def requests(count: int) -> list[Request]:
    """Return requests of all kinds."""
    choose = random.Random(4)
    return [
        Request(
            prompt="et" * choose.randint(0, 200),
            turns=tuple(Turn(choose.randint(0, 2), "tea") for _ in range(choose.randint(0, 2))),
            author=choose.randint(0, 2),
            count=choose.randint(1, 3),
            most=choose.randint(1, 40),
            seed=n,
            stops=choose.choice([(), ("a",), ("to", "e")]),
            sampling=Sampling(
                temperature=choose.choice([0.0, 0.8, 1.5]),
                top_k=choose.choice([0, 5]),
                mirostat=choose.choice([0, 2]),
                dry_multiplier=choose.choice([0.0, 1.0]),
            ),
        )
        for n in range(count)
    ]


def test_everybody_gets_what_they_would_get_alone(voice: Voice, client: Client) -> None:
    """Forty requests of all kinds, from four threads, over four rows: each text is the library's."""
    wanted = requests(40)
    tickets: list[Ticket | None] = [None] * len(wanted)

    def submit(first: int) -> None:
        for n in range(first, len(wanted), 4):
            tickets[n] = client.scheduler.submit(wanted[n])

    threads = [threading.Thread(target=submit, args=(first,)) for first in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = [ticket for ticket in tickets if ticket is not None]
    client.wait_for(*taken)
    for request, ticket in zip(wanted, taken, strict=True):
        assert client.texts(ticket) == texts(voice, request)
        events = client.told[id(ticket)]
        assert isinstance(events[0], Prompt)
        assert events[0].length == len(request.context(voice.alphabet)[0])
        assert sorted(e.number for e in events if isinstance(e, Finished)) == list(range(request.count))
    assert (client.scheduler.active, client.scheduler.waiting) == (0, 0)


def test_who_gives_up_frees_the_rows(voice: Voice, client: Client) -> None:
    """A text of a million characters that nobody wants any longer holds up nobody; its ticket is done."""
    endless = Request("e", most=1_000_000, through=True, count=4, seed=1)
    ticket = client.scheduler.submit(endless)
    waiting = client.scheduler.submit(Request("t", most=5, seed=2))
    given_up = client.scheduler.submit(replace(endless, seed=3))
    while not ticket.take():
        client.woken.get(timeout=PATIENCE)
    given_up.cancel()
    ticket.cancel()
    client.wait_for(waiting, ticket)
    assert client.texts(waiting) == texts(voice, waiting.request)
    assert client.scheduler.close(finish=True, timeout=PATIENCE)
    assert given_up.done


def test_a_full_queue_is_said(voice: Voice) -> None:
    """Who comes when too many wait is told so, and nothing else is harmed."""
    client = Client(voice, streams=1, queue=2)
    tickets = [client.scheduler.submit(Request("e", most=200_000, through=True, seed=1))]
    while not client.scheduler.active:
        client.woken.get(timeout=PATIENCE)
    tickets += [client.scheduler.submit(Request("t", most=3, seed=2)) for _ in range(2)]
    with pytest.raises(BusyError, match="2 texts wait already"):
        client.scheduler.submit(Request("t", seed=3))
    assert client.scheduler.waiting == 2
    tickets[0].cancel()
    client.wait_for(*tickets)
    assert client.texts(tickets[1]) == texts(voice, tickets[1].request)
    client.scheduler.close(finish=True, timeout=PATIENCE)


def test_closing_finishes_what_was_begun(voice: Voice) -> None:
    """Told to finish, it writes all texts and takes no new ones."""
    client = Client(voice, streams=2)
    tickets = [client.scheduler.submit(request) for request in requests(6) if request.count <= 2]
    assert client.scheduler.close(finish=True, timeout=PATIENCE)
    client.wait_for(*tickets)
    assert [client.texts(ticket) for ticket in tickets] == [texts(voice, ticket.request) for ticket in tickets]
    with pytest.raises(BusyError, match="put away"):
        client.scheduler.submit(Request("t"))


def test_closing_at_once_fails_what_was_begun(voice: Voice) -> None:
    """Nobody waits for ever: each ticket is told."""
    client = Client(voice, streams=1)
    tickets = [client.scheduler.submit(Request("e", most=1_000_000, through=True, seed=n)) for n in range(3)]
    assert client.scheduler.close(finish=False, timeout=PATIENCE)
    client.wait_for(*tickets)
    assert all(isinstance(client.told[id(ticket)][-1], Failed) for ticket in tickets)


def test_the_best_come_at_the_end(voice: Voice, client: Client) -> None:
    """With best-of the texts are compared first, and are the library's."""
    request = Request("e", author=1, count=2, best_of=4, most=20, seed=1, sampling=Sampling(temperature=1.0))
    ticket = client.scheduler.submit(request)
    client.wait_for(ticket)
    assert client.texts(ticket) == texts(voice, request)
    assert [type(event) for event in client.told[id(ticket)]] == [Prompt, Piece, Finished, Piece, Finished]


def test_probabilities_of_the_prompt_and_of_the_text(make_voice: MakeVoice) -> None:
    """Those of the prompt come with it, also when nothing is to be written."""
    voice = make_voice(alphabet="etaoin é")
    client = Client(voice)
    ids = (*voice.alphabet.encode("tea").tolist(), END)
    ticket = client.scheduler.submit(Request(ids, most=0, prompt_logprobs=True, logprobs=2))
    client.wait_for(ticket)
    prompt, finished = client.told[id(ticket)]
    assert isinstance(prompt, Prompt)
    logits = voice.engine.streams(1, 1).read(np.array([[END, *ids[:-1]]]))[0].astype(np.float64)
    expected = [row[symbol] - np.log(np.exp(row).sum()) for row, symbol in zip(logits, ids, strict=True)]
    assert [one.logprob for one in prompt.symbols] == pytest.approx(expected, abs=1e-5)
    assert finished == Finished(0, "length", 0)
    ticket = client.scheduler.submit(Request("e", most=9, seed=1, logprobs=1))
    client.wait_for(ticket)
    symbols = [one for event in client.told[id(ticket)] if isinstance(event, Piece) for one in event.symbols]
    assert b"".join(one.data for one in symbols).decode() == client.texts(ticket)[0]
    client.scheduler.close(finish=True, timeout=PATIENCE)


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (Request(count=5), "5 texts at once are asked for, 4 are possible"),
        (Request((9999,)), "a symbol of the prompt"),
        (Request(regex="("), "the regular expression"),
    ],
)
def test_what_cannot_be_written_is_refused_at_once(client: Client, request_: Request, message: str) -> None:
    """The error comes to whoever asked, not to the thread."""
    pytest.importorskip("llguidance")
    with pytest.raises(OptionError, match=message):
        client.scheduler.submit(request_)


def test_an_expression_that_turns_out_too_complex_fails_alone(voice: Voice, client: Client) -> None:
    """The text that can't go on fails; the one beside it is written."""
    pytest.importorskip("llguidance")
    bad = client.scheduler.submit(Request(regex="a{100000}{100000}", seed=1))
    good = client.scheduler.submit(Request("e", most=30, seed=2))
    client.wait_for(bad, good)
    last = client.told[id(bad)][-1]
    assert isinstance(last, Failed)
    assert "regular expression" in str(last.error)
    assert client.texts(good) == texts(voice, good.request)


@pytest.mark.parametrize("options", [{"count": 3}, {"best_of": 3}], ids=["three", "best of three"])
def test_several_texts_of_such_an_expression_fail_once(voice: Voice, client: Client, options: dict[str, Any]) -> None:
    """They fail in the same step; the scheduler goes on."""
    pytest.importorskip("llguidance")
    bad = client.scheduler.submit(Request(regex="a{100000}{100000}", seed=1, **options))
    client.wait_for(bad)
    assert [isinstance(event, Failed) for event in client.told[id(bad)]].index(True) == len(client.told[id(bad)]) - 1
    good = client.scheduler.submit(Request("e", count=2, most=30, seed=2))
    client.wait_for(good)
    assert client.texts(good) == texts(voice, good.request)


def test_what_nobody_foresaw_fails_everybody_and_is_raised(voice: Voice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a thread that has ended, and its error isn't lost."""
    raised: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", raised.append)
    client = Client(voice, streams=1)
    broken = MemoryError("too little")

    def step() -> None:
        raise broken

    monkeypatch.setattr(client.scheduler._batch, "step", step)
    tickets = [client.scheduler.submit(Request("e", most=30, seed=seed)) for seed in range(2)]
    client.wait_for(*tickets)
    for ticket in tickets:
        last = client.told[id(ticket)][-1]
        assert isinstance(last, Failed)
        assert isinstance(last.error, RunError)
    assert client.scheduler.close(finish=True, timeout=PATIENCE)
    assert [args.exc_value for args in raised] == [broken]


def test_text_comes_before_what_came_after_it() -> None:
    """Characters that came one by one are told in one piece each text, before its scored piece, its end or an error."""
    ticket = Ticket(Request("t", count=2))
    error = Failed(BusyError("gone"))
    told: list[Event | tuple[int, str]] = [(0, "a"), (1, "x"), (0, "b"), Piece(0, "c", ()), (0, "d"), Finished(0, "end", 4)]
    for event in [*told, (1, "y"), error, (1, "z")]:
        ticket.put(event)
    assert ticket.pending
    expected = [Piece(0, "ab"), Piece(0, "c", ()), Piece(0, "d"), Finished(0, "end", 4), Piece(1, "xy"), error, Piece(1, "z")]
    assert ticket.take() == expected
    assert not ticket.pending
