"""The names of the months as they stand in dates written out in many languages.

Source: Unicode CLDR 47, the wide names in the form that they take in dates (``months/format/wide``), case folded.
"""

from __future__ import annotations

import unicodedata

IN_ORDER = (
    "january february march april may june july august september october november december",  # English
    "januar februar märz april mai juni juli august september oktober november dezember",  # German
    "jänner feber märz april mai juni juli august september oktober november dezember",  # in Austria
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",  # French
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",  # Spanish
    "enero febrero marzo abril mayo junio julio agosto setiembre octubre noviembre diciembre",  # in Peru and Uruguay
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",  # Portuguese
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",  # Italian
    "januari februari maart april mei juni juli augustus september oktober november december",  # Dutch
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",  # Polish
    "ledna února března dubna května června července srpna září října listopadu prosince",  # Czech
    "januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra",  # Slovak
    "január február március április május június július augusztus szeptember október november december",  # Hungarian
    "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",  # Romanian
    "януари февруари март април май юни юли август септември октомври ноември декември",  # Bulgarian
    "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna - studenoga prosinca",  # Croatian
    "јануар фебруар март април мај јун јул август септембар октобар новембар децембар",  # Serbian
    "januar februar mart april maj jun jul avgust septembar oktobar novembar decembar",  # the same in Latin letters
    "januar februar mart april maj juni juli august septembar oktobar novembar decembar",  # Bosnian
    "јануари февруари март април мај јуни јули август септември октомври ноември декември",  # Macedonian
    "januar februar marec april maj junij julij avgust september oktober november december",  # Slovenian
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",  # Ukrainian
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",  # Russian
    "студзеня лютага сакавіка красавіка мая чэрвеня ліпеня жніўня верасня кастрычніка лістапада снежня",  # Belarusian
    "januar februar marts april maj juni juli august september oktober november december",  # Danish
    "januari februari mars april maj juni juli augusti september oktober november december",  # Swedish
    "januar februar mars april mai juni juli august september oktober november desember",  # Norwegian
    (
        "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta"
        " joulukuuta"
    ),  # Finnish
    "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",  # Estonian
    "janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris",  # Latvian
    "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio",  # Lithuanian
    "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου",  # Greek
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",  # Turkish
    "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",  # Catalan
    (
        "urtarrilaren otsailaren martxoaren apirilaren maiatzaren ekainaren uztailaren abuztuaren irailaren urriaren azaroaren"
        " abenduaren"
    ),  # Basque
    "xaneiro febreiro marzo abril maio xuño xullo agosto setembro outubro novembro decembro",  # Galician
    "janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember",  # Icelandic
    "januari februari maret april mei juni juli agustus september oktober november desember",  # Indonesian
    "januari februari mac april mei jun julai ogos september oktober november disember",  # Malay
    "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",  # Thai
    "בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר",  # Hebrew, with "in"
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",  # Arabic
    "ژانویهٔ فوریهٔ مارس آوریل مهٔ ژوئن ژوئیهٔ اوت سپتامبر اکتبر نوامبر دسامبر",  # Persian
    "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",  # the same without its ezafe
    "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",  # Hindi
    "জানুয়ারী ফেব্রুয়ারী মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর",  # Bengali
    "जानेवारी फेब्रुवारी मार्च एप्रिल मे जून जुलै ऑगस्ट सप्टेंबर ऑक्टोबर नोव्हेंबर डिसेंबर",  # Marathi
    "જાન્યુઆરી ફેબ્રુઆરી માર્ચ એપ્રિલ મે જૂન જુલાઈ ઑગસ્ટ સપ્ટેમ્બર ઑક્ટોબર નવેમ્બર ડિસેમ્બર",  # Gujarati
    "ஜனவரி பிப்ரவரி மார்ச் ஏப்ரல் மே ஜூன் ஜூலை ஆகஸ்ட் செப்டம்பர் அக்டோபர் நவம்பர் டிசம்பர்",  # Tamil
    "జనవరి ఫిబ్రవరి మార్చి ఏప్రిల్ మే జూన్ జులై ఆగస్టు సెప్టెంబర్ అక్టోబర్ నవంబర్ డిసెంబర్",  # Telugu
    "ಜನವರಿ ಫೆಬ್ರವರಿ ಮಾರ್ಚ್ ಏಪ್ರಿಲ್ ಮೇ ಜೂನ್ ಜುಲೈ ಆಗಸ್ಟ್ ಸೆಪ್ಟೆಂಬರ್ ಅಕ್ಟೋಬರ್ ನವೆಂಬರ್ ಡಿಸೆಂಬರ್",  # Kannada
    "ജനുവരി ഫെബ്രുവരി മാർച്ച് ഏപ്രിൽ മേയ് ജൂൺ ജൂലൈ ഓഗസ്റ്റ് സെപ്റ്റംബർ ഒക്\N{ZERO WIDTH NON-JOINER}ടോബർ നവംബർ ഡിസംബർ",  # Malayalam
    "ਜਨਵਰੀ ਫ਼ਰਵਰੀ ਮਾਰਚ ਅਪ੍ਰੈਲ ਮਈ ਜੂਨ ਜੁਲਾਈ ਅਗਸਤ ਸਤੰਬਰ ਅਕਤੂਬਰ ਨਵੰਬਰ ਦਸੰਬਰ",  # Punjabi
    "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",  # Urdu
    "जनवरी फेब्रुअरी मार्च अप्रिल मे जुन जुलाई अगस्ट सेप्टेम्बर अक्टोबर नोभेम्बर डिसेम्बर",  # Nepali
    "ජනවාරි පෙබරවාරි මාර්තු අප්\N{ZERO WIDTH JOINER}රේල් මැයි ජූනි ජූලි අගෝස්තු සැප්තැම්බර් ඔක්තෝබර් නොවැම්බර් දෙසැම්බර්",  # Sinhala
    "ဇန်နဝါရီ ဖေဖော်ဝါရီ မတ် ဧပြီ မေ ဇွန် ဇူလိုင် ဩဂုတ် စက်တင်ဘာ အောက်တိုဘာ နိုဝင်ဘာ ဒီဇင်ဘာ",  # Burmese
    "មករា កុម្ភៈ មីនា មេសា ឧសភា មិថុនា កក្កដា សីហា កញ្ញា តុលា វិច្ឆិកា ធ្នូ",  # Khmer
    "ມັງກອນ ກຸມພາ ມີນາ ເມສາ ພຶດສະພາ ມິຖຸນາ ກໍລະກົດ ສິງຫາ ກັນຍາ ຕຸລາ ພະຈິກ ທັນວາ",  # Lao
    "იანვარი თებერვალი მარტი აპრილი მაისი ივნისი ივლისი აგვისტო სექტემბერი ოქტომბერი ნოემბერი დეკემბერი",  # Georgian
    "հունվարի փետրվարի մարտի ապրիլի մայիսի հունիսի հուլիսի օգոստոսի սեպտեմբերի հոկտեմբերի նոյեմբերի դեկտեմբերի",  # Armenian
    "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",  # Azerbaijani
    "yanvar fevral mart aprel may iyun iyul avgust sentabr oktabr noyabr dekabr",  # Uzbek
    "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",  # Kazakh
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",  # Kyrgyz
    "janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor",  # Albanian
    "januarie februarie maart april mei junie julie augustus september oktober november desember",  # Afrikaans
    "januari februari machi aprili mei juni julai agosti septemba oktoba novemba desemba",  # Swahili
    "ጃንዋሪ ፌብሩዋሪ ማርች ኤፕሪል ሜይ ጁን ጁላይ ኦገስት ሴፕቴምበር ኦክቶበር ኖቬምበር ዲሴምበር",  # Amharic
    "enero pebrero marso abril mayo hunyo hulyo agosto setyembre oktubre nobyembre disyembre",  # Filipino
    "ionawr chwefror mawrth ebrill mai mehefin gorffennaf awst medi hydref tachwedd rhagfyr",  # Welsh
    "eanáir feabhra márta aibreán bealtaine meitheamh iúil lúnasa meán deireadh samhain nollaig",  # Irish, the first words
    "januwari februwari mashi ephreli meyi juni julayi agasti septhemba okthoba novemba disemba",  # Zulu
)
"""The twelve names in each language; ``-`` where a name means another month in another language."""


def folded(text: str) -> str:
    """Return text as names are compared, whatever their case and their code points."""
    return unicodedata.normalize("NFKC", text).casefold()


MONTHS = {folded(name): month for names in IN_ORDER for month, name in enumerate(names.split(), 1) if name != "-"}
"""The number of each month, from 1, by its name, ``folded``."""
