"""Which characters the bytes of a mail stand for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.chat.mail_charset import base64, decoded, header, words


@pytest.mark.parametrize(
    ("text", "codec", "charset"),
    [
        ("café", "utf-8", "utf-8"),
        ("café", "latin-1", "iso-8859-1"),
        ("“tea” – 5 €", "cp1252", "iso-8859-1"),
        ("“tea”", "cp1252", "us-ascii"),
        ("чай", "koi8-r", "KOI8-R"),
        ("чай", "cp1251", '"windows-1251"'),
        ("联通", "gbk", "gb2312"),
        ("茶和蛋糕，明天见吧", "gb18030", "GB2312"),
        ("お茶", "cp932", "Shift_JIS"),
        ("お茶", "iso2022_jp", "ISO-2022-JP"),
        ("お茶", "iso2022_jp", None),
        ("차", "cp949", "ks_c_5601-1987"),
        ("héé", "utf-7", "unicode-1-1-utf-7"),
        ("tea", "utf-16", "utf-16"),
        ("şğ", "cp1254", "iso-8859-9"),
        ("שלום", "iso-8859-8", "iso-8859-8-i"),
    ],
)
def test_declared_character_sets_are_read_as_they_are_meant(text: str, codec: str, charset: str | None) -> None:
    """Which is not always what the name says."""
    assert decoded(text.encode(codec), charset) == text


@pytest.mark.parametrize(
    "charset",
    [
        "us-ascii",
        "iso-8859-1",
        "x-unknown",
        "unknown-8bit",
        "utf-16",
        "koi8-r",
        "gb2312",
        "punycode",
        "rot13",
        "hex",
        "é",
        "a" * 999,
        "\0",
        "",
    ],
)
def test_what_is_valid_utf8_is_read_as_such(charset: str) -> None:
    """Whatever is declared."""
    assert decoded("déjà vu, à bientôt".encode(), charset) == "déjà vu, à bientôt"


@pytest.mark.parametrize("charset", [None, "utf-8", "x-unknown", "idna", "unicode_escape", "us-ascii"])
def test_what_nobody_knows_is_windows_1252(charset: str | None) -> None:
    """Line by line, so that one wrong line costs itself alone."""
    assert decoded(b"caf\xe9\ncaf\xc3\xa9", charset) == ("café\ncafÃ©" if charset == "us-ascii" else "café\ncafé")


def test_a_character_that_is_cut_off_costs_only_itself() -> None:
    """As where a mail is cut."""
    assert decoded(("茶" * 200).encode("gb18030")[:-1], "gb2312") == "茶" * 199 + "\N{REPLACEMENT CHARACTER}"


@given(
    data=st.binary(max_size=60),
    charset=st.none() | st.sampled_from(["utf-8", "gb2312", "utf-16", "utf-7", "iso-2022-jp", "big5"]) | st.text(max_size=8),
)
def test_any_bytes_become_text_that_utf8_can_hold(data: bytes, charset: str | None) -> None:
    """Without an error."""
    decoded(data, charset).encode()
    header(data, charset).encode()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"tea", "tea"),
        (b"=?utf-8?q?caf=C3=A9_au_lait?=", "café au lait"),
        (b"=?UTF-8?B?Y2Fmw6k=?= (=?iso-8859-1?Q?Gr=FC=DFe?=)", "café (Grüße)"),
        (b"=?utf-8?b?w6k=?=\t=?utf-8?b?w6k=?= =?iso-8859-1?q?=E9?= x", "ééé x"),
        (b"=?utf-8?b?w6==?= =?utf-8?b?qQ==?=", "é"),
        (b"=?utf-8?q?=C3?= =?utf-8?q?=A9?=", "é"),
        (b"=?utf-8*en?q?caf=C3=A9?=", "café"),
        (b"=?x-unknown?q?caf=E9?=", "café"),
        (b"=?utf-8?q?with spaces?=", "with spaces"),
        (b"=?utf-8?b?!!?= =?utf-8?x?a?= =?", "=?utf-8?x?a?= =?"),
        (b"caf\xe9", "café"),
        (b"a\0b", "ab"),
    ],
)
def test_headers_are_decoded(value: bytes, text: str) -> None:
    """Encoded words, those that break the rules too."""
    assert header(value) == text


def test_words_are_read_in_text_too() -> None:
    """Where a header was taken apart first."""
    assert words("=?utf-8?q?caf=C3=A9?=  x") == "café x"


def test_base64_is_read_as_far_as_it_goes() -> None:
    """Cut off anywhere, with anything in between."""
    assert base64(b"dGVh\r\nIGNha2U=\r\n") == b"tea cake"
    assert base64(b"dGVhIGNha2") == b"tea cak"
    assert base64(b"dGVhI") == b"tea"
    assert base64(b"dGVh!") == b"tea"
