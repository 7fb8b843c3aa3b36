import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.screening.domain.names import Script
from services.screening.domain.screen import Basis

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
NAMES = st.one_of(
    st.text(max_size=40),
    st.text(HAN | st.sampled_from("株式会社有限公司集团"), max_size=12),
    st.text(st.sampled_from("abcdefgh.,& 'ÉÖŁøß-株司"), max_size=30),
)


@example("・0")
@given(NAMES)
def test_normalising_twice_changes_nothing(basis: Basis, text: str) -> None:
    for name in basis.comparison.names.readings(text):
        again = [
            reading
            for reading in basis.comparison.names.readings(" ".join(name.words))
            if reading.script is name.script
        ]
        assert [(reading.words, reading.core) for reading in again] == [(name.words, name.core)]


@given(NAMES)
def test_a_core_is_never_empty(basis: Basis, text: str) -> None:
    for name in basis.comparison.names.readings(text):
        assert name.letters
        assert all(name.words)


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("三菱电机软件株式会社", "三菱电机软件"),
        ("三菱電機ソフトウエア㈱", "三菱电机ソフトウエア"),
        ("株式会社　日立製作所", "日立制作所"),
        ("豐和工業株式會社", "丰和工业"),
        ("豊和工業（株）", "丰和工业"),
        ("呉英傑商事有限公司", "吴英杰商事"),
        ("江苏钨业集团有限公司", "江苏钨业"),
        ("公司", "公司"),
        ("TDK株式会社", "tdk"),
    ],
)
def test_chinese_and_japanese_cores(basis: Basis, text: str, core: str) -> None:
    first = basis.comparison.names.readings(text)[0]
    assert (first.script, first.core_text) == (Script.HAN, core)


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("SUBARU Corporation", "subaru"),
        ("Lafert S.p.A.", "lafert"),
        ("OMNIPOL a.s.", "omnipol"),
        ("EXCALIBUR ARMY spol.s.r.o", "excalibur army"),
        ("Politechnika Wrocławska", "politechnika wroclawska"),
        ("Gibbs&Cox, Inc.", "gibbs and cox"),
        ("The Fujikura Parachute Co., Ltd.", "fujikura parachute"),
        ("Hudson Technologies Co.", "hudson technology"),
        ("ＩＨＩ　Ａｅｒｏｓｐａｃｅ　Ｃｏ．，　Ｌｔｄ．", "ihi aerospace"),
        ("O'Neil Ltd", "oneil"),
        ("Limited", "ltd"),
    ],
)
def test_latin_cores(basis: Basis, text: str, core: str) -> None:
    (name,) = basis.comparison.names.readings(text)
    assert (name.script, name.core_text) == (Script.LATIN, core)


def test_a_latin_name_with_a_chinese_form_is_read_in_both_scripts(basis: Basis) -> None:
    han, latin = basis.comparison.names.readings("株式会社Fortunio Labs")
    assert (han.script, han.core_text) == (Script.HAN, "fortuniolabs")
    assert (latin.script, latin.core_text) == (Script.LATIN, "fortunio laboratory")


@pytest.mark.parametrize("text", ["", "  ", "—·。・", "()"])
def test_nothing_is_no_name(basis: Basis, text: str) -> None:
    assert basis.comparison.names.readings(text) == ()
