"""What mail programs write into mails in the languages of the world: before quotations, forwarded mails, below what was written.

Sources: mails of Gmail, Outlook, Thunderbird, Apple Mail, Yahoo and Mailman in these languages. All folded (``str.casefold``).
"""

from __future__ import annotations

WROTE = (
    "wrote", "writes", "said", "says", "schrieb", "schreibt", "geschrieben", "écrit", "ecrit", "escribió", "escribio",
    "escribe", "escreveu", "escreve", "scritto", "scrisse", "scrive", "schreef", "schrijft", "skrev", "skriver", "kirjoitti",
    "kirjoittaa", "napisał", "napisala", "pisze", "napsal", "napísal", "napisao", "je pisao", "je napisao", "написал", "пишет",
    "писал", "написав", "пише", "написа", "написао", "ezt írta", "írta", "yazdı", "yazmış", "a scris", "έγραψε", "rakstīja",
    "rašė", "parašė", "kirjutas", "skrifaði", "viết", "menulis", "เขียนว่า", "เขียน", "כתב", "كتب", "va escriure", "escrigué",
    "idatzi du", "scribeva", "je napisal", "写道", "寫道", "寫了", "書きました", "さんは書き", "メッセージ", "작성", "님이 씀",
    "लिखा", "نوشت",
)  # fmt: skip
"""Of these one stands in the line before a quotation in nearly every language."""

OPENERS = (
    "on ", "in ", "at ", "am ", "le ", "el ", "il ", "em ", "no dia ", "op ", "den ", "dne ", "dňa ", "dana ", "dnia ",
    "w dniu ", "vào ", "pe ", "pada ", "в ", "от ", "на ", "στισ ", "την ", "ב", "في ", "在", "於", "于", "ngày ", "quoting ",
    "zitat von ", "en date ", "a ", "la ", "su ", "ma ", "ti ", "ke ", "to ", "mon", "tue", "wed", "thu", "fri", "sat", "sun",
)  # fmt: skip
"""How such a line begins where it is wrapped into two: with the date."""

ORIGINAL = (
    "original message", "original appointment", "original email", "ursprüngliche nachricht", "originalnachricht",
    "ursprünglicher termin", "original-nachricht", "message d'origine", "message d’origine", "message original",
    "message initial", "courriel original", "mensaje original", "mensagem original", "messaggio originale",
    "messaggio di origine", "oorspronkelijk bericht", "origineel bericht", "исходное сообщение", "оригинал сообщения",
    "originalmeddelande", "ursprungligt meddelande", "oprindelig meddelelse", "oprindelig besked", "original meddelelse",
    "opprinnelig melding", "alkuperäinen viesti", "oryginalna wiadomość", "wiadomość oryginalna", "original wiadomości",
    "původní zpráva", "pôvodná správa", "eredeti üzenet", "mesaj original", "mesajul original", "orijinal mesaj", "özgün ileti",
    "özgün i̇leti", "orijinal i̇leti", "αρχικό μήνυμα", "оригинално съобщение", "оригінальне повідомлення", "izvorna poruka",
    "izvirno sporočilo", "originalna poruka", "missatge original", "tin nhắn gốc", "thư gốc", "pesan asli", "元のメッセージ",
    "オリジナルメッセージ", "原始邮件", "邮件原件", "原始郵件", "原始訊息", "원본 메시지", "원본 메일", "הודעה מקורית",
    "الرسالة الأصلية", "reply message", "reply separator",
)  # fmt: skip
"""Stand between dashes above the mail that is answered, which follows to its end."""

FORWARDED = (
    "forwarded message", "forwarded mail", "forwarded by", "weitergeleitete nachricht", "weitergeleitete mail",
    "message transféré", "message transmis", "message réexpédié", "courriel transféré", "mensaje reenviado", "mensaje remitido",
    "mensagem encaminhada", "mensagem reencaminhada", "messaggio inoltrato", "doorgestuurd bericht", "пересылаемое сообщение",
    "пересланное сообщение", "переадресованное сообщение", "конец пересылаемого сообщения", "vidarebefordrat meddelande",
    "vidarebefordrat brev", "videresendt meddelelse", "videresendt besked", "videresendt melding", "välitetty viesti",
    "edelleenlähetetty viesti", "wiadomość przekazana", "przekazana wiadomość", "treść przekazanej wiadomości",
    "přeposlaná zpráva", "preposlaná správa", "továbbított üzenet", "továbbított levél", "mesaj redirecționat",
    "mesaj transmis", "iletilen mesaj", "yönlendirilen mesaj", "iletilmiş ileti", "προωθημένο μήνυμα", "препратено съобщение",
    "переслане повідомлення", "proslijeđena poruka", "posredovano sporočilo", "prosleđena poruka", "missatge reenviat",
    "thư đã chuyển tiếp", "tin nhắn đã chuyển tiếp", "pesan terusan", "転送メッセージ", "転送されたメッセージ", "转发的邮件",
    "转发邮件", "轉寄郵件", "轉寄的郵件", "전달된 메시지", "전달된 메일", "הודעה שהועברה", "رسالة معاد توجيهها", "رسالة محولة",
)  # fmt: skip
"""The same above a mail that is passed on."""

BEGIN_FORWARDED = (
    "begin forwarded message", "anfang der weitergeleiteten nachricht", "anfang der weitergeleiteten e-mail",
    "début du message réexpédié", "début du message transféré", "inicio del mensaje reenviado",
    "início da mensagem reencaminhada", "início da mensagem encaminhada", "inizio messaggio inoltrato",
    "begin doorgestuurd bericht", "начало переадресованного сообщения", "vidarebefordrat brev", "start på videresendt besked",
    "videresendt melding", "välitetty viesti alkaa", "początek przekazywanej wiadomości", "začátek přeposílané zprávy",
    "začiatok preposlanej správy", "a továbbított levél kezdete", "începutul mesajului redirecționat",
    "iletilen mesaj başlangıcı", "αρχή προωθημένου μηνύματοσ", "початок листа, що пересилається", "započni proslijeđenu poruku",
    "inici del missatge reenviat", "bắt đầu thư được chuyển tiếp", "mulai pesan terusan", "転送されたメッセージ",
    "下面是被转发的邮件", "以下是轉寄的郵件", "전달된 메시지 시작",
)  # fmt: skip
"""The same as Apple Mail puts it, with a colon and without dashes."""

FROM = (
    "from", "von", "de", "da", "van", "från", "fra", "lähettäjä", "od", "feladó", "de la", "expéditeur", "kimden", "gönderen",
    "от", "від", "от кого", "από", "de part de", "từ", "dari", "差出人", "送信元", "送信者", "发件人", "寄件者", "寄件人",
    "보낸 사람", "보낸사람", "발신", "מאת", "من", "จาก", "mittente",
)  # fmt: skip
"""What the sender is called in the headers that programs put above an answered or forwarded mail."""

SENT = (
    "sent", "date", "gesendet", "datum", "envoyé", "envoyé le", "date d'envoi", "enviado", "enviado el", "enviado em",
    "enviada em", "fecha", "data", "inviato", "data invio", "verzonden", "отправлено", "дата", "skickat", "sendt", "dato",
    "lähetetty", "päivämäärä", "päiväys", "wysłano", "wysłane", "odesláno", "odoslané", "dátum", "elküldve", "küldve", "trimis",
    "gönderilme tarihi", "gönderildi", "tarih", "надіслано", "изпратено", "στάλθηκε", "ημερομηνία", "poslano", "poslato",
    "enviat", "đã gửi", "ngày", "dikirim", "tanggal", "送信日時", "日付", "日時", "发送时间", "日期", "寄件日期", "傳送日期",
    "보낸 날짜", "날짜", "발신일", "נשלח", "תאריך", "التاريخ", "تاريخ الإرسال", "วันที่",
)  # fmt: skip
"""What the date is called there."""

SUBJECT = (
    "subject", "betreff", "objet", "sujet", "asunto", "assunto", "oggetto", "onderwerp", "тема", "ämne", "emne", "aihe",
    "temat", "předmět", "predmet", "tárgy", "subiect", "konu", "θέμα", "относно", "assumpte", "chủ đề", "tiêu đề", "subyek",
    "perihal", "件名", "主题", "主旨", "主題", "제목", "נושא", "الموضوع", "เรื่อง",
)  # fmt: skip
"""What the subject is called there."""

TO = (
    "to", "an", "à", "a", "para", "aan", "naar", "кому", "till", "til", "vastaanottaja", "do", "komu", "címzett", "către",
    "kime", "alıcı", "до", "προσ", "za", "prima", "per a", "đến", "tới", "kepada", "宛先", "收件人", "收件者", "받는 사람",
    "받는사람", "אל", "إلى", "ถึง", "destinataire", "empfänger", "cc", "kopie", "kopia", "kopi", "копия", "reply-to",
    "antwort an",
)  # fmt: skip
"""What those are called there whom it went to."""

SENT_FROM = (
    "sent from my ", "sent from mail for ", "sent from yahoo", "sent from outlook", "sent from proton", "sent from samsung",
    "sent via ", "sent with ", "sent using ", "get outlook for ", "get bluemail for", "von meinem ", "gesendet von ",
    "gesendet mit ", "von unterwegs gesendet", "diese nachricht wurde von meinem ", "holen sie sich outlook", "outlook für ",
    "envoyé de mon ", "envoyé depuis ", "envoyé à partir d", "télécharger outlook", "obtenez outlook", "enviado desde ",
    "enviado do meu ", "enviado de mi ", "enviado a partir d", "obtener outlook", "obter o outlook", "inviato da ",
    "inviato dal ", "scarica outlook", "ottieni outlook", "verzonden vanaf ", "verstuurd vanaf ", "verstuurd met ",
    "outlook downloaden voor", "skickat från ", "skickades från ", "sendt fra ", "hent outlook", "lähetetty ", "wysłano z ",
    "wysłane z ", "pobierz program outlook", "odesláno z ", "odoslané z ", "отправлено с ", "отправлено из ", "надіслано з ",
    "iphone'umdan gönderildi", "ipad'imden gönderildi", "iphone’umdan gönderildi", "küldve az ", "trimis de pe ",
    "στάλθηκε από ", "изпратено от ", "poslano s ", "poslano z ", "enviat des de", "iphoneから送信", "ipadから送信",
    "androidから送信", "从我的", "发自我的", "發自我的", "从 windows", "나의 iphone", "내 iphone에서 보냄", "iphone에서 보냄",
    "gửi từ ", "dikirim dari ", "נשלח מה", "أُرسلت من", "مرسل من", "ส่งจาก",
)  # fmt: skip
"""How the last line of a mail begins that a telephone wrote."""

FOOTERS = (
    "mailing list", "mailinglist", "mailing-list", "mailman/listinfo", "unsubscribe", "to subscribe", "listinfo", "/mailman3/",
    "groups.google.com", "google groups", "groups.yahoo.com", "yahoo! groups", "yahoogroups", "groups.io", "listserv", "lists.",
    "abmelden", "abbestellen", "austragen", "se désabonner", "désinscri", "désabonn", "disiscri", "darse de baja", "desuscrib",
    "cancelar a inscri", "descadastr", "afmelden", "uitschrijven", "отписаться", "отписка", "avregistrera", "wypisać",
    "odhlásit", "leiratkoz", "退订", "配信停止",
)  # fmt: skip
"""Of these one stands in what a list puts below a mail."""

FOOTERS_ALONE = (
    "you received this message because you are subscribed to", "you are receiving this because", "--~--~---------~--~----~",
    "~----------~----~----~----~------~----~------~--~---", "------------------------ yahoo! groups",
    "your use of yahoo! groups is subject to", "groups.io links: you receive all messages sent", "-=-=-=-=-=-=-=-=-=-=-=-",
    "this message was sent to you because", "to unsubscribe from this list:", "to unsubscribe from this group",
)  # fmt: skip
"""How such a text begins that has no rule above it."""
