"""What list editors do with lists and officers with hits, on a platform that runs."""

from xuke.screening.v1 import hit_pb2 as h
from xuke.screening.v1 import hit_pb2_grpc, list_pb2_grpc
from xuke.screening.v1 import list_pb2 as pl

from services.launcher.demo.licensing_a_case import OFFICER, Cast
from services.launcher.demo.people import ask, new_request_id, stub

EDITOR, SECOND_EDITOR = "list.editor", "list.second"
LIST = "control_list"


def lists_of(cast: Cast, account: str) -> list_pb2_grpc.ListServiceStub:
    """The service of lists, on behalf of an account."""
    return stub(cast.people, account, "screening", list_pb2_grpc.ListServiceStub)


def hits_of(cast: Cast, account: str = OFFICER) -> hit_pb2_grpc.HitReviewServiceStub:
    """The review of hits, on behalf of an account."""
    return stub(cast.people, account, "screening", hit_pb2_grpc.HitReviewServiceStub)


def propose_entry(
    cast: Cast, account: str, base_version: str, entry: pl.ListEntry, reason: str
) -> pl.Proposal:
    """An editor proposes an entry of the list, new or changed, over a version of it."""
    return ask(
        lists_of(cast, account).ProposeEntryChanges,
        pl.ProposeEntryChangesRequest(
            request_id=new_request_id(),
            list_code=LIST,
            base_version=base_version,
            entries=[entry],
            reason=reason,
        ),
    )


def propose_release(cast: Cast, account: str, hit: h.HitCase, reason: str) -> h.HitCase:
    """An officer finds that a party is somebody else; where the hit is grave, another one has to agree."""
    return ask(
        hits_of(cast, account).DecideHit,
        h.DecideHitRequest(
            request_id=new_request_id(),
            hit_id=hit.hit_id,
            etag=hit.etag,
            outcome=h.HIT_DECISION_OUTCOME_FALSE,
            reason=reason,
        ),
    )
