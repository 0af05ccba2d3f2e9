"""HTML → the text that a person wrote, for the apps that keep messages as HTML (mail, Zulip, Teams)."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

SILENT = frozenset({"script", "style", "title", "template", "svg", "object", "iframe", "select", "button", "map", "mrow"})
"""Elements whose content nobody wrote as part of the message; ``mrow`` is a formula drawn, beside its source."""

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"})
"""Elements that have no end tag."""

LINES = frozenset(
    {
        "div", "section", "article", "header", "footer", "main", "nav", "aside", "address", "center", "form", "fieldset",
        "tr", "tbody", "thead", "tfoot", "caption", "dt", "dd", "details", "summary", "figure", "figcaption", "body", "html",
    }
)  # fmt: skip
"""Elements that begin and end a line."""

PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "dl", "blockquote", "hr"})
"""Elements with an empty line before and after."""

RAW = frozenset({"textarea", "xmp", "noembed", "noframes", "plaintext"})
"""Elements in which the parser, as browsers do, may take tags for text; and those of ``SILENT``."""

BY_ATTRIBUTES = frozenset({"img", "emoji", "ol"})
"""Elements of which more than the name tells."""

DEEPEST_QUOTE = 20
"""Quotations inside quotations that are still told apart."""

LONGEST = 4 << 20
"""Characters of HTML that are read at most; what follows is no message any more [character]."""

LONGEST_TAG = 1 << 16
"""Characters between ``<`` and ``>`` that are still a tag [character]."""

# Taken out beforehand: the parser of the standard library takes quadratic time over those that never end.
_NO_TAGS = re.compile(r"<!--.*?(?:-->|\Z)|<[!?][^>]*(?:>|\Z)", re.DOTALL)
_TAG = re.compile(r"""<(/?)([A-Za-z][A-Za-z0-9:]*+)((?:[\s/](?:[^<>"'=]++|=\s*+(?:"[^"<>]*+"|'[^'<>]*+'|(?![\s"'])))*+)?)>""")
_PHOTOGRAPH = re.compile(r"""\balt=(["'])[A-Za-z][^"'<>]*\1""")
_SPACE = re.compile(r"[ \t\n\r\f]+")
_START = re.compile(r"[0-9]{1,9}")
_LETTER = re.compile(r"[A-Za-z]")
_DRAWN = "katex-html"
_PARSED = SILENT | RAW | BY_ATTRIBUTES
_TOLD = LINES | PARAGRAPHS | {"br", "td", "th", "ul", "li"}


def html_text(html: str, *, quotes: bool = False, without: Collection[str] = ()) -> str:
    r"""Return the text of a piece of HTML.

    Blocks become lines, paragraphs are set off by an empty line, code keeps its spaces, links their text, emoji that are
    pictures their name. Broken HTML is read as far as it goes, as browsers do.

    Args:
        html: The piece.
        quotes: Keep what is quoted, with ``>`` before its lines; else it is left out.
        without: Classes of elements that are left out.

    >>> html_text("<p>tea &amp; <a href='x'>cake</a><br>now</p><blockquote>when?</blockquote>")
    'tea & cake\nnow'
    """
    html = _NO_TAGS.sub("", html[:LONGEST])
    reader = _Reader(quotes=quotes, without=frozenset(without))
    # The parser needs 15 µs for a tag: it gets those of which the attributes count, and what is not well-formed.
    classes = [word for word in (*without, _DRAWN) if word in html]
    done = 0
    for tag in _TAG.finditer(html):
        slash, name, attributes = tag.groups()
        name = name.lower()
        if done < tag.start():
            reader.take(html[done : tag.start()])
        done = tag.end()
        if reader.is_waiting() or attributes.endswith("/") or len(attributes) > LONGEST_TAG:
            reader.take(tag[0])
        elif name == "img" and not _may_be_picture(attributes):
            continue
        elif name in _PARSED or (classes and any(word in attributes for word in classes)):
            reader.take(tag[0])
        elif name in _TOLD or reader.leaves_out:
            reader.handle_endtag(name) if slash else reader.handle_starttag(name, [])
    end = html.rfind(">", done) + 1 or done
    reader.take(html[done:end])
    reader.rest_is_text()
    reader.handle_data(unescape(html[end:]))
    return reader.text()


def _may_be_picture(attributes: str) -> bool:
    """Return whether an image may stand for characters: most in mail don't, and needn't be parsed."""
    folded = attributes.lower()
    return "emoji" in folded or ("alt" in folded and _PHOTOGRAPH.search(folded) is None)


class _Lines:
    """Text on its way, with the line ends that are due before what follows."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.due = 0
        self.space = False

    def at_start(self) -> bool:
        return not self.pieces or self.due > 0

    def put(self, text: str) -> None:
        if self.due and self.pieces:
            last = self.pieces[-1]  # code may end with line ends of its own
            self.pieces.append("\n" * max(0, self.due - (len(last) - len(last.rstrip("\n")))))
        elif self.space and self.pieces:
            self.pieces.append(" ")
        self.due, self.space = 0, False
        self.pieces.append(text)

    def end_line(self, count: int) -> None:
        self.due = max(self.due, count)

    def text(self) -> str:
        # An editor's non-breaking spaces hold blanks in place that HTML would swallow.
        lines = "".join(self.pieces).replace("\N{NO-BREAK SPACE}", " ").split("\n")
        return "\n".join(line.rstrip(" \t") for line in lines).strip("\n")


class _Reader(HTMLParser):
    def __init__(self, *, quotes: bool, without: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._quotes = quotes
        self._without = without
        self._out = [_Lines()]  # one more for each quotation that is open
        self._left_out: str | None = None  # the element that is being left out
        self._depth = 0  # how many of its name are open
        self._pre = 0
        self._pre_begins = False
        self._lists: list[int | None] = []  # the number of the last item; None in a list without numbers

    def text(self) -> str:
        """Return what has been read."""
        while len(self._out) > 1:
            self._end_quote()
        return self._out[0].text()

    def take(self, html: str) -> None:
        """Read a piece."""
        if "<" not in html and not self.is_waiting():
            return self.handle_data(unescape(html))
        for start in range(0, len(html), LONGEST_TAG):
            self.feed(html[start : start + LONGEST_TAG])
            if len(self.rawdata) > LONGEST_TAG:  # a tag that does not end is none
                self.rest_is_text()
        return None

    @property
    def leaves_out(self) -> bool:
        """Whether an element is being left out."""
        return self._left_out is not None

    def is_waiting(self) -> bool:
        """Return whether the parser must see what comes next: it has begun a tag, or an element in which there are none."""
        return bool(self.rawdata) or self.cdata_elem is not None

    def rest_is_text(self) -> None:
        """Take what the parser holds back, waiting for its end, as text."""
        rest, self.rawdata = self.rawdata, ""
        self.handle_data(unescape(rest))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        if self._left_out is not None:
            self._depth += tag == self._left_out
            return
        given = dict(attrs)
        out = self._out[-1]
        if tag not in VOID and self._is_left_out(tag, given):
            self._left_out, self._depth = tag, 1
            out.end_line(2 if tag in PARAGRAPHS else 1 if tag in LINES else 0)
            return
        if tag == "br":
            out.due += 1
        elif tag in ("img", "emoji"):
            self._picture(given)
        elif tag in PARAGRAPHS:
            out.end_line(2)
        elif tag in LINES:
            out.end_line(1)
        elif tag in ("td", "th"):
            out.space = not out.at_start()
        elif tag in ("ul", "ol"):
            out.end_line(1 if self._lists else 2)
            self._lists.append(_first(given.get("start")) - 1 if tag == "ol" else None)
        elif tag == "li":
            self._list_item()
        if tag == "pre":
            self._pre += 1
            self._pre_begins = True
        elif tag == "blockquote" and len(self._out) <= DEEPEST_QUOTE:
            self._out.append(_Lines())

    def handle_endtag(self, tag: str) -> None:
        """End an element."""
        if self._left_out is not None:
            self._depth -= tag == self._left_out
            if self._depth == 0:
                self._left_out = None
            return
        if tag == "blockquote" and len(self._out) > 1:
            self._end_quote()
        elif tag == "pre":
            self._pre = max(0, self._pre - 1)
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
            self._out[-1].end_line(1 if self._lists else 2)
            return
        if tag in PARAGRAPHS:
            self._out[-1].end_line(2)
        elif tag in LINES or tag == "li":
            self._out[-1].end_line(1)

    def handle_data(self, data: str) -> None:
        """Take text."""
        if self._left_out is not None or not data:
            return
        out = self._out[-1]
        if self._pre:
            if self._pre_begins:
                data = data.removeprefix("\r").removeprefix("\n")
                self._pre_begins = False
            if data:
                out.put(data.replace("\r\n", "\n"))
            return
        text = _SPACE.sub(" ", data)
        if text.startswith(" "):
            out.space = not out.at_start()
            text = text[1:]
        if not text:
            return
        out.put(text.removesuffix(" "))
        out.space = text.endswith(" ")

    def _is_left_out(self, tag: str, given: dict[str, str | None]) -> bool:
        if tag in SILENT or (tag == "blockquote" and not self._quotes):
            return True
        if given.get("aria-hidden") == "true" and _DRAWN in (given.get("class") or ""):
            return True
        return bool(self._without) and not self._without.isdisjoint((given.get("class") or "").split())

    def _picture(self, given: dict[str, str | None]) -> None:
        alt = (given.get("alt") or "").strip()
        named = alt.startswith(":") and alt.endswith(":")
        emoji = any("emoji" in (given.get(key) or "").lower() for key in ("class", "itemtype"))
        if alt and (named or emoji or not _LETTER.search(alt)):
            self._out[-1].put(alt)

    def _list_item(self) -> None:
        out = self._out[-1]
        out.end_line(1)
        if not self._lists or self._lists[-1] is None:
            out.put("-")
        else:
            self._lists[-1] += 1
            out.put(f"{self._lists[-1]}.")
        out.space = True

    def _end_quote(self) -> None:
        text = self._out.pop().text()
        out = self._out[-1]
        out.end_line(2)
        if text:
            out.put("\n".join(f"> {line}".rstrip() for line in text.split("\n")))
        out.end_line(2)


def _first(start: str | None) -> int:
    """Return the number of a list's first item."""
    return int(start) if start and _START.fullmatch(start) else 1
