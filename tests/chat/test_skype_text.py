"""What Skype and Teams put around text."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.chat.skype_text import edit_mark, html_of, only_file, rich_text

QUOTE = (
    '<quote author="otter" authorname="Otter" timestamp="1549" conversation="8:otter" messageid="1" cuid="2">'
    "<legacyquote>[1549] Otter: </legacyquote>old &amp; grey\nwords<legacyquote>\n\n&lt;&lt;&lt; </legacyquote></quote>"
)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("tea &amp; &lt;cake&gt; &apos;now&apos;", "tea & <cake> 'now'"),
        ("two  blanks\n\n  and lines ", "two  blanks\n\n  and lines "),
        ('ha <ss type="laugh">:D</ss>', "ha :D"),
        ('<at id="8:otter">Otter</at> and <at id="8:heron">@Heron</at>', "@Otter and @Heron"),
        ('see <a href="https://a.example/?a=1&amp;b=2">https://a.example/?a=1&amp;b=2</a>', "see https://a.example/?a=1&b=2"),
        (
            '<b raw_pre="*" raw_post="*">bold</b> <i raw_pre="_" raw_post="_">it <s raw_pre="~" raw_post="~">s</s></i>',
            "*bold* _it ~s~_",
        ),
        ('<pre raw_pre="!! " raw_post="">x  y</pre>', "!! x  y"),
        ("<b>bold</b></i> a", "bold a"),
        ("a<br/>b", "a\nb"),
        ('well<e_m a="wren" ts_ms="1" ts="1" t="61"></e_m>', "well"),
        ('Edited previous message: well<e_m ts="1" a="wren" t="61"/>', "well"),
        ("Edited previous message: said I", "Edited previous message: said I"),
        (f"{QUOTE}my reply", "my reply"),
        (f"{QUOTE[:-8]}<quote>older</quote></quote>mine", "mine"),
        ("<quote>never ends", ""),
        ("<quote><legacyquote>a</quote>b", "b"),
        ('<URIObject type="Picture.1"><Title/>go to: <a href="x">x</a><OriginalName v="a.jpg"/></URIObject>', ""),
        ("a < b &lt; c", "a < b < c"),
        ("<p>a</p><p>b &amp; c</p>", "a\n\nb & c"),
        ("", ""),
    ],
)
def test_rich_text_becomes_what_was_typed(content: str, text: str) -> None:
    """Signs for bold and the like are the author's, quotations and files are not."""
    assert rich_text(content, quotes=False) == text


def test_quotations_are_kept_if_asked_for() -> None:
    """Without the lines that old clients showed around them."""
    assert rich_text(f"{QUOTE}my reply", quotes=True) == "> old & grey\n> words\nmy reply"
    assert rich_text("<quote></quote>a", quotes=True) == "a"
    assert html_of(f"<p>{QUOTE}</p><p>my reply</p>", quotes=True) == "> old & grey words\n\nmy reply"
    assert html_of(f"<p>{QUOTE}</p><p>my reply</p>", quotes=False) == "my reply"


def test_html_of_teams() -> None:
    """Mentions get their sign, edits lose their mark, emoji are characters."""
    html = (
        '<p><at id="0">Otter</at>&nbsp;hi <emoji alt="🙂"></emoji></p><attachment id="1"></attachment>'
        '<p>two<e_m a="wren" ts="1"></e_m></p>'
    )
    assert html_of(html, quotes=False) == "@Otter hi 🙂\n\ntwo"
    reply = '<blockquote itemtype="http://schema.skype.com/Reply"><strong>Otter</strong><p>old</p></blockquote><p>new</p>'
    assert html_of(reply, quotes=False) == "new"


def test_versions_of_a_message_have_the_same_mark() -> None:
    """Who and when, whatever the order and the kind of the tag."""
    mark = edit_mark('a<e_m a="wren" ts_ms="1549000000123" ts="1549000000" t="61"></e_m>')
    assert mark is not None
    assert mark == edit_mark('b<e_m ts="1549000000" ts_ms="1549000000123" a="wren" t="61"/>')
    assert mark != edit_mark('a<e_m a="otter" ts_ms="1549000000123" ts="1549000000" t="61"></e_m>')
    assert edit_mark('a<e_m a="wren" ts="1549000000"/>') != mark
    assert edit_mark("a &lt;e_m a=&quot;wren&quot;/&gt;") is None


def test_files_and_pictures_are_told() -> None:
    """Where there is no text."""
    for content in ("<URIObject/>", "<p><img src='x'></p>", "<attachment id='1'></attachment>"):
        assert only_file(content)
    assert not only_file("<p></p>")


@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("<>&'\"\n"), max_size=60))
def test_escaped_text_comes_back_to_the_letter(text: str) -> None:
    """Blanks and line ends too."""
    assert rich_text(escape(text), quotes=False) == text


@given(
    content=st.lists(
        st.sampled_from(["<quote>", "</quote>", "<b raw_pre='*'>", "</b>", "<legacyquote>", "<e_m ", ">", "<", "a", "&#", "<at>"])
    )
)
def test_any_content_gives_some_text(content: list[str]) -> None:
    """Never an exception."""
    for quotes in (False, True):
        assert isinstance(rich_text("".join(content), quotes=quotes), str)
        assert isinstance(html_of("".join(content), quotes=quotes), str)
    edit_mark("".join(content))


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<quote>", "<e_m ", '<e_m a="', "<at>", "<at> ", "<b raw_pre='*' raw_post='*'>", "</b>", "&"]
)
def test_a_long_content_takes_no_longer_than_its_length(piece: str) -> None:
    """Tags that never end are text; nothing is searched over and over."""
    content = piece * (200_000 // len(piece))
    assert len(rich_text(content, quotes=False)) <= len(content)
    assert isinstance(html_of(content, quotes=False), str)
    edit_mark(content)
