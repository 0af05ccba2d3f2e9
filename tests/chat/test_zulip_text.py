"""What a person wrote in a message of Zulip."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.chat.zulip_text import from_html, from_markdown, left_out

SAID = '<span class="user-mention silent" data-user-id="5">heron</span> <a href="https://quay.example/#narrow/near/12">said</a>:'
UPLOAD = '<a href="/user_uploads/2/ab/pic.png">pic.png</a>'
SPOILER = (
    '<div class="spoiler-block"><div class="spoiler-header">\n<p>end</p>\n</div>'
    '<div class="spoiler-content" aria-hidden="true">\n<p>sinks</p>\n</div></div>'
)
PREVIEW = '<div class="message_inline_image"><a href="/user_uploads/2/ab/pic.png" title="pic.png"><img src="/thumb"></a></div>'


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            '<p>hi <span class="user-mention" data-user-id="31">@otter</span>, <span class="user-group-mention">@crew</span></p>',
            "hi @otter, @crew",
        ),
        ('<p>in <a class="stream" data-stream-id="3" href="/#narrow/stream/3-boats">#boats</a></p>', "in #boats"),
        ('<p><span aria-label="smile" class="emoji emoji-1f604" role="img" title="smile">:smile:</span></p>', ":smile:"),
        ('<p><img alt=":quay:" class="emoji" src="/e.png" title="quay"></p>', ":quay:"),
        (f"<p>{SAID}</p>\n<blockquote>\n<p>old</p>\n</blockquote>\n<p>mine</p>", "mine"),
        (
            f"<p>first<br>\n{SAID.replace('said', 'schrieb')}</p>\n<blockquote><p>old</p></blockquote>\n<p>mine</p>",
            "first\n\nmine",
        ),
        ('<p><span class="user-mention" data-user-id="5">@heron</span> said:</p><blockquote>old</blockquote><p>mine</p>', "mine"),
        (
            '<p>as <span class="user-mention" data-user-id="5">@heron</span> told us all:</p><blockquote>old</blockquote>',
            "as @heron told us all:",
        ),
        (f"<p>{SAID}</p><p>no quotation</p>", "heron said:\n\nno quotation"),
        (f"<p>look {UPLOAD}</p>{PREVIEW}", "look"),
        ('<p><a href="https://quay.example/user_uploads/2/a/x.pdf">the plan</a></p>', "the plan"),
        ('<p>a</p><div class="message_embed"><div class="message_embed_title">b</div></div>', "a"),
        (SPOILER, "end\n\nsinks"),
        (
            '<div class="codehilite"><pre><span></span><code><span class="k">def</span> f():\n    pass\n</code></pre></div>',
            "def f():\n    pass",
        ),
        (f"<p>{UPLOAD}</p>{PREVIEW}", ""),
        ("<blockquote><p>old</p></blockquote>", ""),
    ],
)
def test_html_becomes_what_was_written(html: str, text: str) -> None:
    """Without quotations and who said them, uploads and previews of links."""
    assert from_html(html, quotes=False) == text


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("hi @**otter**, @**heron|5** and @_**wren|7**, @*crew*", "hi @otter, @heron and wren, @crew"),
        ("in #**boats** and #**boats>nets** and #**boats>nets@42**", "in #boats and #boats > nets and #boats > nets"),
        ("**bold** *it* `code` :smile: > x", "**bold** *it* `code` :smile: > x"),
        ("@_**heron|5** [said](https://quay.example/#narrow/near/9):\n```quote\nold\n```\n\nmine", "mine"),
        ("@**heron** said:\n~~~ quote\nold\n~~~\nmine", "mine"),
        ("@_**heron|5** [sagte](x/near/9):\n````quote\na\n```py\nb\n```\nc\n````\nmine", "mine"),
        ("a\n\n```quote\nold\n```\n\nb\n```quote\nolder\n```", "a\n\nb"),
        ("```quote\nold\n```quote\nolder\n```\nold\n```\nmine", "mine"),
        ("```spoiler end\nmine\n```quote\nold\n```\n```", "```spoiler end\nmine\n```"),
        ("```\n```quote\nmine\n```", "```\n```quote\nmine\n```"),
        ("```quote\nnever ends", ""),
        ("look [pic.png](/user_uploads/2/ab/pic.png)", "look"),
        ("![pic.png](/user_uploads/2/ab/pic.png)", ""),
        ("[the plan](https://quay.example/user_uploads/2/ab/x.pdf)", "the plan"),
        ("see [x](https://a.example)", "see [x](https://a.example)"),
        ("@ ** # [ ` ~~~", "@ ** # [ ` ~~~"),
    ],
)
def test_markdown_stays_but_for_what_is_zulips_own(markdown: str, text: str) -> None:
    """Mentions, links to channels, uploads, quotations; the rest is as it was typed."""
    assert from_markdown(markdown, quotes=False) == text


def test_quotations_are_kept_if_asked_for() -> None:
    """With the line that says whose they are."""
    assert (
        from_html(f"<p>{SAID}</p><blockquote><p>old</p></blockquote><p>mine</p>", quotes=True) == "heron said:\n\n> old\n\nmine"
    )
    markdown = "@_**heron|5** [said](x/near/9):\n```quote\nold\n```\nmine"
    assert from_markdown(markdown, quotes=True) == "heron [said](x/near/9):\n```quote\nold\n```\nmine"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<blockquote>a</blockquote>", "quotation only"), ("```quote\na\n```", "quotation only"), (UPLOAD, "media only"),
        ("[quote.png](/user_uploads/2/ab/quote.png)", "media only"), (PREVIEW, "media only"), ("<p></p>", None), ("", None),
    ],
)  # fmt: skip
def test_why_nothing_is_left_is_told(content: str, reason: str | None) -> None:
    """Someone else's words, a file, or nothing at all."""
    assert left_out(content) == reason


PIECES = [
    "```",
    "```quote",
    "~~~ quote",
    "\n",
    "@**",
    "@_**",
    "**",
    "#**",
    "[",
    "](",
    "/user_uploads/",
    "/near/",
    ")",
    "<p>",
    "<blockquote>",
    "</p>",
    "<a ",
]


@given(pieces=st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_content_gives_some_text(pieces: list[str]) -> None:
    """Never an exception."""
    for quotes in (False, True):
        assert isinstance(from_markdown("".join(pieces), quotes=quotes), str)
        assert isinstance(from_html("".join(pieces), quotes=quotes), str)


@pytest.mark.parametrize(
    "piece", [*PIECES, "@**a", "[a](/user_uploads/", "[a](https://", "<p>" + SAID + "</p><blockquote>", "`", '<a href="']
)
def test_a_long_content_takes_no_longer_than_its_length(piece: str) -> None:
    """Marks that never end are text; nothing is searched over and over."""
    content = piece * (200_000 // len(piece)) + "/user_uploads/ ```quote"
    from_markdown(content, quotes=False)
    from_html(content, quotes=False)
    left_out(content)
