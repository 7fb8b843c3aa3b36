"""The questions about risks: what due diligence found out, what is known of the catch-all clause, the declaration.

Due diligence is asked where the destination demands it; paths are those of the dossier.
"""

from typing import Final

from xuke.licensing.v1 import dossier_pb2 as d

from services.portal.filing.step import Step
from services.portal.form_options import words
from services.portal.forms import Kind, Question


def knows_of_a_risk(declaration: d.Declaration) -> bool:
    """Whether the exporter knows of a risk, should know, or was told (出口管制法 Art. 12(3)), or has said how."""
    nothing = (d.STATE_OF_KNOWLEDGE_UNSPECIFIED, d.STATE_OF_KNOWLEDGE_NO_INDICATION)
    return bool(declaration.catch_all_basis) or any(
        each.knowledge not in nothing for each in declaration.catch_all
    )


_LIMBS: Final = ("NATIONAL_SECURITY", "WEAPONS_OF_MASS_DESTRUCTION", "TERRORISM")
DUE_DILIGENCE: Final = (
    Step(
        "due-diligence",
        "filing.due_diligence",
        (
            Question(
                "due_diligence.concluded_on",
                Kind.DAY,
                "field_DueDiligence.concluded_on",
                "filing.day_hint",
                required=True,
                width=10,
            ),
            Question(
                "due_diligence.conducted_by",
                Kind.TEXT,
                "field_DueDiligence.conducted_by",
                "filing.due_diligence_by_hint",
                required=True,
            ),
        ),
        lead="filing.due_diligence_lead",
        source="filing.source_due_diligence",
    ),
    *(
        Step(
            key,
            f"filing.due_diligence_{name}",
            (
                Question(
                    f"due_diligence.{name}",
                    Kind.LONG_TEXT,
                    f"filing.due_diligence_{name}",
                    f"filing.due_diligence_{name}_hint",
                    required=True,
                    rows=8,
                ),
            ),
            source="filing.source_due_diligence",
        )
        for key, name in (
            ("due-diligence-methods", "methods"),
            ("due-diligence-end-user", "end_user_findings"),
            ("due-diligence-end-use", "end_use_findings"),
        )
    ),
    Step(
        "due-diligence-military-risk",
        "filing.military_risk",
        (
            Question(
                "due_diligence.military_risk",
                Kind.CHOICE,
                "filing.military_risk",
                "filing.military_risk_hint",
                options=words(d.MilitaryRisk, hints="filing_military_risk"),
                required=True,
            ),
        ),
        source="filing.source_military_risk",
    ),
)
DECLARATION: Final = (
    Step(
        "risks",
        "filing.risks",
        tuple(
            Question(
                f"declaration.catch_all[{limb}].knowledge",
                Kind.CHOICE,
                f"filing.risk_{limb}",
                options=words(d.StateOfKnowledge, hints="filing_knowledge"),
            )
            for limb in _LIMBS
        ),
        lead="filing.risks_lead",
        source="filing.source_risks",
    ),
    Step(
        "risk-basis",
        "filing.declaration_risks",
        (
            Question(
                "declaration.catch_all_basis",
                Kind.LONG_TEXT,
                "filing.declaration_risks",
                "filing.declaration_risks_hint",
                rows=6,
            ),
        ),
        source="filing.source_risks",
        applies=lambda dossier: isinstance(dossier, d.Dossier) and knows_of_a_risk(dossier.declaration),
    ),
    Step(
        "declaration",
        "filing.declaration",
        (
            Question(
                "declaration.truthful",
                Kind.YES_NO,
                "filing.declaration_truthful",
                required=True,
            ),
            Question("declaration.will_report_changes", Kind.YES_NO, "filing.declaration_changes"),
        ),
        source="filing.source_declaration",
    ),
)
