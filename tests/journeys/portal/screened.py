"""What the pages of lists and hits are looked at with: hits of refused applications, and a proposal."""

from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import dossier_pb2 as d
from xuke.screening.v1 import hit_pb2 as h
from xuke.screening.v1 import list_pb2 as pl
from xuke.screening.v1 import screening_pb2 as s
from xuke.screening.v1 import screening_pb2_grpc

from services.launcher.demo.dossiers import dossier
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import OFFICER, SECOND_OFFICER, Cast, file_application
from services.launcher.demo.people import ask, stub
from services.launcher.demo.stories import ORGANISATION
from services.launcher.demo.story_b import LISTED_PARTY
from tests.support import screening_acts
from tests.support.screening_acts import LIST, SECOND_EDITOR, hits_of, lists_of, propose_entry

ENTRY = "CONTROL-2025-1-01"


def hit_at_the_gate(cast: Cast, contract: str, address: str) -> str:
    """An application to a listed party, at an address of its own so that it is a party of its own, is refused; the id
    of its hit.
    """
    party = d.Party()
    party.CopyFrom(LISTED_PARTY)
    party.address = address
    application_id = file_application(cast, dossier(ORGANISATION, party, contract), list(PAPERS))
    case = cast.province.wait_for_state(application_id, a.APPLICATION_STATE_GATE_REFUSED)
    screening = stub(cast.people, OFFICER, "screening", screening_pb2_grpc.ScreeningServiceStub)
    found = ask(screening.GetScreening, s.GetScreeningRequest(screening_id=case.screening.screening_id)).hits
    return next(one.hit_id for one in found if one.entry_id == ENTRY)


def propose_release(cast: Cast, hit_id: str) -> None:
    """One person finds that a party is somebody else; another one has to agree."""
    hit = ask(hits_of(cast, SECOND_OFFICER).GetHit, h.GetHitRequest(hit_id=hit_id))
    reason = "Another firm of the same name, at another address."
    decided = screening_acts.propose_release(cast, SECOND_OFFICER, hit, reason)
    assert decided.state == s.HIT_STATE_AWAITING_SECOND


def propose_correction(cast: Cast) -> str:
    """A proposal of the second editor that waits; nobody activates it."""
    request = pl.ListEntriesRequest(list_code=LIST, query=ENTRY)
    found = ask(lists_of(cast, SECOND_EDITOR).ListEntries, request)
    entry = next(one for one in found.entries if one.entry_id == ENTRY)
    entry.aliases.append("GD Land Systems")
    reason = "A name that the announcement states in brackets."
    return propose_entry(cast, SECOND_EDITOR, found.list_version, entry, reason).proposal_id
