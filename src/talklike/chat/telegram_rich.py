"""Telegram's rich messages, composed of blocks (paragraphs, lists, tables) instead of one text → the text that people see.

Layouts: ``rich_message`` in the exports of Telegram Desktop since 2026, which then have no ``text``.
"""

from __future__ import annotations

from typing import Any

from talklike.chat.json_values import identifier, listing, mapping, string

DEEPEST = 50
"""Blocks inside blocks, and markup inside markup, that are still looked into."""

NOT_TYPED = frozenset({"anchor", "author_date", "channel", "divider", "embed_post", "related_articles"})
"""Blocks that hold no words of the sender: names of places in the text, and pages and posts of others."""


def rich_text(value: object) -> str | None:
    r"""Return the text of a rich message, a line a block; None if it is no rich message.

    Items of lists get a bullet or their number, as in the app; all other markup goes, as in messages without blocks.

    >>> rich_text({"blocks": [{"type": "heading", "text": {"type": "bold", "text": {"type": "plain", "text": "tea"}}}]})
    'tea'
    """
    blocks = mapping(value).get("blocks")
    return "\n".join(_lines(blocks, 0)).strip("\n") if isinstance(blocks, list) else None


def _lines(blocks: object, depth: int) -> list[str]:
    """Return the lines of some blocks."""
    if depth > DEEPEST:
        return []
    return [line for block in listing(blocks) for line in _block(mapping(block), depth)]


def _block(block: dict[str, Any], depth: int) -> list[str]:
    kind = string(block.get("type"))
    if kind in NOT_TYPED:
        return []
    if kind == "math":
        return [string(block.get("formula")) or ""]
    lines = list(filter(None, [_words(block.get("title"))]))
    lines += [_words(block["text"])] if "text" in block else []
    if kind == "list":
        return lines + _items(block, depth)
    for row in listing(block.get("rows")):
        lines.append(" ".join(filter(None, (_words(mapping(cell).get("text")) for cell in listing(mapping(row).get("cells"))))))
    for inside in (block.get("blocks"), block.get("items"), [block.get("block")]):
        lines += _lines(inside, depth + 1)
    return lines + list(filter(None, [_caption(mapping(block.get("caption")))]))


def _items(block: dict[str, Any], depth: int) -> list[str]:
    """Return the lines of a list."""
    start = block.get("start")
    number = start if isinstance(start, int) else 1
    lines = []
    for item in map(mapping, listing(block.get("items"))):
        mark = "•"
        if block.get("kind") == "ordered":
            mark = (identifier(item.get("num")) or str(number)).removesuffix(".") + "."
            number += 1
        first, *others = ([_words(item["text"])] if "text" in item else _lines(item.get("blocks"), depth + 1)) or [""]
        lines += [f"{mark} {first}".rstrip(), *others]
    return lines


def _caption(caption: dict[str, Any]) -> str:
    """Return what stands below a picture, and whose that is, or below a quotation."""
    if "type" in caption:
        return _words(caption)
    return " ".join(filter(None, (_words(caption.get("text")), _words(caption.get("credit")))))


def _words(value: object, depth: int = 0) -> str:
    """Return text without its markup, which is text inside objects inside objects."""
    if depth > DEEPEST:
        return ""
    if isinstance(value, list):
        return "".join(_words(one, depth + 1) for one in value)
    if not isinstance(value, dict):
        return string(value) or ""
    return _words(value.get("source" if value.get("type") == "math" else "text"), depth + 1)
