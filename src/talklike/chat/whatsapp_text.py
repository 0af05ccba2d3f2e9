"""What of a WhatsApp message its author wrote: without what the app put in place of media, deletions, calls, polls and edits.

iPhones set a mark (U+200E) before most of what the app says; Android sets angle brackets or nothing, and some people take the
marks out of their files. So whole messages are compared with the app's phrases, and what stands behind a mark is the app's.
"""

from __future__ import annotations

import re

from talklike.chat.whatsapp_clock import MARKS
from talklike.chat.whatsapp_lines import tidy
from talklike.chat.whatsapp_phrases import (
    ATTACHED,
    CALLS,
    DELETED,
    DELETED_BY,
    DOES,
    EDITED,
    LEFT_OUT,
    LIVE,
    MISSED,
    OMITTED,
    YOU,
)

MARK = "\u200e"

_M = f"[{MARKS}]*"
_POINT = ".。।۔! "
_EDGE = MARKS + " \t\u00a0\u202f\r\n"
_AROUND = _EDGE + "<>"
_SUFFIX = r"\.[A-Za-z0-9]{2,5}"
_OPEN_SUFFIX = r"\.[A-Za-z0-9]{0,5}"
"""Of the name under which a phone keeps a file whose kind it doesn't know: ``DOC-20201231-WA0001.``."""
_FILE = re.compile(rf"{_M}[^\n<>:/]{{1,200}}{_OPEN_SUFFIX} \((?P<said>[^()\n]{{1,60}})\){_M}[ \t]*(?:\n|$)")
_CAMERA = re.compile(
    rf"{_M}(?:IMG|VID|AUD|PTT|STK|DOC|GIF)-\d{{8}}-WA\d{{4}}{_OPEN_SUFFIX}(?: \([^()\n]{{1,60}}\))?{_M}[ \t]*(?:\n|$)"
)
_BRACKETS = re.compile(r"<\s?(?P<said>[^<>\n]{2,80})\s?>\s*")
_ATTACHMENT = r"<[^\s<>:][^<>:\n]{2,30}: ?[^<>\n]{1,200}\.[A-Za-z0-9]{2,5}>"
_ATTACHED_FIRST = re.compile(rf"{_ATTACHMENT}\s*")
_ATTACHED_LAST = re.compile(rf"\s*{_M}{_ATTACHMENT}$")
_DOCUMENT = re.compile(rf"[^\n]{{1,200}}{_SUFFIX}(?: [•·][^\n]*)?")
_PLACE = re.compile(
    r"[^\n:]{2,40}: https?://maps\.google\.com/\?q=-?[\d.]{1,20},-?[\d.]{1,20}|[^\n]{1,200}\n?[^\n]{0,200}: https://foursquare\.com/\S{1,300}"
)
# Hebrew and Arabic spell out one vote and two.
_OPTION = re.compile(rf"{_M}(?P<label>[^\W\d_]{{2,15}}): .*\({_M}(?:\d{{1,5}} )?[^()\d]{{1,20}}\){_M}\s*")
_POLL = re.compile(rf"{_M}[^\W\d_]{{2,15}}(?: [^\W\d_]{{2,15}})?:")
_DETAIL = re.compile(r"(?:[,.] ?[^\n?!]{1,40})?")
_MENTION = re.compile("@[\u2068\u202a](?P<name>[^@\u2068\u202a\u2069\u202c\n]{1,120})[\u2069\u202c]")
_LEFT_OUT = tuple(LEFT_OUT)
_WHOLE = {**dict.fromkeys(DELETED, "deleted"), **dict.fromkeys((*LIVE, "null"), "media only")}
_LAST_WORDS = frozenset(phrase.rsplit(" ", 1)[-1] for phrase in LEFT_OUT)

# Whole lines that iPhones put under anyone's name, where the marks are gone.
_NOTICES = (
    r"(?:you|.{1,80}) created (?:this |a |the )?group\b.*", r"you joined\b.*\b(?:link|community)\b.*",
    r".{1,80} joined using\b.*", r".{1,80} joined from the community.*",
    r"you changed (?:this group's|the group|the subject|your phone number)\b.*",
    r".{1,80} changed (?:this group's|their phone number)\b.*", r".{1,80} turned (?:on|off) disappearing messages.*",
    r".{1,80} updated the message timer.*", r"disappearing messages (?:were|was|are)\b.*", r".{1,80} requested to join\b.*",
    r"your security code with .{1,80} changed.*", r"you're (?:now|no longer) (?:an? )?(?:community )?admin.*",
    r"you (?:un)?blocked this (?:contact|business|account).*", r"you (?:added|removed) .{1,80}", r".{1,80} is a contact\.?",
    r"this (?:business|chat)\b.*(?:whatsapp|tap to learn more).*", r"you (?:received|sent) a view once message.*",
    r"(?:du hast|.{1,80} hat) die gruppe .{0,80}erstellt\.?", r"deine sicherheitsnummer für .{1,80}",
    r"(?:du hast|.{1,80} hat) (?:den betreff|das gruppenbild|die gruppenbeschreibung|den gruppennamen)\b.*",
    r"(?:creaste|.{1,80} creó) (?:el|este) grupo.*", r"(?:vous avez|.{1,80} a) créé (?:le|ce) groupe.*",
    r"(?:hai|.{1,80} ha) creato (?:il|questo) gruppo.*", r"(?:você|.{1,80}) criou (?:o|este) grupo.*",
    r"je beveiligingscode met .{1,80} is .*",
)  # fmt: skip
_NOTICES_BEYOND_ASCII = (
    r"votre code de sécurité avec .{1,80} a changé.*", r"(?:tu|el) código de seguridad con .{1,80} cambi.*",
    r"(?:o )?seu código de segurança .{0,20}com .{1,80} mudou.*", r"il tuo codice di sicurezza con .{1,80} è cambiato.*",
    r"ваш код безопасности с контактом .{1,80} изменился.*", r"код безпеки з контактом .{1,80} змінився.*",
    r".{1,80}とのセキュリティコードが変更されました.*", r"mã bảo mật của bạn với .{1,80} đã thay đổi.*",
    r"รหัสความปลอดภัยของคุณกับ .{1,80} มีการเปลี่ยนแปลง.*",
    r"انضم .{1,80} باستخدام رابط .{1,60}", r"لقد (?:أضفت|أزلت) .{1,80}",
)  # fmt: skip
_NOTICE = re.compile("|".join(_NOTICES), re.IGNORECASE)
_NOTICE_BEYOND_ASCII = re.compile("|".join(_NOTICES_BEYOND_ASCII), re.IGNORECASE)
_ABOUT_GROUP = re.compile(
    r"\b(?:added|removed|left|joined|created|changed|admins?|invite|pinned|security code|community|disappearing"
    r"|hinzugefügt|entfernt|verlassen|beigetreten|erstellt|geändert|añadió|agregó|eliminó|salió|unió|uniste|creó|cambió|ajouté"
    r"|retiré|quitté|rejoint|créé|modifié|changé|adicionou|removeu|saiu|entrou|criou|mudou|alterou|aggiunto|rimosso|abbandonato|creato"
    r"|modificato|toegevoegd|verwijderd|verlaten|aangemaakt|gewijzigd|ekledi|çıkardı|ayrıldı|katıldı|oluşturdu|değiştirdi"
    r"|menambahkan|mengeluarkan|keluar|bergabung|membuat|mengubah)\b"
    r"|\b(?:добавил|удалил|вышел|вышла|изменил|создал|присоединил|dodał|usun[ąę]ł|opuścił|dołączył|utworzył|zmienił)"
    r"|أضاف|أضفت|أزال|أزلت|غادر|انضم|اسم المجموعة|הוסיף|צירף|הסיר|עזב|הצטרף|הקבוצה",
    re.IGNORECASE,
)
LONGEST_NOTICE = 400
"""Of what the app says of a group or a contact [character]."""

WORDS_OF_NAME = 6
"""Of a person who did something to somebody."""

LONGEST_PLACEHOLDER = 80
"""Of what the app says in place of media [character]."""

LONGEST_PHRASE = 100
"""Of what the app says in place of a message [character]."""

MOST_OPTIONS = 30
"""Lines of a poll that are looked at; it may have 12 options."""


class Reader:
    """Tells what the people of a file wrote from what the app says in their names.

    Attributes:
        marked: Whether the app's words have their marks in this file, so that what has none is a person's.
        on_iphone: Whether it is an iPhone's, which puts lines of the app under names.
        placeholders: What stands in angle brackets in this file so often that nobody typed it; without them, in lower case.
        groups: Names that are the group's.
        people: Names of all who are said to write.
    """

    def __init__(
        self,
        *,
        marked: bool = False,
        on_iphone: bool = False,
        placeholders: frozenset[str] = frozenset(),
        groups: frozenset[str] = frozenset(),
        people: frozenset[str] = frozenset(),
    ) -> None:
        self.marked = marked
        self.on_iphone = on_iphone
        self.placeholders = placeholders
        self.groups = groups
        self.people = people

    def read(self, text: str, name: str = "") -> tuple[str | None, str]:
        """Return why a message is none of the person's words, and what of it they wrote if it is.

        Args:
            text: A message as the export has it.
            name: Under whose name it stands.

        Returns:
            ``media only``, ``deleted``, ``poll``, ``system line`` or None; and the text without what the app added.

        >>> Reader().read("look <This message was edited>")
        (None, 'look')
        >>> Reader().read("<Media omitted>")
        ('media only', '')
        """
        text = _unedited(text)
        whole = strip_marks(text)
        if not whole:
            return None, ""
        said = _said(whole) if len(whole) <= LONGEST_PHRASE else ""
        reason, kept = self._placeholder(text, whole, said)
        if reason is None and kept is text:
            before, mark, after = text.partition(MARK)
            if mark:
                reason, kept = self._marked(text, before, strip_marks(after))
            elif not self.marked:
                reason, kept = self._unmarked(text, whole, said, name)
        return reason, _mentions(kept) if reason is None else ""

    def _placeholder(self, text: str, whole: str, said: str) -> tuple[str | None, str]:
        """Take out what the app writes whether it sets marks or not."""
        if said in _WHOLE:
            return _WHOLE[said], ""
        if said.startswith(DELETED_BY):
            return "deleted", ""
        if whole[0] == "<":
            if (found := _BRACKETS.match(whole)) and self._stands_for_media(_said(found["said"])):
                return _caption(whole[found.end() :])
            if found := _ATTACHED_FIRST.match(whole):
                return _caption(whole[found.end() :])
        if whole[-1] == ">" and (found := _ATTACHED_LAST.search(whole, max(0, len(whole) - 260))):
            return _caption(whole[: found.start()])
        if "-WA" in text[:20] and (found := _CAMERA.match(text)):
            return _caption(text[found.end() :])
        # Behind a mark, whatever the language; without one, what is known.
        if ")" in text and (found := _FILE.match(text)) and (text[0] == MARK or found["said"].lower() in ATTACHED):
            return _caption(text[found.end() :])
        if "//" in whole and _is_place(whole):
            return "media only", ""
        return None, text

    def _stands_for_media(self, said: str) -> bool:
        return said in OMITTED or said in self.placeholders

    def _marked(self, text: str, before: str, inserted: str) -> tuple[str | None, str]:
        """Take out what the app set behind its mark.

        Args:
            text: All of it.
            before: What stands before the mark.
            inserted: What follows it.
        """
        first, _, more = inserted.partition("\n")
        said = _said(first)
        is_media = said.endswith(_LEFT_OUT)
        if not strip_marks(before):
            if is_media:
                return _caption(more)
            return ("poll" if _is_poll(inserted) else "system line"), ""
        if (is_media or said in self.placeholders) and not more:
            # A document's name and pages stand before; a caption does too.
            return _caption(before)
        if _is_poll(text):
            return "poll", ""
        if first.startswith("<") and first.endswith(">") and not more:  # ‘edited’ in a language that isn't known
            return None, before.rstrip(_EDGE)
        return None, text.replace(MARK, "")

    def _unmarked(self, text: str, whole: str, said: str, name: str) -> tuple[str | None, str]:
        """Take out what the app would have set a mark before, in a file without marks."""
        if said in OMITTED:
            return "media only", ""
        if said and _is_call(said):
            return "system line", ""
        if "\n" in whole:
            if _is_poll(whole):
                return "poll", ""
        elif self.on_iphone and len(whole) <= LONGEST_NOTICE and self._is_notice(whole, name):
            return "system line", ""
        if self.on_iphone:
            end = whole.rstrip(_POINT).lower()
            if end.rpartition(" ")[2] in _LAST_WORDS and (
                found := next((one for one in LEFT_OUT if end.endswith(" " + one)), None)
            ):
                return _caption(whole[: len(end) - len(found)])
        return None, text

    def _is_notice(self, line: str, name: str) -> bool:
        if name in self.groups and _ABOUT_GROUP.search(line):
            return True
        own = tidy(line)
        if name and own.startswith(name + " ") and own[len(name) + 1 :].split(" ", 1)[0] in DOES:
            return True
        if self._is_done_to(name, own) or _NOTICE.fullmatch(line) is not None:
            return True
        return not line.isascii() and _NOTICE_BEYOND_ASCII.fullmatch(line) is not None

    def _is_done_to(self, name: str, line: str) -> bool:
        """Return whether a line says what another did to the one under whose name it stands: ‘wren added otter’, by otter."""
        words = line.split(" ")
        if not name or name not in line:
            return False
        for count in range(1, min(len(words), WORDS_OF_NAME + 1)):
            doer = " ".join(words[:count])
            if words[count] in DOES and doer != name and (doer in self.people or doer.lower() in YOU):
                rest = " ".join(words[count + 1 :])
                return f" {name} " in f" {rest} " or f" {name} " in f" {rest.rstrip(_POINT)} "
        return False


def strip_marks(text: str) -> str:
    """Return text without the app's marks and spaces around it."""
    return text.strip(_EDGE)


def placeholder(text: str) -> str | None:
    """Return what a message says that may stand for media: in angle brackets or behind a mark, all of it; None for others."""
    if not text.startswith(("<", MARK)) or len(text) > LONGEST_PLACEHOLDER:
        return None
    said = _said(text)
    return said if " " in said and "\n" not in said and not any(char in ":<>" or char.isdecimal() for char in said) else None


def _said(text: str) -> str:
    return text.strip(_AROUND).rstrip(_POINT).lower()


def _caption(text: str) -> tuple[str | None, str]:
    """Return what was written to media; the name of a document is no caption."""
    caption = text.strip(_EDGE)
    return ("media only", "") if not caption or _DOCUMENT.fullmatch(caption) else (None, caption)


def _unedited(text: str) -> str:
    """Return text without the app's word at its end that it was edited."""
    start = text.rfind("<", max(0, len(text) - 80))
    if start >= 0 and strip_marks(text).endswith(">") and _said(text[start:]) in EDITED:
        return text[:start].rstrip(_EDGE)
    return text


def _is_call(said: str) -> bool:
    """Return whether a message is a call: its name and how it went, or the name of one that nobody took."""
    kind = said.partition(",")[0].partition(".")[0]
    if kind not in CALLS:
        return False
    if kind == said:
        return any(word in kind for word in MISSED)
    return _DETAIL.fullmatch(said[len(kind) :]) is not None


def _is_place(whole: str) -> bool:
    return ("//maps.google." in whole or "//foursquare." in whole) and _PLACE.fullmatch(whole) is not None


def _is_poll(text: str) -> bool:
    """Return whether a message is a poll: ``POLL:``, a question, and options that name how many chose them."""
    lines = [line for line in text.split("\n", MOST_OPTIONS)[:MOST_OPTIONS] if line.strip()]
    title = lines[0].partition(":")[0] if lines else ""
    if len(lines) < 3 or title != title.upper() or not _POLL.match(lines[0]):
        return False
    options = [found["label"] for line in lines[1:] if (found := _OPTION.fullmatch(line))]
    return len(options) > 1 and len(set(options)) == 1 and options[0] == options[0].upper()


def _mentions(text: str) -> str:
    """Return text with mentions as they are seen: ``@name``."""
    return _MENTION.sub(lambda found: "@" + tidy(found["name"]), text) if "\u2068" in text or "\u202a" in text else text
