"""What a person wrote in a message of Skype or Teams, out of the marks that these apps put around it."""

from __future__ import annotations

import re
from html import unescape

from talklike.chat.html_text import html_text

EDITED = "Edited previous message: "
"""What old versions put before the text of an edit."""

DEEPEST = 50
"""Elements inside elements that are told apart."""

QUOTED, FILES = "quote", "uriobject"
"""Elements with somebody else's words, and with a link to a file."""

SILENT = frozenset({QUOTED, "legacyquote", FILES, "swift", "title", "systemmessage"})
"""Elements whose content the author didn't write."""

# Each stops at the next bracket, so that brackets without end take no more than linear time.
_TAG = re.compile(r"<(/?)([A-Za-z_][\w-]*)([^<>]*)>")
_ATTRIBUTE = re.compile(r'(raw_pre|raw_post)="([^"<>]{0,20})"')
_BLOCKS = re.compile(r"<(?:p|div|ul|ol|table|blockquote)\b[^<>]*>")
_EDIT_MARK = re.compile(r"<e_m\b([^<>]*)>")
_EDIT_OF = re.compile(r'\b(a|ts_ms|ts)="([^"<>]{1,200})"')
_MENTION = re.compile(r"(<at\b[^<>]*>)\s*(?=[^@<\s])")
_QUOTE = re.compile(r"<(/?)quote\b[^<>]*>")
_SAID = re.compile(r"<legacyquote\b[^<>]*>[^<>]*</legacyquote>")


def edit_mark(content: str) -> tuple[str, ...] | None:
    """Return what tells the versions of an edited message from other messages: who and when; None if it was never edited.

    Exports hold the message in its place and the edit in its own, both with the new text and the same mark.
    """
    mark = _EDIT_MARK.search(content) if "<e_m" in content else None
    if mark is None:
        return None
    found = dict(_EDIT_OF.findall(mark[1]))
    return found.get("a", ""), found.get("ts_ms") or found.get("ts", "")


def rich_text(content: str, *, quotes: bool) -> str:
    """Return the text of a message of the kind ``RichText``.

    Args:
        content: Text with line ends, entities and elements: ``<ss>`` around smileys, ``<at>``, ``<quote>``, ``<e_m>`` ….
        quotes: Keep what it quotes, with ``>`` before its lines.
    """
    if _BLOCKS.search(content):
        return html_of(content, quotes=quotes)
    if "<" not in content:
        return unescape(content)
    out: list[str] = []
    quoted: list[str] = []
    open_marks: list[str] = []  # what is due at the ends of elements that are open
    silent: list[str] = []  # elements that are open and not the author's
    end = 0
    for tag in [*_TAG.finditer(content), None]:
        text = unescape(content[end : tag.start() if tag else len(content)])
        if not silent:
            out.append(text)
        elif silent == [QUOTED]:
            quoted.append(text)
        if tag is None:
            break
        end = tag.end()
        closing, name, rest = tag[1], tag[2].lower(), tag[3]
        if name in SILENT:
            if closing:
                if name in silent:
                    while silent.pop() != name:
                        pass
                if name == QUOTED and not silent and quotes:
                    out.append(_as_quotation("".join(quoted)))
                    quoted.clear()
            elif not rest.endswith("/") and len(silent) < DEEPEST:
                silent.append(name)
        elif not silent:
            out.append(_mark(name, closing, rest, open_marks, content, end))
    return "".join(out).removeprefix(EDITED if "<e_m" in content else "")


def html_of(content: str, *, quotes: bool) -> str:
    """Return the text of a message in HTML, as Teams keeps them."""
    if "<quote" in content:
        content = _QUOTE.sub(r"<\1blockquote>", content)
    if "<legacyquote" in content:
        content = _SAID.sub("", content)
    content = _EDIT_MARK.sub("", content) if "<e_m" in content else content
    return html_text(_MENTION.sub(r"\1@", content) if "<at" in content else content, quotes=quotes)


def only_file(content: str) -> bool:
    """Return whether a message without text holds a file or a picture."""
    return any(mark in content for mark in ("<URIObject", "<img", "<attachment", "<video", "<audio"))


def _as_quotation(text: str) -> str:
    lines = text.strip("\n").split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines) + "\n" if text.strip() else ""


def _mark(name: str, closing: str, rest: str, open_marks: list[str], content: str, end: int) -> str:
    """Return what stands for a tag: the signs that the author typed for bold and the like, an ``@``, a line end."""
    if name == "br":
        return "\n"
    if name == "at" and not closing:
        return "" if content.startswith("@", end) else "@"
    if name not in ("b", "i", "s", "pre", "code"):
        return ""
    if closing:
        return open_marks.pop() if open_marks else ""
    signs = dict(_ATTRIBUTE.findall(rest)) if "raw_" in rest else {}
    if len(open_marks) < DEEPEST:
        open_marks.append(unescape(signs.get("raw_post", "")))
    return unescape(signs.get("raw_pre", ""))
