"""How a licence looks in a terminal."""

from collections.abc import Iterable

from rich.console import Group, RenderableType
from xuke.licensing.v1 import dossier_pb2, licence_pb2

from services.foundation.messages import render
from services.launcher.commands.case_view import both, facts, listing
from services.launcher.commands.output import local_time
from services.launcher.commands.words import shown, word


def licence_view(licence: licence_pb2.Licence, usage: Iterable[licence_pb2.UsageEntry]) -> RenderableType:
    """A licence with its quantities and the ledger of its use."""
    parts: list[RenderableType] = [
        facts(
            licence.number,
            [
                ("state", word(licence_pb2.LicenceState, licence.state)),
                ("because", shown("SuspensionReason", licence.state_reason)),
                ("instrument", word(dossier_pb2.Instrument, licence.instrument)),
                ("holder", f"{licence.holder_name_zh} {licence.unified_social_credit_code}"),
                ("destination", licence.destination),
                ("end user", " · ".join(filter(None, (licence.end_user.name_zh, licence.end_user.name_en)))),
                ("valid", f"{licence.valid_from} – {licence.valid_to}"),
                ("customs office", licence.customs_office),
                ("due diligence", _due_diligence(licence)),
                ("uses", f"{licence.uses_made} / {licence.uses_allowed}"),
                ("conditions", "\n".join(both(condition) for condition in licence.conditions)),
                ("application", licence.application_number),
                ("issued", local_time(licence.issued_at)),
                ("acknowledged", local_time(licence.acknowledged_at)),
                ("SHA-256", licence.canonical_sha256),
                ("SM3", licence.canonical_sm3),
            ],
        )
    ]
    parts += listing(
        "货物 Lines",
        ("line", "item", "control code", "HS", "licensed", "reserved", "committed", "available"),
        [
            (
                str(line.line_number),
                line.name_zh,
                line.control_code,
                line.hs_code,
                f"{line.licensed_quantity} {line.unit}",
                line.reserved_quantity,
                line.committed_quantity,
                line.available_quantity,
            )
            for line in licence.lines
        ],
    )
    parts += listing(
        "核销台账 Use",
        ("#", "when", "what", "declaration", "line", "quantity", "available after"),
        [
            (
                str(entry.entry_number),
                local_time(entry.recorded_at),
                word(licence_pb2.UsageKind, entry.kind),
                f"{entry.declaration_number}/{entry.declaration_line}",
                str(entry.licence_line),
                f"{entry.quantity} {entry.unit}",
                entry.available_after,
            )
            for entry in usage
        ],
    )
    return Group(*parts)


def _due_diligence(licence: licence_pb2.Licence) -> str:
    """What the holder found before the goods are declared; that it is owed; empty where nobody asks for it."""
    newest = next(iter(licence.due_diligence), None)
    if newest is not None:
        found = word(dossier_pb2.MilitaryRisk, newest.due_diligence.military_risk)
        return f"{found} ({newest.due_diligence.concluded_on})"
    if not licence.due_diligence_demanded:
        return ""
    owed = render("DUE_DILIGENCE_OWED")
    return f"{owed.zh} · {owed.en}"
