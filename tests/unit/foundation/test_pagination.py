import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.foundation.errors import XukeError
from services.foundation.pagination import decode_page_token, encode_page_token

# A place is made of what a database holds, and none holds this character.
PLACES = st.text(st.characters(exclude_characters="\0"))


@given(st.lists(PLACES, min_size=1, max_size=4))
def test_a_token_brings_back_its_position(position: list[str]) -> None:
    assert decode_page_token(encode_page_token(*position), len(position)) == tuple(position)


def test_no_token_is_the_first_page() -> None:
    assert decode_page_token("", 2) is None


@pytest.mark.parametrize(
    "token",
    [
        "%",
        "abc",
        encode_page_token("one"),
        encode_page_token("1", "2", "3"),
        encode_page_token("1", "a\0b"),
    ],
)
def test_a_foreign_token_is_refused_by_name(token: str) -> None:
    with pytest.raises(XukeError) as refused:
        decode_page_token(token, 2)
    assert refused.value.violations[0].field == "page_token"
