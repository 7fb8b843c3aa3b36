import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.screening.domain.addresses import AddressIndex, address_of

TOKYO = "No. 5, Example Rd., Shinjuku-ku, Tokyo 160-0001"
SHENZHEN = "广东省深圳市南山区科技园南路12号3楼"
INDEX = AddressIndex([("TOKYO", TOKYO), ("SHENZHEN", SHENZHEN)])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (TOKYO, "TOKYO"),
        ("5 Example Road, Shinjuku-ku, Tokyo, 160-0001", "TOKYO"),
        ("Tokyo 160-0001, SHINJUKU KU, EXAMPLE ROAD 5", "TOKYO"),
        ("廣東省深圳市南山區科技園南路12號3樓", "SHENZHEN"),
        ("深圳市南山区科技园南路12号3层", "SHENZHEN"),
        # Another house, another street, another town.
        ("6 Example Road, Shinjuku-ku, Tokyo, 160-0001", None),
        ("5 Sample Road, Minato-ku, Tokyo, 105-0001", None),
        ("深圳市南山区科技园南路13号3楼", None),
        # A town, a street without a number, or nothing, is no address.
        ("Tokyo", None),
        ("Example Road, Shinjuku-ku, Tokyo", None),
        ("12", None),
        ("", None),
    ],
)
def test_the_same_address(text: str, found: str | None) -> None:
    assert [one.entry_id for one in INDEX.search(text)] == ([found] if found else [])


def test_an_address_of_many_says_nothing_of_anybody() -> None:
    agent = "Unit 1201, Harbour Tower, 8 Queens Road, Central, Hong Kong"
    few = AddressIndex([(f"E{number}", agent) for number in range(5)])
    many = AddressIndex([(f"E{number}", agent) for number in range(6)])
    assert len(few.search(agent)) == 5
    assert many.search(agent) == []


def test_another_order_of_import_finds_the_same() -> None:
    listed = [("A", TOKYO), ("B", SHENZHEN), ("C", TOKYO)]
    assert AddressIndex(listed).search(TOKYO) == AddressIndex(listed[::-1]).search(TOKYO)


@given(st.text(max_size=1_000))
def test_no_text_is_too_strange(text: str) -> None:
    assert len(INDEX.search(text)) <= 2
    assert address_of(text) == address_of(f"  {text}  ")
