"""The hits of a screening side by side: the party of the application, and the entry of the list that it resembles."""

from collections.abc import Sequence
from dataclasses import dataclass

from xuke.licensing.v1 import dossier_pb2 as d
from xuke.screening.v1 import screening_pb2 as s


@dataclass(frozen=True)
class ScreenedParty:
    """A party as it was screened; the applicant is the first of them."""

    role: str
    name_zh: str
    name_en: str
    country: str
    address: str
    registration_number: str


@dataclass(frozen=True)
class Side:
    """A hit beside the party; `party` is None where the dossier no longer has it."""

    hit: s.Hit
    party: ScreenedParty | None
    party_list: s.PartyList | None


def screened_parties(dossier: d.Dossier) -> tuple[ScreenedParty, ...]:
    """The parties in the order in which the automatic checks screen them."""
    applicant = dossier.applicant
    return (
        ScreenedParty(
            "APPLICANT",
            applicant.name_zh,
            applicant.name_en,
            "CN",
            applicant.address,
            applicant.unified_social_credit_code,
        ),
        *(
            ScreenedParty(
                d.PartyRole.Name(party.role).removeprefix("PARTY_ROLE_"),
                party.name_zh,
                party.name_en,
                party.country,
                party.address,
                party.registration_number,
            )
            for party in dossier.parties
        ),
    )


def sides(screening: s.Screening, dossier: d.Dossier, party_lists: Sequence[s.PartyList]) -> tuple[Side, ...]:
    """The hits, the gravest first."""
    parties = screened_parties(dossier)
    lists = {one.list_code: one for one in party_lists}
    found = [
        Side(
            hit,
            parties[hit.party_index] if 0 <= hit.party_index < len(parties) else None,
            lists.get(hit.list_code),
        )
        for hit in screening.hits
    ]
    return tuple(sorted(found, key=lambda side: -side.hit.verdict))
