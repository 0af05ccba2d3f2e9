"""Telling bots from people, on invented messages; the real logs are in ``test_real.py``."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import polars as pl
import pytest

from talklike.chat.automated import BOT_NAME, FEWEST, SAMPLE, forms, judge, lower_end, relays, sample

if TYPE_CHECKING:
    from collections.abc import Callable

RNG = random.Random(20)
WORDS = ["boat", "tide", "net", "harbour", "rope", "gull", "fog", "quay", "lamp", "crate", "salt", "mast", "anchor", "herring"]
WORDS += ["bucket", "ledger", "storm", "pier", "oar", "kelp"]
NICKS = ["mossy_keel", "dora", "old_pike", "tansy", "wren"]


def chatter() -> str:
    """Return a message of random words."""
    return " ".join(RNG.choice(WORDS) for _ in range(RNG.randint(1, 12)))


PEOPLE: dict[str, Callable[[], str]] = {
    "talks": chatter,
    "greets": lambda: RNG.choice(["hi", "hi all", "thanks", "ok", "lol", "good night"]) if RNG.random() < 0.5 else chatter(),
    "answers": lambda: f"{RNG.choice(NICKS)}: {chatter()}",
    "links": lambda: f"{chatter()} https://example.org/{RNG.random()}",
    "robot lover": lambda: f"rakudo: {chatter()}",
}
BOTS: dict[str, Callable[[], str]] = {
    "points": lambda: f"> {RNG.choice(NICKS)} sends brownie points to @{RNG.choice(NICKS)} :sparkles:",
    "evaluates": lambda: f"rakudo {RNG.randrange(16**6):06x}: OUTPUT«{chatter()}»",
    "announces": lambda: f"r{RNG.randint(1, 99999)} | {RNG.choice(NICKS)}++ | {chatter()}",
    "passes on": lambda: f"{RNG.choice(NICKS)}: I'll pass that on when {RNG.choice(NICKS)} is around.",
    "same picture": lambda: "![no response](https://example.org/444)",
}


def verdicts(writers: dict[str, list[str]]) -> dict[str, str]:
    """Return who looks automated of the authors whose messages are given."""
    rows = [(author, text) for author, texts in writers.items() for text in texts]
    frame = pl.DataFrame(rows, schema={"author": pl.String, "text": pl.String}, orient="row")
    counted = frame.group_by("author").agg(messages=pl.len()).with_columns(name=pl.col("author"))
    return judge(frame.lazy(), counted, pl.Series(NICKS))


@pytest.mark.parametrize("kind", PEOPLE)
def test_people_do_not_look_automated(kind: str) -> None:
    """Nor does a name that says bot make one of them a bot."""
    texts = [PEOPLE[kind]() for _ in range(300)]
    assert verdicts({kind: texts, "chatbot": texts}) == {}


@pytest.mark.parametrize("kind", BOTS)
def test_bots_look_automated(kind: str) -> None:
    """Numbers, names, links and quoted words change; the form stays."""
    found = verdicts({kind: [BOTS[kind]() for _ in range(300)], "person": [chatter() for _ in range(300)]})
    assert list(found) == [kind]
    assert "of the messages are stock" in found[kind]


def test_a_name_counts_only_as_supporting_evidence() -> None:
    """A bot that also says many other things is found by its name; a person who does the same is not."""
    texts = [BOTS["passes on"]() if RNG.random() < 0.3 else chatter() for _ in range(400)]
    found = verdicts({"harbourbot": texts, "dora": texts})
    assert list(found) == ["harbourbot"]
    assert found["harbourbot"].endswith("and the name says bot")


def test_few_messages_give_no_verdict() -> None:
    """Twenty do."""
    texts = [BOTS["passes on"]() for _ in range(FEWEST)]
    assert verdicts({"bot": texts[:-1]}) == {}
    assert list(verdicts({"bot": texts})) == ["bot"]


def test_what_is_tried_out_again_and_again_within_an_hour_is_no_stock() -> None:
    """A person who pastes variants of one program into a channel is not a bot."""
    burst = [f"my $boats = {i}; say $boats + {i}; say 'done with the boats'" for i in range(60)]
    assert verdicts({"dora": [chatter() for _ in range(60)] + burst + [chatter() for _ in range(600)]}) == {}


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("camperbot", True), ("ubottu", True), ("ubotu", True), ("pugs_svn", True), ("bot-7", True), ("p6eval", True),
        ("CokeBot9000", True), ("abbott", False), ("bottomless", False), ("robotics", False), ("dora", False),
    ],
)  # fmt: skip
def test_names_that_say_bot(name: str, says: bool) -> None:
    """``bot`` where it ends a word."""
    assert (BOT_NAME.search(name) is not None) is says


def test_forms_blank_out_what_changes() -> None:
    """Whom it addresses, numbers, links, mentions, quoted words and names."""
    texts = [
        'dora: I saw 17 boats, wren! see https://example.org/x "like this"',
        'pike: I saw 4 boats, tansy! see www.example.com/y "or that"',
        "...",
    ]
    frame = pl.DataFrame({"row": [0, 1, 2], "author": "a", "text": texts})
    found = forms(frame, pl.Series(NICKS))
    assert found["form"].to_list() == ["i saw § boats, § see § §", "i saw § boats, § see § §", "..."]
    assert found["opening"][0] == "i saw §"
    assert found["words"].to_list() == [8, 8, 1]


def test_the_sample_is_bounded_spread_and_always_the_same() -> None:
    """It is cheap for an author of a million messages, and whole for one of few."""
    frame = pl.DataFrame({"author": ["many"] * 20_000 + ["few"] * 40, "text": [str(i) for i in range(20_040)]})
    wanted = pl.DataFrame({"author": ["many", "few"], "messages": [20_000, 40]})
    found = sample(frame.lazy(), wanted)
    assert found.equals(sample(frame.lazy(), wanted))
    rows = found.filter(author="many")["row"]
    assert SAMPLE * 0.7 < rows.len() < SAMPLE * 1.3
    assert rows.is_sorted()
    assert all(((rows >= start) & (rows < start + 5000)).sum() > SAMPLE / 8 for start in range(0, 20_000, 5000))
    assert found.filter(author="few").height == 40


def test_fewer_messages_make_a_share_less_sure() -> None:
    """Wilson's interval, by hand: (p + z²/2n − z√(p(1−p)/n + z²/4n²)) / (1 + z²/n) with p = 0.5, n = 20, z = 1."""
    assert lower_end(0.5, 20) == pytest.approx((0.5 + 0.025 - (0.0125 + 0.000625) ** 0.5) / 1.05)
    assert lower_end(0.5, 20) < lower_end(0.5, 200) < 0.5


STRANGERS = ["brine", "osprey", "tallow", "marram"]
RELAYS: dict[str, Callable[[], str]] = {
    "IRC": lambda: f"<{RNG.choice(STRANGERS)}> {chatter()}",
    "IRC with a mode": lambda: f"<@{RNG.choice(STRANGERS)}> {chatter()}",
    "coloured": lambda: f"\x0303<{RNG.choice(STRANGERS)}>\x0f {chatter()}",
    "bold": lambda: f"**{RNG.choice(STRANGERS)}**: {chatter()}",
    "bold with brackets": lambda: f"**<{RNG.choice(STRANGERS)}>** {chatter()}",
    "code": lambda: f"`{RNG.choice(STRANGERS)}` {chatter()}",
    "square": lambda: f"[{RNG.choice(STRANGERS)}] {chatter()}",
    "square with an app": lambda: f"[{RNG.choice(STRANGERS)}@telegram]: {chatter()}",
    "colon": lambda: f"{RNG.choice(STRANGERS)}: {chatter()}",
    "of people here": lambda: f"<{RNG.choice(NICKS)}> {chatter()}",
    "with news of its own": lambda: RELAYS["IRC"]() if RNG.random() < 0.8 else f"{chatter()} joined",
}
NO_RELAYS: dict[str, Callable[[], str]] = {
    "answers": lambda: f"{RNG.choice(NICKS)}: {chatter()}",
    "mentions": lambda: f"@{RNG.choice(NICKS)} {chatter()}",
    "one label": lambda: f"[note] {chatter()}",
    "emphasis now and then": lambda: f"**{RNG.choice(WORDS)}** {chatter()}" if RNG.random() < 0.4 else chatter(),
    "cites now and then": lambda: RELAYS["IRC"]() if RNG.random() < 0.3 else chatter(),
}


@pytest.mark.parametrize("kind", [*RELAYS, *NO_RELAYS])
def test_who_relays_others_is_no_person(kind: str) -> None:
    """Whatever the bridge writes names in; people who address, label or cite are people."""
    say = (RELAYS | NO_RELAYS)[kind]
    frame = pl.DataFrame({"row": range(100), "author": ["bridge"] * 100, "text": [say() for _ in range(100)]})
    found = relays(frame, pl.Series(["bridge", *NICKS]))
    assert ("bridge" in found) is (kind in RELAYS)
    if found:
        assert "relays others' messages" in found["bridge"]
        counted = pl.DataFrame({"author": ["bridge"], "name": ["bridge"], "messages": [100]})
        assert judge(frame.lazy().drop("row"), counted, pl.Series(["bridge", *NICKS])) == found
