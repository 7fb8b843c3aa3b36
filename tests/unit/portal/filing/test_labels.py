"""What the services name by a path is called as the pages call it."""

import pytest
from flask import Flask, g
from xuke.licensing.v1 import dossier_pb2 as d

from services.portal.filing.labels import labels
from services.portal.language import Language


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("dossier.destination", "Destination"),
        ("dossier.contract.number", "Contract: Number"),
        ("dossier.applicant.manager.name", "Applicant: Manager: name"),
        ("dossier.items", "Items"),
        ("dossier.items[1]", "Item 2"),
        ("dossier.items[1].hs_code", "Item 2: HS code"),
        ("dossier.items[1].parameters[3].unit", "Item 2: Parameters"),
        ("dossier.items[7].hs_code", "Items"),
        ("dossier.parties[0].country", "End user: Country"),
        ("dossier.parties", "Parties"),
        ("attachments.CONTRACT", "Contract"),
        ("dossier.unknown", "Application for a single licence"),
    ],
)
def test_paths_have_labels(path: str, label: str) -> None:
    dossier = d.Dossier(items=[d.Item(), d.Item()], parties=[d.Party(role=d.PARTY_ROLE_END_USER)])
    with Flask(__name__).test_request_context():
        g.language = Language.EN
        assert labels(dossier)(path) == label
