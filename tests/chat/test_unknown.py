"""What is said of files that no format takes."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.chat.read import read_chat
from talklike.chat.unknown import GUIDE, nothing_inside, unknown
from talklike.errors import ChatError, FormatError

Write = Callable[[str, str | bytes], Path]

PAGE = "<!DOCTYPE html>\n<html><head><title>x</title></head><body>{}</body></html>"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("messages.html", PAGE.format('<div class="page_wrap">my secret</div>'), ["Telegram", "Machine-readable JSON"]),
        ("quay.html", PAGE.format('<div class="chatlog__message-group">my secret</div>'), ["DiscordChatExporter", "-f Json"]),
        ("message_1.html", PAGE.format('<div class="_3-95 _a6-g">my secret</div>'), ["Facebook or", "choose JSON"]),
        ("messages.html", PAGE.format('<li class="mx_EventTile">my secret</li>'), ["Element", "as JSON"]),
        ("page.htm", PAGE.format("my secret"), ["web page", "JSON, CSV or text", "--format text"]),
        ("sms.xml", "<?xml version='1.0'?>\n<smses count='1'><sms body='my secret'/></smses>", ["SMS Backup", "CSV"]),
        ("chat.xml", "<?xml version='1.0'?>\n<chat>my secret</chat>", ["XML", "CSV"]),
        ("people.txt", "BEGIN:VCARD\nFN:my secret\nEND:VCARD\n", ["contacts"]),
        ("chat.rtf", "{\\rtf1 my secret}", ["Rich Text", "plain text"]),
        ("users.json", '[{"id": "U1", "team_id": "T1", "profile": {"real_name": "my secret"}}]', ["people of a Slack", "zip"]),
        ("channels.json", '[{"id": "C1", "name": "my secret", "members": [], "purpose": {}}]', ["channels of a Slack export"]),
        ("x.json", '{"v": [{"log": [{"sender": "my secret", "body": "my secret"}]}]}', ["under 'log'", "'body'", "'sender'"]),
        ("x.json", '{"v": [{"My Secret": [{"nick": "b", "text": "s", "date": "x"}]}]}', ["inside", "'text'", "'nick'", "'date'"]),
        ("x.json", '{"log": [{"text": "my secret"}]}', ["nobody who wrote"]),
        ("x.json", '{\n"my secret": 1\n}', ["without anything that looks like messages"]),
        ("x.json", '[{"my secret": ', ["cut off"]),
    ],
)  # fmt: skip
def test_a_file_is_told_what_it_looks_like_and_what_to_do(name: str, content: str, words: list[str], write: Write) -> None:
    """In one line, without a word of what people wrote."""
    with pytest.raises(FormatError) as error:
        read_chat(write(name, content))
    said = str(error.value)
    for word in words:
        assert word in said
    assert "my secret" not in said.lower()
    assert "\n" not in said


def test_a_large_document_is_known_by_its_beginning() -> None:
    """Only the first bytes are looked at, which end anywhere."""
    data = json.dumps({"x": [{"a": 1}], "log": [{"sender": "bob", "body": "hi" * n} for n in range(999)]}).encode()
    said = unknown(data[:5_000], "x.json")
    assert said is not None
    assert "'body'" in said


def test_text_that_looks_like_nothing_is_not_guessed_at() -> None:
    """It may be a book."""
    assert unknown(b"It was a dark night; <html> was unknown.\n", "storm.txt") is None


def test_a_web_page_is_read_if_one_insists(write: Write) -> None:
    """``--format text`` is not argued with."""
    assert read_chat(write("page.html", PAGE.format("x")), format="text").kind == "stream"


def test_an_export_as_web_pages_is_told_so(tmp_path: Path) -> None:
    """The hint is of what most of its files are."""
    for number in ("", "2", "3"):
        (tmp_path / f"messages{number}.html").write_text(PAGE.format('<div class="page_wrap"></div>'))
    (tmp_path / "readme.txt").write_text("What is in here.\n")
    with pytest.raises(FormatError, match=r"none of its 4 files .* of 3 of them: .*Telegram.*Machine-readable"):
        read_chat(tmp_path)


def test_an_export_of_media_alone_is_told_so(tmp_path: Path) -> None:
    """With where to read how to get the chat."""
    path = tmp_path / "media.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("photo1.jpg", b"x")
        archive.writestr("photo2.jpg", b"x")
    with pytest.raises(FormatError, match=r"only pictures, sounds .*2 media.*export-your-chat"):
        read_chat(path)
    assert nothing_inside({}) == "it is empty"
    assert "only pictures, sounds" in nothing_inside({"media": 2, "hidden": 1})
    assert nothing_inside({"links": 2, "media": 1}) == "left out: 2 links, 1 media"
    assert (Path(__file__).parents[2] / GUIDE).is_file()


def test_a_folder_of_databases_says_what_they_are(tmp_path: Path) -> None:
    """Where nothing else can be said."""
    for name in ("msgstore.db.crypt15", "wa.db.crypt15"):
        (tmp_path / name).write_bytes(b"\x01\0\x02")
    with pytest.raises(FormatError, match="WhatsApp's encrypted backup"):
        read_chat(tmp_path)


def test_an_export_of_hidden_files_alone_is_told_so(tmp_path: Path) -> None:
    """They are no pictures, and may hold messages after all."""
    (tmp_path / ".quay.txt").write_text("hi")
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "__MACOSX" / "quay.txt").write_text("hi")
    with pytest.raises(
        FormatError, match=r"only hidden files in it \(left out: 2 hidden\), .*begin with a dot.*export-your-chat"
    ):
        read_chat(tmp_path)


def test_a_link_alone_is_told_so(tmp_path: Path) -> None:
    """A folder that holds one isn't empty."""
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "quay").symlink_to(tmp_path)
    with pytest.raises(FormatError, match="left out: 1 links"):
        read_chat(tmp_path / "export")


def test_a_part_of_an_office_document_is_told_so(tmp_path: Path) -> None:
    """Such as somebody unpacked."""
    (tmp_path / "[Content_Types].xml").write_text("<?xml version='1.0'?><Types/>")
    with pytest.raises(FormatError, match="Office document"):
        read_chat(tmp_path)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["text", "from", "x", "\ud800", ""]), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(value=JSON, cut=st.integers(0, 60), name=st.sampled_from(["", "users.json", "x.html", "[Content_Types].xml"]))
def test_any_json_whole_or_cut_gets_a_line_or_nothing(value: object, cut: int, name: str) -> None:
    """Values of any type anywhere."""
    data = json.dumps(value).encode()
    said = unknown(data[: len(data) - cut], name)
    assert said is None or (said and "\n" not in said)


@given(data=st.binary(max_size=200))
def test_any_bytes_get_a_line_or_nothing(data: bytes) -> None:
    """However broken."""
    for start in (b"", b"<html>", b"<?xml", b"[{", b'{"a": '):
        said = unknown(start + data, "x")
        assert said is None or (said and "\n" not in said)


@pytest.mark.parametrize("brackets", ["[", '{"a":', '[{"text":'])
def test_absurd_nesting_is_no_crash(brackets: str, write: Write) -> None:
    """Ten thousand deep."""
    with pytest.raises(ChatError):
        read_chat(write("x.json", brackets * 10_000))
