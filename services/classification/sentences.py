"""Questions and remarks as sentences in two languages."""

from services.classification.domain.customs import CustomsRemark
from services.classification.domain.outcomes import Question
from services.foundation.messages import LocalizedText, render


def question_text(question: Question) -> LocalizedText:
    """A question with the words of the entry that it is about."""
    settles = ", ".join(question.settles)
    values_zh = {
        "item_value": question.item_value,
        "quantity": question.quantity_zh,
        "quote": question.quote,
        "settles": settles,
    }
    values_en = {**values_zh, "quantity": question.quantity_en}
    if (entry := question.entry) is not None:
        common = {"control_code": entry.identifier}
        values_zh |= {
            **common,
            # A list of another regime may be in one language alone: its words stand in both sentences.
            "name": entry.name_zh or entry.name_en,
            "parameters": entry.parameters_zh or entry.parameters_en or "—",
            "decontrol": entry.decontrol_zh or entry.decontrol_en,
        }
        values_en |= {
            **common,
            "name": entry.name_en or entry.name_zh,
            "parameters": entry.parameters_en or "—",
            "decontrol": entry.decontrol_en,
        }
    code = question.code.value
    return LocalizedText(render(code, values_zh).zh, render(code, values_en).en)


def remark_text(remark: CustomsRemark) -> LocalizedText:
    """The sentence for the customs declaration."""
    return render(
        remark.kind.value,
        {"control_codes": "、".join(remark.control_codes), "parameters": remark.parameters},
    )


def reason_text(reason: str) -> str:
    """The Chinese sentence of a refusal, without the value that was refused."""
    return f"{reason}: {render(reason, {}).zh}"
