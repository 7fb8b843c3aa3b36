"""Names of every script are read as people write them in Latin letters, and found alike."""

import pytest

from services.screening.matching.analysis import read_analyser
from services.screening.matching.cyrillic import hepburn_of, pinyin_of
from services.screening.matching.han_persons import wade_giles
from services.screening.matching.matcher import read_matcher
from services.screening.matching.text import Script, clean, undo_lookalikes
from services.screening.matching.units import units
from services.screening.matching.verdicts import PAIRS, NameVerdict, thresholds_of
from services.screening.matching.words import Kind


def verdict(one: str, other: str) -> NameVerdict:
    return thresholds_of(PAIRS).verdict(read_matcher().compare(one, other).score)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Сергей Шойгу", "SHOIGU, Sergei"),
        ("Сяргей Лукашэнка", "Sergei Lukashenko"),
        ("Володимир Зеленський", "Volodymyr Zelenskyy"),
        ("محمود عباس", "Mahmoud Abbas"),
        ("حسن روحاني", "Hassan Rouhani"),
        ("孙春兰", "Sun Chunlan"),
        ("孫春蘭", "SUN Chun-lan"),
        ("单雄信", "Shan Xiongxin"),
        ("欧阳修", "Ouyang Xiu"),
        ("弗拉基米尔·普京", "Vladimir Putin"),
        ("김정은", "KIM Jong Un"),
        ("박근혜", "Park Geun-hye"),
        ("アンゲラ・メルケル", "Angela Merkel"),
        ("三菱重工業株式会社", "Mitsubishi Heavy Industries, Ltd."),
        ("洛克希德·马丁公司", "Lockheed Martin Corporation"),
        ("中国航空工业集团公司", "Aviation Industry Corporation of China"),
        (
            "Научно-исследовательский институт электронной техники",
            "Research Institute of Electronic Technology",
        ),
        ("ООО «Ромашка»", "Romashka LLC"),
        ("Αλέξης Τσίπρας", "Alexis Tsipras"),
        ("יצחק רבין", "Yitzhak Rabin"),
        ("Al-Zawahiri, Ayman", "Ayman Alzawahiri"),
        ("Mohammed bin Salman", "Muhammad Bin-Salman"),
        ("Ivanov Ivan", "Ivan IVANOV"),
        ("Siemens AG", "SIEMENS Aktiengesellschaft AG"),
        ("Си Цзиньпин", "Xi Jinping"),
        ("Киси Нобуо", "Kishi Nobuo"),
        ("Тосиба", "Toshiba"),
        ("习近平", "Си Цзиньпин"),
        ("蒋经国", "Chiang Ching-kuo"),
        ("邓小平", "Teng Hsiao-p'ing"),
        ("张学友", "Cheung Hok Yau"),
        ("金正恩", "김정은"),
        ("李在明", "이재명"),
        ("安倍晋三", "Shinzo Abe"),
        ("安倍 晋三", "ABE Shinzo"),
        ("이명박", "Lee Myung-bak"),
        ("АО ГРПЗ", "Акционерное Общество «Государственный Рязанский приборный завод»"),
        ("Рязанский приборный завод", "Ryazan Instrument Plant"),
        ("شركة النفط الوطنية الإيرانية", "National Iranian Oil Company"),
        ("조선무역은행", "Korea Trade Bank"),
        ("ノヴォシビルスク計器製作工場", "Novosibirsk Instrument Plant"),
        ("JSCAVIASTAR-SP", "JSC AVIASTAR-SP"),
        ("EK TSMART TECHNOLOGY", "EKT SMART TECHNOLOGY"),
        ("Omar Ail Hussain", "Omar Ali Hussain"),
    ],
)
def test_the_same_name_in_other_writing_matches(one: str, other: str) -> None:
    assert verdict(one, other) is NameVerdict.MATCH


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Сергей Шойгу", "Dmitry Medvedev"),
        ("孙春兰", "Wang Xiaodong"),
        ("김정은", "Lee Myung-bak"),
        ("محمود عباس", "Khalid Meshaal"),
        ("三菱重工業株式会社", "Sumitomo Chemical Co., Ltd."),
        ("Bank of Moscow", "Bank of Tehran"),
        ("第二研究所", "Third Department"),
        ("Riddle Dane", "Riddle Shulman"),
        ("ГРПЗ", "Siberian Chemical Works"),
        ("Ван Ли", "Zhang Wei"),
    ],
)
def test_another_name_does_not(one: str, other: str) -> None:
    assert verdict(one, other) is not NameVerdict.MATCH


@pytest.mark.parametrize(
    ("word", "pinyin", "hepburn"),
    [
        ("цзиньпин", "jinping", ""),
        ("хуэй", "hui", ""),
        ("сяопин", "xiaoping", "shaopin"),
        ("дзюнъитиро", "", "junichiro"),
        ("мицубиси", "micubixi", "mitsubishi"),
        ("петров", "", ""),
        ("", "", ""),
    ],
)
def test_words_of_east_asia_in_cyrillic_letters(word: str, pinyin: str, hepburn: str) -> None:
    assert (pinyin_of(word), hepburn_of(word)) == (pinyin, hepburn)


@pytest.mark.parametrize(
    ("syllable", "spelt"),
    [("xue", "hsueh"), ("zhou", "chou"), ("luo", "lo"), ("guo", "kuo"), ("qiong", "chiung"), ("sun", "sun")],
)
def test_syllables_by_wade_and_giles(syllable: str, spelt: str) -> None:
    assert wade_giles(syllable) == spelt


@pytest.mark.parametrize(
    ("script", "word", "expected"),
    [
        (Script.CYRILLIC, "щука", ("щ", "у", "к", "а")),
        (Script.KANA, "ヴァリー", ("ヴァ", "リ", "ー")),
        (Script.KANA, "とうきょう", ("ト", "ウ", "キョ", "ウ")),
        (Script.HANGUL, "김아", ("^g", "i", "m>", "a")),
        (Script.HAN, "zhang e", ("<zh", "ang>", "e>")),
        (Script.ARABIC, "قمر", ("ق", "م", "ر")),
    ],
)
def test_units_of_a_word(script: Script, word: str, expected: tuple[str, ...]) -> None:
    assert units(script, word) == expected


@pytest.mark.parametrize(
    ("name", "surname", "given"),
    [
        ("单雄信", "shan", "xiongxin"),
        ("仇英", "qiu", "ying"),
        ("曾国藩", "zeng", "guofan"),
        ("欧阳修", "ouyang", "xiu"),
    ],
)
def test_surnames_are_read_as_surnames(name: str, surname: str, given: str) -> None:
    readings = [tuple(part.text for part in reading.parts) for reading in read_analyser().read(name).readings]
    assert (surname, given) in readings


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("Dr. Ivan Petrovich Sidorov", {Kind.HONORIFIC, Kind.GIVEN, Kind.PATRONYMIC, Kind.NAME}),
        ("35th Shipyard JSC", {Kind.NUMBER, Kind.NAME, Kind.WORD, Kind.FORM}),
        ("Bank of Moscow", {Kind.WORD, Kind.PARTICLE, Kind.PLACE}),
    ],
)
def test_parts_have_kinds(name: str, kinds: set[Kind]) -> None:
    assert {part.kind for part in read_analyser().read(name).readings[0].parts} == kinds


@pytest.mark.parametrize(
    ("written", "plain"),
    [("Ｉｖａｎ\u200b Ｉｖａｎｏｖ", "ivan ivanov"), ("\u202eIvan\u202c", "ivan"), ("a\u0000b", "ab")],
)
def test_what_cannot_be_seen_is_taken_away(written: str, plain: str) -> None:
    assert clean(written) == plain


def test_lookalikes_are_brought_to_one_script() -> None:
    assert undo_lookalikes("ivаnоv") == "ivanov"
    assert undo_lookalikes("ивaнов") == "иванов"


def test_a_name_in_brackets_is_a_name_of_its_own() -> None:
    readings = read_analyser().read("Zhejiang Dahua Technology (Dahua Security)").readings
    assert any({part.text for part in reading.parts} == {"dahua", "security"} for reading in readings)
