"""Tests of what can be taken along; that the lines write the same text, ``test_share`` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nicegui.elements.mixins.text_element import TextElement

from talklike.studio import talk_page
from talklike.studio.guard import COOKIE
from talklike.studio.talk_fields import Button
from talklike.studio.talk_share import FULL, file_name, voice_files
from talklike.studio.talk_text import TalkText
from tests.studio.talking import elements, press, simulate, until, workspace_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nicegui.testing import User

    from talklike.studio.workspace import Workspace


@pytest.fixture
def workspace(make_bytes: Callable[..., bytes], tmp_path: Path) -> Workspace:
    """Return a workspace of a voice whose name no command line likes, with full weights beside it."""
    made = workspace_of(tmp_path, **{"the tide's in! é": make_bytes(authors=("u1", "u2"), hidden=16, seed=4, scale=1.0)})
    (made.voices()[0].path.parent / FULL).write_bytes(make_bytes(seed=6))
    return made


def test_files_are_named_for_any_system(workspace: Workspace) -> None:
    """Without spaces or quotes, and the full weights apart."""
    (entry,) = workspace.voices()
    assert [name for name, _ in voice_files(entry)] == ["shipped", "float32"]
    assert (file_name(entry), file_name(entry, "float32")) == ("the-tide-s-in.onnx", "the-tide-s-in.float32.onnx")


def test_a_voice_is_downloaded_as_it_is(workspace: Workspace) -> None:
    """By its id; nothing else is."""
    (entry,) = workspace.voices()

    async def steps(user: User) -> None:
        for weights, path in voice_files(entry):
            answer = await user.http_client.get(f"/voices/{entry.id}/{weights}")
            assert answer.content == path.read_bytes()
            assert file_name(entry, weights) in answer.headers["content-disposition"]
        for wrong in (f"/voices/{entry.id}/recipe.json", "/voices/none/shipped"):
            answer = await user.http_client.get(wrong)
            assert answer.status_code == 404
            assert "\n" not in answer.text.strip()

    simulate(lambda: talk_page.add(workspace), steps)


def test_the_lines_are_those_of_the_text(workspace: Workspace) -> None:
    """One way at a time; the texts of the page can be downloaded."""

    async def steps(user: User) -> None:
        await user.open("/talk")
        await until(lambda: elements(user, TalkText))
        press(user, "Write", 1)
        await until(lambda: not next(one for one in elements(user, Button) if one.text == "Share").props["disabled"])
        press(user, "Share")
        seed = next(one.text for one in elements(user, Button) if one.text.startswith("seed ")).removeprefix("seed ")
        code = next(one for one in elements(user, TextElement) if one.tag == "pre")
        assert code.text.startswith("curl -s http://test/v1/completions")
        assert seed in code.text
        press(user, "Python")
        assert "tl.load_voice('the-tide-s-in.onnx')" in code.text
        press(user, "The texts of this page")
        answer = await user.download.next()
        assert answer.text == f"# seed {seed}\n{elements(user, TalkText)[0].text}\n"

    simulate(lambda: talk_page.add(workspace), steps)


def test_where_a_token_is_needed_it_is_said(workspace: Workspace) -> None:
    """The lines name a variable, never the token itself."""

    async def steps(user: User) -> None:
        user.http_client.cookies.set(COOKIE, "sesame")
        await user.open("/talk")
        await until(lambda: elements(user, TalkText))
        press(user, "Write", 1)
        await until(lambda: not next(one for one in elements(user, Button) if one.text == "Share").props["disabled"])
        press(user, "Share")
        await user.should_see("the studio's token from the environment variable TALKLIKE_API_KEY")
        code = next(one for one in elements(user, TextElement) if one.tag == "pre")
        assert '-H "Authorization: Bearer $TALKLIKE_API_KEY"' in code.text
        assert "sesame" not in code.text

    simulate(lambda: talk_page.add(workspace), steps)
