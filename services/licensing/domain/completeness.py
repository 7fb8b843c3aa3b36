"""What a submitted dossier lacks and the applicant may supplement (补正): 两用物项出口管制条例 Art. 16, 24, 26."""

from collections.abc import Iterable

from services.foundation.messages import LocalizedText
from services.licensing.domain.dossier import AttachmentKind, EndUserCertificateTier
from services.licensing.domain.findings import Deficiency, LegalSource, ScreeningFinding, ScreeningVerdict
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


# Which tiers of certificate meet a demand of the screening, in the words of its Demand; 条例 Art. 24(1) lets the
# authority ask for one that the government of the end user issued (出具) or certified (认证).
_TIERS = {
    "CERTIFICATE_GOVERNMENT_CERTIFIED": (
        EndUserCertificateTier.GOVERNMENT_CERTIFIED,
        EndUserCertificateTier.GOVERNMENT_ISSUED,
    ),
    "CERTIFICATE_GOVERNMENT_ISSUED": (EndUserCertificateTier.GOVERNMENT_ISSUED,),
}
_TIER_TEXTS = {
    "CERTIFICATE_GOVERNMENT_CERTIFIED": LocalizedText(
        "请补充提交由最终用户所在国家和地区政府机构出具或者认证的最终用户和最终用途证明文件。",
        "Supply an end-user and end-use certificate that is issued or certified by the government of the end user.",
    ),
    "CERTIFICATE_GOVERNMENT_ISSUED": LocalizedText(
        "请补充提交由最终用户所在国家和地区政府机构出具的最终用户和最终用途证明文件。",
        "Supply an end-user and end-use certificate that is issued by the government of the end user.",
    ),
}
_TIER_STATED = LocalizedText(
    "请按新的证明文件更正申请中的出具方式、签署日期、签署人和承诺。",
    "Correct what the application says of the certificate: who issued or certified it, day, signatory, undertakings.",
)
_TIER_SOURCE = LegalSource("两用物项出口管制条例", "Art. 24(1)")


def certificate_deficiencies(
    tier: EndUserCertificateTier, findings: Iterable[ScreeningFinding]
) -> tuple[Deficiency, ...]:
    """The tier of certificate that the findings of the screening demand and the dossier has not.

    Told as two: the document, and what the dossier says of it. An officer may ask for more, never for less: what
    a finding demands stays open until it is met.
    """
    demanded = {demand for finding in findings for demand in finding.demands if demand in _TIERS}
    unmet = [demand for demand in _TIERS if demand in demanded and tier not in _TIERS[demand]]
    if not unmet:
        return ()
    # The higher demand includes the lower one.
    text = _TIER_TEXTS[unmet[-1]]
    return (
        Deficiency("CERTIFICATE_TIER_TOO_LOW", "attachments.END_USER_CERTIFICATE", text, _TIER_SOURCE),
        Deficiency("CERTIFICATE_TIER_TOO_LOW", "dossier.end_user_certificate", _TIER_STATED, _TIER_SOURCE),
    )
