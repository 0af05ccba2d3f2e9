"""What of a message a person wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.chat.whatsapp_text import Reader, placeholder

ANDROID, IPHONE, BARE = Reader(), Reader(marked=True, on_iphone=True), Reader(on_iphone=True)
POLL = "POLL:\n{0}tea or coffee?\n{0}OPTION: tea ({0}1 vote)\n{0}OPTION: coffee ({0}12 votes)\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<Media omitted>", "media only"),
        ("<Medien ausgeschlossen>", "media only"),
        ("<Multimedia omitido>", "media only"),
        ("<Médias omis>", "media only"),
        ("<Mídia oculta>", "media only"),
        ("<Без медиафайлов>", "media only"),
        ("<メディアは含まれていません>", "media only"),
        ("<תוכן המדיה לא נכלל>", "media only"),
        ("< Média vynechána >", "media only"),
        ("<View once voice message omitted>", "media only"),
        ("<Media omitted>\nreport 4.pdf", "media only"),
        ("IMG-20201231-WA0001.jpg (file attached)", "media only"),
        ("\u200eIMG-20201231-WA0001.jpg (Datei angehängt)", "media only"),
        ("\u200fPTT-20201231-WA0001.opus (الملف مرفق)", "media only"),
        ("VID-20201231-WA0001.mp4", "media only"),
        ("DOC-20201231-WA0001. (file attached)\nour boat.txt", "media only"),
        ("wren.vcf (file attached)", "media only"),
        ("\u200ereport.pdf (tukuma vanun)", "media only"),
        ("location: https://maps.google.com/?q=51.5,-0.12", "media only"),
        ("Standort: https://maps.google.com/?q=1,2", "media only"),
        ("The Quay (1 Harbour Road): https://foursquare.com/v/4b05", "media only"),
        ("live location shared", "media only"),
        ("null", "media only"),
        ("This message was deleted", "deleted"),
        ("You deleted this message.", "deleted"),
        ("Se eliminó este mensaje.", "deleted"),
        ("Данное сообщение удалено", "deleted"),
        ("このメッセージは削除されました。", "deleted"),
        ("This message was deleted by admin wren", "deleted"),
        ("Waiting for this message", "deleted"),
        ("Missed voice call", "system line"),
        ("Verpasster Videoanruf", "system line"),
        ("Voice call, 12 min", "system line"),
        (POLL.format(""), "poll"),
        (POLL.format("").replace("POLL", "UMFRAGE").replace("vote", "Stimme"), "poll"),
        ("סקר:\nתה או קפה?\nאפשרות: תה (הצבעה אחת)\nאפשרות: קפה (12 הצבעות)", "poll"),
        ("image omitted", "media only"),
    ],
)
def test_android_says_it_in_brackets_or_plainly(text: str, reason: str) -> None:
    """In many languages, with a full stop or without."""
    assert ANDROID.read(text) == (reason, "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("\u200eimage omitted", "media only"),
        ("\u200eBild weggelassen", "media only"),
        ("\u200eimmagine omessa", "media only"),
        ("report.pdf • \u200e3 pages \u200edocument omitted", "media only"),
        ("\u200ereport.pdf • 3 pages \u200edocument omitted", "media only"),
        ("\u200e<attached: 00000012-PHOTO-2020-12-31.jpg>", "media only"),
        ("\u200e<Anhang: 00000012-PHOTO.jpg>", "media only"),
        ("\u200e<pièce jointe : 00000012-PHOTO.jpg>", "media only"),
        ("report.pdf • \u200e3 pages \u200e<attached: 00000013-report.pdf>", "media only"),
        ("\u200eLocation: https://maps.google.com/?q=1,2", "media only"),
        ("\u200eDiese Nachricht wurde gelöscht.", "deleted"),
        ("\u200eMissed video call, \u200eTap to call back", "system line"),
        ("\u200eYou're now an admin", "system line"),
        ("\u200etukuma vanun", "system line"),
        ("\u200e" + POLL.format("\u200e"), "poll"),
        (POLL.format("\u200e"), "poll"),
    ],
)
def test_iphones_set_a_mark(text: str, reason: str) -> None:
    """So what follows one at the start is the app's in whatever language."""
    assert IPHONE.read(text) == (reason, "")


@pytest.mark.parametrize(
    ("reader", "text", "kept"),
    [
        (ANDROID, "look at this <This message was edited>", "look at this"),
        (IPHONE, "schau \u200e<Diese Nachricht wurde bearbeitet.>", "schau"),
        (IPHONE, "look \u200e<tukuma vanun>", "look"),
        (ANDROID, "IMG-20201231-WA0001.jpg (file attached)\nour boat", "our boat"),
        (ANDROID, "<Media omitted>\nour boat", "our boat"),
        (ANDROID, "<Médias omis> our boat", "our boat"),
        (IPHONE, "our boat \u200e<attached: 00000012-PHOTO-2020-12-31.jpg>", "our boat"),
        (IPHONE, "our\nboat\n\u200e<attached: 00000012-PHOTO-2020-12-31.jpg>", "our\nboat"),
        (IPHONE, "\u200e<attached: 00000012-PHOTO-2020-12-31.jpg>\nour boat", "our boat"),
        (BARE, "<adjunto: 00000012-PHOTO-2020-12-31.jpg>", ""),
        (BARE, "our boat <attached: 00000012-PHOTO.jpg>", "our boat"),
        (IPHONE, "our boat \u200eimage omitted", "our boat"),
        (BARE, "our boat image omitted", "our boat"),
        (IPHONE, "our boat image omitted", "our boat image omitted"),
        (ANDROID, "our boat image omitted", "our boat image omitted"),
        (IPHONE, "image omitted", "image omitted"),
        (IPHONE, "ask @\u2068otter\u2069 and @\u2068~\u202fwren\u2069 please", "ask @otter and @wren please"),
        (IPHONE, "ask\u200e me", "ask me"),
        (ANDROID, "this message was deleted, I think", "this message was deleted, I think"),
        (ANDROID, "<3 you", "<3 you"),
        (ANDROID, "<sigh>", "<sigh>"),
        (ANDROID, "a: b", "a: b"),
        (ANDROID, " two spaces ", " two spaces "),
        (ANDROID, "the missed call was mine", "the missed call was mine"),
        (ANDROID, "Video call tonight?", "Video call tonight?"),
        (ANDROID, "video call", "video call"),
        (ANDROID, "see notes.txt (the old ones)", "see notes.txt (the old ones)"),
        (ANDROID, "look: https://maps.google.com/maps/place/quay", "look: https://maps.google.com/maps/place/quay"),
        (ANDROID, "Plan:\nA: tea (1 pot)\nB: cake (2 pieces)", "Plan:\nA: tea (1 pot)\nB: cake (2 pieces)"),
        (BARE, "wren likes tea", "wren likes tea"),
        (BARE, "I added you to the list", "I added you to the list"),
        (BARE, "otter removed you", "otter removed you"),
    ],
)
def test_what_a_person_wrote_stays(reader: Reader, text: str, kept: str) -> None:
    """Captions, and words that the app uses too."""
    assert reader.read(text, "wren") == ((None, kept) if kept else ("media only", ""))


@pytest.mark.parametrize(
    "line",
    [
        "wren created group “quay”",
        "wren added otter",
        "~ wren changed the group description",
        "You joined using this group's invite link",
        "Your security code with otter changed. Tap to learn more.",
        "You're no longer an admin",
        "You blocked this contact",
        "otter turned on disappearing messages.",
        "wren pinned a message",
        "Disappearing messages were turned off.",
    ],
)
def test_lines_of_iphones_whose_marks_are_gone(line: str) -> None:
    """They tell what somebody did; Android has no name before them."""
    assert BARE.read(line, "wren") == ("system line", "")
    assert IPHONE.read(line, "wren") == ANDROID.read(line, "wren") == (None, line)


@pytest.mark.parametrize(
    "line",
    [
        "Votre code de sécurité avec otter a changé. Appuyez pour en savoir plus.",
        "O seu código de segurança partilhado com otter mudou. Toque para saber mais.",
        "Ваш код безопасности с контактом otter изменился. Подробнее.",
        "otterとのセキュリティコードが変更されました。 タップして詳細を表示。",
        "انضم ~ wren باستخدام رابط المجموعة.",
        "~ wren غادر المجموعة",
        "otter הסיר/ה את wren",
        "otter أضاف ~ wren",
    ],
)
def test_lines_of_iphones_in_other_languages(line: str) -> None:
    """Changed codes, people who join, leave or are put out."""
    reader = Reader(on_iphone=True, people=frozenset({"otter", "wren"}))
    assert reader.read(line, "wren") == ("system line", "")
    assert reader.read(line + "?\nreally", "wren") == (None, line + "?\nreally")


@pytest.mark.parametrize(
    "said",
    [
        "Some file.txt ドキュメントは含まれていません",
        "Some file.txt 文件已略去",
        "連絡先カードを省略",
        "ละเว้น GIF",
        "Vizitka vynechána",
    ],
)
def test_what_iphones_left_out_in_languages_without_spaces(said: str) -> None:
    """A document's name stands before a phrase of one word."""
    assert BARE.read(said, "wren") == ("media only", "")


def test_what_is_done_to_somebody_needs_both_names() -> None:
    """Else it may be what they say of others, or of themselves."""
    reader = Reader(on_iphone=True, people=frozenset({"wren quay", "otter"}))
    assert reader.read("wren quay added otter and ~ heron", "otter") == ("system line", "")
    for said in ("wren quay added heron", "heron added otter", "otter and wren quay", "wren quay likes otter"):
        assert reader.read(said, "otter") == (None, said)


def test_lines_about_the_group_under_its_name() -> None:
    """Are nobody's; under a person's they may be words."""
    reader = Reader(on_iphone=True, groups=frozenset({"quay"}))
    assert reader.read("otter left", "quay") == ("system line", "")
    assert reader.read("otter left", "wren") == (None, "otter left")
    assert reader.read("tea is ready", "quay") == (None, "tea is ready")


def test_placeholders_of_a_file() -> None:
    """Phrases in brackets or behind a mark, of more than a word, without numbers."""
    assert placeholder("<tukuma vanun>") == placeholder("\u200etukuma vanun") == "tukuma vanun"
    assert [
        placeholder(text) for text in ("<sigh>", "tukuma vanun", "<a: b>", "<3 you>", "<tukuma> vanun", "\u200e3 pages long")
    ] == [None] * 6
    reader = Reader(placeholders=frozenset({"tukuma vanun"}))
    assert reader.read("<tukuma vanun>") == ("media only", "")
    assert reader.read("our boat \u200etukuma vanun") == (None, "our boat")


def test_nothing_but_marks_is_nothing() -> None:
    """And so skipped as empty."""
    assert IPHONE.read("\u200e \u200f") == (None, "")


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\u200e<>:().\nPOLL @\u2068\u2069")))
def test_any_text_can_be_read(text: str) -> None:
    """Nothing in it is an error."""
    for reader in (ANDROID, IPHONE, BARE):
        reason, kept = reader.read(text, "wren")
        assert (reason is None) or not kept


@pytest.mark.parametrize(
    "text",
    [
        "a" * 500_000,
        ": " * 300_000,
        "<" * 500_000,
        "a.pdf (" * 100_000,
        "\u200e" * 500_000,
        "@\u2068" * 200_000,
        "A:\nB: (1 x)\n" * 5_000,
        "https://maps.google.com " * 30_000,
        "you created group " * 30_000,
        "x) " * 200_000,
        "<a: b.jpg" * 90_000,
    ],
)
def test_texts_made_to_take_long_stay_as_they_are(text: str) -> None:
    """A pattern that tries every way through them would not return; marks alone are no text."""
    kept = text.strip("\u200e")
    assert [reader.read(text, "wren") for reader in (ANDROID, IPHONE, BARE)] == [(None, kept)] * 3
