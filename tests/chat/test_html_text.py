"""HTML → text."""

from __future__ import annotations

import re
import time
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.chat import html_text as module
from talklike.chat.html_text import html_text

PIECES = st.sampled_from(
    [
        "<p>", "</p>", "<br>", "<b>", "</b>", "<ul>", "<ol start=7>", "<li>", "</ul>", "<pre>", "</pre>", "<blockquote>",
        "</blockquote>", "<script>", "</script>", "<img alt=':x:'>", "<td>", "<div class='x'>", "</div>", "<", ">", "&", "&amp;",
        "&#x", "&#999999999999;", "<!--", "-->", "<!", "<?", "<a href='", "'", '"', "</", "<a b", "text", " ", "\n", "é",
        "<emoji alt=😀>", "\x00",
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("hello", "hello"),
        ("tea &amp; &lt;cake&gt; &quot;now&#39; &eacute;&#x1F600;", "tea & <cake> \"now' é😀"),
        ("&amp;amp; &bogus; &", "&amp; &bogus; &"),
        ("1 < 2 and 3 <4 <3", "1 < 2 and 3 <4 <3"),
        ("  a \n b\t c  ", "a b c"),
        ("a&nbsp;&nbsp;b", "a  b"),
        ("<b>bo</b>ld <i> it </i> <u>x</u>", "bold it x"),
        ("<a href='https://a.example/x?y'>a <b>link</b></a>", "a link"),
        ("a<br>b<br/>c<BR>d", "a\nb\nc\nd"),
        ("a<br><br>b", "a\n\nb"),
        ("<p>a</p>\n<p>b</p>", "a\n\nb"),
        ("<p>a<p>b", "a\n\nb"),
        ("<p></p><p>a</p><p> </p>", "a"),
        ("<div>a<div>b</div>c</div>d", "a\nb\nc\nd"),
        ("<h1>a</h1>b<hr>c", "a\n\nb\n\nc"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>d", "- a\n- b\n- c\n\nd"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<ol start='7'><li>a<li>b</ol>", "7. a\n8. b"),
        ("<ol start='x'><li>a</ol>", "1. a"),
        ("<li>loose", "- loose"),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>", "a b\n1 2"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "a\nb"),
        ("</p></div></ul></pre></blockquote>a", "a"),
        ("a<style>p {}</style><script>b()</script><title>c</title>d", "ad"),
        ("a<!-- b -->c<!DOCTYPE x>d<?php e?>f<![CDATA[g]]>", "acdf"),
        ("a <!-- b", "a"),
        ("a <b", "a <b"),
        ("a <b c='d", "a <b c='d"),
        ("", ""),
        ("<p></p>", ""),
    ],
)
def test_html_becomes_the_text_that_a_browser_shows(html: str, text: str) -> None:
    """Blocks are lines, white space is one blank, entities are characters, what is broken is read as far as it goes."""
    assert html_text(html) == text
    assert html_text(html, quotes=True) == text


def test_code_keeps_its_spaces() -> None:
    """And its empty lines; the line end after the tag is none of it."""
    html = "<p>so</p><pre>\n<code>  if a:\n\n    b &lt; c\r\n</code></pre><p>ok</p>"
    assert html_text(html) == "so\n\n  if a:\n\n    b < c\n\nok"
    assert html_text("<p>a  <code>b  c</code></p>") == "a b c"


def test_quotations_are_left_out_or_marked() -> None:
    """However deep; what stands around them is not joined."""
    html = "mine<blockquote>old<p>words</p><blockquote>older</blockquote></blockquote>mine too"
    assert html_text(html) == "mine\n\nmine too"
    assert html_text(html, quotes=True) == "mine\n\n> old\n>\n> words\n>\n> > older\n\nmine too"
    assert html_text("<blockquote>old") == ""
    assert html_text("<blockquote>old", quotes=True) == "> old"
    assert html_text("<blockquote></blockquote>a", quotes=True) == "a"


def test_quotations_without_end_are_bounded() -> None:
    """The depth is, and so is the time."""
    deep = html_text("<blockquote>a" * 1000, quotes=True)
    assert deep.count(">") <= 2 * 1000 * module.DEEPEST_QUOTE
    assert html_text("<blockquote>" * 1000 + "a" + "</blockquote>" * 1000 + "b") == "b"


def test_classes_can_be_left_out() -> None:
    """With all that is inside, and nothing else."""
    html = "a<div class='x preview'>b<div>c</div>d</div>e<span class='previews'>f</span>"
    assert html_text(html, without=["preview"]) == "a\nef"
    assert html_text(html) == "a\nb\nc\nd\ne\nf".replace("e\nf", "ef")


def test_pictures_that_stand_for_characters_are_kept() -> None:
    """Emoji of any kind; not the description of a photograph."""
    assert html_text("<img class='emoji' alt='smile' src='x'> <img alt=':quay:'> <img alt='😀'>") == "smile :quay: 😀"
    assert html_text("<emoji id='smile' alt='🙂' title='Smile'></emoji>") == "🙂"
    assert html_text("<img itemtype='http://schema.skype.com/Emoji' alt='(heidy)'>") == "(heidy)"
    assert html_text("a<img alt='A boat at the quay' src='x'><img src='y'><img alt>b") == "ab"
    assert html_text('<span class="emoji emoji-1f600" title="grinning">:grinning:</span>') == ":grinning:"


def test_formulas_are_given_by_their_source() -> None:
    """KaTeX draws each twice and keeps what was typed as an annotation."""
    html = (
        '<span class="katex"><span class="katex-mathml"><math><semantics><mrow><mi>a</mi><mrow><mn>1</mn></mrow></mrow>'
        '<annotation encoding="application/x-tex">a^1</annotation></semantics></math></span>'
        '<span class="katex-html" aria-hidden="true"><span class="mord">a1</span></span></span>'
    )
    assert html_text(f"<p>so {html} it is</p>") == "so a^1 it is"
    assert html_text('<p aria-hidden="true">a</p>') == "a"


def test_what_is_longer_than_a_message_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tag is bounded too: what never ends is text."""
    monkeypatch.setattr(module, "LONGEST", 10)
    assert html_text("<p>" + "a" * 100) == "a" * 7
    monkeypatch.setattr(module, "LONGEST", 10_000)
    monkeypatch.setattr(module, "LONGEST_TAG", 50)
    assert html_text("a <b " + "x" * 200 + ">c") == "a <b " + "x" * 200 + ">c"


MARKUP = [
    "<p>", "</p>", "<br/>", "<p/>", "<span class='sig'>", "<span style='a'>", "</span>", "<DIV class=sig>", "<div>", "</div>",
    "<a href='x?a&amp;b'>", "<img alt='boat'>", "<img alt=':x:'>", "<img alt='😀' class=emoji>", "<ol start='3'>", "<li>",
    "</ol>", "<blockquote class=q>", "</blockquote>", "<pre>", "</pre>", "<script>", "</script>", "<textarea>", "</textarea>",
    "a", " ", "\n", "&amp;", "&lt", "p;", "<", ">", '"', "'", "=", "<b", "<td width=3>", "<p class='x>", "<p a=b=c>",
    "<p = x>", "<p / x>", "</ p>", "</p x='y'>", "<x-y>",
]  # fmt: skip


@given(html=st.lists(st.sampled_from(MARKUP), max_size=14).map("".join), quotes=st.booleans())
def test_the_short_way_gives_what_the_parser_does(html: str, quotes: bool) -> None:
    """Well-formed tags don't go through it; broken ones, and those after them, do."""
    quick = html_text(html, quotes=quotes, without=["sig"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_TAG", re.compile(r"(?!)"))
        assert html_text(html, quotes=quotes, without=["sig"]) == quick


@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("<>&\"'\n"), max_size=80))
def test_escaped_text_comes_back(text: str) -> None:
    """All of it, but for white space, which HTML does not keep."""
    kept = " ".join(text.replace("\N{NO-BREAK SPACE}", "x").split(" "))
    html = escape(kept).replace("\n", "<br>")
    lines = [" ".join(line.split(" ")) for line in kept.split("\n")]
    words = [[word for word in line.split(" ") if word] for line in lines]
    assert [[word for word in line.split(" ") if word] for line in html_text(f"<p>{html}</p>").split("\n")] == _stripped(words)


def _stripped(lines: list[list[str]]) -> list[list[str]]:
    while lines and not lines[0]:
        lines = lines[1:]
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines or [[]]


@given(pieces=st.lists(PIECES, max_size=30), quotes=st.booleans())
def test_any_html_gives_some_text(pieces: list[str], quotes: bool) -> None:
    """Never an exception; wherever it is cut into chunks."""
    html = "".join(pieces)
    text = html_text(html, quotes=quotes)
    assert text == text.strip("\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "LONGEST_TAG", 64)
        assert isinstance(html_text(html * 3, quotes=quotes, without=["x"]), str)


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<a ",
        "</",
        "<!--",
        "<!",
        "<?",
        "&",
        "&#",
        "<a b='",
        "<script>",
        "<blockquote>",
        "<ul><li>",
        "<pre>\n",
        "<title>",
        " ",
        "<![CDATA[",
    ],
)
def test_time_grows_with_the_length_only(piece: str) -> None:
    """Tags and quotations that never end are no way to keep a reader busy."""
    html = piece * (300_000 // len(piece))
    start = time.process_time()
    html_text(html, quotes=True)
    assert time.process_time() - start < 10
