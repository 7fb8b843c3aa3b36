"""Lines of a rule below one another."""

from xuke.classification.v1 import classification_pb2 as cl

from services.portal.condition_lines import Line, nested


def lines(*depths: int) -> list[cl.Condition]:
    return [cl.Condition(depth=depth, path=str(place)) for place, depth in enumerate(depths)]


def drawn(found: tuple[Line, ...]) -> str:
    return "".join(line.condition.path + (f"({drawn(line.below)})" if line.below else "") for line in found)


def test_a_line_stands_below_the_one_that_it_belongs_to() -> None:
    assert drawn(nested(lines(0, 1, 2, 1, 0))) == "0(1(2)3)4"


def test_a_rule_need_not_begin_at_the_margin_nor_go_down_step_by_step() -> None:
    assert drawn(nested(lines(2, 5, 3, 2))) == "0(12)3"
    assert nested([]) == ()


def test_every_line_is_shown_once_in_its_order() -> None:
    conditions = lines(0, 1, 1, 2, 0, 3, 3, 1)
    shown = [int(one) for one in drawn(nested(conditions)) if one.isdecimal()]
    assert shown == list(range(len(conditions)))
