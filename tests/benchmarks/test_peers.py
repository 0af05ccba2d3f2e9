"""The parts of the benchmarks against peers that need no TensorFlow, and, where it is installed, the Keras competitor."""

from __future__ import annotations

import itertools
import math
import re
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from benchmarks.peers import rate
from benchmarks.peers.rivals import bare, contest, keras_process
from benchmarks.peers.rivals.exam import Exam
from benchmarks.peers.rivals.text import END, FIRST_CHARACTER, STEP, UNKNOWN, WINDOW, PeerText, contexts, peer_text, starts
from benchmarks.record import ROOT, SkippedError
from benchmarks.training.rate import corpus
from talklike.corpus.corpus import build_corpus

if TYPE_CHECKING:
    from collections.abc import Callable

    from talklike.chat.table import Chat

REQUIREMENTS = ROOT / "benchmarks" / "peers" / "requirements.txt"


def endless(count: int) -> np.ndarray:
    """Return a text that is easy to predict, with END before it."""
    pattern = np.array([2, 3, 4, 5, 6, 3, 2], np.uint16)
    return np.concatenate([np.array([END], np.uint16), np.resize(pattern, count)])


def easy_text(count: int = 8_000) -> PeerText:
    """Return an easy text in three parts."""
    return PeerText(endless(count), endless(300), endless(400), symbols=7, unknown_bits=0.0)


# the text


def test_messages_become_symbols_and_rare_characters_one() -> None:
    """Each character is one symbol, END follows every message, and what the alphabet lacks is UNKNOWN in every part."""
    text = peer_text((["ab", "b?"], ["a!"], ["b\n"]), "ab")
    assert text.train.tolist() == [END, 2, 3, END, 3, UNKNOWN, END]
    assert text.validation.tolist() == [END, 2, UNKNOWN, END]
    assert text.test.tolist() == [END, 3, UNKNOWN, END]
    assert text.symbols == 4
    assert text.unknown_bits == math.log2(3)


def test_without_rare_characters_nothing_is_added() -> None:
    """No choice costs no bits, and neither does a choice of one."""
    assert peer_text((["ab"], ["a"], ["b"]), "ab").unknown_bits == 0
    assert peer_text((["ab"], ["a?"], ["b"]), "ab").unknown_bits == 0


def test_an_unknown_character_costs_the_choice_among_them_too() -> None:
    """Bits per character are the mean of what the symbols cost, and more for each UNKNOWN."""
    text = PeerText(endless(9), endless(9), endless(9), symbols=7, unknown_bits=4.0)
    assert text.bits_per_character(np.array([1.0, 2.0, 3.0]), np.array([2, UNKNOWN, END])) == pytest.approx((6 + 4) / 3)


def test_a_text_survives_its_file(tmp_path: Path) -> None:
    """The other process reads what this one wrote."""
    text = peer_text((["ab", "b?"], ["a!"], ["b"]), "ab")
    text.save(tmp_path / "text.npz")
    read = PeerText.load(tmp_path / "text.npz")
    assert (read.symbols, read.unknown_bits) == (text.symbols, text.unknown_bits)
    for name in ("train", "validation", "test"):
        before, after = getattr(text, name), getattr(read, name)
        assert after.dtype == np.uint16
        assert after.tolist() == before.tolist()


def test_windows_begin_where_the_tutorial_begins_them() -> None:
    """The last window leaves just one character, its label, or too few for another one."""
    ids = np.arange(WINDOW + 8)
    assert starts(ids).tolist() == list(range(0, len(ids) - WINDOW, STEP)) == [0, 3, 6]


def test_each_character_is_predicted_from_the_forty_before_it() -> None:
    """Before the text stand ENDs, then the window slides along."""
    ids = np.concatenate([[END], np.arange(1, 101)]).astype(np.uint16)
    found = contexts(ids)
    assert found.shape == (100, WINDOW)
    for at in (1, 2, WINDOW, WINDOW + 1, 100):
        assert found[at - 1].tolist() == ([END] * WINDOW + ids[:at].tolist())[-WINDOW:]


def test_everyone_is_judged_by_the_characters_that_talklike_counts(make_chat: Callable[..., Chat], tmp_path: Path) -> None:
    """Cut at the messages of the corpus, and with its alphabet, each part has as many symbols as the corpus has characters."""
    texts = [f"message {n} of many, some with é and some with {'☃' if n % 50 == 0 else 'none'}\n second line" for n in range(120)]
    chat = make_chat(texts)
    author = str(chat.authors()["author"][0])
    made = build_corpus(chat, author, tmp_path)
    text = contest.split_text(contest.own_texts(chat, author), made)
    theirs = [len(ids) - 1 for ids in (text.train, text.validation, text.test)]
    assert theirs == [part.characters for part in (made.train, made.validation, made.test)]
    assert text.symbols == FIRST_CHARACTER + len(made.alphabet.characters)


def test_less_to_score_is_the_beginning_of_it() -> None:
    """What chooses weights is cut; what is reported on only in a smoke run."""
    text = easy_text()
    whole = contest.shortened(text, 100, None)
    assert (len(whole.validation) - 1, len(whole.test) - 1, len(whole.train)) == (100, 400, len(text.train))
    quick = contest.shortened(text, 100, 50)
    assert (quick.validation.tolist(), quick.test.tolist()) == (text.validation[:51].tolist(), text.test[:51].tolist())


# the exam


class Examinee:
    """A network whose validation score follows a script and whose weights are the number of steps done."""

    def __init__(self, validation: list[float]) -> None:
        self.time = 0.0
        self.steps = 0
        self._validation = validation
        self.tested: list[int] = []

    def validation_bits(self) -> float:
        """Return the next score of the script."""
        self.time += 100  # evaluating takes its time
        return self._validation.pop(0)

    def test_bits(self) -> float:
        """Return a score that tells the weights it was measured with."""
        self.time += 1000
        self.tested.append(self.steps)
        return 10.0 + self.steps

    def weights(self) -> int:
        """Return the number of steps."""
        return self.steps

    def load(self, weights: int) -> None:
        """Put a number of steps back."""
        self.steps = weights

    def train(self, exam: Exam, seconds: float = 1.0) -> None:
        """Do steps of so many seconds, after a first one that takes longer, until the exam is over."""
        self.time += 50
        over = exam.stepped()
        while not over:
            self.steps += 1
            self.time += seconds
            over = exam.stepped()


def test_examining_and_the_first_step_cost_no_training_time() -> None:
    """The marks are reached after just as many steps of a second each, however long examining takes."""
    network = Examinee([3.0, 2.0, 1.0])
    exam = Exam(network, (2, 6), 3, clock=lambda: network.time)
    network.train(exam)
    assert (exam.course.steps, exam.course.seconds) == (6, 6.0)
    assert exam.course.history == [(2.0, 3.0), (3.0, 2.0), (6.0, 1.0)]
    assert exam.course.marks == [(2, 12.0), (6, 16.0)]


def test_the_weights_that_validation_liked_best_are_reported_and_training_goes_on_with_its_own() -> None:
    """A later evaluation that is worse changes nothing in the report, and the network isn't set back."""
    network = Examinee([3.0, 2.0, 2.5, 4.0])
    exam = Exam(network, (4,), 1, clock=lambda: network.time)
    network.train(exam)
    assert network.tested == [2]
    assert exam.course.marks == [(4, 12.0)]
    assert network.steps == 4


def test_a_step_may_pass_several_marks() -> None:
    """They are reported from one test."""
    network = Examinee([3.0])
    exam = Exam(network, (1, 2, 3), 1, clock=lambda: network.time)
    network.train(exam, seconds=5)
    assert exam.course.marks == [(1, 11.0), (2, 11.0), (3, 11.0)]
    assert network.tested == [1]


def test_weights_that_diverged_are_never_the_best() -> None:
    """What is not a number loses against every number, and before there is one the training failed."""
    network = Examinee([3.0, math.nan])
    exam = Exam(network, (2,), 1, clock=lambda: network.time)
    network.train(exam)
    assert network.tested == [1]
    network = Examinee([math.nan])
    with pytest.raises(RuntimeError, match="diverged within its first 2 s"):
        network.train(Exam(network, (2,), 2, clock=lambda: network.time))


# the competitors


def test_the_bare_loop_learns_and_its_course_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small one learns a text that repeats itself within a second of a clock that counts steps; the marks come in order."""
    monkeypatch.setattr(torch, "set_num_threads", lambda _: None)  # the other tests keep theirs
    for name, value in {"HIDDEN": 32, "STREAMS": 4, "LENGTH": 32}.items():
        monkeypatch.setattr(bare, name, value)
    ticks = itertools.count()
    monkeypatch.setattr(bare, "Exam", partial(Exam, clock=lambda: next(ticks) / 1000))
    course = bare.learn(easy_text(1_000), (0.2, 1.0), 0.2, threads=1, seed=0)
    assert [mark for mark, _ in course.marks] == [0.2, 1.0]
    assert course.marks[-1][1] < 1.5 < math.log2(7)
    assert course.steps >= 1
    assert course.seconds >= 1.0


def test_the_bare_loop_is_scored_as_one_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading in pieces with the state carried gives what reading at once gives, and each character is scored once."""
    loop = bare.BareLoop(easy_text(), seed=3)
    ids = easy_text().test
    with torch.inference_mode():
        logits, _ = loop._network(torch.from_numpy(ids[None, :-1].astype(np.int64)))
    log_probs = torch.log_softmax(logits[0].double(), -1).numpy()
    expected = -log_probs[np.arange(len(ids) - 1), ids[1:]].mean() / math.log(2)
    monkeypatch.setattr(bare, "_SCORED_AT_ONCE", 33)
    assert loop.test_bits() == pytest.approx(expected, abs=1e-5)


def answering(program: str) -> list[str]:
    """Return the command of a program that can read requests and say answers."""
    return [sys.executable, "-c", f"import json, sys\nrequests = map(json.loads, sys.stdin)\n{program}"]


def test_a_competitor_answers_each_request_in_turn() -> None:
    """One line goes out, one line comes back, and the end of its input ends the program."""
    with keras_process.competitor(answering("for r in requests: print(json.dumps({'got': r}), flush=True)")) as other:
        assert other.ask(steps=3) == {"got": {"steps": 3}}
        assert other.ask(task="ünï") == {"got": {"task": "ünï"}}


@pytest.mark.parametrize("program", ["next(requests); sys.exit('no such text')", "sys.exit('no such text')"])
def test_a_competitor_that_ends_says_why(program: str) -> None:
    """Instead of an answer comes an error with its exit status and what it wrote to standard error."""
    with keras_process.competitor(answering(program)) as other, pytest.raises(RuntimeError, match=r"status 1\nno such text"):
        other.ask(steps=3)


def test_a_competitor_is_ended_when_the_benchmark_fails() -> None:
    """Nothing goes on training in the background, even if it doesn't listen."""
    processes = []

    def benchmark() -> None:
        with keras_process.competitor(answering("while True: print(json.dumps(1), flush=True)")) as other:
            processes.append(other._process)
            raise KeyError

    with pytest.raises(KeyError):
        benchmark()
    assert processes[0].returncode not in (None, 0)


def test_without_the_peers_environment_a_benchmark_is_skipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is missing, and which command brings it, is told before anything is computed."""
    monkeypatch.setattr(keras_process, "PYTHON", tmp_path / "python")
    with pytest.raises(SkippedError, match="make bench-peers"):
        next(contest.contest(("raku-irc", "perl6-2009.csv.gz"), "masak", quick=True))
    with pytest.raises(SkippedError, match="make bench-peers"):
        next(rate.figures(quick=True))


@pytest.mark.skipif(not keras_process.PYTHON.exists(), reason="needs make bench-peers")
def test_the_tutorial_learns_in_keras(tmp_path: Path) -> None:
    """The real Keras on the real TensorFlow learns a text that repeats itself, and counts a label for each window."""
    path = tmp_path / "text.npz"
    easy_text().save(path)
    with keras_process.keras() as other:
        done = other.ask(task="learn", text=str(path), threads=1, seed=0, marks=[0.5, 3.0], every=0.5)
    assert [mark for mark, _ in done["marks"]] == [0.5, 3.0]
    assert done["marks"][-1][1] < 2 < math.log2(7)
    assert done["labels"] == 128 * done["steps"] > 0
    with keras_process.keras() as other:
        assert other.ask(task="rate", text=str(path), threads=1, seed=0)["versions"] == done["versions"]
        assert [other.ask(steps=steps)["labels"] for steps in (1, 3)] == [128, 384]


# the figures


ROWS = (
    contest.Row("n-grams", (contest.Score(70.0, 2.25),), 600_000.0, {"seconds": 70.0}),
    contest.Row("network", (contest.Score(60.0, 3.0, {"a": 1}), contest.Score(600.0, 2.0)), 2_794.4, {"b": 2}),
)


def test_a_row_gives_a_figure_for_each_score_and_one_for_the_speed() -> None:
    """Where there are several scores each says after how long; details of the row and of the score stand together."""
    once, often = ([*row.figures()] for row in ROWS)
    assert [(f.name, f.value, f.unit) for f in once] == [
        ("n-grams", 2.25, "bits/character"),
        ("n-grams, speed", 600_000.0, "characters/s"),
    ]
    assert [f.name for f in often] == ["network, 1 min", "network, 10 min", "network, speed"]
    assert [f.details for f in often] == [{"a": 1, "b": 2}, {"b": 2}, {"b": 2}]
    assert {f.target for f in (*once, *often)} == {None}


def test_the_table_shows_everyone_side_by_side() -> None:
    """A score stands from when it was there, a dash before."""
    assert contest.table("title", ROWS, (60, 180, 600)).splitlines() == [
        "title",
        "bits per character after       1 min       3 min      10 min   characters/s",
        "n-grams                            -       2.250       2.250        600,000",
        "network                        3.000       3.000       2.000          2,794",
    ]


@pytest.mark.parametrize(("seconds", "said"), [(600, "10 min"), (90, "1.5 min"), (60, "1 min"), (2, "2 s")])
def test_times_are_said_as_people_say_them(seconds: float, said: str) -> None:
    """Minutes from one minute on."""
    assert contest.spoken(seconds) == said


@pytest.mark.parametrize(
    ("features", "target"), [(["avx2", "avx512_bf16"], 25), (["avx2", "amx_bf16", "amx_int8"], 60), ([], 25)]
)
def test_the_target_depends_on_the_processor(features: list[str], target: float) -> None:
    """Tiles for bfloat16 are worth more than twice the speed."""
    assert rate.least_ratio(features) == target


def test_the_speeds_are_compared_at_the_tutorials_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """The figures count 40 supervised characters a window for talklike and one for the tutorial, and give their ratio."""
    asked: list[dict[str, Any]] = []
    answer = (
        "for r in requests: print(json.dumps({'versions': {'keras': '0'}} if 'task' in r else {'labels': 128 * r['steps']}), "
        "flush=True)"
    )
    monkeypatch.setattr(keras_process, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(rate, "keras", lambda: keras_process.competitor(answering(answer)))

    def timed(candidates: dict[str, Callable[[], Any]], _repetitions: int) -> dict[str, float]:
        candidates["talklike"]()
        asked.append(candidates["keras"]())
        return {"talklike": 0.1, "keras": 0.5}

    monkeypatch.setattr(rate, "interleaved", timed)
    monkeypatch.setattr(torch, "set_num_threads", lambda _: None)  # the other tests keep theirs
    ours, theirs, ratio = rate.figures(quick=True)
    assert asked == [{"labels": 256}]
    assert (ours.value, theirs.value) == (2 * 128 * 40 / 0.1, 2 * 128 / 0.5)
    assert ratio.value == ours.value / theirs.value
    assert (ours.target, theirs.target) == (None, None)
    assert ratio.at_least in (rate.LEAST_RATIO, rate.LEAST_RATIO_WITH_AMX)


def test_the_invented_text_is_the_same_for_both() -> None:
    """Symbols are renumbered and nothing else: as many, as often."""
    invented = corpus(5_000)
    text = rate.as_peers_read(invented)
    theirs, ours = (np.unique(ids, return_counts=True)[1].tolist() for ids in (text.train, invented.train.ids))
    assert theirs == ours
    assert text.train.max() < text.symbols
    assert UNKNOWN not in text.train


# what is installed


def test_the_peers_are_pinned_and_stay_among_themselves() -> None:
    """Every requirement names one version; torch is none of them, and TensorFlow none of talklike's."""
    lines = [line for line in REQUIREMENTS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r'[A-Za-z0-9_-]+==[0-9.]+(; sys_platform [!=]= "darwin")?', line)] == []
    names = {line.partition("==")[0].lower() for line in lines}
    assert {"tensorflow-cpu", "keras", "numpy"} <= names
    assert "torch" not in names
    own = [(ROOT / name).read_text(encoding="utf-8").lower() for name in ("pyproject.toml", "constraints.txt")]
    assert [text for text in own if "tensorflow" in text] == []


def test_what_the_other_environment_imports_needs_numpy_alone() -> None:
    """Neither talklike nor torch is there; the modules that the Keras program uses say so by what they import."""
    program = (
        "import sys\nimport benchmarks.peers.rivals.exam, benchmarks.peers.rivals.text\n"
        "print({'talklike', 'torch', 'polars', 'onnxruntime'} & {name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("set()", "")
