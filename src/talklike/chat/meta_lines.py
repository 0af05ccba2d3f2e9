"""Lines that Messenger and Instagram write themselves, in the sender's name and in the language of the account.

Nothing in a download marks them: "Wren Quay sent an attachment." stands where a text stands. What gives them away is that they
begin with the sender's own name, or with "You" where the sender owns the account, and go on in set words. People do not speak of
themselves so, but they do say "you": behind that word, only what nobody else would say is taken for the app's.

The words are known for the languages below, most of them for English. In any other language a line is still recognised that
begins with the whole name of its sender, of two words or more, and ends with a full stop.

Sources: what tools leave out that read these downloads, in several languages; the apps' own wording.
"""

from __future__ import annotations

import re

MEDIA_ONLY = "media only"
SYSTEM_LINE = "system line"

LONGEST = 400
"""A line of the app's is shorter, with two names and the name of a group in it [character]."""

LONGEST_NICKNAMED = 60
"""A line that begins with a name that the file does not tell [character]."""


def _whole(*lines: str) -> re.Pattern[str]:
    """Return a pattern for lines of these kinds, from end to end; each has one or two gaps, so none runs away."""
    return re.compile("|".join(lines))


_YOU = re.compile(  # how the app calls the owner of the account
    r"(?:You|Du|Dere|Vous|Tu|Você|Je|Jij|U|Sie|Ty|Wy|Вы|Ви|Anda|Bạn|Ați|Ai) |(?:あなた|您|你|회원님)"
)
_BEFORE_NAME = re.compile(
    r"(?:Użytkowni(?:k|czka)|Ο χρήστης|Η χρήστρια|Ο/Η|Пользователь|Користувач(?:ка)?|Uživatel(?:ka)?|Používateľ(?:ka)?"
    r"|El usuario|O usuário) "
)
_AFTER_NAME = re.compile(r"(?:さん|님)?[がはの이가은는]?\s*")
_FIRST_WORD = re.compile(r"\S{2,}")

_DE = (
    r"(?:einen Anhang|ein Foto|\d+ Fotos|ein Video|einen Sticker|ein GIF|einen Link|eine Sprachnachricht|einen Standort"
    r"|einen Beitrag|eine Datei)"
)
_EN = (
    r"(?:an? |\d+ |the |your |\S{1,40}['’]s )?(?:live )?(?:attachment|photo|picture|video|sticker|GIF|link|voice message"
    r"|audio message|location|file|post|reel|story|profile|contact|note)s?"
)
_ES = (
    r"(?:un archivo adjunto|una foto|\d+ fotos|un v[ií]deo|un sticker|un GIF|un enlace|un mensaje de voz|una ubicación"
    r"|una publicación)"
)
_FR = (
    r"(?:une pièce jointe|une photo|\d+ photos|une vidéo|un autocollant|un sticker|un GIF|un lien|un message vocal"
    r"|une position|une publication|un fichier)"
)
_IT = (
    r"(?:un allegato|una foto|\d+ foto|un video|un adesivo|uno sticker|una GIF|un link|un messaggio vocale|una posizione"
    r"|un post)"
)
_NL = (
    r"(?:een bijlage|een foto|\d+ foto['’]s|een video|een sticker|een gif|een link|een spraakbericht|een locatie"
    r"|een bericht)"
)
_PT = (
    r"(?:um anexo|uma foto|\d+ fotos|um vídeo|uma figurinha|um sticker|um autocolante|um GIF|um link|uma ligação"
    r"|uma mensagem de voz|uma localização|uma publicação)"
)
_NORDIC = (
    r"(?:en bilaga|ett foto|en bild|en video|ett klistermärke|en GIF|en länk|ett röstmeddelande|en vedhæftet fil"
    r"|en vedhæftning|et vedlegg|et billede|et bilde|et klistermærke|et klistremerke|et link|en lenke|en talebesked"
    r"|en talemelding)"
)

# What was sent, after a name or, in languages that need none, alone.
_SENT = _whole(
    rf"(?:sent|shared) {_EN}\.?",
    rf"ha(?:t|st|ben) {_DE} (?:gesendet|geteilt)\.?",
    rf"(?:a|as|avez) (?:envoyé|partagé) {_FR}\.?",
    rf"(?:(?:envió|enviaste|compartió|compartiste)|(?:ha|has) (?:enviado|compartido)) {_ES}\.?",
    rf"(?:enviou|enviaste|compartilhou|partilhou|partilhaste) {_PT}\.?",
    rf"hai? (?:inviato|condiviso) {_IT}\.?",
    rf"he(?:eft|bt|bben) {_NL} (?:verzonden|verstuurd|gestuurd|gedeeld)\.?",
    rf"(?:har )?(?:skicka(?:de|t)|dela(?:de|t)|sendte?|delte?) {_NORDIC}\.?",
    r"(?:wysłał(?:a|\(a\)|eś|aś|eś\(-aś\))?|wysyła|udostępnił(?:a|\(a\))?) "
    r"(?:załącznik|zdjęcie|film|naklejkę|plik GIF|GIF|link|wiadomość głosową|lokalizację)\.?",
    r"(?:posílá|odesíláte|(?:odesla|posla)l(?:a|\(a\)|i jste)?) "
    r"(?:přílohu|fotku|fotografii|video|nálepku|GIF|odkaz|hlasovou zprávu)\.?",
    r"отправил(?:а|и|\(-?а\))? (?:вложение|фото|видео|стикер|GIF|ссылку|голосовое сообщение)\.?",
    r"(?:надсилає|надісла(?:в|ла|ли|в\(-?ла\))) (?:вкладення|фото|відео|наліпку|GIF|посилання|голосове повідомлення)\.?",
    r"lähet(?:ti|it) (?:liitteen|kuvan|videon|tarran|GIFin|linkin|ääniviestin)\.?",
    r"bir (?:ek|dosya eki|fotoğraf|video|çıkartma|GIF|bağlantı|sesli mesaj) (?:gönderdi(?:n|niz)?|paylaştı)\.?",
    r"(?:mellékletet|csatolmányt|fényképet|videót|matricát) küldöt(?:t|tél)\.?",
    r"(?:a|ai|ați) trimis (?:un fi[șş]ier ata[șş]at|o atașare|un atașament|o fotografie|un videoclip)\.?",
    r"(?:έστειλες?|στείλατε) (?:ένα συνημμένο|μια φωτογραφία|ένα βίντεο|ένα αυτοκόλλητο)\.?",
    r"mengirim (?:lampiran|foto|video|stiker|GIF|tautan)\.?",
    r"đã gửi (?:một |1 )?(?:file đính kèm|tệp đính kèm|ảnh|video|nhãn dán|liên kết)\.?",
    r"添付ファイルを送信しました。?",
    r"(?:傳送|发送|發送)了(?:一個|一个)?附件。?",
    r"첨부 파일을 보냈습니다\.?",
)
_ATTACHMENT = re.compile(
    r"attachment|Anhang|pièce jointe|adjunto|anexo|allegato|bijlage|załącznik|přílohu|bilaga"
    r"|[Bb]ir (?:dosya )?eki? |вложение|liitteen"
)

# What was done to the chat or to a message, in words that are the app's also behind "You".
_DONE = _whole(
    r"named the (?:group|plan) .+\.",
    r"removed the group (?:name|photo)\.",
    r"changed the (?:group photo|group name|(?:chat )?theme|chat colou?rs?|emoji|quick reaction)(?: to .+)?\.?",
    r"set the (?:emoji|quick reaction) to .+\.",
    r"set the nickname for .+ to .+\.",
    r"set (?:your|(?:his|her|their)(?: own)?) nickname to .+\.",
    r"cleared (?:your|the|(?:his|her|their)(?: own)?) nickname(?: for .+)?\.",
    r"created (?:the group|a group|a poll|a plan|an event|a reminder)\b.*",
    r"(?:started|updated|deleted) (?:a|the) plan\b.*\.",
    r"(?:created|updated|turned off) the reminder: .+|updated the reminder (?:time|location to .+)\.",
    r"removed the (?:plan|reminder) location\.",
    r"voted for .+ in the poll.*",
    r"(?:changed|removed) (?:(?:your|his|her|their) )?vote (?:to|for) .+ in the poll.*",
    r"(?:changed|removed) (?:your|his|her|their) vote\b.*",
    r"responded (?:Going|Can['’]t Go|Maybe)\b.*",
    r"added .+ (?:to the group|as (?:a group|an) admin)\.",
    r"removed .+ (?:from the group|as (?:a group|an) admin)\.",
    r"(?:joined|left) the (?:group|call|video chat|video call|audio call|channel)\.?",
    r"(?:pinned|unpinned) a message\.?",
    r"turned (?:on|off) (?:member approval|vanish mode|disappearing messages)\b.*",
    r"waved at .{1,80}[.!]",
    r"unsent a message\.?",
    r"missed (?:your|a|an) (?:audio |video |voice )?(?:call|chat)(?: (?:from|with) .+)?\.?",
    r"started an? (?:audio |video |voice |group )?(?:call|chat)\.?",
    r"(?:started|stopped) sharing video\.",
    r"ended the (?:call|video chat)\.?",
    r"(?:liked|loved) (?:a|your) message\.?",
    r"reacted .{1,40} to (?:a|your) message\.?",
    r"mentioned you in (?:a|their|his|her) (?:story|comment)\.?",
    r"replied to (?:a|your|their|his|her) story\.?",
    r"ha(?:t|st) (?:die Gruppe .*(?:benannt|verlassen|erstellt)|das (?:Gruppenfoto|Chat-?[Dd]esign|Thema) .*geändert)\.?",
    r"ha(?:t|st) (?:den Spitznamen .*|das Emoji .*|.+ zur Gruppe hinzugefügt|.+ aus der Gruppe entfernt)\.?",
    r"ha(?:t|st) eine Nachricht (?:angepinnt|fixiert)\.?",
    r"(?:a|avez) (?:nommé le groupe|modifié (?:la photo|le thème|le nom)|quitté le groupe|créé (?:le groupe|un sondage))\b.*",
    r"(?:a|avez) (?:défini (?:le surnom|l['’]emoji)|épinglé un message|ajouté .+ au groupe|retiré .+ du groupe)\b.*",
    r"he(?:eft|bt) (?:de groep .*(?:genoemd|verlaten|gemaakt)|de groepsfoto .*|het (?:chat)?thema .*|de bijnaam .*)\.?",
)

# More of it, in more languages, that people would say of somebody else, but not of themselves by name.
_DONE_BY_NAME = _whole(
    r"called you\.|took a screenshot\.|challenged you in .+\.",
    r"scored [\d,.]+ .+\.|set (?:a new personal best|the new high score) of [\d,.]+ .+\.",
    r"(?:is now in first place|moved up the leaderboard) in .+\.",
    r"(?:hat|heeft) .{1,200}\.",
    r"a (?:nommé|modifié|changé|ajouté|supprimé|retiré|quitté|défini|manqué|rejoint|démarré|créé|épinglé|réagi|aimé|voté)\b.*",
    r"a (?:annulé|commencé)\b.*",
    r"(?:ha|è) (?:chiamato|cambiato|modificato|impostato|aggiunto|rimosso|abbandonato|creato|iniziato|avviato|fissato)\b.*",
    r"(?:ha|è) (?:reagito|messo|uscito|uscita|añadido|llamado|iniciado|reaccionado)\b.*",
    r"(?:cambió|nombró|añadió|agregó|eliminó|abandonó|salió|creó|inició|fijó|reaccionó|se unió) .{1,200}\.",
    r"(?:alterou|mudou|definiu|nomeou|adicionou|removeu|saiu|criou|iniciou|fixou|reagiu|deu o nome|entrou) .{1,200}\.",
)

# Whole lines without a name.
_ALONE = _whole(
    r"(?:The )?(?:video|audio|voice|group)? ?(?:call|chat) ended\.",
    r"(?:Video|Audio|Voice) (?:chat|call) ended\.?",
    r"Missed (?:(?:audio|video|voice|group) )?(?:call|chat)\.?",
    r"This poll is no longer available\.",
    r"(?:The|This) poll has multiple updates\.?",
    r"You are now connected on (?:Messenger|Instagram)\.?",
    r"You can now (?:message and call|call) each other .*",
    r"Say hi to your new (?:Facebook friend|connection), .*",
    r"Messages and calls are (?:now )?secured with end-to-end encryption\..*",
    r"You(?: and .{1,80})? are now friends\.?|You['’]re now friends with .{1,80}",
    r"You and .{1,80} can now see each other\.|You stopped viewing .{1,80}['’]s video\.",
    r"Reminder(?:, 30 minutes until .+| at \d{1,2}(?::\d\d)?\s?[AP]M\.)",
    r"This message was unsent\.?|User unsent a message",
    r"Liked a message",
    r"Reacted .{1,40} to your (?:message|story)",
    r"Mentioned you in (?:their|a) (?:story|comment)",
    r"Replied to your story",
    r"Hat eine Nachricht mit [„\"]?Gefällt mir[“\"]? markiert",
    r"Hat (?:mit )?.{1,20} auf deine Nachricht reagiert",
    r"(?:Der )?Video(?:chat|anruf)(?: wurde)? beendet\.?|Audioanruf beendet",
    r"A aimé un message|A réagi .{0,40}à (?:votre|ton) message",
    r"Vous êtes maintenant connectée?s? sur Messenger\.?",
    r"L['’]appel (?:vidéo |audio )?est terminé\.?|Appel (?:vidéo|audio) terminé\.?",
    r"(?:Le gustó|Le ha gustado|Indicó que le gusta|Ha indicado que le gusta) un mensaje",
    r"(?:Reaccionó|Ha reaccionado) .{0,40}a tu mensaje(?: con .{1,20})?",
    r"(?:El videochat|La videollamada|La llamada)(?: ha)? (?:finalizado|finalizó|terminó)\.?",
    r"(?:Curtiu|Gostou de) uma mensagem|Reagiu .{0,40}[àa] (?:sua|tua) mensagem",
    r"A chamada(?: de vídeo)? (?:terminou|foi encerrada)\.?",
    r"Ha messo [“\"]?[Mm]i piace[”\"]? a un messaggio|Ha reagito .{0,40}al tuo messaggio(?: con .{1,20})?",
    r"La (?:videochat|videochiamata|chiamata) è (?:terminata|finita)\.?",
    r"Heeft een bericht geliket|(?:Heeft|Reageerde) .{0,40}op je bericht(?: gereageerd)?(?: met .{1,20})?",
    r"Polubi(?:ł|ła|ł\(a\)|ono) wiadomość|(?:Reakcja|Zareagował\(a\)|Zareagowano) .{1,30}na [Tt]woją wiadomość",
    r"Gillade ett meddelande|Reagerade .{1,30}på ditt meddelande",
    r"Bir mesajı beğendi|Mesaj(?:ın|ınız)a .{1,40} ifadesi bıraktı",
)

# After a nickname that the file does not tell.
_WHOEVER = (
    " sent an attachment.", " changed the chat theme.", " changed the group photo.", " joined the video chat.",
    " joined the call.", " started a video chat.", " started a call.", " left the group.", " created the group.",
    " removed the group name.", " sent a live location.", " missed your call.", " missed a video chat.", " pinned a message.",
)  # fmt: skip


def app_line(text: str, sender: str | None, *, attached: bool) -> str | None:
    """Return why a text is no message of its sender but a line of the app's; None if it is a message.

    Args:
        text: What stands where the text stands.
        sender: Display name of who it is said to be by.
        attached: Whether something was sent along.
    """
    line = text.strip()
    if not line or len(line) > LONGEST or "\n" in line:
        return None
    you = _YOU.match(line)
    for rest, by_name in ((_after_name(line, sender), True), (line[you.end() :] if you else None, False)):
        if rest is None:
            continue
        if _SENT.fullmatch(rest) and (attached or by_name or line.endswith((".", "。"))):
            return MEDIA_ONLY
        if _DONE.fullmatch(rest) or (by_name and _DONE_BY_NAME.fullmatch(rest)):
            return SYSTEM_LINE
    if sender is not None and " " in sender and line.startswith(sender + " ") and line.endswith((".", "。")):
        return MEDIA_ONLY if attached else SYSTEM_LINE
    if line.endswith(_WHOEVER) and len(line) <= LONGEST_NICKNAMED:
        return MEDIA_ONLY if line.endswith(_WHOEVER[0]) else SYSTEM_LINE
    if _ALONE.fullmatch(line):
        return SYSTEM_LINE
    if line[0].isupper() and (attached or _ATTACHMENT.search(line)) and _SENT.fullmatch(line[0].lower() + line[1:]):
        return MEDIA_ONLY
    return None


def _after_name(line: str, sender: str | None) -> str | None:
    """Return what follows the sender's name, whole or its first word, at the start of a line; None if it doesn't begin so."""
    if not sender:
        return None
    named = _BEFORE_NAME.match(line)
    start = named.end() if named else 0
    first = _FIRST_WORD.match(sender)
    for name in (sender, first[0] if first else sender):
        if line.startswith(name, start):
            end = start + len(name)
            after = _AFTER_NAME.match(line, end)
            assert after is not None, "nothing matches too"
            if after.end() > end or not line[end : end + 1].isascii():
                return line[after.end() :]
    return None
