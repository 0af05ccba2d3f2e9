"""Lines that Messenger and Instagram write in the name of people."""

from __future__ import annotations

import pytest

from talklike.chat.meta_lines import MEDIA_ONLY, SYSTEM_LINE, app_line

WREN = "Wren Quay"


@pytest.mark.parametrize(
    "line",
    [
        "Wren Quay sent an attachment.",
        "Wren sent an attachment.",
        "You sent an attachment.",
        "Wren sent 3 photos.",
        "Wren shared otter's story",
        "Quack sent an attachment.",
        "Wren hat einen Anhang gesendet.",
        "Du hast einen Anhang gesendet.",
        "Wren a envoyé une pièce jointe.",
        "Vous avez envoyé une pièce jointe.",
        "Wren envió un archivo adjunto.",
        "Has enviado un archivo adjunto.",
        "Wren enviou um anexo.",
        "Você enviou um anexo.",
        "Wren ha inviato un allegato.",
        "Hai inviato un allegato.",
        "Wren heeft een bijlage verzonden.",
        "Je hebt een bijlage verstuurd.",
        "Użytkownik Wren wysłał załącznik.",
        "Wren wysłał(a) załącznik.",
        "Wren skickade en bilaga.",
        "Du sendte en vedhæftet fil.",
        "Wren lähetti liitteen.",
        "Wren bir ek gönderdi.",
        "Bir ek gönderdin.",
        "Wren bir dosya eki gönderdi.",
        "Bir dosya eki gönderdin.",
        "Wren отправил(-а) вложение.",
        "Вы отправили вложение.",
        "Ο χρήστης Wren έστειλε ένα συνημμένο.",
        "Wren mengirim lampiran.",
        "Wren đã gửi một file đính kèm.",
        "Wrenさんが添付ファイルを送信しました。",
        "Wren傳送了附件。",
        "Wren님이 첨부 파일을 보냈습니다.",
    ],
)
def test_what_was_sent_is_told_in_many_languages(line: str) -> None:
    """With the name or without, whether the file says what it was or not."""
    assert app_line(line, WREN, attached=True) == MEDIA_ONLY
    assert app_line(line, WREN, attached=False) == MEDIA_ONLY


@pytest.mark.parametrize(
    "line",
    [
        "Wren named the group Tea and cake.",
        "You named the group Tea 🍵.",
        "Wren set the nickname for Otter to Ot.",
        "Wren set her own nickname to W.",
        "You cleared the nickname for Otter.",
        "Wren changed the chat theme.",
        "Nick changed the group photo.",
        "Wren changed the theme to Berry.",
        "Wren added Otter and 2 others to the group.",
        "You removed Otter from the group.",
        "Wren left the group.",
        'Wren created a poll: "Tea or cake?".',
        'Wren voted for "tea" in the poll: Tea or cake?',
        'Wren removed vote for "tea" in the poll: Tea or cake?',
        'Wren changed vote to "tea" and removed vote for "cake" in the poll: Tea or cake?',
        "Wren created the reminder: Tea.",
        "Wren updated the reminder location to Quay.",
        "Wren removed the plan location.",
        "Reminder, 30 minutes until 5:00 PM.",
        "Reminder at 5:00 PM.",
        "Wren called you.",
        "Wren stopped sharing video.",
        "You stopped viewing Wren's video.",
        "You and Wren can now see each other.",
        "Wren took a screenshot.",
        "Wren scored 12 playing Basketball.",
        "Wren set a new personal best of 1,200 in Basketball.",
        "Wren is now in first place in Basketball.",
        "Wren challenged you in Basketball.",
        "You waved at Wren!",
        "You're now friends with Wren.",
        "Missed call",
        "User unsent a message",
        "Wren missed your call.",
        "You missed a video chat from Wren.",
        "Wren started a video chat",
        "Wren joined the call.",
        "The video chat ended.",
        "Audio call ended",
        "Wren pinned a message.",
        "Wren unsent a message",
        "Liked a message",
        "Wren liked a message",
        "Reacted 😍 to your message ",
        "You reacted 😍 to your message",
        "You are now connected on Messenger.",
        "You can now message and call each other and see info like Active Status and when you've read messages.",
        "Messages and calls are secured with end-to-end encryption. Only people in this chat can read them.",
        "Mentioned you in their story",
        "Wren Quay hat die Gruppe „Tee“ genannt.",
        "Wren hat die Gruppe verlassen.",
        "Wren Quay valami mást csinált.",
        "A aimé un message",
        "Wren a nommé le groupe Thé.",
        "Ha reaccionado a tu mensaje con 😍",
        "Polubił(a) wiadomość",
    ],
)
def test_what_was_done_is_a_system_line(line: str) -> None:
    """To the group, in a call, with a message; in an unknown language, where the whole name begins a sentence."""
    assert app_line(line, WREN, attached=False) == SYSTEM_LINE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hi",
        "Wren",
        "Wren?",
        "Wren is my name.",
        "Wrenching was never so easy.",
        "You called me yesterday!",
        "You changed your mind.",
        "You sent a photo?",
        "Du hast dich echt geändert.",
        "Du hast gut reden.",
        "Tu as changé d'avis.",
        "Vous avez raison.",
        "Hai ragione.",
        "He sent an attachment, I think",
        "the call ended badly.",
        "I liked a message of yours",
        "She left the group because of\nyou.",
        "My sister Jane and her best friend Mary-Lou have been here and one of them left the group.",
        "U there?",
        "You called me.",
        "You turned off the reminder, right?",
        "You scored 12 points!",
        "Reminder: tea at 5!",
        "a" * 5000,
    ],
)
def test_what_people_say_stays(text: str) -> None:
    """Of others, of you, and in more than one line."""
    assert app_line(text, WREN, attached=False) is None
    assert app_line(text, "wren", attached=False) is None
    assert app_line(text, None, attached=False) is None


def test_people_may_be_called_anything() -> None:
    """A name of one word, of signs, of words that begin sentences."""
    assert app_line("wren sent an attachment.", "wren", attached=False) == MEDIA_ONLY
    assert app_line("✨ left the group.", "✨", attached=False) == SYSTEM_LINE
    assert app_line("I am late.", "I am wren", attached=False) is None
    assert app_line("x", "", attached=True) is None


@pytest.mark.parametrize(
    "hostile",
    [
        "You " + "added " * 65,
        "You reacted " * 30,
        "Wren Quay hat " + "a.b " * 90,
        "Wren set the nickname for " + " to" * 120,
    ],
    ids=["added", "reacted", "hat", "nickname"],
)
def test_texts_made_to_take_long_are_told_too(hostile: str) -> None:
    """An expression that tries every way through them would not return."""
    assert app_line(hostile, WREN, attached=True) is None
