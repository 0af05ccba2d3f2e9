"""What WhatsApp writes into an export in place of what isn't text: media, deletions, edits, calls; in its users' languages.

Sources: the app's own translations and exports, as the tests and issues of chat parsers quote them.
"""

from __future__ import annotations

_OMITTED = (
    # Android's, in angle brackets
    "media omitted", "video note omitted", "view once voice message omitted", "view once message omitted",
    "video message omitted", "voice message omitted", "file not revealed", "medien ausgeschlossen", "medien weggelassen",
    "medien fehlen", "videonotiz weggelassen", "videonachricht weggelassen", "multimedia omitido", "multimedia omitida",
    "archivo omitido", "archivo no revelado", "archivos omitidos", "médias omis", "média omis", "fichier omis",
    "média manquante", "mídia oculta", "mídia omitida", "arquivo de mídia oculto", "arquivo não revelado",
    "ficheiro não revelado", "ficheiro oculto", "ficheiro de multimédia oculto", "media omessi", "media omesso",
    "media esclusi", "media mancante", "messaggio vocale visualizzabile una volta omesso",
    "il messaggio vocale visualizzabile una volta è stato omesso", "media weggelaten", "media utelatt", "utelatt media",
    "uten vedlegg", "media utelämnat", "media har utelämnats", "medier udeladt", "mediefil udeladt", "udeladte medier",
    "media jätettiin pois", "media jätetty pois", "pominięto multimedia", "pliki pominięto", "pliki multimedialne pominięto",
    "média vynechány", "média vynechána", "médium vynecháno", "média vynechané", "médiá vynechané", "média elhagyva",
    "médiafájl kihagyva", "hiányzó médiafájl", "conținut media omis", "conţinut media omis", "fişier media omis",
    "медиафайл пропущен", "без медиафайлов", "файл пропущен", "медіа пропущено", "без файл", "изпуснат медиен файл",
    "без фајл", "без фајлови", "медији су изостављени", "изостављени медији", "файлдар қосылмаған", "файл қосылған жоқ",
    "medya dahil edilmedi", "medya atlanmış", "media tidak disertakan", "media dikecualikan", "media disingkirkan",
    "media diabaikan", "bỏ qua tệp phương tiện", "tệp phương tiện bị bỏ qua", "đã bỏ qua media", "bỏ qua media",
    "メディアなし", "メディアは含まれていません", "メディア省略済み", "미디어 파일 제외됨", "미디어 파일을 제외한 내용",
    "미디어를 생략함", "미디어 파일을 생략한 대화내용", "忽略多媒體檔", "省略多媒體檔", "省略多媒体文件", "媒體已略去",
    "略去多媒體檔案", "המדיה לא נכללה", "תוכן המדיה לא נכלל", "המדיה הוסרה", "מדיה הושמטה", "تم استبعاد الوسائط",
    "وسائط محذوفة", "ملفات مفقودة", "رسانه حذف شد", "پيوست نما/آهنگ حذف شد", "मीडिया के बिना", "मीडिया छोड़ा गया",
    "मीडिया वगळण्यात आला", "मीडिया वगळले", "মিডিয়া বাদ দেওয়া হয়েছে", "মিডিয়া বাদ দেওয়া হয়েছে", "મિડિયા છોડી મૂકાયું",
    "મીડિયા અવગણવામાં આવ્યા", "ಮಾಧ್ಯಮ ಕೈಬಿಡಲಾಗಿದೆ", "മീഡിയ ഒഴിവാക്കി", "ਮੀਡੀਆ ਛੱਡਿਆ", "ਮੀਡੀਆ ਛੱਡਿਆ ਗਿਆ",
    "கோப்புகள் விடப்பட்டன", "మీడియా విస్మరించబడింది", "మాధ్యమం విస్మరించబడింది", "میڈیا چھوڑ دیا گیا", "میڈیا ہٹا دیا گیا",
    "medij izostavljen", "medijski zapis izostavljen", "medij izpuščen", "datoteke izpuščene", "medija izpuščena",
    "αρχείο παραλήφθηκε", "εξαίρεση πολυμέσων", "τα μέσα εξαιρέθηκαν", "παραλείπεται το αρχείο πολυμέσων",
    "fitxers multimèdia omesos", "mitjans omesos", "ไม่รวมสื่อ", "ไฟล์สื่อถูกลบ", "สื่อถูกลบ", "media weggelaat",
    "media buraxıldı", "media çıxarılmışdır", "meedia välja jäetud", "meedia ära jäetud", "medija praleista",
    "praleistas medijos turinys", "nav iekļauta multivide", "bez multivides", "media u hoq", "media hequr",
    "media hazijajumuishwa", "media imerukwa", "inalis ang media", "walang kalakip na media", "fayl o‘tkazib yuborildi",
)  # fmt: skip

_LEFT_OUT = (
    # iPhones', behind a mark and what was written to it
    "image omitted", "video omitted", "audio omitted", "sticker omitted", "gif omitted", "document omitted",
    "contact card omitted", "video note omitted", "album omitted", "bild weggelassen", "video weggelassen",
    "audio weggelassen", "sticker weggelassen", "gif weggelassen", "dokument weggelassen", "kontaktkarte ausgelassen",
    "kontaktkarte weggelassen", "videonachricht weggelassen", "videonotiz weggelassen", "imagen omitida", "video omitido",
    "audio omitido", "sticker omitido", "gif omitido", "documento omitido", "tarjeta de contacto omitida",
    "nota de video omitida", "imagem ocultada", "imagem oculta", "vídeo omitido", "áudio ocultado", "áudio oculto",
    "figurinha omitida", "documento ocultado", "cartão do contato omitido", "imagem não revelada", "vídeo não revelado",
    "ficheiro de áudio não revelado", "sticker não revelado", "gif não revelada", "documento não revelado",
    "contacto não revelado", "image absente", "vidéo absente", "audio omis", "sticker omis", "gif retiré",
    "document manquant", "document omis", "fiche contact manquante", "immagine omessa", "video omesso", "audio omesso",
    "sticker non incluso", "sticker omesso", "gif esclusa", "gif omessa", "documento omesso", "scheda contatto omessa",
    "videomessaggio omesso", "afbeelding weggelaten", "video weggelaten", "audio weggelaten", "sticker weggelaten",
    "gif weggelaten", "document weggelaten", "visitekaartje weggelaten", "изображение отсутствует", "видео отсутствует",
    "аудиофайл отсутствует", "аудио отсутствует", "стикер отсутствует", "стикер не добавлен", "gif отсутствует",
    "документ отсутствует", "карточка контакта отсутствует", "зображення відсутнє", "відео відсутнє", "аудіо відсутнє",
    "наклейку не додано", "документ пропущено", "картка контакту відсутня", "görüntü dahil edilmedi", "video dahil edilmedi",
    "ses dahil edilmedi", "çıkartma dahil edilmedi", "gif dahil edilmedi", "belge dahil edilmedi",
    "kişi kartı dahil edilmedi", "video notu dahil edilmedi", "gambar tidak disertakan", "video tidak disertakan",
    "audio tidak disertakan", "stiker tidak disertakan", "gif tidak disertakan", "dokumen tidak disertakan",
    "kartu kontak tidak disertakan", "obraz pominięty", "wideo pominięte", "audio pominięte", "pominięto naklejkę",
    "plik gif pominięty", "dokument pominięty", "pominięto obraz", "pominięto wideo", "pominięto dźwięk", "bild utesluten",
    "video utesluten", "ljud utelslutet", "sticker utesluten", "dokument uteslutet", "billede udeladt", "video udeladt",
    "lyd udeladt", "klistermærke udeladt", "dokument udeladt", "bilde ikke inkludert", "video utelatt", "lyd utelatt",
    "klistremerke utelatt", "gif utelatt", "utelatt dokument", "ei kuvaa", "videota ei sisällytetä",
    "äänitiedostoa ei sisällytetä", "tarraa ei sisällytetty", "dokumenttia ei sisällytetä", "obrázek vynechán",
    "video vynecháno", "zvukový soubor vynechán", "nálepka vynechána", "gif vynechán", "dokument vynechán",
    "obrázok vynechaný", "video vynechané", "kép küldése sikertelen", "videó kihagyva", "imagine omisă", "clip video omis",
    "fără audio", "gif omis", "εικόνα παραλείφθηκε", "βίντεο παραλείφθηκε", "ήχος παραλείφθηκε", "αυτοκόλλητο παραλήφθηκε",
    "έγγραφο παραλείφθηκε", "imatge omesa", "vídeo omès", "àudio omès", "adhesiu omès", "document omès", "slika izostavljena",
    "video izostavljen", "zvuk izostavljen", "naljepnica izostavljena", "dokument izostavljen", "התמונה הושמטה",
    "סרטון הווידאו הושמט", "קטע קול הושמט", "סטיקר הושמט", "מסמך הושמט", "لم يتم إدراج الصورة", "لم يتم إدراج الفيديوهات",
    "لم يتم إدراج المقاطع الصوتية", "تم حذف الملصقات", "لم يتم إدراج المستند", "تصویر حذف شد", "ویدیو حذف شد", "صدا حذف شد",
    "استیکر حذف شد", "سند حذف شد", "फ़ोटो हटाई गई", "वीडियो छोड़ा गया", "ऑडियो हटाई गयी", "स्टिकर छोड़ा गया",
    "डॉक्यूमेंट छोड़ा गया", "画像は含まれていません", "ビデオは含まれていません", "音声は含まれていません",
    "スタンプは含まれていません", "ドキュメントは含まれていません", "이미지 생략됨", "비디오 생략됨", "오디오 생략됨",
    "스티커 제외됨", "문서 생략됨", "圖片已略去", "影片已略去", "音訊已略去", "貼圖已略去", "文件已略去", "圖像已省略",
    "影片已省略", "音訊已省略", "貼圖已忽略", "文件已忽略", "照片已忽略", "视频已忽略", "音频已忽略", "贴图已省略",
    "文档已省略", "đã bỏ qua hình ảnh", "đã bỏ video", "bỏ qua tệp âm thanh", "đã bỏ sticker", "đã bỏ qua tài liệu",
    "ไม่มีรูปภาพ", "วิดีโอถูกลบ", "ไม่มีไฟล์เสียง", "ไม่มีสติกเกอร์", "ละเว้นเอกสาร", "gif-анімацію пропущено", "vizitka vynechána",
    "لم يتم إدراج صورة gif", "لم يتم إدراج بطاقة جهة اتصال", "連絡先カードを省略", "gifは含まれていません",
    "บัตรรายชื่อที่ละเว้น", "ละเว้น gif", "bỏ qua thẻ liên lạc", "đã bỏ qua ảnh gif",
)  # fmt: skip

_DELETED = (
    "this message was deleted", "you deleted this message", "you deleted this message as admin", "message deleted",
    "message deleted by you", "message deleted by the sender", "waiting for this message",
    "waiting for this message. this may take a while", "diese nachricht wurde gelöscht", "du hast diese nachricht gelöscht",
    "se eliminó este mensaje", "eliminaste este mensaje", "este mensaje fue eliminado", "mensaje eliminado",
    "este mensaje se eliminó", "ce message a été supprimé", "vous avez supprimé ce message", "mensagem apagada",
    "você apagou esta mensagem", "esta mensagem foi apagada", "esta mensagem foi apagada pelo remetente",
    "apagou esta mensagem", "eliminou esta mensagem", "esta mensagem foi eliminada", "questo messaggio è stato eliminato",
    "hai eliminato questo messaggio", "in attesa del messaggio", "dit bericht is verwijderd",
    "je hebt dit bericht verwijderd", "u hebt dit bericht verwijderd", "данное сообщение удалено", "это сообщение удалено",
    "вы удалили данное сообщение", "вы удалили это сообщение", "bu mesaj silindi", "bu mesajı sildiniz",
    "pesan ini telah dihapus", "pesan ini dihapus", "anda telah menghapus pesan ini", "anda menghapus pesan ini",
    "mesej ini telah dipadam", "anda telah memadamkan mesej ini", "ta wiadomość została usunięta", "usunięto tę wiadomość",
    "usunąłeś tę wiadomość", "usunąłeś(-ęłaś) tę wiadomość", "usunąłeś(aś) tę wiadomość", "det här meddelandet raderades",
    "detta meddelande raderades", "du raderade det här meddelandet", "du raderade detta meddelande",
    "du har tagit bort meddelandet", "denne besked blev slettet", "denne besked er blevet slettet",
    "du slettede denne besked", "du har slettet denne besked", "denne meldingen ble slettet", "du slettet denne meldingen",
    "tämä viesti poistettiin", "poistit tämän viestin", "tato zpráva byla odstraněna", "tato zpráva byla smazána",
    "tuto zprávu jste smazal/a", "tuto zprávu jste odstranil/a", "smazali jste tuto zprávu", "táto správa bola odstránená",
    "túto správu ste odstránili", "ez az üzenet törlésre került", "ezt az üzenetet törölted", "törölted ezt az üzenetet",
    "az üzenet törölve lett", "acest mesaj a fost șters", "ați șters acest mesaj", "このメッセージは削除されました",
    "このメッセージを削除しました", "삭제된 메시지입니다", "이 메시지는 삭제되었습니다", "삭제한 메시지입니다",
    "이 메시지를 삭제했습니다", "此訊息已刪除", "此消息已被删除", "这条消息已被删除", "信息已删除", "您已刪除此訊息",
    "你已刪除此訊息", "您已删除这条消息", "您删除这个信息", "הודעה זו נמחקה", "מחקת הודעה זו", "מחקת את ההודעה הזו",
    "تم حذف هذه الرسالة", "حذفت هذه الرسالة", "لقد حذفت هذه الرسالة", "لقد حذَفت هذه الرسالة", "أنت حذفت هذه الرسالة",
    "این پیام حذف شده است", "این پیام حذف شد", "شما این پیام را حذف کردید", "यह संदेश हटा दिया गया", "यह संदेश मिटाया गया",
    "आपने यह संदेश मिटाया", "यह मैसेज डिलीट कर दिया गया है", "आपने यह मैसेज डिलीट किया", "हा मेसेज हटवण्यात आला",
    "तुम्ही हा मेसेज हटवला", "এই মেসেজটি বাদ দেওয়া হয়েছে", "আপনি এই মেসেজটি বাদ দিয়েছেন", "આ મેસેજ ડિલીટ કરાયો",
    "તમે આ મેસેજ ડિલીટ કર્યો", "یہ میسج حذف کر دیا گیا ہے", "آپ نے یہ میسج حذف کر دیا ہے", "це повідомлення видалено",
    "це повідомлення було видалено", "ви видалили це повідомлення", "съобщението беше изтрито", "изтрихте това съобщение",
    "ova je poruka izbrisana", "ova poruka je izbrisana", "ova poruka je obrisana", "izbrisali ste ovu poruku",
    "ова порука је обрисана", "to sporočilo je bilo izbrisano", "to sporočilo ste izbrisali", "αυτό το μήνυμα διαγράφηκε",
    "διαγράψατε αυτό το μήνυμα", "διαγράψατε το μήνυμα", "aquest missatge s'ha suprimit", "s'ha suprimit aquest missatge",
    "has suprimit aquest missatge", "ข้อความนี้ถูกลบแล้ว", "ข้อความนี้ได้ถูกลบ", "คุณได้ลบข้อความนี้", "คุณลบข้อความนี้",
    "tin nhắn này đã bị xóa", "tin nhắn này đã bị xoá", "bạn đã xóa tin nhắn này", "bạn đã xoá tin nhắn này",
    "hierdie boodskap was uitgevee", "see sõnum on kustutatud", "ši žinutė buvo ištrinta", "šī ziņa tika izdzēsta",
    "ujumbe huu ulifutwa", "itong mensahe ay binura na", "ushbu xabar o‘chirildi", "essa mensagem foi apagada",
    "это сообщение было удалено", "メッセージを削除しました", "你已刪除這則訊息", "此消息已删除", "메시지를 삭제했습니다",
)  # fmt: skip

DELETED_BY = (
    "this message was deleted by admin ", "diese nachricht wurde von admin ", "diese nachricht wurde vom admin ",
    "se eliminó este mensaje por ", "ce message a été supprimé par ", "questo messaggio è stato eliminato dall'",
    "esta mensagem foi apagada pelo ",
)  # fmt: skip
"""How deletions begin that name who deleted."""

_EDITED = (
    "this message was edited", "message edited", "diese nachricht wurde bearbeitet", "nachricht bearbeitet",
    "se editó este mensaje", "este mensaje fue editado", "este mensaje se editó", "mensaje editado",
    "ce message a été modifié", "message modifié", "mensagem editada", "esta mensagem foi editada",
    "questo messaggio è stato modificato", "messaggio modificato", "dit bericht is bewerkt", "dit bericht werd bewerkt",
    "это сообщение изменено", "данное сообщение изменено", "сообщение изменено", "bu mesaj düzenlendi", "pesan ini diedit",
    "pesan ini telah diedit", "mesej ini telah diedit", "wiadomość edytowana", "ta wiadomość została edytowana",
    "ta wiadomość została zmieniona", "det här meddelandet redigerades", "detta meddelande har redigerats",
    "denne besked blev redigeret", "denne meldingen ble redigert", "tätä viestiä muokattiin", "zpráva byla upravena",
    "tato zpráva byla upravena", "táto správa bola upravená", "ez az üzenet szerkesztve lett", "acest mesaj a fost editat",
    "このメッセージは編集されました", "メッセージは編集されました", "메시지가 수정되었습니다", "수정된 메시지입니다",
    "此訊息已編輯", "此消息已编辑", "הודעה זו נערכה", "ההודעה נערכה", "تم تعديل هذه الرسالة", "این پیام ویرایش شده است",
    "यह संदेश संपादित किया गया था", "यह मैसेज एडिट किया गया है", "це повідомлення змінено", "aquest missatge s'ha editat",
    "αυτό το μήνυμα επεξεργάστηκε", "ova poruka je uređena", "tin nhắn này đã được chỉnh sửa", "ข้อความนี้ได้รับการแก้ไข",
)  # fmt: skip

_ATTACHED = (
    "file attached", "datei angehängt", "archivo adjunto", "archivo adjuntado", "fichier joint", "arquivo anexado",
    "ficheiro anexado", "file allegato", "bestand bijgevoegd", "файл добавлен", "файл прикреплён", "файл прикреплен",
    "ekli dosya", "dosya ekli", "file terlampir", "fail dilampirkan", "fil bifogad", "bifogad fil", "vedhæftet fil",
    "fil vedhæftet", "fil vedlagt", "vedlagt fil", "tiedosto liitetty", "tiedosto liitteenä", "liitetiedosto",
    "plik załączony", "załączony plik", "załączono plik", "soubor byl přiložen", "přiložený soubor", "súbor pripojený",
    "fájl csatolva", "csatolt fájl", "fişier ataşat", "fișier atașat", "添付ファイル", "添付ファイル有り", "파일 첨부됨",
    "附件檔案", "檔案已附加", "文件附件", "附件", "קובץ מצורף", "تم إرفاق ملف", "الملف مرفق", "پیوست شد", "फ़ाइल संलग्न",
    "फाइल अटैच कर दी गई है", "ফাইল সংযুক্ত হয়েছে", "файл додано", "прикачен файл", "datoteka u prilogu",
    "datoteka u privitku", "priložena datoteka", "συνημμένο αρχείο", "arxiu adjunt", "fitxer adjunt", "tệp đính kèm",
    "ไฟล์ที่แนบ", "fail lisatud", "byla prisegta", "pievienots fails", "skedë e ngjitur", "lêer aangeheg",
)  # fmt: skip

_LIVE = (
    "live location shared", "live-standort wird geteilt", "ubicación en tiempo real compartida",
    "localisation en direct partagée", "localização atual compartilhada", "localização em tempo real compartilhada",
    "posizione attuale condivisa", "live locatie gedeeld", "геоданные отправлены", "mevcut konum paylaşıldı",
    "lokasi terkini dibagikan", "udostępniona transmisja położenia", "liveposition delad", "live placering delt",
    "posisjon i sanntid delt", "live-sijainti jaettu", "byla sdílena aktuální poloha", "tartózkodási hely megosztva",
    "ライブロケーション共有", "공유한 실시간 위치", "實時位置已分享", "共享实时位置", "משתף מיקום בשידור חי",
    "تمت مشاركة الموقع المباشر", "लाइव स्थान साझा किया गया", "геодані надіслано",
)  # fmt: skip

_CALLS = (
    # a comma or a full stop and a word or two about how it went may follow
    "voice call", "video call", "group call", "call failed", "missed voice call", "missed video call",
    "missed group voice call", "missed group video call", "silenced voice call", "silenced video call", "sprachanruf",
    "videoanruf", "gruppenanruf", "verpasster sprachanruf", "verpasster videoanruf", "verpasster gruppensprachanruf",
    "verpasster gruppenvideoanruf", "llamada de voz", "videollamada", "llamada perdida", "llamada de voz perdida",
    "videollamada perdida", "appel vocal", "appel vidéo", "appel vocal manqué", "appel vidéo manqué", "ligação de voz",
    "ligação de vídeo", "chamada de voz", "chamada de vídeo", "chamada de voz perdida", "chamada de vídeo perdida",
    "ligação de voz perdida", "ligação de vídeo perdida", "videochamada perdida", "chiamata vocale", "videochiamata",
    "chiamata vocale persa", "videochiamata persa", "spraakoproep", "videogesprek", "gemiste spraakoproep",
    "gemist spraakgesprek", "gemist videogesprek", "gemiste video-oproep", "аудиозвонок", "видеозвонок",
    "пропущенный аудиозвонок", "пропущенный видеозвонок", "пропущений аудіодзвінок", "пропущений відеодзвінок", "sesli arama",
    "görüntülü arama", "cevapsız sesli arama", "cevapsız görüntülü arama", "telepon suara", "telepon video",
    "panggilan suara tak terjawab", "panggilan video tak terjawab", "nieodebrane połączenie", "nieodebrane połączenie wideo",
    "missat röstsamtal", "missat videosamtal", "mistet opkald", "ubesvaret taleopkald", "ubesvaret videoopkald",
    "tapt taleanrop", "tapt videoanrop", "vastaamaton äänipuhelu", "vastaamaton videopuhelu", "zmeškaný hovor",
    "zmeškaný hlasový hovor", "zmeškaný videohovor", "nem fogadott hanghívás", "nem fogadott videohívás",
    "apel vocal nepreluat", "apel video nepreluat", "音声通話不在着信", "ビデオ通話不在着信", "不在着信", "부재중 전화",
    "부재중 영상통화", "未接語音通話", "未接視像通話", "未接语音通话", "未接视频通话", "שיחה קולית שלא נענתה",
    "שיחת וידאו שלא נענתה", "مكالمة صوتية فائتة", "مكالمة فيديو فائتة", "تماس صوتی پاسخ داده نشده", "मिस्ड वॉइस कॉल",
    "मिस्ड वीडियो कॉल", "αναπάντητη φωνητική κλήση", "αναπάντητη βιντεοκλήση",
)  # fmt: skip
MISSED = (
    "missed", "silenced", "failed", "verpasst", "perdid", "manqué", "persa", "gemist", "пропущ", "cevapsız", "tak terjawab",
    "nieodebran", "missat", "ubesvaret", "mistet", "tapt", "vastaamat", "zmeškan", "nem fogadott", "nepreluat", "不在",
    "부재중", "未接", "שלא נענתה", "فائتة", "پاسخ داده نشده", "मिस्ड", "αναπάντητη",
)  # fmt: skip
"""What is in the names of calls that nobody would write as a message."""

_ENCRYPTED = (
    "end-to-end", "ende-zu-ende", "extremo a extremo", "de bout en bout", "ponta a ponta", "ponta-a-ponta", "ponto a ponto",
    "ponto-a-ponto", "crittografat", "сквозн", "uçtan uca", "ujung ke ujung", "mellem afsender", "obousměrn", "koncov",
    "celého spojenia", "végpontok közötti", "criptate integral", "ende-til-ende", "エンドツーエンド", "종단간", "端到端",
    "端對端", "מקצה לקצה", "מקצה-לקצה", "تشفير", "مشفرة", "سرتاسر", "एंड-टू-एंड", "शुरू से अंत", "एन्ड-टू-एन्ड",
    "এন্ড-টু-এন্ড", "наскрізн", "d'extrem a extrem", "komplett kryptera", "totalsträcks", "salataan täysin", "päästä päähän",
    "od kraja do kraja", "potpunom enkripcijom", "από άκρο σε άκρο", "κρυπτογραφούνται πλήρως", "szyfrowan", "zaszyfrowan",
    "mã hóa đầu cuối", "mã hoá đầu-cuối", "จากต้นทางถึงปลายทาง", "край до край", "otsast otsani", "ištisiniu šifravimu",
)  # fmt: skip

YOU = frozenset(
    {
        "you", "du", "ihr", "sie", "tú", "usted", "tu", "vous", "você", "hai", "je", "jij", "u", "вы", "ви", "siz", "sen",
        "anda", "kamu", "ty", "vy", "sinä", "te", "あなた",
    }
)  # fmt: skip
"""How the app calls the owner of the phone at the start of a line."""

DOES = frozenset(
    {
        "added", "removed", "left", "joined", "created", "changed", "deleted", "pinned", "turned", "updated", "set", "reset",
        "started", "made", "requested", "was", "were", "unpinned", "renamed", "dismissed", "ended", "hat", "hast", "habt",
        "haben", "ist", "bist", "wurde", "wurdest", "fügte", "trat", "verließ", "änderte", "cambió", "cambiaste", "añadió",
        "agregó", "eliminó", "salió", "creó", "creaste", "fijó", "activó", "desactivó", "añadiste", "a", "as", "avez", "est",
        "êtes", "mudou", "alterou", "adicionou", "removeu", "saiu", "criou", "entrou", "fixou", "apagou", "ativou",
        "desativou", "ha", "hai", "è", "heeft", "hebt", "bent", "изменил", "изменила", "изменил(а)", "изменили", "добавил",
        "добавила", "добавил(а)", "удалил", "удалила", "удалил(а)", "создал", "создала", "создал(а)", "создали", "вышел",
        "вышла", "вышел(-ла)", "покинул", "присоединился", "присоединился(-ась)", "закрепил", "закрепила", "змінив",
        "змінила", "додав", "додала", "mengubah", "menambahkan", "mengeluarkan", "keluar", "membuat", "bergabung", "telah",
        "ekledi", "çıkardı", "grubu", "grup", "gruptan", "ayrıldı", "dodał", "dodała", "dodał(a)", "usunął", "usunęła",
        "zmienił", "zmieniła", "zmienił(a)", "utworzył", "utworzyła", "opuścił", "opuściła", "lade", "tog", "har", "ändrade",
        "skapade", "lämnade", "endret", "opprettet", "forlot", "ændrede", "oprettede", "forlod", "lisäsi", "poisti",
        "vaihtoi", "muutti", "loi", "poistui", "přidal", "přidal(a)", "změnil", "změnil(a)", "vytvořil", "vytvořil(a)",
        "opustil", "opustil(a)", "hozzáadta", "megváltoztatta", "létrehozta", "kilépett", "הוסיף/ה", "צירף/ה", "הסיר/ה", "עזב/ה",
        "הצטרף/ה", "יצר/ה", "שינה/תה", "أضاف", "أزال", "غادر", "غيّر", "أنشأ",
    }
)  # fmt: skip
"""Words that follow a name where the app tells what somebody did to the group."""

OMITTED, LEFT_OUT, DELETED, EDITED, ATTACHED, LIVE, CALLS = map(
    frozenset, ((*_OMITTED, *_LEFT_OUT), _LEFT_OUT, _DELETED, _EDITED, _ATTACHED, _LIVE, _CALLS)
)
"""Whole messages, and what stands for media, without their brackets and full stops, in lower case."""


def is_encryption_notice(text: str) -> bool:
    """Return whether a text says that messages are encrypted, as the first line of most exports does under the chat's name."""
    lowered = text.lower()
    return len(text) > 20 and "\n" not in text and any(word in lowered for word in _ENCRYPTED)
