"""The text of a mail."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.chat import mail_body
from talklike.chat.mail_body import Body, body_of, unflowed
from talklike.chat.mail_head import split_head


def body(data: bytes, *, quotes: bool = False) -> Body:
    """Return what a mail holds."""
    return body_of(*split_head(data), quotes=quotes)


def several(kind: str, *parts: bytes, boundary: bytes = b"xyz") -> bytes:
    """Return a part with parts in it."""
    inner = b"".join(b"--" + boundary + b"\n" + part + b"\n" for part in parts)
    return (
        f'Content-Type: multipart/{kind}; boundary="{boundary.decode()}"\n\n'.encode()
        + b"preamble\n"
        + inner
        + b"--"
        + boundary
        + b"--\nepilogue\n"
    )


PLAIN = b"Content-Type: text/plain\n\ntea"
HTML = b"Content-Type: text/html; charset=utf-8\n\n<p>cake</p>"
PICTURE = b"Content-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo="


@pytest.mark.parametrize(
    ("mail", "texts"),
    [
        (b"X: y\n\ntea\n", ["tea\n"]),
        (PLAIN, ["tea"]),
        (HTML, ["cake"]),
        (several("alternative", PLAIN, HTML), ["tea"]),
        (several("alternative", HTML, PLAIN), ["tea"]),
        (several("alternative", b"Content-Type: text/plain\n\n \n", HTML), ["cake"]),
        (several("alternative", PLAIN, several("related", HTML, PICTURE, boundary=b"xyz2")), ["tea"]),
        (several("related", HTML, PICTURE), ["cake"]),
        (several("mixed", PLAIN, PICTURE, b"\nmore"), ["tea", "more"]),
        (several("mixed", several("alternative", PLAIN, HTML, boundary=b"a"), PICTURE), ["tea"]),
        (several("signed", PLAIN, b"Content-Type: application/pgp-signature\n\nx"), ["tea"]),
        (several("mixed", PLAIN, b"Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nlog"), ["tea"]),
        (several("mixed", PLAIN, b"Content-Type: text/plain; name=\"a.patch\"\nContent-Disposition: inline\n\n+x"), ["tea"]),
        (several("mixed", PLAIN, b"Content-Type: message/rfc822\n\nFrom: x\n\nhi"), ["tea"]),
        (b"Content-Type: multipart/mixed\n\ntea", []),
        (b"Content-Type: nonsense\n\ntea", ["tea"]),
        (b"Content-Type: multipart/mixed; boundary=x\n\nno such\n", []),
        (b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\ntea", ["tea"]),
        (several("mixed", PLAIN).replace(b"\n", b"\r\n"), ["tea"]),
        (b"Content-Type: multipart/mixed; boundary=ab\n\n--abc\nno\n--ab\n\ntea --ab\n--ab--", ["tea --ab"]),
    ],
)  # fmt: skip
def test_the_text_is_found_among_the_parts(mail: bytes, texts: list[str]) -> None:
    """The plain one, else the HTML; never a file."""
    assert body(mail).texts == texts


@pytest.mark.parametrize(
    ("mail", "media", "kinds"),
    [
        (PLAIN, False, set()),
        (PICTURE, True, set()),
        (several("mixed", PLAIN, PICTURE), True, set()),
        (several("mixed", PLAIN, b"Content-Type: message/rfc822\n\nx"), False, {"forwarded"}),
        (several("report", PLAIN, b"Content-Type: message/delivery-status\n\nx"), False, {"report"}),
        (several("digest", b"\nx"), False, {"report"}),
        (several("encrypted", b"Content-Type: application/pgp-encrypted\n\nx"), False, {"encrypted"}),
        (b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nx", False, {"encrypted"}),
        (several("alternative", PLAIN, b"Content-Type: text/calendar; method=REQUEST\n\nx"), False, {"invitation"}),
        (several("mixed", PLAIN, b"Content-Type: text/calendar\nContent-Disposition: attachment\n\nx"), True, set()),
        (b"X: y\n\nbegin 644 a.png\nM" + b"A" * 60 + b"\n#AAAA\n`\nend\n", True, set()),
    ],
)
def test_what_else_there_is_is_told(mail: bytes, media: bool, kinds: set[str]) -> None:
    """Files, forwarded mails, reports, invitations, what is encrypted."""
    found = body(mail)
    assert (found.media, found.kinds) == (media, kinds)


def test_files_in_the_text_are_left_out() -> None:
    """As before MIME; what only begins like one stays."""
    file = b"begin 644 tea.gif\n" + (b"M" + b"A" * 60 + b"\n") * 3 + b"#AAAA\n`\nend\n"
    assert body(b"X: y\n\nhi\n" + file + b"bye\n").texts == ["hi\nbye\n"]
    assert body(b"X: y\n\nhi\n" + file[:150]).texts == ["hi\n"]
    assert body(b"X: y\n\nhi\nbegin 644 steps\nand go on\n").texts == ["hi\nbegin 644 steps\nand go on\n"]


@pytest.mark.parametrize(
    ("coding", "data"),
    [
        (b"quoted-printable", b"caf=C3=A9 au =\nlait"),
        (b"Quoted-Printable", b"caf=c3=a9 au =\r\nlait"),
        (b"base64", base64.b64encode("café au lait".encode())),
        (b"BASE64 ", base64.encodebytes("café au lait".encode())),
        (b"8bit", "café au lait".encode()),
        (b"x-nonsense", "café au lait".encode()),
    ],
)
def test_texts_are_decoded(coding: bytes, data: bytes) -> None:
    """However they travelled."""
    mail = b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: " + coding + b"\n\n" + data
    assert body(mail).texts == ["café au lait"]


def test_html_says_its_character_set_itself() -> None:
    """Where the headers don't."""
    mail = b'Content-Type: text/html\n\n<html><head><meta content="text/html; charset=koi8-r"></head><p>' + "чай".encode("koi8-r")
    assert body(mail).texts == ["чай"]


def test_html_keeps_marks_of_quotations_and_leaves_out_what_programs_mark() -> None:
    """Quotations are told apart later, with what leads to them."""
    html = "Content-Type: text/html\n\n<style>p > a {}</style><style type='x'><div>yes</div>"
    assert body(html.encode()).texts == [""]
    html = (
        "Content-Type: text/html\n\n<style>p > a {}</style><div>yes</div><div class='gmail_signature'>wren</div>"
        "<div class='gmail_attr'>On Monday Wren wrote:</div><blockquote>tea?</blockquote><div class='yahoo_quoted'>old</div>"
    )
    assert body(html.encode()).texts == ["yes\nOn Monday Wren wrote:\n\n> tea?"]
    assert body(html.encode(), quotes=True).texts == ["yes\nwren\nOn Monday Wren wrote:\n\n> tea?\n\nold"]


def test_parts_say_their_headers_in_any_spelling() -> None:
    """With languages, continued, in quotes."""
    assert body(b"Content-Type: TEXT/Plain; charset*=us-ascii'en'iso-8859-1\n\ncaf\xe9").texts == ["café"]
    assert body(b'Content-Type: text/plain;\n charset="koi8-r"\n\n' + "чай".encode("koi8-r")).texts == ["чай"]


@pytest.mark.parametrize(
    ("flowed", "text"),
    [
        ("tea \nand cake\n\nbye", "tea and cake\n\nbye"),
        ("> tea \n> or \n>> cake\n>> ?\nno", "> tea or \n>> cake\n>> ?\nno"),
        (" From here \n to there", "From here to there"),
        ("hi\n-- \nwren \notter", "hi\n-- \nwren otter"),
        ("hi \n-- \nwren", "hi \n-- \nwren"),
        ("hi ", "hi "),
        ("", ""),
    ],
)
def test_flowed_lines_are_joined(flowed: str, text: str) -> None:
    """Within a depth of quotation; a signature's line doesn't flow."""
    assert unflowed(flowed) == text
    assert body(b"Content-Type: text/plain; format=Flowed\n\n" + flowed.encode()).texts == [text]


def test_the_space_may_be_no_part_of_the_text() -> None:
    """As between Chinese characters."""
    assert body("Content-Type: text/plain; format=flowed; delsp=yes; charset=utf-8\n\n茶和 \n蛋糕".encode()).texts == ["茶和蛋糕"]


def test_chats_of_gmail_are_set_apart() -> None:
    """The HTML beside them is another view."""
    xml = b'<con:conversation xmlns:con="google:archive:conversation"/>'
    found = body(several("alternative", b"Content-Type: text/xml\n\n" + xml, HTML))
    assert found.chats == [xml.decode()]


def test_depth_and_number_of_parts_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody nests mails so."""
    monkeypatch.setattr(mail_body, "MOST_PARTS", 5)
    assert len(body(several("mixed", *[PLAIN] * 50)).texts) == 4
    monkeypatch.undo()
    nested = PLAIN
    for depth in range(mail_body.DEEPEST + 2):
        nested = several("mixed", nested, boundary=f"b{depth}".encode())
    assert body(nested).texts == []
    monkeypatch.setattr(mail_body, "LONGEST", 3)
    assert body(b"X: y\n\nteatea").texts == ["tea"]


@given(
    data=st.binary(max_size=200),
    kind=st.sampled_from(["text/plain", "text/html", "multipart/mixed; boundary=a", "text/plain; format=flowed"]),
)
def test_any_bytes_are_taken(data: bytes, kind: str) -> None:
    """As text, or as nothing."""
    for coding in ("base64", "quoted-printable", "8bit"):
        found = body(f"Content-Type: {kind}\nContent-Transfer-Encoding: {coding}\n\n".encode() + data)
        assert all(text.encode() is not None for text in found.texts)
