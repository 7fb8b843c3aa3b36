"""What people call the fields that the services name by their paths."""

from collections.abc import Callable

from xuke.licensing.v1 import dossier_pb2 as d

from services.portal.dossier_summary import dossier_sections
from services.portal.filing.places import DOSSIER
from services.portal.filing.sections import ATTACHMENTS, ENTRIES
from services.portal.language import shown, text


def labels(dossier: d.Dossier) -> Callable[[str], str]:
    """Tells the label of a path; what has none of its own is called by the part that it belongs to."""
    known = {part: text(section.title) for part, section in ENTRIES.items()}
    for section in dossier_sections(dossier):
        if section.path:
            known[section.path] = section.heading
        for row in section.rows:
            named = text("field.of", whose=section.heading, what=row.label) if section.path else row.label
            known[row.path] = named

    def label(path: str) -> str:
        if path.startswith(f"{ATTACHMENTS}."):
            return shown("AttachmentKind", path.removeprefix(f"{ATTACHMENTS}."))
        inner = path.removeprefix(DOSSIER)
        while inner not in known and inner:
            inner = inner[: max(inner.rfind("."), inner.rfind("["), 0)]
        return known.get(inner, text("filing.title"))

    return label
