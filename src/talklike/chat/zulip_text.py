"""What a person wrote in a message of Zulip, out of its Markdown or of the HTML that Zulip makes of it."""

from __future__ import annotations

import re

from talklike.chat.html_text import html_text

DELETED = "(deleted)"
"""What Zulip puts in place of a message that was edited until nothing was left."""

PREVIEWS = (
    "message_inline_image", "message_inline_ref", "message_inline_video", "message_inline_audio", "message_embed",
    "message-thumbnail-gallery", "inline-preview-twitter", "twitter-tweet", "youtube-video", "vimeo-video", "embed-video",
)  # fmt: skip
"""Classes of what Zulip adds below a message that holds a link or an upload."""

QUOTE, SPOILER, CODE = "quote", "spoiler", "code"
"""Kinds of fenced blocks; in the first two there may be others."""

MOST_WORDS = 40
"""Of a line that says whose the quotation below is, beside a name and a link; languages differ in them [character]."""

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,}) *([^\s`]*)[^`]*$")
_QUOTATION = re.compile(r"(?:```|~~~) *quote")
_MENTION = re.compile(r"@(_?)\*\*([^*\n|]*)(?:\|\d+)?\*\*")
_GROUP = re.compile(r"@_?\*([^*\n]+)\*")
_STREAM = re.compile(r"#\*\*([^*\n]+?)(?:@\d+)?\*\*")
_UPLOAD = re.compile(r"!?\[([^\[\]\n]*)\]\((?:https?://[^\s()/]+)?/user_uploads/[^\s()]*\)")
_FILE_NAME = re.compile(r".*\.\w{1,10}")
_LINK = re.compile(r"\[[^\[\]\n]*\]\([^\s()]*/near/[^\s()]*\)")
_SAID = re.compile(r"@_?\*\*[^*\n]+\*\*\s?\S{0,20}\s?:$")  # before there were links

_HTML_MENTION = re.compile(r'<span class="user-mention[^<>]*>[^<>]*</span>')
_HTML_LINK = re.compile(r"<a [^<>]*/near/[^<>]*>[^<>]*</a>")
_HTML_SAID = re.compile(r'<span class="user-mention[^<>]*>[^<>]*</span>\s?\S{0,20}\s?:$')
_HTML_UPLOAD = re.compile(r'<a [^<>]*href="(?:https?://[^\s"/]+)?/user_uploads/[^"<>]*"[^<>]*>([^<>]*)</a>')
_TAG = re.compile(r"<[^<>]*>")
_LABEL = r"(?:Click to join video call|Join (?:video|voice|audio) call\.)"
_CALL = re.compile(rf"\[{_LABEL}\]\([^\s()]*\)|<p><a [^<>]*>{_LABEL}</a></p>")


def from_html(html: str, *, quotes: bool) -> str:
    """Return the text of a message in HTML.

    Args:
        html: What Zulip made of it.
        quotes: Keep what it quotes, with who said it.
    """
    if not quotes and "<blockquote" in html:
        html = _without_who_said_it(html)
    if "/user_uploads/" in html:
        html = _HTML_UPLOAD.sub(_label, html)
    return html_text(html, quotes=quotes, without=PREVIEWS)


def from_markdown(text: str, *, quotes: bool) -> str:
    """Return a message without Zulip's own marks: mentions, links to channels, uploads, quotations; the rest as it was typed."""
    if not quotes and ("```" in text or "~~~" in text):
        text = _without_quotations(text)
    if "/user_uploads/" in text:
        text = _UPLOAD.sub(_label, text).strip()
    if "@" in text:
        text = _GROUP.sub(r"@\1", _MENTION.sub(lambda found: ("" if found[1] else "@") + found[2], text))
    if "#**" in text:
        text = _STREAM.sub(lambda found: "#" + found[1].replace(">", " > ", 1), text)
    return text


def _label(upload: re.Match[str]) -> str:
    """Return what a link to an upload is called, unless that is the file's name, which Zulip puts there itself."""
    return "" if _FILE_NAME.fullmatch(upload[1]) else upload[1]


def is_call(content: str) -> bool:
    """Say whether a message, be it Markdown or HTML, is the link alone that the app's button for calls puts there."""
    return _CALL.fullmatch(content.strip()) is not None


def left_out(content: str) -> str | None:
    """Return why nothing is left of a message, be it Markdown or HTML; None if there was nothing."""
    if "<blockquote" in content or _QUOTATION.search(content):
        return "quotation only"
    return "media only" if "/user_uploads/" in content or "<img" in content or "message_" in content else None


def _without_quotations(text: str) -> str:
    """Return Markdown without its fenced quotations and the lines that say whose they are."""
    kept: list[str] = []
    blocks: list[tuple[str, str]] = []  # fence and kind of those that are open, the outermost first
    quoted = 0  # how many of them are quotations or inside one
    found, just_left = False, False
    for line in text.split("\n"):
        if blocks and line.strip() == blocks[-1][0]:
            blocks.pop()
            if quoted:
                quoted -= 1
                just_left = not quoted
                continue
        elif (not blocks or blocks[-1][1] != CODE) and (fence := _FENCE.match(line)):
            kind = fence[2].lower()
            blocks.append((fence[1], kind if kind in (QUOTE, SPOILER) else CODE))
            if quoted or kind == QUOTE:
                if not quoted and kept and _says_who(kept[-1], "@_**", _MENTION, _LINK, _SAID):
                    kept.pop()
                quoted += 1
                found = True
        if not quoted and not (just_left and not line.strip() and kept and not kept[-1].strip()):  # one empty line is enough
            kept.append(line)
            just_left = False
    return "\n".join(kept).strip("\n") if found else text


def _without_who_said_it(html: str) -> str:
    """Return HTML without the lines that say whose the quotations after them are."""
    pieces, done = [], 0
    for found in re.finditer(r"<blockquote", html):
        before = html[done : found.start()]
        done = found.start()
        paragraph = before.rfind("<p>") + len("<p>")
        if before.rstrip().endswith("</p>") and paragraph >= len("<p>"):
            line = max(paragraph, before.rfind("<br>", paragraph))
            last = before[line:].rstrip().removesuffix("</p>").removeprefix("<br>").strip()
            if _says_who(last, "user-mention silent", _HTML_MENTION, _HTML_LINK, _HTML_SAID):
                before = before[:line] + "</p>"
        pieces.append(before)
    return "".join(pieces) + html[done:]


def _says_who(line: str, silent: str, mention: re.Pattern[str], link: re.Pattern[str], said: re.Pattern[str]) -> bool:
    if said.fullmatch(line):
        return True
    if silent not in line:
        return False
    rest, links = link.subn("", line)
    return links == 1 and len(_TAG.sub("", mention.sub("", rest, count=1))) <= MOST_WORDS
