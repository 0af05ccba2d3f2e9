"""The half of the day in clocks of twelve hours, in the words of the languages that WhatsApp speaks.

Source: Unicode CLDR 47, ``dayPeriods``, and what exports show of older versions of it.
"""

from __future__ import annotations

import re

MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u061c"
"""Characters without width that the app puts around what it inserts."""

SPACE = "[ \u00a0\u2009\u202f]"

_BEFORE_NOON = (
    "am", "a.m.", "a. m.", "오전", "上午", "凌晨", "清晨", "早上", "早晨", "半夜", "午夜", "午前", "ص", "صباحا", "صباحًا",
    "ق.ظ.", "قبل\u200cازظهر", "לפנה״צ", 'לפנה"צ', "π.μ.", "πμ", "sa", "öö", "pg", "de.", "pd", "p.d.", "paradite",
    "e paradites", "पूर्वाह्न", "म.पू.", "পূর্বাহ্ণ", "முற்பகல்", "மு.ப.", "ก่อนเที่ยง", "ກ່ອນທ່ຽງ", "ጥዋት", "dop.",
    "dopoldne", "vorm.", "vormittags", "morgens", "nachts", "vm.", "fm", "f.m.", "дп", "ам", "то", "ਪੂ.ਦੁ.", "r.n.", "пр.об.",
    "претпл.", "пре подне", "прије подне", "pre podne", "prije podne", "prijepodne", "ap.", "priešpiet", "priekšp.",
    "priekšpusdienā", "to", "asubuhi", "da manhã", "da madrugada", "mat.", "matin", "in the morning", "de la mañana",
    "de la madrugada",
)  # fmt: skip
_AFTER_NOON = (
    "pm", "p.m.", "p. m.", "오후", "下午", "中午", "傍晚", "晚上", "午後", "م", "مساء", "مساءً", "ب.ظ.", "بعدازظهر", "אחה״צ",
    'אחה"צ', "μ.μ.", "μμ", "ch", "ös", "ptg", "du.", "md", "m.d.", "pasdite", "e pasdites", "अपराह्न", "म.उ.", "অপরাহ্ণ",
    "பிற்பகல்", "பி.ப.", "หลังเที่ยง", "ຫຼັງທ່ຽງ", "ከሰዓት", "odp.", "pop.", "popoldne", "nachm.", "nachmittags", "mittags",
    "abends", "nm.", "em", "e.m.", "пп", "пм", "тк", "ਬਾ.ਦੁ.", "i.n.", "сл.об.", "попл.", "по подне", "поподне", "po podne",
    "popodne", "ip.", "popiet", "pēcp.", "pēcpusdienā", "tk", "jioni", "da tarde", "da noite", "soir", "in the afternoon",
    "in the evening", "de la tarde", "de la noche",
)  # fmt: skip


def _bare(word: str) -> str:
    return re.sub(rf"[{MARKS}.\s]", "", word).lower()


_AFTER = {**{_bare(word): False for word in _BEFORE_NOON}, **{_bare(word): True for word in _AFTER_NOON}}

WORDS = "|".join(
    re.escape(word).replace(r"\ ", f"{SPACE}?").removesuffix(r"\.") + (r"\.?" if word.endswith(".") else "")
    for word in sorted((*_BEFORE_NOON, *_AFTER_NOON), key=len, reverse=True)
)
"""A pattern of all of them; without regard to case."""


def hour_of_day(hour: int, half: str | None) -> int:
    """Return the hour from 0 to 23; with a half day beside 13 and more, the hour as it stands.

    >>> hour_of_day(12, "a. m."), hour_of_day(12, "PM"), hour_of_day(1, "오후"), hour_of_day(15, None)
    (0, 12, 13, 15)
    """
    if half is None or hour > 12:
        return hour
    return hour % 12 + (12 if _AFTER[_bare(half)] else 0)
