"""``talklike formats`` as a user runs it, and the page it points to."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from talklike.chat.formats import FORMATS
from talklike.cli.formats import APPS, PAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., Any]

ROOT = Path(__file__).parents[2]


def test_every_format_is_shown_with_its_rule_and_limits(talklike: Run) -> None:
    """On standard output; with where to read on."""
    ran = talklike("formats")
    assert (ran.status, ran.err) == (0, "")
    words = re.sub(r"\s+", "", ran.out)
    assert all(form.name in words for form in FORMATS)
    assert PAGE in ran.out


def test_json_is_the_registry(talklike: Run) -> None:
    """For programs."""
    found = json.loads(talklike("formats", "--json").out)
    assert found.keys() == {"formats", "apps"}
    assert found["formats"] == [
        {"name": f.name, "title": f.title, "rule": f.rule, "limits": f.limits, "kind": f.kind} for f in FORMATS
    ]
    assert all(app.keys() == {"name", "how", "link"} for app in found["apps"])


def test_an_app_is_shown_only_if_its_exports_are_read(talklike: Run) -> None:
    """Nobody is sent to fetch what can't be used."""
    shown = {app["name"] for app in json.loads(talklike("formats", "--json").out)["apps"]}
    titles = [f"{form.name} {form.title}".lower() for form in FORMATS]
    assert shown == {app.name for app in APPS if any(word in title for word in app.words for title in titles)}
    assert "Kaggle's freeCodeCamp file" in shown


def test_every_app_has_its_place_on_the_page() -> None:
    """The link leads to a heading, and no heading is without an app."""
    headings = re.findall(r"^## (.+)$", (ROOT / PAGE).read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == [app.name for app in APPS]
    for app in APPS:
        assert re.fullmatch(rf"{PAGE}#[a-z0-9-]+", app.link)
        assert "\n" not in app.how
