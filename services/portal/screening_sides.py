"""The hits of a screening side by side: the party of the application, and the entry of the list that it resembles."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
    """A hit beside the party; `party` is None where the dossier no longer has it.

    A party that stands in several roles under the same name and resembles the same entry is one side.
    """

    hit: s.Hit
    party: ScreenedParty | None
    party_list: s.PartyList | None
    roles: tuple[str, ...]


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
    found: dict[object, Side] = {}
    for hit in sorted(screening.hits, key=lambda one: -one.verdict):
        party = parties[hit.party_index] if 0 <= hit.party_index < len(parties) else None
        roles = (party.role,) if party else ()
        alike = (hit.list_code, hit.entry_id, hit.verdict, hit.party_name, _identity(party))
        before = found.get(alike)
        found[alike] = (
            replace(before, roles=(*before.roles, *roles))
            if before
            else Side(hit, party, lists.get(hit.list_code), roles)
        )
    return tuple(found.values())


def _identity(party: ScreenedParty | None) -> ScreenedParty | None:
    """What makes parties the same whatever their role."""
    return None if party is None else replace(party, role="")
