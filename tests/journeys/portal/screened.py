"""What the pages of lists and hits are looked at with: hits of refused applications, and a proposal."""

from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import dossier_pb2 as d
from xuke.screening.v1 import hit_pb2 as h
from xuke.screening.v1 import hit_pb2_grpc, list_pb2_grpc, screening_pb2_grpc
from xuke.screening.v1 import list_pb2 as pl
from xuke.screening.v1 import screening_pb2 as s

from services.launcher.demo.dossiers import dossier
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import Cast, file_application
from services.launcher.demo.people import ask, new_request_id, stub
from services.launcher.demo.stories import ORGANISATION
from services.launcher.demo.story_b import LISTED_PARTY

EDITOR, SECOND_EDITOR = "list.editor", "list.second"
OFFICER, SECOND_OFFICER = "ministry.officer", "ministry.second"
LIST, ENTRY = "control_list", "CONTROL-2025-1-01"


def lists_of(cast: Cast, account: str) -> list_pb2_grpc.ListServiceStub:
    """The service of lists, on behalf of an account."""
    return stub(cast.people, account, "screening", list_pb2_grpc.ListServiceStub)


def hits_of(cast: Cast, account: str = OFFICER) -> hit_pb2_grpc.HitReviewServiceStub:
    """The review of hits, on behalf of an account."""
    return stub(cast.people, account, "screening", hit_pb2_grpc.HitReviewServiceStub)


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
    hits = hits_of(cast, SECOND_OFFICER)
    found = ask(hits.GetHit, h.GetHitRequest(hit_id=hit_id))
    decided = ask(
        hits.DecideHit,
        h.DecideHitRequest(
            request_id=new_request_id(),
            hit_id=hit_id,
            etag=found.etag,
            outcome=h.HIT_DECISION_OUTCOME_FALSE,
            reason="Another firm of the same name, at another address.",
        ),
    )
    assert decided.state == s.HIT_STATE_AWAITING_SECOND


def propose_correction(cast: Cast) -> str:
    """A proposal of the second editor that waits; nobody activates it."""
    lists = lists_of(cast, SECOND_EDITOR)
    found = ask(lists.ListEntries, pl.ListEntriesRequest(list_code=LIST, query=ENTRY))
    entry = next(one for one in found.entries if one.entry_id == ENTRY)
    entry.aliases.append("GD Land Systems")
    return ask(
        lists.ProposeEntryChanges,
        pl.ProposeEntryChangesRequest(
            request_id=new_request_id(),
            list_code=LIST,
            base_version=found.list_version,
            entries=[entry],
            reason="A name that the announcement states in brackets.",
        ),
    ).proposal_id
