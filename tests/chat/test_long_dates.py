"""Times that are written out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.chat.long_dates import LONGEST, long_date

# As CLDR writes Friday, 3 April 2020, 14:05:09: full date, long time; some as older versions of it, with words between them.
SPELT = """
    Friday, April 3, 2020 at 2:05:09 PM UTC
    Friday, April 3, 2020, 2:05:09 p.m. UTC
    Friday, 3 April 2020 at 14:05:09 UTC
    Friday, 3 April 2020 at 2:05:09 pm UTC
    Freitag, 3. April 2020 um 14:05:09 UTC
    vendredi 3 avril 2020 à 14:05:09 UTC
    vendredi 3 avril 2020 à 14 h 05 min 09 s UTC
    viernes, 3 de abril de 2020, 14:05:09 UTC
    viernes, 3 de abril de 2020, 2:05:09 p. m. UTC
    sexta-feira, 3 de abril de 2020 às 14:05:09 UTC
    venerdì 3 aprile 2020 alle ore 14:05:09 UTC
    vrijdag 3 april 2020 om 14:05:09 UTC
    piątek, 3 kwietnia 2020 14:05:09 UTC
    pátek 3. dubna 2020 v 14:05:09 UTC
    piatok 3. apríla 2020 o 14:05:09 UTC
    2020. április 3., péntek 14:05:09 UTC
    vineri, 3 aprilie 2020 la 14:05:09 UTC
    петък, 3 април 2020 г. в 14:05:09 ч. UTC
    petak, 3. travnja 2020. u 14:05:09 UTC
    петак, 3. април 2020. 14:05:09 UTC
    пʼятниця, 3 квітня 2020 р. о 14:05:09 UTC
    пятница, 3 апреля 2020 г. в 14:05:09 UTC
    fredag den 3. april 2020 kl. 14.05.09 UTC
    fredag 3 april 2020 kl. 14:05:09 UTC
    fredag 3. april 2020 kl. 14:05:09 UTC
    perjantai 3. huhtikuuta 2020 klo 14.05.09 UTC
    reede, 3. aprill 2020, kell 14:05:09 UTC
    piektdiena, 2020. gada 3. aprīlis plkst. 14:05:09 UTC
    2020 m. balandžio 3 d., penktadienis 14:05:09 UTC
    Παρασκευή 3 Απριλίου 2020 στις 2:05:09 μ.μ. UTC
    3 Nisan 2020 Cuma 14:05:09 UTC
    divendres, 3 d’abril de 2020 a les 14:05:09 UTC
    2020(e)ko apirilaren 3(a), ostirala (14:05:09 (UTC))
    Jumat, 03 April 2020 pukul 14.05.09 UTC
    Jumaat, 3 April 2020 pada 2:05:09 PTG UTC
    14:05:09 UTC Thứ Sáu, 3 tháng 4, 2020
    วันศุกร์ที่ 3 เมษายน พุทธศักราช 2563 เวลา 14 นาฬิกา 05 นาที 09 วินาที UTC
    2020年4月3日金曜日 14:05:09 UTC
    2020년 4월 3일 금요일 오후 2시 5분 9초 UTC
    2020年4月3日星期五 UTC 14:05:09
    2020年4月3日 星期五 下午2:05:09 [UTC]
    יום שישי, 3 באפריל 2020 בשעה 14:05:09 UTC
    الجمعة، 3 أبريل 2020 في 2:05:09 م UTC
    الجمعة، ٣ أبريل ٢٠٢٠ في ٢:٠٥:٠٩ م UTC
    शुक्रवार, 3 अप्रैल 2020 को 2:05:09 pm UTC
    শুক্রবার, ৩ এপ্রিল, ২০২০ ২:০৫:০৯ PM UTC
    جمعہ، 3 اپریل، 2020 2:05:09 PM UTC
    Biyernes, Abril 3, 2020 nang 2:05:09 PM UTC
    Ijumaa, 3 Aprili 2020 14:05:09 UTC
"""


@pytest.mark.parametrize("text", [line.strip() for line in SPELT.strip().split("\n")])
def test_a_time_is_read_in_the_languages_of_the_world(text: str) -> None:
    """Words, orders, digits, halves of the day, calendars; whichever spaces are between them."""
    assert long_date(text) == "2020-04-03T14:05:09Z"
    for space in "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}":
        assert long_date("\N{LEFT-TO-RIGHT MARK}" + text.replace(" ", space)) == "2020-04-03T14:05:09Z"


@pytest.mark.parametrize(
    ("text", "hour"),
    [("12:05:09 AM", 0), ("11:05:09 AM", 11), ("12:05:09 PM", 12), ("0:05:09", 0), ("12:05:09", 12), ("23:05:09", 23)],
)
def test_halves_of_the_day_begin_at_twelve(text: str, hour: int) -> None:
    """Where no half is named, the hours are counted to 24."""
    assert long_date(f"Tuesday, March 3, 2020 at {text} UTC") == f"2020-03-03T{hour:02}:05:09Z"
    assert long_date("2020年3月3日 星期二 凌晨12:05:09 [UTC]") == "2020-03-03T00:05:09Z"


def test_one_name_means_two_months() -> None:
    """In Polish and Croatian; the day of the week tells which language it is."""
    assert long_date("wtorek, 3 listopada 2020 14:05:09 UTC") == "2020-11-03T14:05:09Z"
    assert long_date("subota, 3. listopada 2020. u 14:05:09 UTC") == "2020-10-03T14:05:09Z"


def test_a_zone_other_than_utc_is_taken_off() -> None:
    """A time without a zone is one of UTC, as in every export."""
    assert long_date("Friday, April 3, 2020 at 2:05:09 PM GMT+2") == "2020-04-03T12:05:09Z"
    assert long_date("Friday, April 3, 2020 at 2:05:09 PM UTC-03:30") == "2020-04-03T17:35:09Z"
    assert long_date("3 April 2020, 14:05") == "2020-04-03T14:05:00Z"


@pytest.mark.parametrize(
    "text",
    [
        "", "yesterday", "14:05:09", "2020", "٣", "3 April 2020", "3 Sproutember 2020, 14:05:09", "31 April 2020, 14:05:09",
        "3 April 2020, 25:05:09", "April 2020, 14:05:09", "3 4 5 April 2020, 14:05:09", "3 April 9999999, 14:05:09",
        "3 April 2020, 14:05:09 UTC+99", "3 April 0020, 14:05:09", "x" * (LONGEST + 1), "1" * LONGEST,
    ],
)  # fmt: skip
def test_what_is_no_time_gives_nothing(text: str) -> None:
    """Rather than a wrong one."""
    assert long_date(text) is None


@pytest.mark.parametrize("text", ["2020-04-03T14:05:09Z", "4/3/2020, 14:05:09", "03.04.2020 14:05:09", "1585922709"])
def test_numbers_alone_are_left_to_the_common_parser(text: str) -> None:
    """It knows which of them is the day."""
    assert long_date(text) is None


@given(text=st.text(st.characters() | st.sampled_from("0123456789:. aprilUTC+pm/-年月日"), max_size=60))
def test_any_text_is_a_time_or_none(text: str) -> None:
    """Never an exception."""
    found = long_date(text)
    assert found is None or len(found) == len("2020-04-03T14:05:09Z")
