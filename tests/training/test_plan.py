"""Tests of how a budget and an amount of text become a recipe."""

from __future__ import annotations

import itertools
import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.errors import OptionError
from talklike.evaluation.history import MOST_ROUNDS
from talklike.training import plan as planning
from talklike.training.plan import Amounts, Wish, make_wish, measured, parse_budget, plan
from talklike.training.recipe import Recipe

if TYPE_CHECKING:
    from talklike.corpus.corpus import Corpus


def steady(seconds: float) -> Any:
    """Return a clock by which every step takes as long, whatever the recipe."""
    return lambda recipe: seconds


def by_width(recipe: Recipe) -> float:
    """Return the time of a step that grows with the square of the width."""
    return recipe.hidden**2 * 1e-6


@given(st.integers(0, 99), st.integers(0, 600), st.integers(0, 600))
def test_budgets_of_hours_minutes_and_seconds(hours: int, minutes: int, seconds: int) -> None:
    """Any sum of hours, minutes and seconds from a second on is a budget, in capitals and with spaces too."""
    total = 3600 * hours + 60 * minutes + seconds
    text = f"{hours}h{minutes}m{seconds}s"
    if total == 0:
        with pytest.raises(OptionError, match="must be from 1 second"):
            parse_budget(text)
    else:
        assert parse_budget(text) == parse_budget(f" {hours}H {minutes} m {seconds} S ") == total


@given(st.decimals(1, 2_592_000, places=3))
def test_a_number_alone_is_seconds(seconds: object) -> None:
    """A number without a unit is seconds, with decimals too."""
    assert parse_budget(str(seconds)) == float(str(seconds))


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("5m", 300), ("1.5h", 5400), ("1h30m", 5400), ("30d".replace("30d", "720h"), 2_592_000)]
)
def test_known_budgets(text: str, seconds: float) -> None:
    """The spellings of the documentation mean what they say."""
    assert parse_budget(text) == seconds


@pytest.mark.parametrize(
    "text",
    ["", " ", "x", "-5m", "0", "0s", "0.5", "nan", "inf", "1e9h", "5 parsecs", "5mm", "m5", "1.2.3", "5m!", "721h", "1,5m"],
)
def test_nonsense_is_no_budget(text: str) -> None:
    """What isn't a duration, or is none that makes sense, is refused in one line that quotes it."""
    with pytest.raises(OptionError, match=r"must be (a duration|from 1 second)") as caught:
        parse_budget(text)
    assert repr(text) in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.text(max_size=12))
def test_any_text_is_a_budget_or_a_mistake(text: str) -> None:
    """Whatever is typed, the answer is from a second to thirty days, or an error of ours."""
    try:
        seconds = parse_budget(text)
    except OptionError:
        return
    assert 1 <= seconds <= 30 * 86400


def test_a_wish_has_a_budget_or_epochs() -> None:
    """Without either the default budget counts; both together are refused."""
    assert make_wish(None, None, {}) == Wish(300.0, None, {})
    assert make_wish("90s", None, {"seed": 1}) == Wish(90.0, None, {"seed": 1})
    assert make_wish(45, None, {}) == Wish(45.0, None, {})
    assert make_wish(None, 2.5, {}) == Wish(None, 2.5, {})
    with pytest.raises(OptionError, match="not both"):
        make_wish("5m", 3, {})


@pytest.mark.parametrize("epochs", [0, -1, math.nan, math.inf, 100_001])
def test_nonsense_epochs_are_refused(epochs: float) -> None:
    """A number of rounds is above nothing and at most a hundred thousand."""
    with pytest.raises(OptionError, match="epochs is"):
        make_wish(None, epochs, {})


def test_a_wish_checks_its_settings() -> None:
    """Mistakes in the settings are told before any chat is read, all together."""
    with pytest.raises(OptionError, match=r"hidden is 0.*seed is -1"):
        make_wish(None, None, {"seed": -1, "hidden": 0})
    with pytest.raises(OptionError, match="the default recipe has no colour"):
        make_wish(None, None, {"colour": 1})


def test_epochs_become_steps() -> None:
    """Rounds over the text are that many times its symbols, divided by the symbols of a step."""
    recipe = plan(make_wish(None, 4, {"streams": 10, "length": 20}), Amounts(100_000), steady(math.nan))
    assert recipe.steps == 4 * 100_000 // 200
    assert plan(make_wish(None, 0.5, {"streams": 10, "length": 20}), Amounts(100_000), steady(math.nan)).steps == 250
    assert plan(make_wish(None, 1e-5, {}), Amounts(100_000), steady(math.nan)).steps == 1


def test_a_fixed_number_of_steps_is_shared_out() -> None:
    """The room's text and the author's get what they would have of a budget, and all that follows is made for so many steps."""
    text = Amounts(500_000, room=9_000_000)
    planned = plan(make_wish("5m", None, {"streams": 32, "length": 128}), text, steady(0.1))
    few = plan(make_wish("5m", None, {"streams": 32, "length": 128, "steps": 100}), text, steady(0.1))
    assert few.steps == 100
    assert few.room_steps == pytest.approx(100 * planned.room_steps / planned.steps, abs=1)
    assert few.warm_up == 10
    assert few.evaluate_every < 100


def test_a_budget_becomes_steps() -> None:
    """A budget, less what a run costs beside training, is that many steps of the measured time."""
    recipe = plan(make_wish("103s", None, {"streams": 32, "length": 128}), Amounts(1_000_000), steady(0.1))
    assert recipe.steps == round((103 - planning.FIXED_SECONDS) * (1 - planning.OVERHEAD) / 0.1) == 880


def test_a_start_that_takes_long_is_part_of_the_budget() -> None:
    """A large chat to encode, or a busy machine to measure, leaves fewer steps; what is allowed for is not counted twice."""
    text, settings = Amounts(1_000_000), {"streams": 32, "length": 128}
    long, short = (
        plan(make_wish(budget, None, settings), text, steady(0.1), lambda: seconds)  # noqa: B023  (called at once)
        for budget, seconds in (("123s", 23.0), ("103s", planning.FIXED_SECONDS))
    )
    assert long.steps == short.steps == 880
    assert planning.after_start(60, 1) == 60
    assert planning.after_start(60, 13) == 60 - 13 + planning.FIXED_SECONDS


def test_what_a_plan_leaves_for_the_end_is_what_the_end_takes() -> None:
    """Steps, what follows them, and the share of evaluations are the budget, with or without a room's authors to tell apart."""
    for named in (0, 10):
        text = Amounts(10_000_000, held_out=20_000, named=named)
        recipe = plan(make_wish("303s", None, {"streams": 10, "length": 100}), text, steady(0.02))
        assert bool(recipe.signatures) == bool(named)
        seconds = planning.seconds_of_run(303, text)
        assert seconds == 303 - planning.FIXED_SECONDS
        took = (recipe.steps + planning.steps_after(recipe, text)) * 0.02
        assert took == pytest.approx(seconds * (1 - planning.OVERHEAD), rel=2e-3)
    assert planning.steps_after(recipe, Amounts(1_000_000, named=10)) > 0
    assert planning.seconds_of_run(1, Amounts(1_000)) > 0


def test_the_amounts_of_a_corpus(corpus: Corpus) -> None:
    """Of one author alone there is no room, nobody to name, and all held-out text is scored."""
    found = planning.amounts_of(corpus)
    assert found == Amounts(len(corpus.train), 0, len(corpus.validation) + len(corpus.test), 0)
    room = replace(corpus, own=corpus.train, room=True)
    assert planning.amounts_of(room).room == len(corpus.train)


def test_the_scoring_at_the_end_is_part_of_the_budget() -> None:
    """Held-out text takes the steps that scoring it costs."""
    settings = {"streams": 10, "length": 100}
    all_steps, fewer = (
        plan(make_wish("100s", None, settings), Amounts(1_000_000, held_out=held_out), steady(0.1)).steps
        for held_out in (0, 50_000)
    )
    assert all_steps - fewer == pytest.approx(50 * planning.SCORING, abs=1)


def test_short_runs_are_evaluated_less_often() -> None:
    """Evaluations follow from the work: a few in a short run, no more than ``MOST_EVALUATIONS`` in a long one."""

    def evaluations(epochs: float) -> int:
        recipe = plan(make_wish(None, epochs, {}), Amounts(200_000), steady(1))
        return math.ceil(recipe.steps / recipe.evaluate_every)

    assert evaluations(0.5) <= planning.FEWEST_EVALUATIONS < evaluations(8) < evaluations(50) <= planning.MOST_EVALUATIONS


def test_more_is_dropped_the_more_often_the_text_is_read() -> None:
    """Two rounds drop little, many rounds half."""
    drops = [plan(make_wish(None, epochs, {}), Amounts(200_000), steady(1)).dropout for epochs in (1, 5, 10, 100)]
    assert drops == [0.1, 0.25, 0.5, 0.5]


def test_a_long_budget_ends_where_nothing_improves() -> None:
    """Little text and much time don't make endless rounds."""
    recipe = plan(make_wish("30h", None, {}), Amounts(1_000_000), steady(0.001))
    rounds = recipe.steps * recipe.streams * recipe.length / 1_000_000
    assert rounds == pytest.approx(MOST_ROUNDS, rel=0.01)
    assert plan(make_wish("30h", None, {}), Amounts(2_000), steady(0.001)).steps == planning.LEAST_STEPS


def test_a_budget_too_short_for_anything_is_some_steps() -> None:
    """One second still trains: half a second of it."""
    assert plan(make_wish("1s", None, {}), Amounts(100_000), steady(0.01)).steps == 50


def test_a_short_budget_takes_a_narrower_network() -> None:
    """The network is the widest that pays for the text, and narrower where it couldn't get round the text twice."""
    symbols = 2_000_000
    widths = [
        plan(make_wish(budget, None, {}), Amounts(symbols), by_width).hidden for budget in ("10h", "250s", "60s", "15s", "2s")
    ]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] == planning.WIDTHS[-1][1]
    assert widths[-1] == planning.WIDTHS[0][1]
    assert len(set(widths)) > 2


def test_the_narrower_network_gets_round_twice() -> None:
    """The width chosen allows the rounds asked for, and the next wider one wouldn't."""
    symbols = 500_000
    recipe = plan(make_wish("20s", None, {}), Amounts(symbols), by_width)
    per_round = symbols / (recipe.streams * recipe.length)
    wider = next(width for _, width in planning.WIDTHS if width > recipe.hidden)
    assert recipe.steps >= planning.FEWEST_ROUNDS * per_round > 17 * 0.88 / (wider**2 * 1e-6)


def test_a_width_that_is_asked_for_stays() -> None:
    """A fixed width is kept however short the budget, and only it is measured."""
    seen: list[int] = []

    def clock(recipe: Recipe) -> float:
        seen.append(recipe.hidden)
        return 1.0

    assert plan(make_wish("5s", None, {"hidden": 300}), Amounts(10_000_000), clock).hidden == 300
    assert seen == [300]


@pytest.mark.parametrize(("least", "hidden"), planning.WIDTHS)
def test_the_width_follows_from_the_text(least: int, hidden: int) -> None:
    """Each width is taken from its amount of text on, and not before; the widest only where there is time for them."""
    assert plan(make_wish("10h", None, {}), Amounts(max(600, least)), steady(1e-4)).hidden == hidden
    assert plan(make_wish(None, 1, {}), Amounts(max(600, least)), steady(1)).hidden == min(hidden, planning.WIDE)
    if least:
        assert plan(make_wish("10h", None, {}), Amounts(least - 1), steady(1e-4)).hidden < hidden


def test_wide_networks_take_smaller_steps_and_drop_more() -> None:
    """They have more to get wrong; a rate that is asked for stays."""
    wide, narrow = (plan(make_wish("10h", None, {"hidden": hidden}), Amounts(900_000), by_width) for hidden in (1024, 512))
    assert wide.learning_rate == narrow.learning_rate / 2
    assert wide.dropout == pytest.approx(narrow.dropout + planning.WIDE_DROPOUT)
    assert plan(make_wish(None, 8, {"hidden": 1024}), Amounts(900_000), by_width).learning_rate == wide.learning_rate
    asked = plan(make_wish("10h", None, {"hidden": 1024, "learning_rate": 0.5, "dropout": 0.1}), Amounts(900_000), by_width)
    assert (asked.learning_rate, asked.dropout) == (0.5, 0.1)


def test_few_characters_still_make_a_plan() -> None:
    """Six hundred characters are one stream, which a step reads a part of, in the narrowest network."""
    recipe = plan(make_wish(None, 10, {}), Amounts(600), steady(1))
    assert (recipe.hidden, recipe.streams, recipe.length) == (planning.WIDTHS[0][1], 1, 128)
    assert recipe.steps == round(10 * 600 / 128)


@given(st.integers(500, 3_000_000), st.floats(1, 5000), st.floats(1e-5, 10))
def test_every_plan_makes_sense(symbols: int, budget: float, seconds: float) -> None:
    """Whatever the text, the budget and the machine, the plan is a recipe that may be, with no more evaluations than there are.

    Nor do the streams together read the whole text in one step, nor does the warm-up last to the end.
    """
    recipe = plan(make_wish(budget, None, {}), Amounts(symbols), steady(seconds))
    assert recipe.streams * recipe.length <= symbols
    assert 1 <= recipe.evaluate_every <= recipe.steps
    assert recipe.steps / recipe.evaluate_every <= planning.MOST_EVALUATIONS
    assert recipe.warm_up <= max(1, recipe.steps // 10)
    assert 0 <= recipe.average <= 0.998
    assert recipe.evaluate_symbols >= planning.LEAST_SCORED
    assert 0.1 <= recipe.dropout <= 0.5
    assert Recipe.from_dict(recipe.to_dict()) == recipe


def test_settings_win_over_what_would_follow() -> None:
    """Whatever is fixed stays fixed, also what is derived otherwise."""
    fixed = {"warm_up": 7, "evaluate_every": 3, "average": 0.5, "evaluate_symbols": 100, "streams": 2, "length": 5}
    recipe = plan(make_wish(None, 2, fixed), Amounts(10_000), steady(1))
    assert {name: getattr(recipe, name) for name in fixed} == fixed


def test_the_median_step_is_measured_after_two_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two warm-up steps don't count; a step that was disturbed doesn't change the result."""
    calls: list[int] = []
    ticks = itertools.accumulate(itertools.chain([0], itertools.cycle([0.1, 0.0, 0.9, 0.0, 0.1, 0.0])))
    monkeypatch.setattr(time, "perf_counter", lambda: next(ticks))
    assert measured(lambda: calls.append(1)) == pytest.approx(0.1)
    assert len(calls) == 2 + 3


def test_the_room_is_read_first_where_there_is_time() -> None:
    """A long budget reads the room as often as pays, then the author; a short one the author alone, unless wished otherwise."""
    text = Amounts(own=500_000, room=5_000_000)
    long = plan(make_wish("10h", None, {}), text, steady(0.05))
    a_step = long.streams * long.length
    assert long.room_steps * a_step == pytest.approx(planning.MOST_ROOM_ROUNDS * text.room, rel=0.01)
    assert (long.steps - long.room_steps) * a_step == pytest.approx(planning.OWN_ROUNDS * text.own, rel=0.01)
    assert long.room == planning.NAMED
    assert long.room_dropout > 0
    short = make_wish("20s", None, {})
    assert plan(short, text, steady(0.1)).room_steps == 0
    assert plan(short, text, steady(0.1)).room == 0
    wished = plan(make_wish("20s", None, {}, room=True), text, steady(0.05))
    assert 0 < wished.room_steps < wished.steps


def test_a_first_round_of_the_room_drops_nothing_but_some_memory() -> None:
    """What is read once can't be learnt by heart."""
    recipe = plan(make_wish(None, 1, {}), Amounts(own=500_000, room=5_000_000), steady(1))
    assert recipe.room_dropout == 0
    assert recipe.room_memory_dropout == 0.1
    assert recipe.room_steps * recipe.streams * recipe.length == pytest.approx(5_000_000, rel=0.01)


def test_less_is_dropped_of_much_text_of_ones_own() -> None:
    """After the room, two rounds over two million symbols are learnt by heart less than over half a million."""
    little, much = (plan(make_wish(None, 2, {}), Amounts(own, 9_000_000), steady(1)) for own in (500_000, 2_400_000))
    assert (little.dropout, little.memory_dropout) == (planning.OWN_DROPOUT, planning.OWN_MEMORY_DROPOUT)
    assert much.dropout == pytest.approx(planning.OWN_DROPOUT / 2)


def test_the_width_leaves_time_for_the_room() -> None:
    """With a room, the widest network is taken that still gets through its text."""
    text = Amounts(own=500_000, room=8_000_000)
    narrow, wide = (plan(make_wish(budget, None, {}), text, by_width) for budget in ("150s", "30m"))
    assert narrow.hidden < wide.hidden == planning.WIDE


def test_only_a_whole_room_learns_to_tell_its_authors_apart() -> None:
    """In a table of so many bytes at most, fewer rows for more authors and less text, read as often as there is time for."""
    wish = make_wish(None, 1, {})
    assert plan(wish, Amounts(5_000_000), steady(1)).signatures == 0
    assert plan(wish, Amounts(5_000_000, named=1), steady(1)).signatures == 0
    ten = plan(wish, Amounts(5_000_000, named=10), steady(1))
    assert ten.signatures == 1 << 18
    assert ten.signature_rounds == pytest.approx(planning.SIGNATURE_READING, rel=1e-3)
    assert plan(wish, Amounts(5_000_000, named=32), steady(1)).signatures * 32 == planning.SIGNATURE_BYTES
    assert plan(wish, Amounts(5_000_000, named=1000), steady(1)).signatures == 1 << 12
    assert plan(wish, Amounts(600, named=10), steady(1)).signatures == 1 << 10
    assert plan(make_wish(None, 50, {}), Amounts(600, named=10), steady(1)).signature_rounds == planning.MOST_SIGNATURE_ROUNDS


def test_learning_to_tell_authors_apart_is_part_of_the_budget() -> None:
    """So many fewer steps are taken as its share of the time is."""
    alone, room = (plan(make_wish("10m", None, {}), Amounts(50_000_000, named=named), steady(0.1)) for named in (0, 10))
    left = (1 - planning.OVERHEAD - planning.SIGNATURE_SHARE) / (1 - planning.OVERHEAD)
    assert room.steps == pytest.approx(alone.steps * left, rel=0.01)


@pytest.mark.parametrize(("least", "rows"), planning.BUCKETS)
def test_the_table_grows_with_the_text(least: int, rows: int) -> None:
    """Each size is taken from its amount of text on, the largest prime below."""
    buckets = plan(make_wish(None, 1, {}), Amounts(max(600, least)), steady(1)).buckets
    assert rows * 0.999 < buckets < rows
