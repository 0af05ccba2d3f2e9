"""What in a mail its author wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.chat import mail_phrases
from talklike.chat.own_words import Words, own_words


@pytest.mark.parametrize(
    "attribution",
    [
        "On Mon, Jan 6, 2020 at 10:00 AM Wren <wren@example.org> wrote:",
        "On Mon, Jan 6, 2020 at 10:00 AM Wren Wrenovich of Quay\n<wren@example.org> wrote:",
        "Wren wrote:",
        "Yesterday at 15:02, Wren of Quay wrote:",
        "Wren <wren@example.org> writes:",
        "* Wren <wren@example.org> [2020-01-06 10:00]:",
        "In message <42@example.org>, Wren writes:",
        "Quoting Wren <wren@example.org>:",
        "2020-01-06 10:00 GMT+01:00 Wren <wren@example.org>:",
        "Am Mo., 6. Jan. 2020 um 10:00 Uhr schrieb Wren <wren@example.org>:",
        "Am Mo., 6. Jan. 2020 um 10:00 Uhr schrieb Wren\n<wren@example.org>:",
        "Wren <wren@example.org> schrieb am Mo., 6.\nJanuar 2020, 10:00:",
        "Am 06.01.20 um 10:00 schrieb Wren:",
        "Le lun. 6 janv. 2020 à 10:00, Wren <wren@example.org> a écrit :",
        "Le 06/01/2020 à 10:00, Wren a écrit\u00a0:",
        "El lun., 6 ene. 2020 a las 10:00, Wren (<wren@example.org>) escribió:",
        "Em seg., 6 de jan. de 2020 às 10:00, Wren <wren@example.org>\nescreveu:",
        "Il giorno lun 6 gen 2020 alle ore 10:00 Wren <wren@example.org> ha scritto:",
        "Op ma 6 jan. 2020 om 10:00 schreef Wren <wren@example.org>:",
        "Den mån 6 jan. 2020 kl 10:00 skrev Wren <wren@example.org>:",
        "pe 6. tammikuuta 2020 klo 10.00 Wren\n<wren@example.org> kirjoitti:",
        "pon., 6 sty 2020 o 10:00 Wren <wren@example.org> napisał(a):",
        "W dniu 06.01.2020 o 10:00, Wren pisze:",
        "po 6. 1. 2020 v 10:00 odesílatel Wren <wren@example.org> napsal:",
        "Wren <wren@example.org> ezt írta (időpont:\n2020. jan. 6., H, 10:00):",
        "пн, 6 янв. 2020 г. в 10:00, Wren <wren@example.org>:",
        "06.01.2020 10:00, Wren пишет:",
        "Wren <wren@example.org>, 6 Oca 2020 Pzt, 10:00 tarihinde şunu yazdı:",
        "Στις Δευ, 6 Ιαν 2020 στις 10:00 μ.μ., ο χρήστης Wren <wren@example.org> έγραψε:",
        "Vào Th 2, 6 thg 1, 2020 vào lúc 10:00 Wren <wren@example.org> đã viết:",
        "2020年1月6日(月) 10:00 Wren <wren@example.org>:",
        "Wren <wren@example.org> 于2020年1月6日周一 10:00写道：",
        "2020년 1월 6일 (월) 오전 10:00, Wren <wren@example.org>님이 작성:",
        "\u202bבתאריך יום ב׳, 6 בינו׳ 2020 ב-10:00 מאת \u202aWren\u202c\u200f <\u202awren@example.org\u202c\u200f>:\u202c",
    ],
)
def test_what_leads_to_a_quotation_goes_with_it(attribution: str) -> None:
    """In all languages, in one line or wrapped."""
    assert own_words(f"yes, at nine\n\n{attribution}\n> shall we\n>\n> meet?\n").text == "yes, at nine"
    assert own_words(f"{attribution}\n\n> shall we meet?\n\nyes, at nine\n").text == "yes, at nine"
    assert own_words(f"hi\nall\n{attribution}\n> meet?\nyes\n> tea?\n\nno").text == "hi\nall\nyes\n\nno"


@pytest.mark.parametrize(
    "attribution",
    [
        "On Mon, Jan 6, 2020 at 10:00 AM Wren <wren@example.org> wrote:",
        "pe 6. tammikuuta 2020 klo 10.00 Wren\n<wren@example.org> kirjoitti:",
        "пн, 6 янв. 2020 г. в 10:00, Wren <wren@example.org>:",
        "---- On Mon, 06 Jan 2020 10:00:00 +0100 wren@example.org wrote ----",
    ],
)
def test_a_quotation_may_have_no_marks(attribution: str) -> None:
    """Then it goes on to the end; it takes a time and an address to say so."""
    assert own_words(f"yes\n\n{attribution}\n\nshall we\n\nmeet?").text == "yes"


def test_what_leads_to_a_quotation_goes_though_the_quotation_is_gone_before() -> None:
    """As in HTML, whose quotations may be left out by their class."""
    assert own_words("yes\n\nOn Mon, Jan 6, 2020 at 10:00 AM Wren <wren@example.org> wrote:\n").text == "yes"


@pytest.mark.parametrize(
    "text",
    [
        "I said at 10:30:\n\nno way",
        "On the whole,\nthis is fine: really",
        "my mails come from: wren@example.org and so on",
        "Costs:\n\n2020: 12\n2021: 13\n\nFrom: London\nTo: Paris\nPrice: 30",
        "---- Agenda ----\nTopic: tea\nPlace of it all, as always in the kitchen\nhere",
        "SQL> select 1;\nSQL> quit",
        "a -> b\nif x > 3",
        "--\n",
        "-- no signature",
        "begin forwarded message",
        "sent from my heart, with love, to all of you who read this and have read this for so many years, dear friends, wren",
        "tea\n\n\n\ncake",
        "  tea",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    """To the letter."""
    assert own_words(text).text == text.strip("\n").removesuffix("--")


@pytest.mark.parametrize(
    ("marker", "reason"),
    [
        ("-----Original Message-----", "quotation only"),
        ("-----Ursprüngliche Nachricht-----", "quotation only"),
        ("-----Message d'origine-----", "quotation only"),
        ("-------- Oprindelig besked --------", "quotation only"),
        ("-----原始邮件-----", "quotation only"),
        ("---------- Forwarded message ---------", "forwarded"),
        ("-------- Weitergeleitete Nachricht --------", "forwarded"),
        ("-------- Пересылаемое сообщение--------", "forwarded"),
        ("Begin forwarded message:", "forwarded"),
        ("Début du message réexpédié :", "forwarded"),
    ],
)
def test_behind_such_a_line_comes_another_mail(marker: str, reason: str) -> None:
    """To the end; alone, it is the reason why the mail isn't kept."""
    block = f"{marker}\nFrom: Wren <wren@example.org>\nDate: Mon\nSubject: tea\n\nshall we meet?\n\nwren"
    assert own_words(f"yes\n\n{block}").text == "yes"
    assert (own_words(block).text, own_words(block).reason) == ("", reason)


@pytest.mark.parametrize(
    "headers",
    [
        "From: Wren <wren@example.org>\nSent: Monday, January 6, 2020 10:00 AM\nTo: Otter\nSubject: tea",
        "________________________________\nFrom: Wren <wren@example.org>\nSent: Monday\nTo: Otter\nSubject: tea",
        "---\n\n**From:** Wren <wren@example.org>\n**Sent:** Monday\n**To:** Otter\n**Subject:** tea",
        "*From:* Wren\n\n*Sent:* Monday\n\n*To:* Otter\n\n*Subject:* tea",
        "From: Wren of the Quay\n<wren@example.org>\nSent: Monday\nTo: Otter\nSubject: tea",
        "Subject: tea\nDate: Monday\nFrom: Wren\nTo: Otter",
        "Von: Wren <wren@example.org>\nGesendet: Montag, 6. Januar 2020 10:00\nAn: Otter\nBetreff: Tee",
        "De : Wren <wren@example.org>\nEnvoyé : lundi 6 janvier 2020 10:00\nÀ : Otter\nObjet : thé",
        "De: Wren\nEnviado el: lunes, 6 de enero de 2020\nPara: Otter\nAsunto: té",
        "Da: Wren\nInviato: lunedì 6 gennaio 2020\nA: Otter\nOggetto: tè",
        "Van: Wren\nVerzonden: maandag 6 januari 2020\nAan: Otter\nOnderwerp: thee",
        "От: Wren\nОтправлено: 6 января 2020 г.\nКому: Otter\nТема: чай",
        "Kimden: Wren\nGönderildi: 6 Ocak\nKime: Otter\nKonu: çay",
        "差出人: Wren\n送信日時: 2020年1月6日\n宛先: Otter\n件名: お茶",
        "发件人: Wren\n发送时间: 2020年1月6日\n收件人: Otter\n主题: 茶",
        "보낸 사람: Wren\n보낸 날짜: 2020년\n받는 사람: Otter\n제목: 차",
    ],
)
def test_outlook_puts_the_headers_of_the_answered_mail_above_it(headers: str) -> None:
    """In the language of who answers."""
    assert own_words(f"yes\n\n{headers}\n\nshall we meet?\n").text == "yes"


def test_below_an_answered_mail_with_marks_the_author_may_go_on() -> None:
    """Its end is where the marks end."""
    text = "Sure\n\n----- Original Message ----- \nFrom: Wren\nTo: Otter\nSent: Monday\n\n> tea?\n> now?\n\nat nine\n"
    assert own_words(text).text == "Sure\n\nat nine"
    assert own_words("see\n\n> Begin forwarded message:\n>\n> From: Wren\n> To: Otter\n\nok?").text == "see\n\nok?"
    assert own_words("Begin forwarded message:\n\n> tea?\n").reason == "forwarded"


def test_initials_may_mark_quotations() -> None:
    """Two lines with the same."""
    assert own_words("JD> tea?\nJD> now?\nyes").text == "yes"
    assert own_words("JD> tea?\nyes").text == "JD> tea?\nyes"


def test_signatures_go_to_the_end_or_to_a_quotation() -> None:
    """Those of telephones too."""
    assert own_words("hi\n\n-- \nwren\nQuay 1").text == "hi"
    assert own_words("hi\n--\nwren").text == "hi"
    assert own_words("hi\n\n-- \nwren\n\n> tea?\n\nyes").text == "hi\n\nyes"
    assert own_words("hi\n\nSent from my iPhone").text == "hi"
    assert own_words("hi\n\nVon meinem iPhone gesendet\n\n> Am 06.01.2020 um 10:00 schrieb Wren:\n> \n> Tee?").text == "hi"
    assert own_words("hi\n\nGet Outlook for Android<https://example.org>\n____________\nFrom: a\nSent: b\nTo: c\n").text == "hi"
    assert own_words("Sent from my iPhone\nhi").text == "Sent from my iPhone\nhi"


@pytest.mark.parametrize(
    "footer",
    [
        "_______________________________________________\nquay mailing list\nquay@example.org\nhttps://example.org/listinfo/quay",
        "-----------------------------------------------------\nTo unsubscribe, e-mail: quay-unsubscribe@example.org",
        '-- \nYou received this message because you are subscribed to the Google Groups "quay" group.',
        '--\nTo unsubscribe from this list: send the line "unsubscribe quay" in\nthe body of a message',
        "--~--~---------~--~----~------------~-------~--~----~\nYou received this message because",
        "You are receiving this because you are subscribed to this thread.",
        "--\nUm die Liste abzubestellen: Mailingliste abbestellen",
    ],
)
def test_what_lists_add_goes(footer: str) -> None:
    """With a rule above it, or known words."""
    assert own_words(f"hi\n\n{footer}\n").text == "hi"
    assert own_words(f"hi\n\n-- \nwren\n\n{footer}\n").text == "hi"


def test_a_rule_above_other_words_stays() -> None:
    """It may divide a text."""
    assert own_words("hi\n\n=====\ncake\n").text == "hi\n\n=====\ncake"


ENCRYPTED = "-----BEGIN PGP MESSAGE-----\nVersion: 1\n\nhQ\n-----END PGP MESSAGE-----"


def test_signed_text_loses_its_frame_and_encrypted_text_is_none() -> None:
    """Of PGP inside the text."""
    signed = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA1\n\nhi\n\n> tea?\n\nyes\n-----BEGIN PGP SIGNATURE-----\n\niQ=\n"
    assert own_words(signed + "-----END PGP SIGNATURE-----\n").text == "hi\n\nyes"
    assert own_words(signed).text == "hi\n\nyes"
    assert own_words(ENCRYPTED).reason == "encrypted"
    assert own_words(f"{ENCRYPTED}\n-- \nwren\n").reason == "encrypted"
    for cut in ("\n-----END", "\nVersion"):
        assert own_words(ENCRYPTED.partition(cut)[0]).reason == "encrypted"


@pytest.mark.parametrize(
    "below",
    [
        "\n> " + "\n> ".join(ENCRYPTED.split("\n")),
        f"\n-----Original Message-----\nFrom: Otter\nSent: Friday\nSubject: tea\n\n{ENCRYPTED}",
        f"\n{ENCRYPTED}\n",
    ],
)
def test_words_beside_encrypted_text_are_kept(below: str) -> None:
    """Quoted, answered or put below."""
    assert own_words(f"I can't read that, at nine?\n{below}") == Words("I can't read that, at nine?")


def test_what_names_the_frame_of_encrypted_text_is_kept() -> None:
    """In a line or alone in one."""
    for text in ('grep "-----BEGIN PGP MESSAGE-----" mail', "it begins with\n-----BEGIN PGP MESSAGE-----\nand then letters"):
        assert own_words(text).text == text


def test_nothing_in_nothing_has_no_reason() -> None:
    """The common checks call it empty."""
    assert own_words(" \n\n") == own_words("")
    assert own_words("").reason is None
    assert own_words("> tea?\n").reason == "quotation only"


PIECES = st.sampled_from([*"a1 \n>:-_@.<", "wrote:", "From: x\n", "Date: y\n", "To: z\n", "-- \n", "\n> ", "a@b.org", "10:30"])


@given(text=st.lists(PIECES, max_size=60).map("".join) | st.text())
def test_nothing_is_made_up(text: str) -> None:
    """Each line that is left stands in the mail, in the same order."""
    left = own_words(text).text
    there = iter(text.split("\n"))
    assert all(line in there for line in left.split("\n")) or left == ""


def test_phrases_are_folded() -> None:
    """What they are compared with is."""
    for name, phrases in vars(mail_phrases).items():
        if name.isupper():
            assert all(phrase == phrase.casefold() for phrase in phrases), name
            assert len(set(phrases)) == len(phrases), name


SCRUBBED = "An HTML attachment was scrubbed...\nURL: <http://quay.example/1.html>\n"
SIGNED = (
    "A non-text attachment was scrubbed...\nName: signature.asc\nType: application/pgp-signature\nSize: 819 bytes\n"
    "Desc: not available\nURL: <http://quay.example/1.sig>\n"
)
NEXT = "-------------- next part --------------\n"


@pytest.mark.parametrize(
    "below",
    [NEXT + SCRUBBED, NEXT + SIGNED, NEXT + SCRUBBED + NEXT + SIGNED, SCRUBBED, NEXT + "tea.txt\n\nearl grey\n", NEXT.rstrip()],
)
def test_what_an_archive_says_of_attachments_goes(below: str) -> None:
    """In Mailman's words, with what is put there in their place."""
    assert own_words(f"yes, at nine\n\notter\n{below}").text == "yes, at nine\n\notter"
    assert own_words(f"{below}").text == ""


@pytest.mark.parametrize("text", ["my hull was scrubbed...\nURL: none", "- next part -\nof it", "A boat was scrubbed... twice"])
def test_others_may_speak_of_parts_and_scrubbing(text: str) -> None:
    """It takes the very lines."""
    assert own_words(text).text == text


PATCH = """diff --git a/boat.c b/boat.c
new file mode 100644
index 1234567..89abcde 100644
--- a/boat.c
+++ b/boat.c
@@ -1,3 +1,3 @@ int main(void)
 float();

-sink();
+swim();
\\ No newline at end of file
"""


def test_a_patch_is_left_out_with_the_list_of_files() -> None:
    """What stands above, between and below it is the author's, but for git's version as a signature."""
    files = "---\n boat.c | 2 +-\n a => b | 0\n 2 files changed, 1 insertion(+)\n create mode 100644 boat.c\n\n"
    assert own_words(f"Let boats float\n\n{files}{PATCH}-- \n2.47.0\n").text == "Let boats float"
    assert own_words(f"first:\n{PATCH}{PATCH}what of it?\n").text == "first:\nwhat of it?"
    assert own_words(f"Float\n---\nv2: swim\n\n{files[4:]}{PATCH}").text == "Float\n---\nv2: swim"
    assert own_words("see diff --git a b\n a | b\n").text == "see diff --git a b\n a | b"


def test_many_lines_like_those_of_a_patch_are_read_once() -> None:
    """Without the line that sums them up they are the author's, however many."""
    table = " wren | otter\n" * 30_000
    assert own_words(f"see diff --git a b\n{table}").text == f"see diff --git a b\n{table.rstrip()}"
    assert own_words(f"see diff --git a b\n{table} 1 file changed, 1 insertion(+)\n create mode 1\nbye").text.endswith("b\nbye")
