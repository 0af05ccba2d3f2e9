"""The report as a page: whole, self-contained, and safe whatever people wrote."""

from __future__ import annotations

import copy
import html.parser
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.errors import MissingExtraError
from talklike.evaluation.page import loss_chart, page, runs

if TYPE_CHECKING:
    from tests.evaluation.conftest import Judged

VOID = {"meta", "line", "circle", "polyline"}


class Reader(html.parser.HTMLParser):
    """Reads a page: its elements, its text, and whether every element is closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.attributes += [(tag, name, value) for name, value in attrs] or [(tag, "", None)]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element without content."""
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        """Check that it closes the last one."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data


def test_the_page_is_well_formed_and_says_what_was_found(judged: Judged) -> None:
    """Verdict, figures, messages of both sides, and what all of it means."""
    text = judged.found.html()
    read = Reader(text)
    assert read.open == []
    for sentence in judged.found.verdict:
        assert sentence in read.text
    for sample in (*judged.found.samples, *judged.found.samples_real):
        assert re.sub(r"\s", "", sample.text) in re.sub(r"\s", "", read.text)
    assert "What the figures mean, and where they mislead" in read.text
    assert len(re.findall("<svg", text)) == 3


def test_the_page_asks_for_nothing_from_elsewhere(judged: Judged) -> None:
    """No address, no script, and a policy that forbids both."""
    read = Reader(judged.found.html())
    assert not [
        one for one in read.attributes if one[1] in {"src", "href", "srcset", "action", "data"} or one[1].startswith("on")
    ]
    assert "script" not in {tag for tag, *_ in read.attributes}
    assert "url(" not in judged.found.html()
    assert any(value is not None and "default-src 'none'" in value for _, name, value in read.attributes if name == "content")


def test_what_people_wrote_can_t_become_part_of_the_page(judged: Judged) -> None:
    """Not in names, messages, authors of spans or file names."""
    evil = "<script>alert(1)</script>\"'><img src=x onerror=y>&amp;"
    report = copy.deepcopy(judged.found.to_dict())
    report["voice"]["name"] = report["voice"]["file"] = report["chat"]["source"] = evil
    report["samples"]["generated"][0] = {
        "text": evil, "probabilities": [0.3] * len(evil), "spans": [{"start": 0, "end": 9, "author": evil}],
    }  # fmt: skip
    report["likelihood"]["most_expected"][0]["text"] = evil
    report["copying"]["generated"]["sources"] = {evil: 1.0}
    report["verdict"][0] = report["notes"] = [evil]
    report["verdict"] = [evil] * 3
    read = Reader(page(report))
    assert read.open == []
    assert not {"script", "img"} & {tag for tag, *_ in read.attributes}
    assert evil in read.text


def test_a_report_without_what_wasn_t_measured_makes_a_page(judged: Judged) -> None:
    """Nobody else in the room, no run folder, no texts."""
    report = copy.deepcopy(judged.found.to_dict(texts=False))
    report["likeness"] = {"attribution": None, "told_apart": None, "traits": [], "notes": ["nobody"]}
    report["loss"] = []
    report["copying"]["generated"]["copied"] = None
    for point in report["sweep"]["points"]:
        point["told_apart"] = point["taken"] = None
    report["sweep"]["best"] = None
    read = Reader(page(report))
    assert read.open == []
    assert "Side by side" not in read.text
    assert loss_chart([]) == ""


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=3), st.randoms())
def test_runs_are_the_text_again(text: str, ranges: list[tuple[int, int]], random: Any) -> None:
    """Whatever the spans; each run is copied or not as its characters are."""
    spans: list[dict[str, Any]] = [{"start": min(pair), "end": max(pair), "author": "u1"} for pair in ranges]
    probabilities = [random.random() for _ in text]
    found = list(runs({"text": text, "probabilities": probabilities, "spans": spans}))
    assert "".join(run.text for run in found) == text
    place = 0
    for run in found:
        assert run.text
        inside = any(span["start"] <= place < span["end"] for span in spans)
        assert bool(run.copied) == inside
        place += len(run.text)


def test_jinja_missing_is_told(judged: Judged, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to install."""
    import sys

    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(MissingExtraError, match="evaluate"):
        page(judged.found.to_dict())
