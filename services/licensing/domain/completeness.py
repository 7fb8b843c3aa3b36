"""What a submitted dossier lacks and the applicant may supplement (补正): 两用物项出口管制条例 Art. 16, 26."""

from collections.abc import Iterable

from services.foundation.messages import LocalizedText
from services.licensing.domain.dossier import AttachmentKind
from services.licensing.domain.findings import Deficiency, ScreeningVerdict
from services.licensing.domain.procedure import Procedure


def deficiencies(
    procedure: Procedure, attached: Iterable[AttachmentKind], verdict: ScreeningVerdict | None
) -> tuple[Deficiency, ...]:
    """Every required document that is not attached, given the verdict of the screening."""
    present = frozenset(attached)
    return tuple(
        Deficiency(
            code="ATTACHMENT_MISSING",
            field=f"attachments.{document.kind}",
            text=LocalizedText(
                f"请补充提交：{document.title.zh}。", f"Supply the missing document: {document.title.en}."
            ),
            source=document.source,
        )
        for document in procedure.required_documents(verdict)
        if document.kind not in present
    )
