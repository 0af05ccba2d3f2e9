"""Telegram's rich messages as people see them."""

from __future__ import annotations

from typing import Any

import pytest

from talklike.chat.telegram_rich import DEEPEST, rich_text


def words(text: str) -> dict[str, Any]:
    """Return text without markup."""
    return {"type": "plain", "text": text}


def blocks(*given: object) -> dict[str, Any]:
    """Return a rich message."""
    return {"rtl": False, "part": False, "blocks": list(given)}


def paragraph(*pieces: object) -> dict[str, Any]:
    """Return a paragraph."""
    return {"type": "paragraph", "text": {"type": "concat", "text": list(pieces)}}


def item(**content: object) -> dict[str, Any]:
    """Return an item of a list."""
    return {"task_state": "checked", "content": "text"} | content


def caption(text: str, credit: object) -> dict[str, Any]:
    """Return what stands below a picture."""
    return {"text": words(text), "credit": credit}


def test_markup_goes_and_its_text_stays() -> None:
    """However deep it is; pictures between words have none."""
    line = paragraph(
        words("see "),
        {"type": "text_link", "href": "https://example.org", "text": {"type": "bold", "text": words("this")}},
        {"type": "empty"},
        {"type": "custom_emoji", "text": "🦦", "document_id": "1"},
        {"type": "math", "source": "x^2"},
        {"type": "inline_image", "unsupported": True, "document_id": "1", "width": 1, "height": 1},
        {"type": "formatted_date", "text": words(" today"), "date": "2026-09-01T10:00:00", "relative": True},
    )
    assert rich_text(blocks(line)) == "see this🦦x^2 today"


def test_every_block_has_lines_of_its_own() -> None:
    """Headings, empty paragraphs, code, formulas, quotations, what is folded away, tables."""
    text = rich_text(
        blocks(
            {"type": "heading", "level": 1, "text": words("Plan")},
            {"type": "paragraph", "text": {"type": "empty"}},
            {"type": "code", "text": words("x = 1\ny = 2"), "language": "python"},
            {"type": "divider"},
            {"type": "math", "formula": "a + b"},
            {"type": "quote", "content": "text", "pullquote": False, "text": words("quoted"), "caption": words("by otter")},
            {"type": "quote", "content": "blocks", "blocks": [paragraph(words("and this"))], "caption": {"type": "empty"}},
            {"type": "details", "title": words("more"), "open": False, "blocks": [paragraph(words("inside"))]},
            {
                "type": "table",
                "title": {"type": "empty"},
                "rows": [{"cells": [{"text": words("tea"), "header": True}, {"header": False}, {"text": words("2")}]}],
            },
        )
    )
    assert text == "Plan\n\nx = 1\ny = 2\na + b\nquoted\nby otter\nand this\nmore\ninside\ntea 2"


def test_items_of_lists_are_marked() -> None:
    """By a bullet, their own number, or the next; items may consist of blocks."""
    inner = {"type": "list", "kind": "ordered", "start": 3, "items": [item(text=words("c")), item(text=words("d"), num="7.")]}
    nested = item(content="blocks", blocks=[paragraph(words("b")), inner])
    outer = {"type": "list", "kind": "bullet", "items": [item(text=words("a")), nested, item(content="blocks", blocks=[])]}
    assert rich_text(blocks(outer)) == "• a\n• b\n3. c\n7. d\n•"


def test_of_pictures_the_caption_is_left_and_of_what_others_wrote_nothing() -> None:
    """Also of pictures in a collage or on the cover."""
    picture = {"type": "photo", "unsupported": True, "photo_id": "1", "caption": caption("boats", {"type": "empty"})}
    video = {"type": "video", "unsupported": True, "document_id": "1", "caption": caption("waves", words("(wren)"))}
    text = rich_text(
        blocks(
            {"type": "cover", "unsupported": True, "block": picture},
            {"type": "collage", "unsupported": True, "items": [video, {"type": "photo"}], "caption": caption("all", None)},
            {"type": "embed_post", "author": "otter", "blocks": [paragraph(words("no"))], "caption": caption("no", None)},
            {"type": "related_articles", "title": words("no"), "articles": [{"title": "no"}]},
            {"type": "unsupported", "source_type": "unknown", "unsupported": True},
        )
    )
    assert text == "boats\nwaves (wren)\nall"
    assert rich_text(blocks({"type": "photo", "photo_id": "1"})) == ""


@pytest.mark.parametrize("odd", [None, 7, "text", [], {}, {"blocks": None}, {"blocks": {"type": "paragraph"}}])
def test_what_has_no_blocks_is_no_rich_message(odd: object) -> None:
    """It can't be read."""
    assert rich_text(odd) is None


@pytest.mark.parametrize(
    "odd",
    [
        None, 7, [[]], "text", {}, {"type": []}, {"type": "math", "formula": 1}, {"type": "list", "items": [None, {"text": 7}]},
        {"type": "table", "rows": [None, {"cells": [None, 5]}]}, {"type": "photo", "caption": [1]},
        {"type": "list", "kind": "ordered", "start": "x", "items": 5},
    ],
)  # fmt: skip
def test_odd_blocks_cost_nothing_but_themselves(odd: object) -> None:
    """Whatever JSON can hold in their place."""
    text = rich_text(blocks(paragraph(words("before")), odd, paragraph(words("after"))))
    assert text is not None
    assert [line for line in text.split("\n") if line.strip(" •")] == ["before", "after"]


def test_blocks_inside_blocks_without_end_are_not_looked_into() -> None:
    """Nor is such markup."""
    block, text = paragraph(words("deep")), words("deep")
    for _ in range(DEEPEST + 5):
        block = {"type": "details", "title": words("t"), "blocks": [block]}
        text = {"type": "bold", "text": text}
    assert "deep" not in (rich_text(blocks(block)) or "deep")
    assert rich_text(blocks(paragraph(text))) == ""
