from tests.support.state_pictures import PAGE, page


def test_the_pictures_are_those_of_the_tables() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert page(text) == text
    assert text.count("stateDiagram-v2") == 2
